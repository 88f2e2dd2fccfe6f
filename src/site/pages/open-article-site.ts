// Publication, the channels that articles lead to, and what stands beside each → all that the page of an article is made
// with besides the article.

import { openZone, type Zone } from '../../base/index.ts'
import type { Article, Loaded, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import type { Beside } from '../articles-beside.ts'
import { type AuthorBox, openAuthorBoxes } from './author-box.ts'
import { type BylinePart, openBylines } from './byline.ts'
import type { ChannelLinks } from './channel-links.ts'
import { type Frame, type Link, openFrames } from './open-frames.ts'
import { openTongues, type Tongue } from './open-tongues.ts'

export interface ArticleGround {
  readonly loaded: Pick<Loaded, 'publication'>
  readonly renderer: Renderer
  readonly templates: Templates
  readonly links: ChannelLinks
  /** Links to all of them stand above each page. */
  readonly sections: readonly Link[]
  beside(article: Article): Beside
}

export interface ArticleSite extends Omit<ArticleGround, 'sections'> {
  readonly zone: Zone
  frame(path: string): Frame
  tongue(article: Article): Tongue
  byline(article: Article, language: string): readonly BylinePart[]
  authorBox(author: Article['authors'][number], prefix: string): AuthorBox
}

export function openArticleSite({ sections, ...ground }: ArticleGround): ArticleSite {
  const { loaded, renderer, templates, links } = ground
  const { url, language, timezone, newsletters } = loaded.publication
  return {
    ...ground,
    zone: openZone(timezone),
    frame: openFrames(loaded, templates, () => {
      const words = templates.words(language)
      const archive = newsletters.length > 0 ? [{ name: words('page.editions'), url: `${url}editions/` }] : []
      return { sections, links: [{ name: words('page.subscribe'), url: `${url}#subscribe` }, ...archive] }
    }),
    tongue: openTongues(loaded, templates),
    byline: openBylines(templates, links),
    authorBox: openAuthorBoxes(loaded, renderer, links),
  }
}
