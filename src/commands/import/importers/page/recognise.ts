// The blocks of a page, and what machines are told of it → headline, standfirst, byline, place, times, keywords, caption, body and
// biography, without what stands around them.

import type { ImportedAuthor } from '../../imported.ts'
import type { Block } from './blocks.ts'
import { type Clutter, openClutter, readTime } from './clutter.ts'
import type { PageMetadata } from './metadata.ts'
import { COPYRIGHT, gluedKeywords, readBox, roleOf, sameWords, splitCredit, wordCount } from './words.ts'

export interface PageParts {
  readonly title: string
  readonly summary: string | undefined
  readonly authors: readonly ImportedAuthor[]
  readonly place: string | undefined
  readonly published: string | undefined
  readonly updated: string | undefined
  /** A zone's name that is not sure. */
  readonly unsureZone: string | undefined
  readonly tags: readonly string[]
  readonly caption: string | undefined
  readonly credit: string | undefined
  /** The block with the picture at the top. */
  readonly lead: Block | undefined
  readonly body: readonly Block[]
  /** Networks in the author's box, whose addresses a text does not have. */
  readonly networks: readonly string[]
  /** '© The Post' */
  readonly copyright: string | undefined
}

interface PageHints {
  readonly title: string | undefined
  readonly authors: readonly ImportedAuthor[]
  /** IANA name, of the publication. */
  readonly timezone: string
}

/** @param metadata undefined for a text */
export function recognise(
  blocks: readonly Block[],
  metadata: PageMetadata | undefined,
  hints: PageHints,
): PageParts {
  const clutter = openClutter()
  const copyright = blocks.find(({ text }) => COPYRIGHT.test(text))?.text
  const kept = withoutClutter(blocks, clutter)
  const head = readHead(kept, metadata, hints, clutter)
  const names = [...hints.authors, ...head.authors].map(({ name }) => name)
  const { body, box } = cutBody(kept.slice(head.end), names, clutter)
  // Names of networks in the box are facts; elsewhere they are buttons.
  const wholeBox = box[0] ? blocks.slice(blocks.indexOf(box[0])) : []
  const { biography, role, networks } = readBox(wholeBox, names, clutter)
  const authors = (hints.authors.length > 0 ? hints.authors : head.authors).map((author, at) =>
    at === 0 ? { ...author, role: author.role ?? role, biography: author.biography ?? biography } : author,
  )
  return { ...head, authors, body, networks, copyright }
}

/** What stands in a quotation was said by somebody. */
function withoutClutter(blocks: readonly Block[], clutter: Clutter): Block[] {
  const kept: Block[] = []
  let isAfterTeaser = false
  for (const block of blocks) {
    const { text, tag, isLinks } = block
    if (tag === 'blockquote' || tag === 'figure' || tag === 'img' || tag === 'pre') {
      kept.push(block)
      isAfterTeaser = false
      continue
    }
    // A headline of another article: no sentence, or nothing but a link.
    const isHeadline = isLinks || (text.length < 140 && !/[.!?…।۔"”’]$/u.test(text) && !/^h[1-6]$/.test(tag))
    if (isAfterTeaser && isHeadline) {
      isAfterTeaser = isLinks && tag !== 'ul'
      continue
    }
    isAfterTeaser = clutter.dropWithLinks.test(text)
    if (isAfterTeaser) continue
    if (clutter.drop.test(text) && !clutter.end.test(text)) continue
    if (clutter.dropBeginning.test(text) && (isLinks || text.length < 160)) continue
    if (clutter.dropWithLinks.test(text.replace(/\s*[|:–—-].*$/u, '')) && isHeadline) continue
    kept.push(block)
  }
  return kept
}

interface Head extends Omit<PageParts, 'body' | 'networks' | 'copyright'> {
  /** Index of the first block of the body. */
  readonly end: number
}

/** How far from the headline the parts of the head may be. */
const HEAD_BLOCKS = 14

function readHead(
  blocks: readonly Block[],
  metadata: PageMetadata | undefined,
  hints: PageHints,
  clutter: Clutter,
): Head {
  const titleAt = findTitle(blocks, hints.title, clutter)
  const title = titleAt === -1 ? (hints.title ?? '') : blocks[titleAt]!.text
  let summary: string | undefined
  let place: string | undefined
  let published: string | undefined
  let updated: string | undefined
  let unsureZone: string | undefined
  let tags: string[] = []
  let caption: string | undefined
  let credit: string | undefined
  let lead: Block | undefined
  const authors: ImportedAuthor[] = []
  let end = titleAt + 1
  let isTimeSeen = false
  for (let at = titleAt + 1; at < Math.min(blocks.length, titleAt + HEAD_BLOCKS); at++) {
    const block = blocks[at]!
    const { text, tag } = block
    const names = bylineNames(text, clutter)
    const time = readTimeLine(text, hints.timezone, clutter)
    const keywords = isTimeSeen || authors.length > 0 || lead ? gluedKeywords(text) : undefined
    if (/^(?:figure|picture|img)$/.test(tag) && !lead) {
      lead = block
      const read = splitCredit(text, clutter)
      caption = read.caption || undefined
      credit = read.credit
    } else if (names.length > 0 && authors.length === 0) authors.push(...names.map(name => ({ name })))
    else if (hints.authors.some(({ name }) => sameWords(text, name))) authors.push(...hints.authors)
    else if (time) {
      isTimeSeen = true
      place ??= time.place
      if (time.isUpdate) updated ??= time.text
      else published ??= time.text
      unsureZone ??= time.unsure
      if (time.rest) {
        const more = readTimeLine(time.rest, hints.timezone, clutter)
        if (more?.isUpdate) updated ??= more.text
      }
    } else if (keywords) {
      tags = keywords.tags
      const read = splitCredit(keywords.caption, clutter)
      caption ??= read.caption
      credit ??= read.credit
    } else if (isCaption(text, lead, caption, clutter)) {
      const read = splitCredit(text, clutter)
      caption = read.caption
      credit = read.credit
    } else if (isStandfirst(blocks, at, { summary, titleAt, clutter, hints, metadata })) summary = text
    else if (sameWords(text, title) || sameWords(text, metadata?.summary ?? '')) {
      // Once more.
    } else if (isProse(block)) break
    else if (tag === 'p' && wordCount(text) > 4 && (isTimeSeen || authors.length > 0)) break
    end = at + 1
  }
  return { title, summary, authors, place, published, updated, unsureZone, tags, caption, credit, lead, end }
}

function findTitle(blocks: readonly Block[], known: string | undefined, clutter: Clutter): number {
  if (known) {
    const same = blocks.findIndex(({ text, tag }) => /^h[1-3]$/.test(tag) && sameWords(text, known))
    const any = same === -1 ? blocks.findIndex(({ text }) => sameWords(text, known)) : same
    if (any !== -1) return any
  }
  const heading = blocks.findIndex(({ tag }) => tag === 'h1')
  if (heading !== -1) return heading
  // Of a text: what stands above the byline, or above the time.
  const mark = blocks.findIndex(
    ({ text }, at) =>
      at < 60 && (bylineNames(text, clutter).length > 0 || readTimeLine(text, 'UTC', clutter) !== undefined),
  )
  const above = (mark === -1 ? blocks.slice(0, 1) : blocks.slice(0, mark)).filter(isHeadlineLike)
  const chosen = above.length > 1 ? above.at(-2) : above[0]
  if (!chosen) return -1
  // The name of the window, which has the name of the house as well.
  const next = above.at(-1)!
  const isWindow =
    above.length > 1 &&
    chosen.text.startsWith(next.text.slice(0, 40)) &&
    chosen.text.length > next.text.length
  return blocks.indexOf(isWindow ? next : chosen)
}

/** A line of some words, and no way through the site: 'Home / Cities / News'. */
function isHeadlineLike({ text }: Block): boolean {
  const isPath =
    /\s(?:[/>»›|]|::)\s/.test(text) && text.split(/\s(?:[/>»›|]|::)\s/).every(part => wordCount(part) <= 6)
  return (wordCount(text) >= 4 || text.length > 24) && !isPath && !/^https?:/.test(text)
}

function bylineNames(text: string, clutter: Clutter): string[] {
  if (text.length > 160) return []
  const named = clutter.byline.exec(text)?.[1]
  if (named === undefined) return []
  const names = named
    .replace(/\s*[|•·].*$/u, '')
    .split(/\s*,\s*|\s+(?:and|und|et|y|और|و)\s+|\s*&\s*/u)
    .map(name => name.trim())
    .filter(Boolean)
  const isName = (name: string) =>
    wordCount(name) <= 5 && /^[\p{L}\p{M}.'’\- ]+$/u.test(name) && !/\.$/.test(name.replace(/\b[A-Z]\.$/, ''))
  const startsLarge = (name: string) => !/^\p{Ll}/u.test(name)
  return names.length > 0 && names.every(name => isName(name) && startsLarge(name)) ? names : []
}

interface TimeLine {
  readonly place: string | undefined
  readonly text: string
  readonly isUpdate: boolean
  readonly unsure: string | undefined
  /** What follows a first time. */
  readonly rest: string
}

/** '2 min readNew DelhiUpdated: Jan 30, 2026 05:06 AM IST' */
function readTimeLine(text: string, timezone: string, clutter: Clutter): TimeLine | undefined {
  if (text.length > 200 || !/\d/u.test(text)) return undefined
  const read = text.replace(clutter.reading, '').replace(/^[\s|•·,-]+/u, '')
  const update = clutter.updated.exec(read)
  const publication = clutter.published.exec(read)
  const mark = [update, publication]
    .filter(each => each !== null)
    .sort((a, b) => a.index - b.index || b[0].length - a[0].length)[0]
  // A word is a label only with a time behind it.
  const time = mark
    ? readTime(read.slice(mark.index + mark[0].length), timezone, placeOf(read.slice(0, mark.index)))
    : readTime(read, timezone, undefined)
  if (!time) return undefined
  const before = mark ? read.slice(0, mark.index) : ''
  if (wordCount(before) > 5) return undefined
  const behind = mark ? read.slice(mark.index + mark[0].length) : ''
  const next =
    /\d(.{0,20}?)((?:[|•·]|\p{Ll}(?=\p{Lu})|\s)\s*(?:updated|last updated|अपडेट|aktualisiert|mis à jour|actualizado).*)$/iu.exec(
      behind,
    )?.[2] ?? ''
  return {
    place: placeOf(before),
    text: time.text,
    isUpdate: mark !== undefined && mark === update,
    unsure: time.unsure,
    rest: next.replace(/^[\s|•·]+/u, ''),
  }
}

function placeOf(text: string): string | undefined {
  const place = text.replace(/^[\s|•·,:-]+|[\s|•·,:-]+$/gu, '')
  return place !== '' && /^[\p{L}\p{M}.'’\- ,()]+$/u.test(place) && wordCount(place) <= 4 ? place : undefined
}

/** Below the picture, or a line of its own that ends with a credit. */
function isCaption(
  text: string,
  lead: Block | undefined,
  caption: string | undefined,
  clutter: Clutter,
): boolean {
  if (caption !== undefined || text.length > 600) return false
  if (splitCredit(text, clutter).credit === undefined) return false
  return lead !== undefined || wordCount(text) < 80
}

interface Around {
  readonly summary: string | undefined
  readonly titleAt: number
  readonly clutter: Clutter
  readonly hints: PageHints
  readonly metadata: PageMetadata | undefined
}

/** Between the headline and the byline, the time or the picture. */
function isStandfirst(
  blocks: readonly Block[],
  at: number,
  { summary, titleAt, clutter, hints, metadata }: Around,
): boolean {
  const { text, tag, classes, isLinks } = blocks[at]!
  if (summary !== undefined || isLinks || at > titleAt + 3 || wordCount(text) < 4) return false
  if (sameWords(text, metadata?.summary ?? '')) return true
  if (
    /synopsis|standfirst|sub-?(?:title|head)|\bdek\b|deck|summary|excerpt|intro/i.test(classes) ||
    /^h[2-4]$/.test(tag)
  )
    return true
  return blocks
    .slice(at + 1, at + 5)
    .some(
      other =>
        bylineNames(other.text, clutter).length > 0 ||
        hints.authors.some(({ name }) => sameWords(other.text, name)) ||
        readTimeLine(other.text, hints.timezone, clutter) !== undefined,
    )
}

/** A paragraph of a text, rather than a part of its head. */
function isProse({ text, tag, isLinks }: Block): boolean {
  if (isLinks) return false
  if (/^(?:blockquote|ul|ol|table|pre)$/.test(tag)) return true
  return wordCount(text) >= 12 || text.length > 90
}

/** To where the author's box begins, or what comes after articles. */
function cutBody(
  blocks: readonly Block[],
  names: readonly string[],
  clutter: Clutter,
): { body: Block[]; box: Block[] } {
  const body: Block[] = []
  let isTeaser = false
  for (const [at, block] of blocks.entries()) {
    const { text, tag, classes } = block
    // Headlines below a mark that stood in the middle.
    if (isTeaser && !isSentence(block)) continue
    isTeaser = false
    const isName = names.some(name => sameWords(text, name))
    const isBio = names.some(name => text.startsWith(name)) && /author|bio\b|writer/i.test(classes)
    const hasBegun = body.length > 0
    if (hasBegun && (isName || isBio)) return { body: tidied(body), box: blocks.slice(at) }
    if (clutter.end.test(text) && goesOn(blocks.slice(at + 1), names)) {
      isTeaser = true
      continue
    }
    if (clutter.end.test(text) || COPYRIGHT.test(text))
      return { body: tidied(body), box: authorsBox(blocks.slice(at), names) }
    if (/^h[1-6]$/.test(tag) || text !== '' || block.nodes.length > 0) body.push(block)
  }
  return splitBiography(tidied(body), names)
}

/** 'Top Stories' in the middle of a text: whole paragraphs follow, and only then the author's box. */
function goesOn(rest: readonly Block[], names: readonly string[]): boolean {
  const box = rest.findIndex(({ text }) => names.some(name => sameWords(text, name)))
  const before = rest.slice(0, Math.max(0, box))
  const copyright = before.findIndex(({ text }) => COPYRIGHT.test(text))
  return (copyright === -1 ? before : before.slice(0, copyright)).filter(isSentence).length >= 2
}

function isSentence({ text, isLinks }: Block): boolean {
  return !isLinks && wordCount(text) >= 10 && /[.!?…।۔][”"’)]?$/u.test(text)
}

/** Behind the end: the box comes later. */
function authorsBox(blocks: readonly Block[], names: readonly string[]): Block[] {
  const at = blocks.findIndex(({ text }) => names.some(name => sameWords(text, name)))
  return at === -1 ? [] : blocks.slice(at)
}

/** A last paragraph about the author: 'Anna Berg, a reporter at The Post, has covered …' */
function splitBiography(body: Block[], names: readonly string[]): { body: Block[]; box: Block[] } {
  const last = body.at(-1)
  const isAbout =
    last &&
    names.some(name => last.text.startsWith(name)) &&
    roleOf(last.text) !== undefined &&
    body.length > 2
  return isAbout ? { body: body.slice(0, -1), box: [last] } : { body, box: [] }
}

/** Links and single words at the end are the page's. */
function tidied(body: Block[]): Block[] {
  const out = [...body]
  while (
    out.length > 1 &&
    (out.at(-1)!.isLinks ||
      (wordCount(out.at(-1)!.text) < 3 &&
        !/[.!?।]$/u.test(out.at(-1)!.text) &&
        out.at(-1)!.nodes.length === 0))
  )
    out.pop()
  return out
}
