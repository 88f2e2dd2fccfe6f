// An article's HTML and pictures, made for everywhere → the same for its own page: own files addressed from where the page
// lies, so that it shows them from a folder as well as from the web; footnotes within the page; wide tables and code that a
// keyboard can scroll; a live blog in its entries; and whether it shows the article's lead picture already. And what programs read of
// it: JSON-LD in the page, and the page's twin in Markdown.

import { escapeHtml, isoTime, unescapeHtml, type Zone } from '../../base/index.ts'
import { mayBeCut, readLicence } from '../../content/index.ts'
import type { Article, Audio, Body, Loaded, Picture, Renderer, Timestamp } from '../../model.ts'
import { highlightCode } from '../../render/index.ts'
import type { ChannelLinks } from '../feed-links.ts'

interface PageHtmlOptions {
  /** The publication's address. */
  readonly home: string
  /** The article's address. */
  readonly url: string
  /** From the page to the top of `out/`. */
  readonly prefix: string
  /** What a table is called. */
  readonly table: string
  /** Whether code has colours; true if left out. */
  readonly highlight?: boolean | undefined
}

// Clean HTML has `>`, `<` and `"` escaped in every attribute, so that a tag ends where it seems to.
const MEDIA = /<(img|source|audio|video|track)\b[^>]*>/g
const LINK = /<a\b[^>]*>/g

export function pageHtml(html: string, { home, url, prefix, table, highlight }: PageHtmlOptions): string {
  let out = highlight === false ? html : highlightCode(html)
  if (/<(?:img|source|audio|video|track)\b/.test(out)) {
    const [start, next] = [`"${escapeHtml(home)}`, `, ${escapeHtml(home)}`]
    out = out.replace(MEDIA, (tag, name: string) => {
      const local = tag.replaceAll(start, `"${prefix}`).replaceAll(next, `, ${prefix}`)
      return name === 'img' ? local.replace('<img ', '<img loading="lazy" ') : local
    })
  }
  const here = `href="${escapeHtml(url)}#`
  if (out.includes(here)) out = out.replace(LINK, tag => tag.replace(here, 'href="#'))
  if (out.includes('<table')) {
    const wide = `<div class="wide" role="group" tabindex="0" aria-label="${escapeHtml(table)}">`
    out = out.replace(/<table\b[^>]*>/g, `${wide}$&`).replaceAll('</table>', '</table></div>')
  }
  // Its sign is its bullet.
  if (out.includes('<li>')) out = out.replace(/<li>(?=(?:<p>|\s)*[☐☑])/g, '<li class="task">')
  return out.includes('<pre>') ? out.replaceAll('<pre>', '<pre tabindex="0">') : out
}

export type LocalPicture = Picture & {
  readonly src: string
  /** Less wide than a list shows it; it is not enlarged. */
  readonly small: boolean
  /** Shown whole in a list: a chart or a drawing. */
  readonly whole: boolean
  /** What a list keeps of it, for object-position; empty for the middle. */
  readonly position: string
}

/** CSS pixels of the narrowest picture in a list of articles. */
const LISTED_WIDTH = 240

/** @param prefix from the page to the top of `out/`: '' or '../../' */
export function localPicture(picture: Picture, prefix: string): LocalPicture {
  const small = picture.width !== undefined && picture.width < LISTED_WIDTH
  const whole = !mayBeCut(picture)
  const position = (whole ? [] : (picture.focus ?? [])).map(part => `${Math.round(part * 100)}%`).join(' ')
  return { ...picture, src: localFile(picture, prefix), small, whole, position }
}

export function localFile({ file, url }: { file?: string | undefined; url: string }, prefix: string): string {
  return file ? prefix + file.split('/').map(encodeURIComponent).join('/') : url
}

/** A recording as the page's player shows it: 'm:ss' or 'h:mm:ss'; '' where its length is not known. */
export function player({ duration, episode, season, transcript, ...audio }: Audio, prefix: string) {
  const two = (value: number) => String(value).padStart(2, '0')
  const seconds = Math.round(duration ?? 0)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const length = `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`
  return { src: localFile(audio, prefix), length: duration ? length : '', episode, season, transcript }
}

export interface LiveBody {
  /** HTML. */
  readonly intro: string
  readonly entries: readonly {
    readonly id: string
    readonly time: string
    readonly when: string
    readonly title: string
    readonly html: string
  }[]
  /** HTML: sections that are no entries, and the footnotes of all. */
  readonly notes: string
}

/**
 * The body in its entries.
 *
 * @returns undefined where there are no entries, or where the author's own HTML encloses several of them
 */
export function liveBody({ html, live }: Body, zone: Zone): LiveBody | undefined {
  if (!live || live.entries.length === 0) return undefined
  const { intro, entries, sections, notes } = live
  // A part by itself closes what it opens; the whole differs from its parts where the author closes it further on.
  const isWhole = entries.every(entry => html.includes(entry.html))
  if (!isWhole || !html.startsWith(intro.html) || !html.endsWith(notes.html)) return undefined
  return {
    intro: intro.html,
    notes: [sections.html, notes.html].filter(Boolean).join('\n'),
    entries: entries.map(({ id, time, at, title, html }) => ({
      id,
      time,
      title,
      html,
      when: isoTime(at.at, zone),
    })),
  }
}

// ─── The picture above the text ──────────────────────────────────────────────────────────────────────────────────────
//
// An article's HTML and its lead picture → whether the HTML shows it, and what it does not say of it. A leaf: feeds and
// pages show the picture above the text only where the text has not got it.

const SHOWING = /<(?:img|source|video)\b[^>]*>/g
const ADDRESS = /\s(src|srcset|poster)="([^"]*)"/g
const FIGURE = /<figure\b[^>]*>([\s\S]*?)<\/figure>/g

/** @returns undefined where the picture is not shown (a link to it shows nothing); else what is still to be said of it */
export function shownPicture(
  html: string,
  { url, caption, credit }: Pick<Picture, 'url' | 'caption' | 'credit'>,
): { readonly caption: string; readonly credit: string } | undefined {
  if (!shows(html, url)) return undefined
  if (!caption && !credit) return { caption: '', credit: '' }
  const text = textOf(html)
  const missing = (words: string | undefined) => (words && !hasWords(text, onOneLine(words)) ? words : '')
  // A caption written in the text takes precedence.
  const captioned = [...html.matchAll(FIGURE)].some(
    ([, inner]) => inner!.includes('<figcaption') && shows(inner!, url),
  )
  return { caption: captioned ? '' : missing(caption), credit: missing(credit) }
}

function shows(html: string, url: string): boolean {
  for (const [tag] of html.matchAll(SHOWING)) {
    for (const [, name, value] of tag.matchAll(ADDRESS)) {
      const addresses = name === 'srcset' ? value!.split(', ').map(each => each.split(' ')[0]!) : [value!]
      if (addresses.some(each => each.replaceAll('&amp;', '&') === url)) return true
    }
  }
  return false
}

/** Whether the words are in the text, and not as a part of others: 'Ann' is not in 'Annabel'. */
function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const end = at + words.length
    const isPart =
      LETTER_BEFORE.test(text.slice(Math.max(0, at - 2), at)) || LETTER_AFTER.test(text.slice(end, end + 2))
    if (!isPart) return true
  }
  return false
}

const LETTER_BEFORE = /[\p{L}\p{M}\p{N}]$/u
const LETTER_AFTER = /^[\p{L}\p{M}\p{N}]/u

function textOf(html: string): string {
  return onOneLine(unescapeHtml(html.replace(/<[^>]*>/g, '')))
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

// ─── JSON-LD ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Article → what search engines and archives read of it: schema.org NewsArticle as JSON-LD, safe inside a page.

interface NewsSources {
  readonly loaded: Loaded
  readonly links: ChannelLinks
  readonly zone: Zone
}

/** @returns JSON in which no text can end the script element or begin a comment in it (HTML §4.12.1.3) */
export function newsArticle(
  article: Article,
  { summary, words }: Pick<Body, 'summary' | 'words'>,
  live: LiveBody | undefined,
  { loaded, links, zone }: NewsSources,
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

// ─── Its twin in Markdown ───────────────────────────────────────────────────────────────────────────────────────────
//
// Article → what a program needs to know of it as front matter, then its title, picture and words as readers see them. No field of
// the source comes along that is not named here.

interface TwinSources {
  readonly loaded: Loaded
  readonly renderer: Renderer
  readonly zone: Zone
}

export function markdownTwin(article: Article, { loaded, renderer, zone }: TwinSources): string {
  const { publication } = loaded
  const { title, summary, date, updated, authors, section, tags, language, url, canonical } = article
  const licence = readLicence(article.extra.licence ?? article.extra.license) ?? publication.licence
  const time = ({ at }: Timestamp) => isoTime(at, zone)
  const fields: Record<string, unknown> = {
    title,
    summary,
    date: time(date),
    updated: updated && time(updated),
    authors: authors.map(({ name }) => name),
    section: section?.title,
    tags,
    language,
    url: canonical ?? url,
    publication: publication.title,
    rights: publication.rights || undefined,
    licence: licence?.url ?? licence?.name,
  }
  // JSON is YAML: no text can end the front matter, or be read as anything but a text. YAML 1.2.2 §1.3
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  const body = renderer.body(article).html
  const html = [`<h1>${escapeHtml(title)}</h1>`, pictureHtml(article.image, body), body].join('\n')
  return `---\n${lines.join('\n')}\n---\n\n${renderer.markdown!(html)}\n`
}

/** Unless the body shows it already. */
function pictureHtml(picture: Picture | undefined, body: string): string {
  if (!picture || body.includes(escapeHtml(picture.url))) return ''
  const words = [picture.caption, picture.credit].filter(Boolean).join(' · ')
  const image = `<p><img src="${escapeHtml(picture.url)}" alt="${escapeHtml(picture.alt)}"></p>`
  return words ? `${image}<p><em>${escapeHtml(words)}</em></p>` : image
}
