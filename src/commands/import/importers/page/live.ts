// A live blog, as machines are told of it or as times on lines of their own → the HTML of its introduction and its entries.

import { escapeHtml, isoTime, openZone } from '../../../../base/index.ts'
import { readDate } from '../../../../content/index.ts'
import type { ImportSettings } from '../../imported.ts'
import type { Block } from './blocks.ts'
import type { PageMetadata } from './metadata.ts'
import { wordsKey } from './words.ts'

/** @param body as the page shows it @param html of a block @returns undefined where machines are told of no entries */
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
  const told = updates.flatMap(({ title, text: words }) => [title, ...words.split('\n')]).map(wordsKey)
  const lines = new Set(told.filter(line => line !== ''))
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
