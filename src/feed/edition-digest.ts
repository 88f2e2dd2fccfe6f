// Edition → what its feed shows of it: the editor's note, the lead's picture, each article's title and summary, as HTML.

import type { Article, Edition, Loaded, Picture, Renderer } from '../model.ts'
import { directionOf, type Templates } from '../templates/index.ts'
import { plainText, safeHtml } from './feed-text.ts'
import { strictUrl } from './strict-url.ts'

/** @param note the editor's, as everybody may read it: nothing in it is any one reader's */
export function editionDigest(
  edition: Edition,
  note: string,
  { publication }: Loaded,
  renderer: Renderer,
  templates: Templates,
): string {
  const { newsletter, lead, parts } = edition
  const { language } = newsletter
  const direction = directionOf(language)

  function story(article: Article) {
    const url = strictUrl(article.url) ?? publication.url
    return {
      title: plainText(article.title) || url,
      url,
      summary: plainText(renderer.body(article).summary),
      language: article.language,
      direction: article.direction,
      foreign: article.language !== language || article.direction !== direction,
    }
  }

  const data = {
    publication,
    language,
    direction,
    // A reader knows the language of the feed, but nothing of its direction unless the content says it.
    wrapped: direction === 'rtl',
    note: note.trim() ? renderer.prose(note, edition.note!.file).html : '',
    figure: figureOf(lead?.image),
    lead: lead && story(lead),
    parts: parts.map(({ title, articles }) => ({ title: plainText(title), stories: articles.map(story) })),
  }
  return safeHtml(
    templates.render('feed/edition.html.hbs', data, { language, timezone: publication.timezone }),
  )
}

function figureOf(image: Picture | undefined): Picture | undefined {
  const url = strictUrl(image?.url)
  return image && url ? { ...image, url } : undefined
}
