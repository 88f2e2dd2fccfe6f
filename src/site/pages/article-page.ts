// Article → its page: everything that a newspaper's article page carries, or a notice where it was withdrawn; and what
// search engines read of it.

import { isMidnight, isoTime } from '../../base/index.ts'
import type { Article, Audio, Body, Picture } from '../../model.ts'
import { articleSummary } from './list-pages.ts'
import type { Site, WordsAround } from './open-site.ts'
import type { Frame } from './page-frames.ts'
import { type LiveBody, liveBody, localFile, localPicture, pageHtml, shownPicture } from './page-html.ts'

/** @param path below `out/`, where the page will lie */
export function articlePage(article: Article, path: string, site: Site): string {
  const { publication } = site.loaded
  const { timezone } = publication
  const around = site.wordsAround(article)
  const about = {
    publication,
    article,
    turned: around.turned,
    frame: site.frame(path),
    published: isoTime(article.date.at, site.zone),
    // Midnight is how a date without a time is read: nobody published then.
    dayOnly: isMidnight(article.date.at, site.zone),
  }
  const options = { language: around.language, timezone }
  if (article.state === 'withdrawn') {
    return site.templates.render(
      'pages/withdrawn.html.hbs',
      { ...about, ...notice(article, site, around) },
      options,
    )
  }
  return site.templates.render(
    'pages/article.html.hbs',
    { ...about, ...story(article, site, about.frame, around) },
    options,
  )
}

function notice({ title, withdrawn }: Article, { loaded, zone, templates }: Site, { language }: WordsAround) {
  const words = templates.words(language)
  return {
    pageTitle: `${words('page.withdrawn')}: ${title} · ${loaded.publication.title}`,
    withdrawn: withdrawn?.at && isoTime(withdrawn.at.at, zone),
  }
}

function story(article: Article, site: Site, frame: Frame, around: WordsAround) {
  const { publication } = site.loaded
  const { image, section } = article
  const { prefix } = frame
  const body = site.renderer.body(article)
  const live = liveBody(body, site.zone)
  const words = site.templates.words(around.language)
  const local = { home: publication.url, url: article.url, prefix, table: words('page.table') }
  const html = pageHtml(live ? live.intro : body.html, local)
  const shown = image && shownPicture(body.html, image)
  const channel = site.links.section(article)
  const beside = site.beside(article)
  const { turned } = around
  return {
    pageTitle: `${article.title} · ${publication.title}`,
    description: body.summary,
    canonical: article.canonical ?? article.url,
    feeds: site.links.feeds(article),
    locale: around.locale,
    data: newsArticle(article, body, live, site),
    updated: article.updated && isoTime(article.updated.at, site.zone),
    updatedDayOnly: article.updated && isMidnight(article.updated.at, site.zone),
    minutes: body.minutes,
    label: article.live || section !== undefined,
    section: section && { name: section.title, url: channel && site.links.urlOf(channel) },
    byline: site.byline(article, around.language),
    picture: image && !shown ? localPicture(image, prefix) : undefined,
    // The body shows the picture already: only what it does not say of it is added.
    caption: shown?.caption,
    credit: shown?.credit,
    audio: article.audio && { ...player(article.audio, prefix), turned },
    body: html,
    // The place is printed before the first paragraph: in it, where the body begins with one.
    firstParagraph: html.startsWith('<p>') ? html.slice('<p>'.length) : '',
    entries: live?.entries.map(entry => ({ ...entry, html: pageHtml(entry.html, local) })),
    notes: live && pageHtml(live.notes, local),
    tags: [...new Set(article.tags)].map(name => {
      const tag = site.links.tag(name)
      return { name, url: tag && site.links.urlOf(tag) }
    }),
    authors: article.authors.map(author => site.authorBox(author, prefix)).filter(({ boxed }) => boxed),
    beside: [
      { title: words('page.related'), stories: beside.related.map(articleSummary), turned },
      { title: words('page.top'), stories: beside.top.map(articleSummary), turned },
    ].filter(({ stories }) => stories.length > 0),
  }
}

function player({ duration, episode, season, transcript, ...audio }: Audio, prefix: string) {
  const two = (value: number) => String(value).padStart(2, '0')
  const seconds = Math.round(duration ?? 0)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const length = `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`
  return { src: localFile(audio, prefix), length: duration ? length : '', episode, season, transcript }
}

// ─── JSON-LD ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Article → what search engines and archives read of it: schema.org NewsArticle as JSON-LD, safe inside a page.

/** @returns JSON in which no text can end the script element or begin a comment in it (HTML §4.12.1.3) */
function newsArticle(
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
