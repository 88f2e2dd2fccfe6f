// The blocks of a page, and what machines are told of it → headline, standfirst, byline, place, times, keywords, caption, body and
// biography, without what stands around them.

import { attribute, elements, isElement, visibleText } from '../../html-tree.ts'
import type { ImportedAuthor } from '../../imported.ts'
import { type AuthorBox, isOfAuthor, isPersonLike, readBox } from './author-box.ts'
import { type Block, isProse, withHeadLines } from './blocks.ts'
import { cutBody, pictureName, picturesIn, pictureWords } from './body.ts'
import { isNamed } from './furniture.ts'
import {
  bylineNames,
  findTitle,
  type HeadLine,
  headlineOf,
  isReadingTime,
  type LineHints,
  placeOf,
  readHeadLine,
} from './head-lines.ts'
import type { PageMetadata } from './metadata.ts'
import { isKnownPlace } from './times.ts'
import {
  type Clutter,
  COPYRIGHT,
  gluedKeywords,
  openClutter,
  sameWords,
  splitCredit,
  wordCount,
} from './words.ts'

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
  /** What stood in the middle of the text and is no part of it. */
  readonly dropped: readonly Block[]
  /** The rest is for those who pay. */
  readonly isCut: boolean
  /** Networks in the author's box, whose addresses a text does not have. */
  readonly networks: readonly string[]
  /** '© The Post' */
  readonly copyright: string | undefined
}

export interface PageHints {
  readonly title: string | undefined
  readonly authors: readonly ImportedAuthor[]
  readonly boxes: readonly AuthorBox[]
  /** Of the house, which is no place. */
  readonly house: string | undefined
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
  // That of a picture is its photographer's.
  const copyright = blocks.find(
    ({ text, tag, names }) =>
      COPYRIGHT.test(text) && tag !== 'figure' && !isNamed(ownNames({ names }), 'credit'),
  )?.text
  const kept = withoutClutter(withHeadLines(blocks), clutter)
  const head = readHead(kept, metadata, hints, clutter)
  const names = [...new Set([...hints.authors, ...head.authors].map(({ name }) => name))]
  const { body, box, isCut } = cutBody(kept.slice(head.end), { names, clutter, lead: head.lead })
  const [first, last] = [body[0], body.at(-1)].map(block => (block ? blocks.indexOf(block) : -1)) as [
    number,
    number,
  ]
  const inText = new Set(body)
  const dropped = blocks
    .slice(first, last + 1)
    .filter(block => !inText.has(block) && block.text !== '' && block !== head.lead)
  // Names of networks in the box are facts; elsewhere they are buttons.
  const wholeBox = box[0] ? blocks.slice(blocks.indexOf(box[0])) : []
  const read = readBox(
    wholeBox.map(({ text }) => text),
    names,
    clutter,
  )
  const all = hints.authors.length > 0 ? hints.authors : head.authors
  const authors = all.map((author, at) => {
    const own =
      hints.boxes.find(({ name }) => name !== undefined && sameWords(name, author.name)) ??
      (at === 0 ? hints.boxes.find(({ name }) => name === undefined) : undefined)
    if (own) return withBox(author, own)
    const found = at === 0 ? read : readBox(partOf(wholeBox, author.name, names), [author.name], clutter)
    return withBox(author, { ...found, photo: undefined, social: [] })
  })
  const { networks } = hints.boxes.length > 0 ? { networks: [] } : read
  return { ...head, authors, body, dropped, isCut, networks, copyright }
}

/** From an author's name to the next one's. */
function partOf(box: readonly Block[], name: string, names: readonly string[]): string[] {
  const texts = box.map(({ text }) => text)
  const start = texts.findIndex(text => sameWords(text, name))
  if (start === -1) return []
  const isOther = (text: string) => names.some(other => !sameWords(other, name) && sameWords(text, other))
  const length = texts.slice(start).findIndex(isOther)
  return texts.slice(start, length === -1 ? undefined : start + length)
}

function withBox(
  author: ImportedAuthor,
  { role, biography, photo, social }: Omit<AuthorBox, 'name'>,
): ImportedAuthor {
  return {
    ...author,
    role: author.role ?? role,
    biography: author.biography ?? biography,
    photo: author.photo ?? photo,
    social: author.social && author.social.length > 0 ? author.social : social,
  }
}

/** What stands in a quotation was said by somebody. */
function withoutClutter(blocks: readonly Block[], clutter: Clutter): Block[] {
  const kept: Block[] = []
  let isAfterTeaser = false
  for (const block of blocks) {
    const { text, tag, isLinks } = block
    if (tag === 'around') continue
    if (/^(?:blockquote|figure|img|picture|pre|iframe|video|audio|embed|object)$/.test(tag)) {
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
    if (/^[_\s]+$/.test(text) || isRowOfButtons(block, clutter)) continue
    // 'Investigation | How the jetty was lost'
    if (/^\p{Lu}[\p{L} ]{2,25} \| \S/u.test(text) && isHeadline && wordCount(text) > 4) continue
    kept.push(block)
  }
  return kept
}

/** A list of which each item is furniture. */
function isRowOfButtons({ tag, nodes }: Block, clutter: Clutter): boolean {
  if (tag !== 'ul' && tag !== 'ol') return false
  const items = nodes
    .flatMap(node => (isElement(node) ? [...elements(node)] : []))
    .filter(({ tagName }) => tagName === 'li')
  return (
    items.length > 0 && items.every(item => clutter.drop.test(visibleText(item)) || visibleText(item) === '')
  )
}

interface Head extends Omit<PageParts, 'body' | 'dropped' | 'isCut' | 'networks' | 'copyright'> {
  /** Index of the first block of the body. */
  readonly end: number
}

/** How far from the headline the parts of the head may be. */
const HEAD_BLOCKS = 24
/** A picture above it. */
const BLOCKS_ABOVE = 5

function readHead(
  blocks: readonly Block[],
  metadata: PageMetadata | undefined,
  hints: PageHints,
  clutter: Clutter,
): Head {
  const titleAt = findTitle(blocks, hints.title, clutter)
  const title = titleAt === -1 ? (hints.title ?? '') : headlineOf(blocks[titleAt]!)
  let summary: string | undefined
  let place: string | undefined
  let published: string | undefined
  let updated: string | undefined
  let unsureZone: string | undefined
  let tags: string[] = []
  let caption: string | undefined
  let credit: string | undefined
  let lead = pictureAbove(blocks, titleAt, metadata)
  if (lead) ({ caption, credit } = pictureWords(lead, clutter))
  const below =
    lead && blocks.slice(blocks.indexOf(lead) + 1, titleAt).find(({ tag }) => tag === 'figcaption')
  if (below && caption === undefined) ({ caption, credit } = pictureWords(below, clutter))
  const authors: ImportedAuthor[] = []
  let end = titleAt + 1
  let isTimeSeen = false
  const known = hints.authors.map(({ name }) => name)
  const line = { timezone: hints.timezone, clutter, known, house: hints.house }
  for (let at = titleAt + 1; at < Math.min(blocks.length, titleAt + HEAD_BLOCKS); at++) {
    const block = blocks[at]!
    const { text, tag } = block
    const read = readHeadLine(textWithTimes(block), line)
    const keywords = isTimeSeen || authors.length > 0 || lead ? gluedKeywords(text) : undefined
    if (/^(?:figure|picture|img)$/.test(tag)) {
      const isOther = lead !== undefined && !isSamePicture(block, lead)
      if (!isOfAuthor(block, known) && isOther && !isOfMetadata(block, metadata)) break
      if (!isOfAuthor(block, known) && (!lead || isOfMetadata(block, metadata))) {
        lead = block
        const words = pictureWords(block, clutter)
        caption ??= words.caption
        credit ??= words.credit
      }
    } else if (/^(?:iframe|video|audio|embed|object)$/.test(tag)) break
    else if (read) {
      if (authors.length === 0) authors.push(...read.names.map(name => ({ name })))
      place ??= read.place ?? (isTime(read) ? placeAbove(blocks.slice(titleAt + 1, at), line) : undefined)
      published ??= read.published
      updated ??= read.updated
      unsureZone ??= read.unsure
      isTimeSeen ||= isTime(read)
    } else if (isReadingTime(text, clutter)) {
      // What stands above it in the text of a page is who wrote it.
      const above = blocks[at - 1]
      if (above && at - 1 > titleAt && authors.length === 0 && known.length === 0 && isPersonLike(above.text))
        authors.push({ name: above.text })
    } else if (keywords) {
      tags = keywords.tags
      const words = splitCredit(keywords.caption, clutter)
      caption ??= words.caption
      credit ??= words.credit
    } else if (lead && caption === undefined && isCaptionLike(block, clutter)) {
      const words = pictureWords(block, clutter)
      caption = words.caption
      credit ??= words.credit
    } else if (credit === undefined && isCaption(text, lead, caption, clutter)) {
      const words = splitCredit(text, clutter)
      caption = words.caption
      credit = words.credit
    } else if (lead && credit === undefined && isNamed(ownNames(block), 'credit') && wordCount(text) <= 8)
      credit = splitCredit(`© ${text}`, clutter).credit
    else if (isStandfirst(blocks, at, { summary, titleAt, clutter, hints, metadata })) summary = text
    else if (sameWords(text, title) || sameWords(text, metadata?.summary ?? '')) {
      // Once more.
    } else if (isProse(block)) break
    else if (tag === 'p' && block.inBody && wordCount(text) > 4 && (isTimeSeen || authors.length > 0)) break
    else if (/^h[2-6]$/.test(tag) && block.inBody && at > titleAt + 1 && (isTimeSeen || lead)) break
    end = at + 1
  }
  return { title, summary, authors, place, published, updated, unsureZone, tags, caption, credit, lead, end }
}

function isTime({ published, updated }: HeadLine): boolean {
  return published !== undefined || updated !== undefined
}

/** A place on a line of its own above the time: a known one, or what stands below the reading time, where no role can be. */
function placeAbove(above: readonly Block[], hints: LineHints): string | undefined {
  const [before, block] = [above.at(-2), above.at(-1)]
  if (!block || wordCount(block.text) > 3 || isProseMark(block)) return undefined
  const place = readHeadLine(block.text, hints) === undefined ? placeOf(block.text, hints) : undefined
  if (place === undefined || isReadingTime(block.text, hints.clutter)) return undefined
  const isBelowReading = before !== undefined && isReadingTime(before.text, hints.clutter)
  return isBelowReading || isKnownPlace(place) ? place : undefined
}

/** With the times that machines are told instead of '4 hours ago'. */
function textWithTimes({ nodes, text }: Block): string {
  const times = nodes
    .flatMap(node => (isElement(node) ? [node, ...elements(node)] : []))
    .filter(({ tagName }) => tagName === 'time')
  return times.reduce((words, time) => {
    const told = attribute(time, 'dateTime').trim()
    const seen = visibleText(time)
    return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(told) && seen !== ''
      ? words.replace(seen, ` ${told.replace(/\.\d+/, '')} `)
      : words
  }, text)
}

/** Names of its element and of the one around it. */
function ownNames({ names }: Pick<Block, 'names'>): string {
  return names.split(' / ').slice(0, 2).join(' / ')
}

function pictureAbove(
  blocks: readonly Block[],
  titleAt: number,
  metadata: PageMetadata | undefined,
): Block | undefined {
  return blocks
    .slice(Math.max(0, titleAt - BLOCKS_ABOVE), Math.max(0, titleAt))
    .find(block => /^(?:figure|picture|img)$/.test(block.tag) && isOfMetadata(block, metadata))
}

function isOfMetadata(block: Block, metadata: PageMetadata | undefined): boolean {
  const src = metadata?.image?.src
  return src !== undefined && namesIn(block).includes(pictureName(src))
}

function isSamePicture(block: Block, other: Block): boolean {
  const names = namesIn(other)
  return namesIn(block).some(name => names.includes(name))
}

/** Of files, also of those that a script would load. */
function namesIn(block: Block): string[] {
  return picturesIn(block).flatMap(img =>
    ['src', 'dataSrc', 'dataOriginal', 'dataSrcset', 'srcSet']
      .map(key => String(img.properties[key] ?? '').split(/[\s,]+/)[0]!)
      .filter(src => src !== '' && !src.startsWith('data:'))
      .map(pictureName),
  )
}

function isCaptionLike(block: Block, clutter: Clutter): boolean {
  if (block.text.length > 600 || isProseMark(block)) return false
  return isNamed(ownNames(block), 'caption') || splitCredit(block.text, clutter).credit !== undefined
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
  const block = blocks[at]!
  const { text, tag, isLinks } = block
  const isShort = wordCount(text) < 4 && text.length < 20
  if (
    summary !== undefined ||
    isLinks ||
    at > titleAt + 4 ||
    isShort ||
    /^(?:ul|ol|table|blockquote)$/.test(tag)
  )
    return false
  if (sameWords(text, metadata?.summary ?? '')) return true
  if (isNamed(ownNames(block), 'standfirst')) return true
  if (/^h[2-4]$/.test(tag) && at <= titleAt + 2) return true
  if (metadata?.summary !== undefined || !/\p{L}{2}/u.test(text)) return false
  const line = {
    timezone: hints.timezone,
    clutter,
    known: hints.authors.map(({ name }) => name),
    house: hints.house,
  }
  return blocks
    .slice(at + 1, at + 5)
    .some(
      other => bylineNames(other.text, clutter).length > 0 || readHeadLine(other.text, line) !== undefined,
    )
}
