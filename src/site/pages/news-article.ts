// Article → what search engines and archives read of it: schema.org NewsArticle as JSON-LD, safe inside a page.

import { isoTime } from '../../base/index.ts'
import type { Article, Audio, Body, Picture } from '../../model.ts'
import type { Site } from './open-site.ts'
import type { LiveBody } from './page-html.ts'

/** @returns JSON in which no text can end the script element or begin a comment in it (HTML §4.12.1.3) */
export function newsArticle(
  article: Article,
  { summary, words }: Pick<Body, 'summary' | 'words'>,
  live: LiveBody | undefined,
  { loaded, links, zone }: Site,
): string {
  const { publication } = loaded
  const { title, date, updated, image, audio, section, tags, place, language } = article
  const url = article.canonical ?? article.url
  const published = isoTime(date.at, zone)
  const modified = isoTime((updated ?? date).at, zone)
  const authors = article.authors.map(author => {
    const channel = links.author(author)
    return {
      '@type': 'Person',
      name: author.name,
      jobTitle: author.role,
      url: channel ? links.urlOf(channel) : author.url,
      image: author.photo?.url,
      sameAs: author.social.length > 0 ? author.social.map(({ url }) => url) : undefined,
    }
  })
  const publisher = {
    '@type': 'NewsMediaOrganization',
    name: publication.title,
    url: publication.url,
    logo: publication.logo && imageObject(publication.logo),
    sameAs: publication.social.length > 0 ? publication.social.map(({ url }) => url) : undefined,
  }
  return scriptJson({
    '@context': 'https://schema.org',
    '@type': live ? ['NewsArticle', 'LiveBlogPosting'] : 'NewsArticle',
    mainEntityOfPage: url,
    url,
    headline: title,
    description: summary || undefined,
    inLanguage: language,
    datePublished: published,
    dateModified: modified,
    dateline: place,
    articleSection: section?.title,
    keywords: tags.length > 0 ? tags : undefined,
    wordCount: words,
    isAccessibleForFree: true,
    image: image && imageObject(image),
    audio: audio && audioObject(audio),
    // Search engines want somebody: an article without a byline is the publication's.
    author: authors.length > 0 ? authors : publisher,
    publisher,
    copyrightNotice: publication.rights || undefined,
    isBasedOn: article.source?.url,
    discussionUrl: article.comments,
    coverageStartTime: live && published,
    liveBlogUpdate: live?.entries.map(entry => ({
      '@type': 'BlogPosting',
      headline: entry.title || entry.time,
      datePublished: entry.when,
      url: `${url}#${entry.id}`,
    })),
  })
}

function imageObject({ url, width, height, caption, credit, copyright }: Picture) {
  const rights = { creditText: credit, copyrightNotice: copyright }
  return { '@type': 'ImageObject', url, width, height, caption, ...rights }
}

function audioObject({ url, type, duration }: Audio) {
  return {
    '@type': 'AudioObject',
    contentUrl: url,
    encodingFormat: type,
    // ISO 8601 §5.5.2
    duration: duration === undefined ? undefined : `PT${Math.round(duration)}S`,
  }
}

function scriptJson(value: object): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
