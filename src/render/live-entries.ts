// The parts of a live blog → its entries, newest first, each ready for its three destinations.

import type { Token } from 'markdown-it'
import { liveTimes } from '../base/index.ts'
import type { Article, LiveEntry, Prose } from '../model.ts'
import type { LiveCut, LivePart } from './cut-live.ts'

export function liveEntries(
  article: Article,
  { entries }: LiveCut,
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
