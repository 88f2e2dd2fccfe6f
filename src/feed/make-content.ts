// Article → what a newspaper's article page carries, as clean HTML for a feed: picture, byline, body, author, links.

import { isMidnight, openZone } from '../base/index.ts'
import { publishedArticles } from '../content/index.ts'
import type { Article, Author, Loaded, Picture, Renderer, SocialLink, Timestamp } from '../model.ts'
import { articlesBeside, type Beside, shownPicture } from '../site/index.ts'
import type { Templates } from '../templates/index.ts'
import { plainText, safeHtml } from './feed-text.ts'
import { newestEntriesFirst } from './newest-entries-first.ts'
import { strictUrl } from './strict-url.ts'

/** What a content is made from besides its article. */
export interface ContentSources {
  readonly loaded: Pick<Loaded, 'publication'>
  readonly renderer: Renderer
  readonly templates: Templates
  readonly beside: (article: Article) => Beside
}

/** For another thread: the same bytes as an item has them. */
export function contentMaker(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
): (article: Article) => Buffer {
  const beside = articlesBeside(publishedArticles(loaded))
  return article => Buffer.from(makeContent(article, { loaded, renderer, templates, beside }))
}

export function makeContent(
  article: Article,
  { loaded, renderer, templates, beside }: ContentSources,
): string {
  const { publication } = loaded
  const { language, direction, audio, source } = article
  const { html: written, minutes } = renderer.body(article)
  const html = article.live ? newestEntriesFirst(written, article, publication.timezone) : written
  const image = strict(article.image)
  const shown = image && shownPicture(html, article.image!)
  const { related, top } = beside(article)
  const foreign = language !== publication.language || direction !== publication.direction
  const zone = openZone(publication.timezone)
  const dayOnly = (time: Timestamp) => isMidnight(time.at, zone)
  const ending = {
    social: strictLinks(publication.social),
    comments: strictUrl(article.comments),
    tags: [...new Set([...(article.section ? [article.section.title] : []), ...article.tags])],
    related: related.flatMap(({ title, url }) => strict({ title, url }) ?? []),
    top: top.flatMap(({ title, url }) => strict({ title, url }) ?? []),
  }
  const data = {
    publication,
    ...ending,
    ended: publication.rights !== '' || Object.values(ending).some(part => part && part.length > 0),
    publishedDayOnly: dayOnly(article.date),
    updatedDayOnly: article.updated && dayOnly(article.updated),
    article,
    minutes,
    figure: shown ? undefined : image,
    // The body shows the picture already; what it is and who took it is told all the same.
    caption: shown?.caption,
    credit: shown?.credit,
    authors: article.authors
      .filter(({ name }) => plainText(name))
      .map(author => authorData(author, renderer)),
    audio: audio && strict({ ...audio, transcript: strictUrl(audio.transcript) }),
    source: source && strict(source),
    body: html,
    // The place is printed before the first paragraph: in it, where the body begins with one.
    firstParagraph: html.startsWith('<p>') ? html.slice('<p>'.length) : '',
    // A reader knows nothing of direction unless the content says it; the feed's own language it knows.
    wrapped: foreign || direction === 'rtl',
  }
  // Where no catalogue speaks its language, words and dates are both in the publication's.
  const spoken = templates.speaks(language) ? language : publication.language
  const options = { language: spoken, timezone: publication.timezone }
  return safeHtml(templates.render('feed/content.html.hbs', data, options))
}

function authorData(author: Author, renderer: Renderer) {
  const biography = author.biography ? renderer.prose(author.biography, `authors/${author.id}.md`).html : ''
  const photo = strict(author.photo)
  const social = strictLinks(author.social)
  const url = strictUrl(author.url) ?? social[0]?.url
  const boxed = Boolean(biography || photo || social.length > 0)
  return { name: author.name, role: author.role, url, photo, social, biography, boxed }
}

function strictLinks(links: readonly SocialLink[]): SocialLink[] {
  return links.flatMap(link => strict(link) ?? [])
}

/** The same with a strict address, or nothing. */
function strict<T extends Pick<Picture, 'url'>>(value: T | undefined): T | undefined {
  const url = strictUrl(value?.url)
  return value && url ? { ...value, url } : undefined
}
