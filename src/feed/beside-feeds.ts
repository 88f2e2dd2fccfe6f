// Channels of a publication → the files beside its feeds: the list of them (OPML), the style sheet that makes them readable
// in a browser, and what a host is to say of them.

import {
  type Channel,
  FEED_FORMATS,
  FEED_LIST,
  feedFormatNames,
  feedPaths,
  formerAddresses,
  formerFeeds,
  ownFileUrl,
} from '../content/index.ts'
import type { OutputFile, Publication } from '../model.ts'
import type { Templates } from '../templates/index.ts'
import { channelHome, headTitle } from './feed-head.ts'
import { FEED_WRITERS } from './feed-writers.ts'
import { escapeXml, plainText, rfc5322, strictUrl, type XmlElement, xmlText } from './feed-xml.ts'

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
  const published = [...new Set(channels.flatMap(channel => channel.articles))]
  const articles = published.flatMap(article =>
    formerAddresses(article).map(path => `${encodeURI(path)} ${new URL(article.url).pathname} 301\n`),
  )
  const files = moved === undefined || moved === url ? [] : channels.flatMap(({ path }) => feedPaths(path))
  const elsewhere = (files.length === 0 ? [] : [...files, FEED_LIST]).map(
    file => `${new URL(ownFileUrl(url, file)).pathname} ${ownFileUrl(moved!, file)} 301\n`,
  )
  const lines = [...elsewhere, ...former, ...articles]
  return lines.length === 0 ? [] : [{ path: '_redirects', body: lines.join('') }]
}
