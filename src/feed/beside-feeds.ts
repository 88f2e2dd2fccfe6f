// Channels of a publication → the files beside its feeds: the list of them (OPML), the style sheet that makes them readable
// in a browser, what a host is to say of them; and what machines ask for: terms (RSL 1.0), robots.txt, sitemaps, and the list of
// publications that this one recommends.

import { DAY_MS } from '../base/index.ts'
import {
  type Channel,
  FEED_FORMATS,
  FEED_LIST,
  feedFormatNames,
  feedPaths,
  formerAddresses,
  formerFeeds,
  ownFileUrl,
  pageUrl,
  publishedArticles,
  readLicence,
} from '../content/index.ts'
import type { Article, Licence, Loaded, OutputFile, Publication } from '../model.ts'
import type { Templates } from '../templates/index.ts'
import { channelHome, headTitle } from './feed-head.ts'
import { FEED_WRITERS } from './feed-writers.ts'
import {
  escapeXml,
  plainText,
  rfc3339,
  rfc5322,
  rslContent,
  rslNames,
  strictUrl,
  type XmlElement,
  xmlText,
} from './feed-xml.ts'

export const STYLE_SHEET = 'feed.css'

/** @param isUpToDate whether the file of a path is as it would be made: it is not made then, and has no text */
export function filesBesideFeeds(
  channels: readonly Channel[],
  publication: Publication,
  templates: Templates,
  isUpToDate: (path: string) => boolean,
): OutputFile[] {
  const { language, timezone } = publication
  const style = () => templates.render(STYLE_SHEET, { publication }, { language, timezone })
  return [
    { path: FEED_LIST, body: opml(channels, publication) },
    { path: '_headers', body: headerRules(channels, publication) },
    ...redirectRules(channels, publication),
    { path: STYLE_SHEET, body: isUpToDate(STYLE_SHEET) ? '' : style() },
  ]
}

/**
 * OPML 2.0, which any feed reader imports. One format of each feed, the first that lists can name: whoever imports the list
 * wants every article once.
 */
function opml(channels: readonly Channel[], publication: Publication): string {
  const title = plainText(publication.title) || publication.url
  const newest = channels[0]?.articles[0]?.date
  const head: XmlElement[] = [
    { name: 'title', text: title },
    ...(newest ? [{ name: 'dateModified', text: rfc5322(newest) }] : []),
    { name: 'docs', text: 'https://opml.org/spec2.opml' },
  ]
  const format = feedFormatNames().find(name => FEED_WRITERS[name].opml)!
  const outlines = channels.map((channel): XmlElement => {
    const text = headTitle(channel, publication.title) || publication.url
    const newsletters = channel.scope === 'newsletter' ? publication.newsletters : []
    const of = newsletters.find(({ id }) => id === channel.slug) ?? publication
    const language = channel.language ?? of.language
    const addresses = {
      xmlUrl: ownFileUrl(publication.url, channel.path) + FEED_FORMATS[format].file,
      htmlUrl: channelHome(channel, publication),
    }
    const attributes = { ...FEED_WRITERS[format].opml, text, title: text, language, ...addresses }
    return { name: 'outline', attributes }
  })
  const lines = (elements: readonly XmlElement[]) =>
    elements.map(element => `        ${xmlText(element)}\n`).join('')
  return `<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0" xml:lang="${escapeXml(publication.language)}">
    <head>
${lines(head)}    </head>
    <body>
${lines(outlines)}    </body>
</opml>
`
}

/**
 * `_headers`, which Netlify, Cloudflare Pages and others obey: what pages may do, the media type of each feed and, of the main
 * ones, the hubs.
 * A host that does not know the file serves it as a text like any other.
 */
function headerRules(channels: readonly Channel[], publication: Publication): string {
  const { url, feeds, articles, service } = publication
  const root = new URL(url).pathname
  const policy = contentPolicy(publication, service ? [new URL(service).origin] : [])
  const guard = `  Content-Security-Policy: ${policy}\n`
  const all = `${root}*\n  X-Content-Type-Options: nosniff\n`
  // Without pages, out/ is a part of another site, whose pages are none of ours.
  const guards = articles.pages
    ? [all + guard]
    : [all, ...['', 'index.html', 'editions/*'].map(path => `${root}${path}\n${guard}`)]
  const hubs = feeds.hubs.flatMap(hub => strictUrl(hub) ?? [])
  const formats = Object.values(FEED_FORMATS)
  const newest = (channels[0]?.articles ?? []).reduce(
    (latest, { date, updated }) => Math.max(latest, (updated ?? date).at),
    0,
  )
  const main = formats.map(({ file, mediaType }) => {
    // WebSub §4: each hub, and the address of the feed itself.
    // A host that sends no date of its own sends that of the newest change.
    const changed = newest > 0 ? [`  Last-Modified: ${new Date(newest).toUTCString()}\n`] : []
    const links = [...hubs.map(hub => `<${hub}>; rel="hub"`), `<${url}${file}>; rel="self"`]
    const link = hubs.length > 0 ? [`  Link: ${links.join(', ')}\n`] : []
    return headerRule(`${root}${file}`, mediaType, [...changed, ...link])
  })
  const others = formats.map(({ file, mediaType }) => headerRule(`${root}*/${file}`, mediaType))
  const former = formerFeeds(channels, publication).map(({ address, format }) =>
    headerRule(encodeURI(address), FEED_FORMATS[format].mediaType),
  )
  // Search engines are to show the pages.
  const twins = articles.markdown
    ? [headerRule(`${root}*/index.md`, 'text/markdown', ['  X-Robots-Tag: noindex\n'])]
    : []
  const terms = publication.licence ? [headerRule(`${root}license.rsl`, 'application/rsl+xml')] : []
  return [
    ...guards,
    ...main,
    ...others,
    ...former,
    ...twins,
    headerRule(`${root}${FEED_LIST}`, 'text/x-opml'),
    ...terms,
  ].join('')
}

/**
 * What pages of out/ may do in a browser (Content Security Policy Level 3). Of a directive that is there twice the first
 * counts: the settings' own.
 *
 * @param origins that forms may post to, beside the pages' own
 */
export function contentPolicy(publication: Publication, origins: readonly string[]): string {
  const { attachments } = publication.articles
  return [
    ...(publication.contentPolicy ? [publication.contentPolicy] : []),
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    'img-src * data:',
    'media-src *',
    // Whoever allows files that run wants them to.
    ...(attachments
      ? ["script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'", "connect-src 'self'", "frame-src 'self'"]
      : []),
    ['form-action', "'self'", ...origins].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ')
}

/** Readers that run in a browser may read it. */
function headerRule(path: string, type: string, more: readonly string[] = []): string {
  const lines = [`  Content-Type: ${type}; charset=utf-8\n`, '  Access-Control-Allow-Origin: *\n', ...more]
  return `${path}\n${lines.join('')}`
}

/**
 * `_redirects`, which the same hosts obey: where the feeds have moved to another site, whoever asks for one is told for good
 * where it is now, and readers keep the new address (RFC 9110 §15.4.2); so it is with the addresses that the main feed and
 * articles had before.
 */
function redirectRules(channels: readonly Channel[], publication: Publication): OutputFile[] {
  const { url, feeds } = publication
  const { moved } = feeds
  const former = formerFeeds(channels, publication).map(({ address, folder, format }) => {
    const now = new URL(ownFileUrl(url, folder + FEED_FORMATS[format].file)).pathname
    return `${encodeURI(address)} ${now} 301\n`
  })
  const hasMoved = (article: Article) => formerAddresses(article).length > 0
  const moving = new Set(channels.flatMap(channel => channel.articles.filter(hasMoved)))
  const articles = [...moving].flatMap(article =>
    formerAddresses(article).map(path => `${path} ${new URL(article.url).pathname} 301\n`),
  )
  const files = moved === undefined || moved === url ? [] : channels.flatMap(({ path }) => feedPaths(path))
  const elsewhere = (files.length === 0 ? [] : [...files, FEED_LIST]).map(
    file => `${new URL(ownFileUrl(url, file)).pathname} ${ownFileUrl(moved!, file)} 301\n`,
  )
  const lines = [...elsewhere, ...former, ...articles]
  return lines.length === 0 ? [] : [{ path: '_redirects', body: lines.join('') }]
}

// ─── What machines ask for ──────────────────────────────────────────────────────────────────────────────────────────

/** @param channels those that have pages */
export function machineFiles(loaded: Loaded, channels: readonly Channel[]): OutputFile[] {
  const { publication } = loaded
  const articles = publishedArticles(loaded)
  const files = [...termsFile(publication, articles), ...recommendations(publication)]
  if (!publication.articles.pages) return files
  // A robots.txt counts at the top of a host only. RFC 9309 §2.3
  const isTop = new URL(publication.url).pathname === '/'
  return [
    ...files,
    { path: 'sitemap.xml', body: sitemap(publication, channels, articles) },
    ...newsSitemap(publication, articles),
    ...(isTop ? [{ path: 'robots.txt', body: robots(publication, articles) }] : []),
  ]
}

// ─── Terms ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function termsFile(publication: Publication, articles: readonly Article[]): OutputFile[] {
  const own = articles.flatMap(article => {
    const licence = readLicence(article.extra.licence ?? article.extra.license)
    return licence ? [{ url: article.url, licence }] : []
  })
  const all: { url: string; licence: Licence }[] = [
    ...(publication.licence ? [{ url: `${publication.url}*`, licence: publication.licence }] : []),
    ...own,
  ]
  const contents = all.flatMap(({ url, licence }) => rslContent(url, licence, publication) ?? [])
  if (contents.length === 0) return []
  const lines = contents.map(content => `  ${xmlText(rslNames(content, ''))}\n`).join('')
  return [
    {
      path: 'license.rsl',
      body: `<?xml version="1.0" encoding="utf-8"?>\n<rsl xmlns="https://rslstandard.org/rsl">\n${lines}</rsl>\n`,
    },
  ]
}

/** RFC 9309; `License:` as RSL 1.0 §4.1 has it. */
function robots(publication: Publication, articles: readonly Article[]): string {
  const { url } = publication
  const hasTerms = termsFile(publication, articles).length > 0
  return [
    'User-agent: *',
    'Allow: /',
    '',
    ...(hasTerms ? [`License: ${url}license.rsl`] : []),
    `Sitemap: ${url}sitemap.xml`,
    ...(articles.length > 0 ? [`Sitemap: ${url}news-sitemap.xml`] : []),
    '',
  ].join('\n')
}

// ─── Sitemaps ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** https://www.sitemaps.org/protocol.html: so many in a file. */
const MAX_ADDRESSES = 50_000

function sitemap({ url }: Publication, channels: readonly Channel[], articles: readonly Article[]): string {
  const pages = channels.map(({ path }) => ({ loc: pageUrl(url, path), lastmod: undefined }))
  const own = articles
    .filter(article => article.url.startsWith(url))
    .map(article => ({ loc: article.url, lastmod: rfc3339(article.updated ?? article.date) }))
  const elements = [...pages, ...own].slice(0, MAX_ADDRESSES).flatMap(({ loc, lastmod }) => {
    const address = strictUrl(loc)
    if (!address) return []
    const children = [
      { name: 'loc', text: address },
      ...(lastmod ? [{ name: 'lastmod', text: lastmod }] : []),
    ]
    return [{ name: 'url', children }]
  })
  return urlSet(elements, '')
}

const NEWS_DAYS = 2
const MAX_NEWS_ARTICLES = 1000

/**
 * https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap: the articles of two days. They are counted
 * from the newest: what the file says follows from the articles, and not from the time of the build.
 */
function newsSitemap({ title, url }: Publication, articles: readonly Article[]): OutputFile[] {
  const [newest] = articles
  if (!newest) return []
  const since = newest.date.at - NEWS_DAYS * DAY_MS
  const elements = articles
    .filter(article => article.date.at >= since && article.url.startsWith(url))
    .slice(0, MAX_NEWS_ARTICLES)
    .flatMap(article => {
      const loc = strictUrl(article.url)
      const name = plainText(title) || url
      const headline = plainText(article.title)
      if (!loc || !headline) return []
      const publication = [
        { name: 'news:name', text: name },
        { name: 'news:language', text: newsLanguage(article.language) },
      ]
      const news = [
        { name: 'news:publication', children: publication },
        { name: 'news:publication_date', text: rfc3339(article.date) },
        { name: 'news:title', text: headline },
      ]
      return [
        {
          name: 'url',
          children: [
            { name: 'loc', text: loc },
            { name: 'news:news', children: news },
          ],
        },
      ]
    })
  const space = ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
  return [{ path: 'news-sitemap.xml', body: urlSet(elements, space) }]
}

/** ISO 639, two or three letters; Chinese is one of two. */
function newsLanguage(tag: string): string {
  const { language, script, region } = new Intl.Locale(tag).maximize()
  if (language !== 'zh') return language
  return script === 'Hant' || region === 'TW' ? 'zh-tw' : 'zh-cn'
}

function urlSet(elements: readonly XmlElement[], spaces: string): string {
  const lines = elements.map(element => `  ${xmlText(element)}\n`).join('')
  return `<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"${spaces}>\n${lines}</urlset>\n`
}

// ─── Recommendations ─────────────────────────────────────────────────────────────────────────────────────────────────

/** OPML 2.0, where readers look for it. */
const RECOMMENDATIONS = '.well-known/recommendations.opml'

function recommendations({ title, url, recommendations: all = [] }: Publication): OutputFile[] {
  if (all.length === 0) return []
  const { type } = FEED_WRITERS[feedFormatNames().find(name => FEED_WRITERS[name].opml)!].opml!
  const outlines = all.flatMap(({ title: text, feed, site }) => {
    const xmlUrl = strictUrl(feed)
    const attributes = {
      type,
      text: plainText(text),
      title: plainText(text),
      xmlUrl,
      htmlUrl: strictUrl(site),
    }
    return xmlUrl ? [`    ${xmlText({ name: 'outline', attributes })}\n`] : []
  })
  const body = `<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
  <head>
    <title>${escapeXml(plainText(title) || url)}</title>
  </head>
  <body>
${outlines.join('')}  </body>
</opml>
`
  return [{ path: RECOMMENDATIONS, body }]
}
