// An episode whose headings begin with a time (`## 3:12 The second stroke`) → its chapters, as the file that players ask for.
// https://github.com/Podcastindex-org/podcast-namespace, JSON chapters 1.2

import { shortHash } from '../base/index.ts'
import { type Channel, ownFileUrl } from '../content/index.ts'
import type { Article, OutputFile, Publication } from '../model.ts'
import { plainText } from './feed-xml.ts'

interface Chapters {
  /** Below `out/`. */
  readonly path: string
  readonly url: string
  readonly chapters: readonly { readonly startTime: number; readonly title: string }[]
}

const TIMED_HEADING = /^ {0,3}#{1,6}[ \t]+\(?\[?((?:\d{1,2}:)?\d{1,3}:[0-5]\d)\]?\)?[ \t]+(.*\S)[ \t]*$/
const FENCE = /^ {0,3}(`{3,}|~{3,})/

/** Undefined for an episode that has a file of them, or no two such headings in the order of their times. */
export function chaptersOf(article: Article, { url, podcast }: Publication): Chapters | undefined {
  if (!podcast || !article.audio || article.audio.chapters || article.live) return undefined
  const chapters = timedHeadings(article.body)
  const inOrder = chapters.every((one, at) => at === 0 || one.startTime > chapters[at - 1]!.startTime)
  if (chapters.length < 2 || !inOrder) return undefined
  const path = `podcast/chapters/${article.slug}-${shortHash(article.id)}.json`
  return { path, url: ownFileUrl(url, path), chapters }
}

function timedHeadings(markdown: string): Chapters['chapters'][number][] {
  let fence: string | undefined
  return markdown.split('\n').flatMap(line => {
    const mark = FENCE.exec(line)?.[1]
    if (mark && fence === undefined) fence = mark
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined
    const heading = fence === undefined ? TIMED_HEADING.exec(line) : null
    if (!heading) return []
    const title = plainText(heading[2]!.replace(/[ \t]#+$/, '').replace(/[*_`]/g, ''))
    const startTime = heading[1]!.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    return title ? [{ startTime, title }] : []
  })
}

export function chapterFiles(channels: readonly Channel[], publication: Publication): OutputFile[] {
  const episodes = channels.find(({ scope }) => scope === 'podcast')?.articles ?? []
  return episodes.flatMap(article => {
    const found = chaptersOf(article, publication)
    if (!found) return []
    const value = { version: '1.2.0', title: plainText(article.title), chapters: found.chapters }
    return [{ path: found.path, body: `${JSON.stringify(value, null, 2)}\n` }]
  })
}
