// The blocks of a page, and its metadata → headline, standfirst, byline, place, times, keywords, caption, body
// and biography, without what surrounds them; and the body of a live blog → the HTML of its introduction and its entries.

import { escapeHtml, isoTime, openZone } from '../../../../base/index.ts'
import { readDate } from '../../../../content/index.ts'
import { hostOf, type ImportedAuthor, type ImportSettings } from '../../imported.ts'
import { type AuthorBox, partOf, readBox } from './author-box.ts'
import { type Block, ownNames, withHeadLines, withoutClutter } from './blocks.ts'
import { cutBody, tagsBelow } from './body.ts'
import { isNamed } from './furniture.ts'
import { type Head, type HeadHints, readHead } from './head.ts'
import { datelineOf } from './head-lines.ts'
import type { PageMetadata } from './metadata.ts'
import { COPYRIGHT, openClutter, sameWords, wordsKey } from './words.ts'

export interface PageParts extends Omit<Head, 'end'> {
  readonly body: readonly Block[]
  /** What was in the middle of the text and is no part of it. */
  readonly dropped: readonly Block[]
  /** The rest is for those who pay. */
  readonly isCut: boolean
  /** Networks in the author's box, whose addresses a text does not have. */
  readonly networks: readonly string[]
  /** '© The Post' */
  readonly copyright: string | undefined
}

interface PageHints extends HeadHints {
  readonly boxes: readonly AuthorBox[]
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
    block => COPYRIGHT.test(block.text) && block.tag !== 'figure' && !isNamed(ownNames(block), 'credit'),
  )?.text
  const kept = withoutClutter(withHeadLines(blocks), clutter)
  const head = readHead(kept, metadata, hints, clutter)
  const names = [...new Set([...hints.authors, ...head.authors].map(({ name }) => name))]
  const { body, box, isCut } = cutBody(kept.slice(head.end), {
    names,
    clutter,
    lead: head.lead,
    host: hostOf(metadata?.address),
  })
  const inText = new Set(body)
  const dropped = blocks
    .slice(blocks.indexOf(body[0]!), blocks.indexOf(body.at(-1)!) + 1)
    .filter(block => !inText.has(block) && block.text !== '' && block !== head.lead)
  // Names of networks in the box are facts; elsewhere they are buttons.
  const boxTexts = box[0] ? blocks.slice(blocks.indexOf(box[0])).map(({ text }) => text) : []
  const read = readBox(boxTexts, names, clutter)
  const all = hints.authors.length > 0 ? hints.authors : head.authors
  const authors = all.map((author, at) => {
    const own =
      hints.boxes.find(({ name }) => name !== undefined && sameWords(name, author.name)) ??
      (at === 0 ? hints.boxes.find(({ name }) => name === undefined) : undefined)
    if (own) return withBox(author, own)
    const found = at === 0 ? read : readBox(partOf(boxTexts, author.name, names), [author.name], clutter)
    return withBox(author, { ...found, photo: undefined, social: [] })
  })
  const { networks } = hints.boxes.length > 0 ? { networks: [] } : read
  const tags = head.tags.length > 0 ? head.tags : tagsBelow(blocks, clutter)
  const place = head.place ?? datelineOf(body[0]?.text ?? '')
  return { ...head, place, tags, authors, body, dropped, isCut, networks, copyright }
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

// ─── A live blog, by its metadata or by times on lines of their own ──────────────────────────────────────────────────

/** @param body as the page shows it @param html of a block @returns undefined where the metadata names no entries */
export function reportedEntries(
  { updates, text }: PageMetadata,
  body: readonly Block[],
  settings: ImportSettings,
  html: (block: Block) => string,
): string | undefined {
  if (updates.length === 0) return undefined
  const days = new Set(updates.map(({ time }) => clockOf(time, settings).slice(0, 10)))
  const entries = updates.map(({ title, time, text: words }) => {
    const clock = clockOf(time, settings)
    const when = days.size > 1 ? `${clock.slice(0, 10)} ${clock.slice(11, 16)}` : clock.slice(11, 16)
    return `<h2>${escapeHtml(`${when} ${title}`.trim())}</h2>\n${asParagraphs(words)}`
  })
  const reported = updates.flatMap(({ title, text: words }) => [title, ...words.split('\n')]).map(wordsKey)
  const lines = new Set(reported.filter(line => line !== ''))
  const isEntry = ({ text: words }: Block) => TIME.test(words) || lines.has(wordsKey(words))
  const first = body.findIndex(isEntry)
  const shown = body
    .slice(0, first === -1 ? body.length : first)
    .map(html)
    .join('\n')
  const isTold =
    text !== '' && !updates.some(({ text: words }) => words !== '' && text.includes(words.slice(0, 60)))
  return [shown || (isTold ? asParagraphs(text) : ''), ...entries].filter(Boolean).join('\n')
}

export function asParagraphs(text: string): string {
  return text
    .split(/\n+/)
    .filter(part => part.trim() !== '')
    .map(part => `<p>${escapeHtml(part.trim())}</p>`)
    .join('\n')
}

/** In the publication's zone, which headings of live blogs are in. */
function clockOf(time: string, { timezone }: ImportSettings): string {
  const zone = openZone(timezone)
  const read = readDate(time, zone)
  return read ? isoTime(read.at, zone) : time
}

const TIME = /^(\d{1,2})[:.](\d{2})(?:\s*([ap])\.?m\.?)?(?:\s+[A-Z]{2,4}|\s+Uhr)?$/i
/** Times that make a text a live blog. */
const MIN_ENTRIES = 3

/** Times on lines of their own, with headlines and texts below them → entries; undefined where there are none. */
export function shownEntries(body: readonly Block[], html: (block: Block) => string): string | undefined {
  if (body.filter(({ text }) => TIME.test(text)).length < MIN_ENTRIES) return undefined
  const out: string[] = []
  for (let at = 0; at < body.length; at++) {
    const block = body[at]!
    const found = TIME.exec(block.text)
    if (!found) {
      out.push(html(block))
      continue
    }
    const [, hours = '', minutes = '', half] = found
    const hour = half ? (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hours)
    const next = body[at + 1]
    const isHeadline = next !== undefined && /^h[2-6]$/.test(next.tag)
    if (isHeadline) at++
    const title = isHeadline ? ` ${escapeHtml(next.text)}` : ''
    out.push(`<h2>${String(hour).padStart(2, '0')}:${minutes}${title}</h2>`)
  }
  return out.join('\n')
}
