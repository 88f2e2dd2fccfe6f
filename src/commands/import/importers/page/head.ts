// The blocks of a page, and its metadata → the head of its article: headline, standfirst, byline, place, times,
// keywords, and the picture at the top with what is said of it.

import { attribute, elementsAmong, isElement, visibleText } from '../../html-tree.ts'
import type { ImportedAuthor } from '../../imported.ts'
import { bylinePeople, isOfAuthor, isPersonLike } from './author-box.ts'
import { type Block, isProse, ownNames } from './blocks.ts'
import { isSamePicture, pictureName, pictureNames, pictureWords } from './body.ts'
import { isNamed, namesOf } from './furniture.ts'
import {
  type HeadLine,
  isKnownPlace,
  isNameAlone,
  type LineHints,
  placeOf,
  readHeadLine,
  repeatedNames,
} from './head-lines.ts'
import type { PageMetadata } from './metadata.ts'
import { type Clutter, gluedKeywords, sameWords, splitCredit, wordCount } from './words.ts'

export interface Head {
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
  /** Index of the first block of the body. */
  readonly end: number
}

export interface HeadHints {
  readonly title: string | undefined
  readonly authors: readonly ImportedAuthor[]
  /** Of the house, which is no place. */
  readonly house: string | undefined
  /** IANA name, of the publication. */
  readonly timezone: string
}

/** How far from the headline the parts of the head may be. */
const HEAD_BLOCKS = 24
/** A picture above it. */
const BLOCKS_ABOVE = 5

/** @param metadata undefined for a text */
export function readHead(
  blocks: readonly Block[],
  metadata: PageMetadata | undefined,
  hints: HeadHints,
  clutter: Clutter,
): Head {
  return new HeadReader(blocks, metadata, hints, clutter).read()
}

/** Goes down from the headline, a block at a time, for as long as a block is a part of the head. */
class HeadReader {
  readonly #blocks: readonly Block[]
  readonly #metadata: PageMetadata | undefined
  readonly #clutter: Clutter
  /** Names of authors. */
  readonly #known: readonly string[]
  readonly #line: LineHints
  readonly #titleAt: number
  readonly #title: string
  readonly #authors: ImportedAuthor[] = []
  #summary: string | undefined
  #place: string | undefined
  #published: string | undefined
  #updated: string | undefined
  #unsureZone: string | undefined
  #tags: readonly string[] = []
  #caption: string | undefined
  #credit: string | undefined
  #lead: Block | undefined
  #isTimeSeen = false

  constructor(
    blocks: readonly Block[],
    metadata: PageMetadata | undefined,
    hints: HeadHints,
    clutter: Clutter,
  ) {
    this.#blocks = blocks
    this.#metadata = metadata
    this.#clutter = clutter
    this.#known = hints.authors.map(({ name }) => name)
    this.#line = { timezone: hints.timezone, clutter, known: this.#known, house: hints.house }
    this.#titleAt = findTitle(blocks, hints.title, clutter)
    this.#title = this.#titleAt === -1 ? (hints.title ?? '') : headlineOf(blocks[this.#titleAt]!)
  }

  read(): Head {
    this.#readAbove()
    let end = this.#titleAt + 1
    const last = Math.min(this.#blocks.length, this.#titleAt + HEAD_BLOCKS)
    while (end < last && this.#take(this.#blocks[end]!, end)) end++
    this.#readAround(end)
    return {
      title: this.#title,
      summary: this.#summary,
      authors: this.#authors,
      place: this.#place,
      published: this.#published,
      updated: this.#updated,
      unsureZone: this.#unsureZone,
      tags: this.#tags,
      caption: this.#caption,
      credit: this.#credit,
      lead: this.#lead,
      end,
    }
  }

  /** A picture above the headline, and what is said of it there. */
  #readAbove(): void {
    const lead = pictureAbove(this.#blocks, this.#titleAt, this.#metadata)
    if (!lead) return
    this.#lead = lead
    this.#sayOfPicture(pictureWords(lead, this.#clutter))
    const between = this.#blocks.slice(this.#blocks.indexOf(lead) + 1, this.#titleAt)
    const below = between.find(({ tag }) => tag === 'figcaption')
    if (below && this.#caption === undefined) {
      this.#credit = undefined
      this.#sayOfPicture(pictureWords(below, this.#clutter))
    }
  }

  /** What may be elsewhere: the picture below the first paragraphs, a time above the headline, a name without a label. */
  #readAround(end: number): void {
    const near = this.#lead ? [] : this.#blocks.slice(end, end + 5)
    this.#lead ??= near.find(each => isPicture(each) && isOfMetadata(each, this.#metadata))
    if (this.#lead && near.includes(this.#lead)) this.#sayOfPicture(pictureWords(this.#lead, this.#clutter))
    const above = this.#blocks.slice(Math.max(0, this.#titleAt - BLOCKS_ABOVE), Math.max(0, this.#titleAt))
    for (const block of this.#isTimeSeen ? [] : above) {
      const read = readHeadLine(textWithTimes(block), this.#line)
      this.#published ??= read?.published
      this.#updated ??= read?.updated
    }
    if (!this.#isNobodyKnown()) return
    const head = [...above, ...this.#blocks.slice(this.#titleAt + 1, end)]
    const names = repeatedNames(head, this.#blocks.slice(end + 2), this.#line)
    this.#authors.push(...names.map(name => ({ name })))
  }

  #isNobodyKnown(): boolean {
    return this.#authors.length === 0 && this.#known.length === 0
  }

  /** What is known already stays. */
  #sayOfPicture({ caption, credit }: ReturnType<typeof pictureWords>): void {
    this.#caption ??= caption
    this.#credit ??= credit
  }

  /** @returns whether the block is a part of the head */
  #take(block: Block, at: number): boolean {
    const { text, tag } = block
    const clutter = this.#clutter
    const read = readHeadLine(textWithTimes(block), this.#line)
    const isBegun = this.#isTimeSeen || this.#authors.length > 0
    const keywords = isBegun || this.#lead ? gluedKeywords(text) : undefined
    if (isPicture(block)) return this.#takePicture(block)
    if (/^(?:iframe|video|audio|embed|object)$/.test(tag)) return false
    if (read) this.#takeLine(read, at)
    else if (isReadingTime(text, clutter)) this.#takeNameAbove(at)
    else if (this.#isNobodyKnown() && isNameAlone(this.#blocks, at, this.#line))
      this.#authors.push({ name: text })
    else if (keywords) {
      this.#tags = keywords.tags
      this.#sayOfPicture(splitCredit(keywords.caption, clutter))
    } else if (this.#lead && this.#caption === undefined && this.#isCaptionLike(block))
      this.#sayOfPicture(pictureWords(block, clutter))
    else if (this.#credit === undefined && isCaption(text, this.#lead, this.#caption, clutter))
      this.#sayOfPicture(splitCredit(text, clutter))
    else if (this.#isCredit(block)) this.#credit = splitCredit(`© ${text}`, clutter).credit
    else if (this.#isStandfirst(block, at)) this.#summary = text
    else if (sameWords(text, this.#title) || sameWords(text, this.#metadata?.summary ?? '')) return true
    else if (isProse(block)) return false
    else if (tag === 'p' && block.inBody && wordCount(text) > 4 && isBegun) return false
    else if (/^h[2-6]$/.test(tag) && block.inBody && at > this.#titleAt + 1)
      return !this.#isTimeSeen && !this.#lead
    return true
  }

  #takePicture(block: Block): boolean {
    if (isOfAuthor(block, this.#known)) return true
    const isMetadatas = isOfMetadata(block, this.#metadata)
    if (this.#lead && !isMetadatas) return isSamePicture(block, this.#lead)
    this.#lead = block
    this.#sayOfPicture(pictureWords(block, this.#clutter))
    return true
  }

  #takeLine(read: HeadLine, at: number): void {
    if (this.#authors.length === 0) this.#authors.push(...read.people)
    const above = () => placeAbove(this.#blocks.slice(this.#titleAt + 1, at), this.#line)
    this.#place ??= read.place ?? (isTime(read) ? above() : undefined)
    this.#published ??= read.published
    this.#updated ??= read.updated
    this.#unsureZone ??= read.unsure
    this.#isTimeSeen ||= isTime(read)
  }

  /** What is above the reading time in the text of a page is who wrote it. */
  #takeNameAbove(at: number): void {
    const above = at - 1 > this.#titleAt ? this.#blocks[at - 1] : undefined
    if (above && this.#isNobodyKnown() && isPersonLike(above.text)) this.#authors.push({ name: above.text })
  }

  #isCaptionLike(block: Block): boolean {
    if (isBeside(block, this.#lead!, this.#blocks)) return true
    if (block.text.length > 600 || isProseMark(block)) return false
    return isNamed(ownNames(block), 'caption') || splitCredit(block.text, this.#clutter).credit !== undefined
  }

  #isCredit(block: Block): boolean {
    if (!this.#lead || this.#credit !== undefined) return false
    return isNamed(ownNames(block), 'credit') && wordCount(block.text) <= 8
  }

  /** Between the headline and the byline, the time or the picture. */
  #isStandfirst(block: Block, at: number): boolean {
    const { text, tag, isLinks } = block
    const isShort = wordCount(text) < 4 && text.length < 20 && !/^\p{Script=Han}.{6}/u.test(text)
    if (this.#summary !== undefined || isLinks || isShort || at > this.#titleAt + 4) return false
    if (/^(?:ul|ol|table|blockquote)$/.test(tag)) return false
    const summary = this.#metadata?.summary
    if (sameWords(text, summary ?? '') || isNamed(ownNames(block), 'standfirst')) return true
    if (/^h[2-4]$/.test(tag) && at <= this.#titleAt + 2) return true
    if (summary !== undefined || !/\p{L}{2}/u.test(text)) return false
    return this.#blocks
      .slice(at + 1, at + 5)
      .some(
        other =>
          bylinePeople(other.text, this.#clutter).length > 0 ||
          readHeadLine(other.text, this.#line) !== undefined,
      )
  }
}

function isTime({ published, updated }: HeadLine): boolean {
  return published !== undefined || updated !== undefined
}

/** A place on a line of its own above the time: a known one, or what is below the reading time, where no role can be. */
function placeAbove(above: readonly Block[], hints: LineHints): string | undefined {
  const [before, block] = [above.at(-2), above.at(-1)]
  if (!block || wordCount(block.text) > 3 || isProseMark(block)) return undefined
  const place = readHeadLine(block.text, hints) === undefined ? placeOf(block.text, hints) : undefined
  if (place === undefined || isReadingTime(block.text, hints.clutter)) return undefined
  // Between the name and the time; there a role may be, too.
  const isBelow =
    before !== undefined &&
    (isReadingTime(before.text, hints.clutter) ||
      ((readHeadLine(before.text, hints)?.people.length ?? 0) > 0 && !hints.clutter.role.test(block.text)))
  return isBelow || isKnownPlace(place) ? place : undefined
}

/** With the times of `<time datetime>` instead of '4 hours ago'. */
function textWithTimes({ nodes, text }: Block): string {
  const times = elementsAmong(nodes).filter(({ tagName }) => tagName === 'time')
  return times.reduce((words, time) => {
    const exact = attribute(time, 'dateTime').trim()
    const seen = visibleText(time)
    return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(exact) && seen !== ''
      ? words.replace(seen, ` ${exact.replace(/\.\d+/, '')} `)
      : words
  }, text)
}

function pictureAbove(
  blocks: readonly Block[],
  titleAt: number,
  metadata: PageMetadata | undefined,
): Block | undefined {
  return blocks
    .slice(Math.max(0, titleAt - BLOCKS_ABOVE), Math.max(0, titleAt))
    .find(block => isPicture(block) && isOfMetadata(block, metadata))
}

function isOfMetadata(block: Block, metadata: PageMetadata | undefined): boolean {
  const src = metadata?.image?.src
  return src !== undefined && pictureNames(block).includes(pictureName(src))
}

/** Words in the element of the picture, which is not that of the text. */
function isBeside({ text, names, inBody }: Block, lead: Block, blocks: readonly Block[]): boolean {
  const around = (block: string) => block.split(' / ').slice(1).join(' / ')
  const own = around(names)
  if (text.length >= 300 || own === '' || own !== around(lead.names)) return false
  return !inBody || !blocks.some(other => other.text.length > 120 && around(other.names) === own)
}

function isPicture({ tag }: Block): boolean {
  return /^(?:figure|picture|img)$/.test(tag)
}

function isProseMark({ tag }: Block): boolean {
  return /^(?:blockquote|ul|ol|table|pre|h[1-6])$/.test(tag)
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

// ─── The headline ────────────────────────────────────────────────────────────────────────────────────────────────────

/** @returns its index; -1 where none is one */
function findTitle(blocks: readonly Block[], known: string | undefined, clutter: Clutter): number {
  if (known) {
    const same = blocks.findIndex(({ text, tag }) => /^h[1-3]$/.test(tag) && sameWords(text, known))
    const any = same === -1 ? blocks.findIndex(({ text }) => sameWords(text, known)) : same
    if (any !== -1) return any
  }
  const heading = blocks.findIndex(({ tag }) => tag === 'h1')
  if (heading !== -1) return heading
  // A kicker is in the same heading: 'Transport: Ferries return'.
  const kicked = known
    ? blocks.findIndex(({ text, tag }) => /^h[1-3]$/.test(tag) && text.endsWith(known))
    : -1
  if (kicked !== -1) return kicked
  // The name of the house is before it in the name of the window.
  const inKnown = known ? blocks.findIndex(block => isHeadlineLike(block) && known.includes(block.text)) : -1
  if (inKnown !== -1) return inKnown
  if (known && blocks.some(({ nodes }) => nodes.length > 0)) return -1
  // Of a text: what is above the byline, or above the time.
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

function isReadingTime(text: string, clutter: Clutter): boolean {
  return clutter.reading.test(text) && text.replace(clutter.reading, '') === ''
}

/** A line of some words, and no way through the site: 'Home / Cities / News'. */
function isHeadlineLike({ text }: Block): boolean {
  const isPath =
    /\s(?:[/>»›|]|::)\s/.test(text) && text.split(/\s(?:[/>»›|]|::)\s/).every(part => wordCount(part) <= 6)
  return (wordCount(text) >= 4 || text.length > 24) && !isPath && !/^https?:/.test(text)
}

/** What is above the headline in the same element is a kicker. */
function headlineOf({ nodes, text }: Block): string {
  const children = nodes.flatMap(node => (isElement(node) ? node.children : []))
  const kicker = children.find(child => isElement(child) && isNamed(namesOf(child), 'kicker'))
  const words = kicker && text.slice(visibleText(kicker).length).replace(/^[\s:|–—-]+/u, '')
  return kicker && text.startsWith(visibleText(kicker)) && words ? words : text
}
