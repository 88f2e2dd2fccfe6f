// The head of an article on a page: a line beside the headline → the names, the place and the times in it, nothing where it is
// a sentence of the article; and the blocks of a page → which of them is the headline.

import { isElement, visibleText } from '../../html-tree.ts'
import type { Block } from './blocks.ts'
import { isNamed, namesOf } from './furniture.ts'
import { findTime } from './times.ts'
import { type Clutter, sameWords, wordCount } from './words.ts'

export interface HeadLine {
  readonly names: readonly string[]
  readonly place: string | undefined
  readonly published: string | undefined
  readonly updated: string | undefined
  /** A zone's name that is not sure. */
  readonly unsure: string | undefined
}

export interface LineHints {
  /** IANA name, of the publication. */
  readonly timezone: string
  readonly clutter: Clutter
  /** Names of authors. */
  readonly known: readonly string[]
  readonly house: string | undefined
}

/** Words that may be left over: of a source, of a section. */
const WORDS_LEFT = 7
/** A first time, and when it was changed. */
const MAX_TIMES = 3

/** '2 min readNew DelhiUpdated: Jan 30, 2026 05:06 AM IST' */
export function readHeadLine(text: string, hints: LineHints): HeadLine | undefined {
  if (text.length > 220 || text.length < 3) return undefined
  const { clutter, timezone, known } = hints
  const names: string[] = []
  let place: string | undefined
  let left = 0
  const read = (piece: string, isBeforeTime: boolean) => {
    const found = readPiece(piece, hints, isBeforeTime)
    names.push(...found.names.filter(name => !names.includes(name)))
    place ??= found.place
    left += found.left
  }
  const times: { text: string; isUpdate: boolean; unsure: string | undefined }[] = []
  let rest = text
  while (times.length < MAX_TIMES) {
    const first = findTime(rest, timezone, undefined)
    if (!first) break
    const { bare, isUpdate } = withoutLabel(rest.slice(0, first.start), clutter)
    read(bare, true)
    const found = (place !== undefined && findTime(rest, timezone, place)) || first
    times.push({ text: found.text, isUpdate, unsure: found.unsure })
    rest = rest.slice(found.end)
  }
  // '… IST - NEW DELHI'
  const behind = times.length > 0 ? /^\s*[-–—|]\s*(\p{Lu}[\p{L}\p{M} ]{2,40})$/u.exec(rest)?.[1] : undefined
  if (behind !== undefined && place === undefined) {
    place = placeOf(behind, hints)
    const again = place === undefined ? undefined : findTime(text, timezone, place)
    if (again && times.length === 1) times[0] = { ...times[0]!, text: again.text, unsure: again.unsure }
  }
  if (behind === undefined) read(rest.replace(/^[\s|•·,)–-]+/u, ''), false)
  if (left > WORDS_LEFT || (times.length === 0 && (names.length === 0 || left > 3))) return undefined
  const isSomebody = names.length > 0 || known.some(name => sameWords(text, name))
  if (times.length === 0 && !isSomebody) return undefined
  return {
    names,
    place,
    published: times.find(({ isUpdate }) => !isUpdate)?.text,
    updated: times.find(({ isUpdate }) => isUpdate)?.text,
    unsure: times.find(({ unsure }) => unsure !== undefined)?.unsure,
  }
}

/** What stands before a time may say which it is. */
function withoutLabel(piece: string, clutter: Clutter): { bare: string; isUpdate: boolean } {
  const last = (pattern: RegExp) => [...piece.matchAll(new RegExp(pattern.source, 'giu'))].at(-1)
  const [updated, published] = [last(clutter.updated), last(clutter.published)]
  const at = Math.max(updated?.index ?? -1, published?.index ?? -1)
  if (at === -1) return { bare: piece, isUpdate: false }
  const label =
    updated?.index === at && updated[0].length >= (published?.index === at ? published[0].length : 0)
      ? updated
      : published!
  // A word of a sentence is no label.
  if (wordCount(piece.slice(at + label[0].length)) > 2) return { bare: piece, isUpdate: false }
  return { bare: piece.slice(0, at), isUpdate: label === updated }
}

interface Piece {
  readonly names: string[]
  readonly place: string | undefined
  /** Words that say nothing. */
  readonly left: number
}

function readPiece(piece: string, { clutter, known, house }: LineHints, isBeforeTime: boolean): Piece {
  const text = piece
    .replace(clutter.reading, '')
    .replace(/^[\s|•·,(–—-]+|[\s|•·,(–—-]+$/gu, '')
    .trim()
  if (text === '') return { names: [], place: undefined, left: 0 }
  const parts = text
    .split(/\s*[|•·]\s*|\s+[–—-]\s+/u)
    .map(part => part.replace(clutter.reading, '').trim())
    .filter(Boolean)
  const names: string[] = []
  let place: string | undefined
  let left = 0
  for (const part of parts) {
    const inPlace = clutter.inPlace.exec(part)
    const before = inPlace ? part.slice(0, inPlace.index) : part
    const own = known.find(name => sameWords(before, name) || sameWords(part, name))
    const byline = bylineNames(part, clutter)
    const inByline = inPlace ? bylineNames(before, clutter) : []
    if (own) {
      names.push(own)
      if (inPlace && sameWords(before, own)) place ??= inPlace[1]!.trim()
    } else if (inByline.length > 0) {
      names.push(...inByline)
      place ??= inPlace![1]!.trim()
    } else if (byline.length > 0) {
      // 'Von Jana Lorenz, Hamburg'
      const isPlaceLast = byline.length > 1 && wordCount(byline.at(-1)!) === 1 && wordCount(byline[0]!) > 1
      names.push(...(isPlaceLast ? byline.slice(0, -1) : byline))
      if (isPlaceLast) place ??= byline.at(-1)
    } else if (
      isBeforeTime &&
      parts.length === 1 &&
      !sameWords(part, house ?? '') &&
      placeOf(part, { house }) !== undefined
    )
      place ??= placeOf(part, { house })
    else left += wordCount(part)
  }
  return { names, place, left }
}

export function bylineNames(text: string, clutter: Clutter): string[] {
  if (text.length > 160) return []
  const named = clutter.byline.exec(text)?.[1]
  if (named === undefined) return []
  const names = named
    .replace(/\s*[|•·].*$/u, '')
    .split(/\s*,\s*|\s+(?:and|und|et|y|और|و|и|e)\s+|\s*&\s*/u)
    .map(name => name.trim())
    .filter(Boolean)
  const isName = (name: string) =>
    wordCount(name) <= 5 && /^[\p{L}\p{M}.'’\- ]+$/u.test(name) && !/\.$/.test(name.replace(/\b[A-Z]\.$/, ''))
  const startsLarge = (name: string) => !/^\p{Ll}/u.test(name)
  return names.length > 0 && names.every(name => isName(name) && startsLarge(name)) ? names : []
}

/** 'NEW DELHI' → 'New Delhi'; undefined for what is no name of a place. */
export function placeOf(text: string, { house }: Pick<LineHints, 'house'>): string | undefined {
  const place = text.replace(/^[\s|•·,:-]+|[\s|•·,:-]+$/gu, '')
  if (
    place === '' ||
    !/^[\p{L}\p{M}.'’\- ,()]+$/u.test(place) ||
    wordCount(place) > 4 ||
    sameWords(place, house ?? '')
  )
    return undefined
  if (/^\p{Ll}/u.test(place)) return undefined
  return /^[\p{Lu}\s.-]{4,}$/u.test(place)
    ? place.toLowerCase().replace(/(?<!\p{L})\p{L}/gu, sign => sign.toUpperCase())
    : place
}

// ─── The headline ────────────────────────────────────────────────────────────────────────────────────────────────────

/** @returns its index; -1 where none is one */
export function findTitle(blocks: readonly Block[], known: string | undefined, clutter: Clutter): number {
  if (known) {
    const same = blocks.findIndex(({ text, tag }) => /^h[1-3]$/.test(tag) && sameWords(text, known))
    const any = same === -1 ? blocks.findIndex(({ text }) => sameWords(text, known)) : same
    if (any !== -1) return any
  }
  const heading = blocks.findIndex(({ tag }) => tag === 'h1')
  if (heading !== -1) return heading
  // A kicker stands in the same heading: 'Transport: Ferries return'.
  const kicked = known
    ? blocks.findIndex(({ text, tag }) => /^h[1-3]$/.test(tag) && text.endsWith(known))
    : -1
  if (kicked !== -1) return kicked
  // The name of the house stands before it in the name of the window.
  const inKnown = known ? blocks.findIndex(block => isHeadlineLike(block) && known.includes(block.text)) : -1
  if (inKnown !== -1) return inKnown
  if (known && blocks.some(({ nodes }) => nodes.length > 0)) return -1
  // Of a text: what stands above the byline, or above the time.
  const line = { timezone: 'UTC', clutter, known: [], house: undefined }
  const mark = blocks.findIndex(
    ({ text }, at) => at < 60 && (readHeadLine(text, line) !== undefined || isReadingTime(text, clutter)),
  )
  const above = (mark === -1 ? blocks.slice(0, 1) : blocks.slice(0, mark)).filter(isHeadlineLike)
  // Below it a standfirst, which is the longer of the two; above it the name of the house.
  const [before, last] = above.slice(-2)
  const isStandfirst =
    last !== undefined && (wordCount(last.text) >= 8 || wordCount(last.text) > wordCount(before!.text))
  const chosen =
    last === undefined ||
    isStandfirst ||
    last.text === before!.text ||
    before!.text.startsWith(last.text.slice(0, 40))
      ? before
      : last
  if (!chosen) return -1
  // The name of the window, which has the name of the house as well.
  const next = above.at(-1)!
  const isWindow =
    above.length > 1 &&
    chosen.text.startsWith(next.text.slice(0, 40)) &&
    chosen.text.length > next.text.length
  return blocks.indexOf(isWindow ? next : chosen)
}

export function isReadingTime(text: string, clutter: Clutter): boolean {
  return clutter.reading.test(text) && text.replace(clutter.reading, '') === ''
}

/** A line of some words, and no way through the site: 'Home / Cities / News'. */
function isHeadlineLike({ text }: Block): boolean {
  const isPath =
    /\s(?:[/>»›|]|::)\s/.test(text) && text.split(/\s(?:[/>»›|]|::)\s/).every(part => wordCount(part) <= 6)
  return (wordCount(text) >= 4 || text.length > 24) && !isPath && !/^https?:/.test(text)
}

/** What stands above the headline in the same element is a kicker. */
export function headlineOf({ nodes, text }: Block): string {
  const children = nodes.flatMap(node => (isElement(node) ? node.children : []))
  const kicker = children.find(child => isElement(child) && isNamed(namesOf(child), 'kicker'))
  const words = kicker && text.slice(visibleText(kicker).length).replace(/^[\s:|–—-]+/u, '')
  return kicker && text.startsWith(visibleText(kicker)) && words ? words : text
}
