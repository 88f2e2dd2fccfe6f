// Article → what other pages show of it: lists of articles, and articles that it is beside. They do not follow its text.

import { isoTime } from '../../base/index.ts'
import type { Article } from '../../model.ts'
import type { Site } from './open-site.ts'
import { type LocalPicture, localPicture } from './page-html.ts'

type ArticleSummary = Omit<Article, 'body' | 'bodyLine'>

/** Without its text: where the article came from the cache, asking for that reads its file. */
export function articleSummary(article: Article): ArticleSummary {
  let summary = summaries.get(article)
  if (!summary) {
    const fields: Record<string, unknown> = {}
    for (const key in article)
      if (key !== 'body' && key !== 'bodyLine') fields[key] = article[key as keyof Article]
    summary = fields as unknown as ArticleSummary
    summaries.set(article, summary)
  }
  return summary
}
/** Each is beside several others. */
const summaries = new WeakMap<Article, ArticleSummary>()

/** On the front page, and on the pages of sections, tags and authors. */
interface ListedArticle extends ArticleSummary {
  readonly summary: string
  readonly minutes: number
  readonly picture: LocalPicture | undefined
  readonly names: readonly string[]
  /** ISO 8601. */
  readonly published: string
  /** Language of the words, dates and numbers around it. */
  readonly spoken: string
  /** Whether it is in another language than the page. */
  readonly foreign: boolean
}

/** @param prefix from the page to the top of `out/` */
export function listedArticle(article: Article, site: Site, prefix: string): ListedArticle {
  const { language, direction } = site.loaded.publication
  const { summary, minutes } = site.renderer.body(article)
  return {
    ...articleSummary(article),
    summary,
    minutes,
    picture: article.image && localPicture(article.image, prefix),
    names: article.authors.map(author => author.name),
    published: isoTime(article.date.at, site.zone),
    spoken: site.wordsAround(article).language,
    foreign: article.language !== language || article.direction !== direction,
  }
}
