// A publication and its channels → the files that machines ask for beside feeds: terms (RSL 1.0), robots.txt, sitemaps, and the
// list of publications that this one recommends.

import { DAY_MS } from '../base/index.ts'
import { type Channel, feedFormatNames, pageUrl, publishedArticles, readLicence } from '../content/index.ts'
import type { Article, Licence, Loaded, OutputFile, Publication } from '../model.ts'
import { FEED_WRITERS } from './feed-writers.ts'
import { escapeXml, plainText, rfc3339, strictUrl, type XmlElement, xmlText } from './feed-xml.ts'
import { rslContent, rslNames } from './terms.ts'

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
const MAX_NEWS = 1000

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
    .slice(0, MAX_NEWS)
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
