// Article → what a list of articles shows of it: on the front page, on the pages of sections, tags and authors.

import type { Article } from '../../model.ts'
import { type Face, withoutText } from './article-summary.ts'
import { isoTime } from './iso-time.ts'
import { type LocalPicture, localPicture } from './local-picture.ts'
import type { Site } from './open-site.ts'

export interface StoryView extends Face {
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

export function storyView(
  article: Article,
  { loaded, renderer, zone, tongue }: Site,
  prefix: string,
): StoryView {
  const { language, direction } = loaded.publication
  const { summary, minutes } = renderer.body(article)
  return {
    ...withoutText(article),
    summary,
    minutes,
    picture: article.image && localPicture(article.image, prefix),
    names: article.authors.map(author => author.name),
    published: isoTime(article.date.at, zone),
    spoken: tongue(article).language,
    foreign: article.language !== language || article.direction !== direction,
  }
}
