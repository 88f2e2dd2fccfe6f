// Article → its page: everything that a newspaper's article page carries, or a notice where it was withdrawn.

import { isMidnight, isoTime } from '../../base/index.ts'
import type { Article, Audio } from '../../model.ts'
import { shownPicture } from '../shown-picture.ts'
import { articleSummary } from './article-summary.ts'
import { newsArticle } from './news-article.ts'
import type { Site, WordsAround } from './open-site.ts'
import type { Frame } from './page-frames.ts'
import { liveBody, localFile, localPicture, pageHtml } from './page-html.ts'

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
