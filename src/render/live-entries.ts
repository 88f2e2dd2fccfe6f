// Prepared tokens of a live blog → its entries, newest first, each ready for its three destinations.

import type { Token } from 'markdown-it'
import { type LiveHeading, liveTimes, readLiveHeading } from '../live-times.ts'
import type { Article, LiveEntry, Prose } from '../model.ts'
import type { Prepared } from './prepare-tokens.ts'
import { inlineText } from './to-html.ts'

export function liveEntries(
  article: Article,
  prepared: Prepared,
  timezone: string,
  makeProse: (part: Prepared) => Prose,
): LiveEntry[] {
  const { tokens } = prepared
  const starts = tokens.flatMap((token, at) => {
    if (token.type !== 'heading_open' || token.tag !== 'h2' || token.level !== 0) return []
    const heading = readLiveHeading(inlineText(tokens[at + 1]!.children ?? []).trim())
    return heading ? { at, heading } : []
  })
  const times = liveTimes(
    starts.map(({ heading }) => heading),
    article.date,
    timezone,
  )
  return starts
    .map(({ at, heading }, index) =>
      entry(heading, times[index]!, makeProse({ ...prepared, tokens: partFrom(tokens, at) })),
    )
    .sort((a, b) => b.at.at - a.at.at)
}

function entry({ time, title }: LiveHeading, at: LiveEntry['at'], prose: Prose): LiveEntry {
  return {
    time,
    at,
    title,
    html: prose.html,
    letterHtml: prose.letterHtml,
    text: prose.text,
    files: prose.files,
  }
}

/** Behind the heading, until the next heading of its rank or the footnotes. */
function partFrom(tokens: readonly Token[], heading: number): readonly Token[] {
  const end = tokens.findIndex(
    ({ type, tag, level }, at) =>
      at > heading &&
      level === 0 &&
      ((type === 'heading_open' && (tag === 'h2' || tag === 'h1')) || type === 'footnote_block_open'),
  )
  return tokens.slice(heading + 3, end === -1 ? undefined : end)
}
