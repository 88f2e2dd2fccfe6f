// HTML of a live blog's body → the same with its entries newest first: whoever reads a feed looks for what is new, however
// the article was written down. What stands before the entries stays there; what is no entry stands behind them.

import { liveTimes, readLiveHeading } from '../base/index.ts'
import type { Article } from '../model.ts'

/** Where a part of the body begins, and a footnote: only Markdown makes headings with an id. */
const TAG = /<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g
const HEADING = /^<h2 id="[^"]*">([\s\S]*?)<\/h2>/
const FOOTNOTES = /^<hr ?\/?>\n<ol>\n<li id="fn1">/
const VOID = new Set(['br', 'col', 'hr', 'img', 'source', 'track', 'wbr'])

/** An entry inside an element of the author's own stays in it, where it was written. */
export function newestEntriesFirst(html: string, { date }: Pick<Article, 'date'>, timezone: string): string {
  const parts = partsOf(html)
  const entries = parts.flatMap(part => {
    const inner = HEADING.exec(part)?.[1]
    const heading = inner === undefined ? undefined : readLiveHeading(inner.replace(/<[^>]*>/g, '').trim())
    return heading ? [{ part, heading }] : []
  })
  if (entries.length === 0) return html
  const times = liveTimes(
    entries.map(({ heading }) => heading),
    date,
    timezone,
  )
  const sorted = entries
    .map(({ part }, index) => ({ part, at: times[index]!.at }))
    .sort((left, right) => right.at - left.at)
    .map(({ part }) => part)
  const first = parts.indexOf(entries[0]!.part)
  const isEntry = new Set(sorted)
  return [...parts.slice(0, first), ...sorted, ...parts.slice(first).filter(part => !isEntry.has(part))].join(
    '\n',
  )
}

/** Cut before every heading of the first two ranks, and before the footnotes, that stand in no other element. */
function partsOf(html: string): string[] {
  const cuts: number[] = []
  let depth = 0
  for (const { index, 1: close, 2: tag } of html.matchAll(TAG)) {
    const begins = tag === 'h1' || tag === 'h2' || (tag === 'hr' && FOOTNOTES.test(html.slice(index)))
    if (depth === 0 && !close && begins) cuts.push(index)
    if (!VOID.has(tag!)) depth += close ? -1 : 1
  }
  return [0, ...cuts].map((start, index) => html.slice(start, cuts[index]).trim()).filter(Boolean)
}
