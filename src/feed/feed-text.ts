// Any text, address or time → as XML 1.0, HTML and JSON can all carry it: nothing an author types can make a feed
// unreadable.

import { isNormalUrl, parseUrl } from '../base/index.ts'
import type { Timestamp } from '../model.ts'

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

/** Plain text as HTML, for the places where a format says that the text is HTML. */
export function textToHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
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
