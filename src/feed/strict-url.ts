// Web or mail address as somebody wrote it → one of RFC 3986's characters only, or nothing when it is none.

import { isNormal, parseUrl } from '../base/index.ts'

/** The URL standard leaves `|`, `{`, `[` and a stray `%` alone; RFC 3986 §2 and the feed specifications do not. */
export function strictUrl(url: string | undefined): string | undefined {
  if (!url) return undefined
  if (isNormal(url)) return url
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
