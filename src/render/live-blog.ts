// Prepared tokens of a live blog → its parts: what comes before the first entry, the entries, the sections that are none,
// and the footnotes of all of them. Every token is in one of them, so that no text is lost.

import type { Token } from 'markdown-it'
import { type LiveHeading, liveTimes, readLiveHeading } from '../base/index.ts'
import type { Article, LiveEntry, Prose } from '../model.ts'
import { inlineText } from './to-html.ts'

interface LiveCut {
  /** With its own headings. */
  readonly intro: readonly Token[]
  /** In the order of the page. */
  readonly entries: readonly LivePart[]
  /** Between and behind the entries, each with its heading, in the order of the page. */
  readonly sections: readonly Token[]
  readonly notes: readonly Token[]
}

interface LivePart {
  readonly id: string
  readonly heading: LiveHeading
  /** Behind the heading. */
  readonly tokens: readonly Token[]
}

export function cutLive(tokens: readonly Token[]): LiveCut {
  const found = tokens.findIndex(({ type, level }) => type === 'footnote_block_open' && level === 0)
  const end = found === -1 ? tokens.length : found
  // An entry ends at the next heading of its rank, or of a higher one.
  const starts = tokens.flatMap(({ type, tag, level }, at) =>
    type === 'heading_open' && (tag === 'h1' || tag === 'h2') && level === 0 ? [at] : [],
  )
  const entries: LivePart[] = []
  const sections: Token[] = []
  let intro: readonly Token[] = tokens.slice(0, end)
  for (const [index, at] of starts.entries()) {
    const next = starts[index + 1] ?? end
    const heading = entryHeading(tokens, at)
    if (heading && entries.length === 0) intro = tokens.slice(0, at)
    if (heading) {
      const id = String(tokens[at]!.attrGet('id'))
      entries.push({ id, heading, tokens: tokens.slice(at + 3, next) })
    } else if (entries.length > 0) for (const token of tokens.slice(at, next)) sections.push(token)
  }
  return { intro, entries, sections, notes: tokens.slice(end) }
}

function entryHeading(tokens: readonly Token[], at: number): LiveHeading | undefined {
  if (tokens[at]!.tag !== 'h2') return undefined
  return readLiveHeading(inlineText(tokens[at + 1]!.children ?? []).trim())
}

/** The entries, newest first, each ready for its three destinations. */
export function liveEntries(
  article: Article,
  entries: readonly LivePart[],
  timezone: string,
  makeProse: (tokens: readonly Token[]) => Prose,
): LiveEntry[] {
  const headings = entries.map(({ heading }) => heading)
  const times = liveTimes(headings, article.date, timezone)
  return entries
    .map((part, index) => entry(part, times[index]!, makeProse(part.tokens)))
    .sort((a, b) => b.at.at - a.at.at)
}

function entry({ id, heading }: LivePart, at: LiveEntry['at'], prose: Prose): LiveEntry {
  return {
    id,
    time: heading.time,
    at,
    title: heading.title,
    html: prose.html,
    letterHtml: prose.letterHtml,
    text: prose.text,
    files: prose.files,
  }
}
