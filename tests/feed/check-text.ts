// The rules about values, whatever format they stand in: each takes a value and answers whether it keeps the rule.

import { parseFragment } from './html-fragment.ts'

/** RFC 3986, absolute, in the strictest reading: ASCII of its grammar only. */
export const isUri = (value: string) =>
  /^[a-z][a-z0-9+.-]*:(\/\/)?(\[[0-9a-f:]+\])?[\w;/?:@&=+$.\-!~*'()%,#]+$/i.test(value) &&
  !/%(?![0-9a-f]{2})/i.test(value)

export const isWebUrl = (value: string) => /^https?:\/\/[^/]/.test(value) && isUri(value)

/** An id that every format takes: web address, RFC 4151, RFC 8141. */
export const isId = (value: string) =>
  (isWebUrl(value) && URL.canParse(value)) ||
  (isUri(value) && /^tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:/.test(value)) ||
  /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ||
  (/^urn:(?!uuid:)[a-z0-9][a-z0-9-]{1,31}:/i.test(value) && isUri(value))

/** RFC 3339 §5.6 with upper-case T and Z, a day that exists, and no doubtful year. */
export function isRfc3339(value: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value)
  if (!match || Number(match[1]) < 1990) return false
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as number[]
  const date = new Date(Date.UTC(year!, month! - 1, day))
  return date.getUTCDate() === day && hour! < 24 && minute! < 60 && second! < 60
}

/** RFC 5322 §3.3 with a four-digit year and the right day of the week. */
export function isRfc5322(value: string): boolean {
  const match =
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) ([A-Z][a-z]{2}) (\d{4}) \d\d:\d\d:\d\d (GMT|[+-]\d{4})$/.exec(
      value,
    )
  if (!match || Number(match[4]) < 1990) return false
  const written = new Date(`${match[2]} ${match[3]} ${match[4]} 00:00:00 GMT`)
  return !Number.isNaN(written.getTime()) && written.toUTCString().startsWith(`${match[1]}, ${match[2]}`)
}

export const isLanguage = (value: string) => {
  try {
    return new Intl.Locale(value).language.length <= 3
  } catch {
    return false
  }
}

export const isMediaType = (value: string) => /^[^\s()<>,;:\\"/[\]?=]+\/[^\s()<>,;:\\"/[\]?=]+$/.test(value)

/** Control characters, U+FFFD and noncharacters: legal or not, they mean that text was lost or was never text. */
export const isCleanText = (value: string) =>
  !/(?![\t\n])\p{Cc}|\p{Cs}|\uFFFD|\p{Noncharacter_Code_Point}/u.test(value)

export const isPlain = (value: string) =>
  value === value.trim() && value !== '' && !value.includes('\n') && isCleanText(value)

const ALLOWED =
  'a abbr article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del details dfn div dl dt em ' +
  'figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark ol p picture pre q rp rt ruby s ' +
  'samp section small source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr'
const ELEMENTS = new Set(ALLOWED.split(' '))
const URLS = ['href', 'src', 'poster', 'cite', 'data', 'action', 'longdesc', 'background']

/** What is wrong with a piece of HTML in a feed: balance, elements, attributes, addresses. */
export function htmlFaults(html: string): string[] {
  const { tags, faults } = parseFragment(html)
  for (const { name, attributes } of tags) {
    if (!ELEMENTS.has(name)) faults.push(`html: element <${name}>`)
    for (const [key, value] of Object.entries(attributes)) {
      // Of classes only the language of code, by which readers colour it.
      if (name === 'code' && key === 'class' && /^language-[\w+#.-]+$/.test(value)) continue
      if (/^on|^style$|^class$|^srcdoc$|^form/.test(key)) faults.push(`html: attribute ${key}`)
      if (URLS.includes(key) && !/^(https?:\/\/[^/]|mailto:|tel:|data:image\/)/.test(value)) {
        faults.push(`html: address ${key}="${value}"`)
      }
      if (key === 'srcset' && value.split(',').some(part => !/^\s*https?:\/\//.test(part))) {
        faults.push(`html: address srcset="${value}"`)
      }
    }
  }
  if (!isCleanText(html)) faults.push('html: illegal character')
  return faults
}
