// A loaded publication → each article that is in no feed, and why: a remark that is told only to those who ask for it.

import type { Article, ArticleState, Diagnostic, Loaded } from '../model.ts'

export interface LeftOutOfFeeds extends Diagnostic {
  readonly state: ArticleState
  readonly id: string
}

export function leftOut({ articles }: Loaded): LeftOutOfFeeds[] {
  return articles
    .flatMap((article): LeftOutOfFeeds[] => {
      const { file, state, id } = article
      if (state === 'published') return []
      const [message, advice] = reasons[state](article)
      return [{ file, line: 1, rule: 'left-out', severity: 'info', message, advice, state, id }]
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1))
}

const reasons: Readonly<
  Record<Exclude<ArticleState, 'published'>, (article: Article) => [message: string, advice: string]>
> = {
  draft: () => [
    'is in no feed: it is a draft',
    'Take "draft: true" or "published: false" away to publish it.',
  ],
  future: ({ date }) => [
    `is in no feed yet: its date is ${timeOf(date.at)}`,
    'It comes with the first build after that time.',
  ],
  expired: ({ expires }) => [
    `is in no feed any more: it expired at ${timeOf(expires!.at)}`,
    'A later time in "expires:" brings it back.',
  ],
  withdrawn: () => ['is in no feed any more: it is withdrawn', ''],
  unlisted: () => [
    'is in no feed: it is unlisted, and has a page only',
    'Take "unlisted: true" away to list it.',
  ],
}

function timeOf(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}
