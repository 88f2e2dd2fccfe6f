// What RSS and Atom write alike: their namespaces, an item's picture, the marks of an archive; and XML elements as values →
// nodes for npm `feed`'s extensions, or text for the places that no extension reaches and for items, which that package's
// way through objects makes at six times the cost. And any text, address or time as XML, HTML and JSON can all carry it; and the
// terms of a licence.

import { isNormalUrl, parseUrl } from '../base/index.ts'
import type { Licence, Picture, Publication, Timestamp } from '../model.ts'

export const NAMESPACES = {
  atom: 'http://www.w3.org/2005/Atom',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  media: 'http://search.yahoo.com/mrss/',
  itunes: 'http://www.itunes.com/dtds/podcast-1.0.dtd',
  podcast: 'https://podcastindex.org/namespace/1.0',
  fh: 'http://purl.org/syndication/history/1.0',
  at: 'http://purl.org/atompub/tombstones/1.0',
  rsl: 'https://rslstandard.org/rsl',
  source: 'http://source.scripting.com/',
} as const

/** Those that a document needs only for some of its items. */
export type Extension = 'content' | 'dc' | 'media' | 'itunes' | 'podcast' | 'rsl' | 'source'

/** A picture whose credit may have a role that the publication names itself. */
export type CreditedPicture = Picture & { readonly creditScheme?: string | undefined }

/**
 * Media RSS 1.5.1: the lead picture with its alternative text, caption and credit. Some readers show only a thumbnail, some
 * only the content: both are the one file there is, and so there is no group of renditions.
 */
export function mediaElements({ picture }: { readonly picture?: CreditedPicture | undefined }): XmlElement[] {
  if (!picture) return []
  const { url, type, bytes, alt, caption, credit, copyright } = picture
  const size = { width: picture.width || undefined, height: picture.height || undefined }
  const children: XmlElement[] = []
  if (caption) children.push({ name: 'media:title', attributes: { type: 'plain' }, text: caption })
  if (alt) children.push({ name: 'media:description', attributes: { type: 'plain' }, text: alt })
  if (credit) {
    const { creditRole: role, creditScheme: scheme } = picture
    children.push({ name: 'media:credit', attributes: { role, scheme }, text: credit })
  }
  if (copyright) children.push({ name: 'media:copyright', text: copyright })
  const file = { medium: 'image', type, fileSize: bytes || undefined }
  return [
    { name: 'media:content', attributes: { url, ...file, ...size }, children },
    { name: 'media:thumbnail', attributes: { url, ...size } },
  ]
}

/**
 * A document of RSS or Atom at another address. No hub speaks of that address; directories of podcasts leave out what is
 * blocked (Apple's itunes:block).
 */
export function readdressed(text: string, address: string): string {
  const end = /<(?:item|entry)[ >]|<\/channel>|<\/feed>/.exec(text)!.index
  const head = text
    .slice(0, end)
    .replace(/[ \t]*<(?:atom:)?link (?=[^>]*\brel="hub")[^>]*>\n/g, '')
    .replace(/<(?:atom:)?link (?=[^>]*\brel="self")[^>]*>/, link =>
      link.replace(/href="[^"]*"/, () => `href="${escapeXml(address)}"`),
    )
    .replace(
      /( *)<itunes:explicit>/,
      (explicit, indent) => `${indent}<itunes:block>Yes</itunes:block>\n${explicit}`,
    )
  return head + text.slice(end)
}

/** RFC 5005 §4. Folders as absolute URLs; each format adds its file's name. */
export interface ArchiveLinks {
  readonly isArchive: boolean
  readonly isComplete: boolean
  readonly current?: string | undefined
  readonly previous?: string | undefined
}

/** RFC 5005 §2 and §4: a feed in which there is everything, or a part that will not change. */
export function historyMark({ isArchive, isComplete }: ArchiveLinks): XmlElement[] {
  return isArchive ? [{ name: 'fh:archive' }] : isComplete ? [{ name: 'fh:complete' }] : []
}

/** RFC 5005 §4: relation and folder. */
export function archiveRelations({ isArchive, current, previous }: ArchiveLinks): [string, string][] {
  const links = [
    ['current', current],
    ['prev-archive', previous],
    // The oldest page has none before it, and must have one of the two: what follows may have another name some day.
    ['next-archive', isArchive && previous === undefined ? current : undefined],
  ] as const
  return links.flatMap(([rel, folder]) => (folder === undefined ? [] : [[rel, folder]]))
}

export interface XmlElement {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number | undefined>>
  readonly text?: string | undefined
  readonly children?: readonly XmlElement[]
}

type Compact = Record<string, unknown>

/** Elements by name, in the compact form of xml-js: same names become a list. */
export function compactNodes(elements: readonly XmlElement[]): Record<string, Compact[]> {
  const nodes: Record<string, Compact[]> = {}
  for (const element of elements) {
    nodes[element.name] ??= []
    nodes[element.name]!.push(compactNode(element))
  }
  return nodes
}

function compactNode({ attributes = {}, text, children = [] }: XmlElement): Compact {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return {
    _attributes: Object.fromEntries(given.map(([name, value]) => [name, escapeXml(String(value))])),
    ...(text === undefined ? {} : { _text: unspoilt(text) }),
    ...compactNodes(children),
  }
}

/** xml-js turns every `&amp;` of a text into `&` before it escapes: what must stay `&amp;` is doubled first. */
export function unspoilt(text: string): string {
  return text.replaceAll('&amp;', '&amp;amp;')
}

export function xmlText({ name, attributes = {}, text = '', children = [] }: XmlElement): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  const open = name + given.map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`).join('')
  const inside = escapeXml(text) + children.map(xmlText).join('')
  return inside ? `<${open}>${inside}</${name}>` : `<${open}/>`
}

/** As npm `feed` writes elements: each on a line of its own. @param indent of the line */
export function xmlLine({ name, attributes, text = '', children = [] }: XmlElement, indent: string): string {
  let open = `${indent}<${name}`
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) open += ` ${key}="${escapeXml(String(value))}"`
  }
  if (children.length > 0) {
    const inside = children.map(child => xmlLine(child, `${indent}    `))
    return `${open}>\n${inside.join('\n')}\n${indent}</${name}>`
  }
  return text ? `${open}>${escapeText(text)}</${name}>` : `${open}/>`
}

/** Text between tags, where quotation marks stay as they are. */
function escapeText(text: string): string {
  if (!/[&<>]/.test(text)) return text
  return text.replaceAll('&', '&#x26;').replaceAll('<', '&#x3C;').replaceAll('>', '&gt;')
}

/**
 * The RSS Advisory Board's profile asks for the hexadecimal references: a reader that takes plain text for HTML is least
 * likely to stumble over them. (xml-js escapes `"` in attributes itself, and nothing else.)
 */
export function escapeXml(text: string): string {
  if (!/[&<>"]/.test(text)) return text
  return text
    .replaceAll('&', '&#x26;')
    .replaceAll('<', '&#x3C;')
    .replaceAll('>', '&#x3E;')
    .replaceAll('"', '&#x22;')
}

const TAG_OR_ESCAPE = /<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>|&amp;|&lt;/g

/**
 * Feed XML → the same, its escaped text written as the RSS Advisory Board's profile asks: `&#x26;` and `&#x3C;`.
 *
 * To an XML parser it is the same text. Readers that treat a plain title as HTML misread fewer of these, and the W3C
 * validator needs them to distinguish plain text that mentions `<b>` from HTML. Sections of CDATA and tags stay as they are.
 */
export function profileText(xml: string): string {
  return xml.replace(TAG_OR_ESCAPE, token =>
    token === '&amp;' ? '&#x26;' : token === '&lt;' ? '&#x3C;' : token,
  )
}

// ─── Values that every format can carry ──────────────────────────────────────────────────────────────────────────────
//
// Any text, address or time → as XML 1.0, HTML and JSON can all carry it: nothing an author types can make a feed
// unreadable.

// XML 1.0 §2.2 forbids most control characters and half surrogates; HTML also the other controls and noncharacters.
const FORBIDDEN = /(?![\t\n])[\p{Cc}\p{Cs}]|\p{Noncharacter_Code_Point}/gu
// The same and a little more, without knowledge of surrogate pairs: nearly always it finds nothing, and nothing is to do.
const SUSPECT = /[^\t\n -~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffc]/
const LINE_SPACE = /[\t\n\v\f\r \u0085\u2028\u2029]+/g

// What plain text must not contain, and a little more: nearly always it finds nothing, and nothing is to do.
const UNPLAIN = /[^ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffc]| {2}|^\s|\s$/

/** Plain text on one line. U+FFFD goes too: it is only ever found where text was already lost. */
export function plainText(text: string): string {
  if (!UNPLAIN.test(text)) return text
  return text.replace(LINE_SPACE, ' ').replace(FORBIDDEN, '').replaceAll('\uFFFD', '').trim()
}

/**
 * HTML that fits into a CDATA section: XML 1.0 §2.7 ends one at the first `]]>`, and npm `feed` splits only the first.
 * The escaping is done here, for all formats, so that their content is the same to the byte.
 */
export function safeHtml(html: string): string {
  const lines = html.includes('\r') ? html.replace(/\r\n?/g, '\n') : html
  const clean = SUSPECT.test(lines) ? lines.replace(FORBIDDEN, '').replaceAll('\uFFFD', '&#xFFFD;') : lines
  return clean.replaceAll(']]>', ']]&gt;').trim()
}

/**
 * A web or mail address in the characters of RFC 3986 only, or nothing when it is none.
 *
 * The URL standard leaves `|`, `{`, `[` and a stray `%` alone; RFC 3986 §2 and the feed specifications do not.
 */
export function strictUrl(url: string | undefined): string | undefined {
  if (!url) return undefined
  if (isNormalUrl(url)) return url
  const parsed = parseUrl(url)
  if (!parsed) return undefined
  const { href, host, protocol } = parsed
  if (!['http:', 'https:', 'mailto:'].includes(protocol)) return undefined
  const head = `${protocol}//${host}`
  const start = href.startsWith(head) ? head.length : 0 // an IPv6 host keeps its brackets
  return href.slice(0, start) + percentEncode(href.slice(start))
}

/** Encodes what RFC 3986 has no place for; what is encoded already stays as it is. */
export function percentEncode(text: string): string {
  return text
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
    .replace(/\p{Cs}/gu, '')
    .replace(/[^\w;/?:@&=+$.\-!~*'()%,#]/gu, encodeURIComponent)
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** '2026-01-30T07:00:00+05:30'. RFC 3339 §5.6; milliseconds only where there are some. */
export function rfc3339(moment: Timestamp): string {
  const local = new Date(moment.at + moment.offset * 60_000).toISOString()
  const clock = local.replace(/(\.000)?Z$/, '')
  return clock + (moment.offset === 0 ? 'Z' : offsetText(moment.offset, ':'))
}

/** 'Fri, 30 Jan 2026 07:00:00 +0530'. RFC 5322 §3.3; RSS asks for it with a four-digit year. */
export function rfc5322(moment: Timestamp): string {
  const local = new Date(moment.at + moment.offset * 60_000)
  const day = `${DAYS[local.getUTCDay()]}, ${pad(local.getUTCDate())} ${MONTHS[local.getUTCMonth()]}`
  const zone = moment.offset === 0 ? 'GMT' : offsetText(moment.offset, '')
  return `${day} ${String(local.getUTCFullYear()).padStart(4, '0')} ${local.toISOString().slice(11, 19)} ${zone}`
}

/**
 * What npm `feed` takes for a Date. It calls these two methods and no other, and a real Date can only answer in UTC: this
 * one answers with the offset.
 */
export function offsetDate(moment: Timestamp): Date {
  return { toISOString: () => rfc3339(moment), toUTCString: () => rfc5322(moment) } as unknown as Date
}

function offsetText(minutes: number, separator: string): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}${separator}${pad(size % 60)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

// ─── Terms of a licence ─────────────────────────────────────────────────────────────────────────────────────────────
//
// A licence → its terms as elements of RSL 1.0 (https://rslstandard.org/rsl): in RSS, and in a file of their own.

/** Undefined where the licence says nothing that the vocabulary has words for. @param url a page, or a pattern of RFC 9309 */
export function rslContent(url: string, licence: Licence, publication: Publication): XmlElement | undefined {
  const { permits, prohibits, payment } = licence
  const text = strictUrl(licence.url)
  if (permits.length + prohibits.length === 0 && !payment && !text) return undefined
  const owner = plainText(publication.title)
  const usage = (name: string, words: readonly string[]): XmlElement[] =>
    words.length === 0 ? [] : [{ name, attributes: { type: 'usage' }, text: words.join(' ') }]
  const children: XmlElement[] = [
    ...usage('rsl:permits', permits),
    ...usage('rsl:prohibits', prohibits),
    ...(payment
      ? [
          {
            name: 'rsl:payment',
            attributes: { type: payment },
            children: text ? [{ name: 'rsl:standard', text }] : [],
          },
        ]
      : []),
  ]
  return {
    name: 'rsl:content',
    attributes: { url },
    children: [
      { name: 'rsl:license', children },
      ...(owner ? [{ name: 'rsl:copyright', attributes: { type: 'organization' }, text: owner }] : []),
      ...(text && !payment ? [{ name: 'rsl:terms', text }] : []),
    ],
  }
}

/** The same with another prefix, or none. */
export function rslNames({ name, children = [], ...element }: XmlElement, prefix: string): XmlElement {
  return {
    ...element,
    name: name.replace('rsl:', prefix),
    children: children.map(child => rslNames(child, prefix)),
  }
}
