// Text as settings and front matter write it → an address, a language, a mailbox, a day of the week; undefined where it is
// none.

import { parseAddress, parseUrl } from '../base/index.ts'
import type { Direction, Mailbox } from '../model.ts'

/** An http(s) URL in its normal form. */
export function webAddress(text: string): URL | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses
  if (!/^https?:\/\/[^\s/]/i.test(text) || /[\s\0-\x1f]/.test(text)) return undefined
  return parseUrl(text)
}

/** 'en_in' → 'en-IN'. RFC 5646: well-formed, and of registered subtags as far as ICU knows them. */
export function canonicalLanguage(tag: string): string | undefined {
  if (!/^[a-z]{2,3}(?:[-_][a-z0-9]{1,8})*$/i.test(tag)) return undefined
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

/** A script subtag rules ('uz-Arab' rtl, 'ks-Deva' ltr), else the language's usual script. */
export function directionOf(language: string): Direction {
  let known = directions.get(language)
  if (!known) {
    known = scriptDirection(language)
    directions.set(language, known)
  }
  return known
}

/** A folder writes in few languages; ten thousand articles ask. */
const directions = new Map<string, Direction>()

function scriptDirection(language: string): Direction {
  const [base, ...rest] = language.toLowerCase().split('-')
  const script = rest.find(part => /^[a-z]{4}$/.test(part))
  const rtl = script ? RTL_SCRIPTS.has(script) : RTL_LANGUAGES.has(base!)
  return rtl ? 'rtl' : 'ltr'
}

const RTL_LANGUAGES = new Set(
  'ar arc arz azb bal bgn bqi ckb dv fa glk he iw ji khw ks lrc mzn nqo pnb prs ps sd syr ug ur yi'.split(
    ' ',
  ),
)
const RTL_SCRIPTS = new Set(
  'adlm arab aran hebr mand mend nkoo rohg samr syrc syre syrj syrn thaa yezi'.split(' '),
)

/**
 * 'The Meridian <news@meridian.example>' → name and address. RFC 5322 §3.4, the part of it that people write. Neither part
 * may have CR, LF, NUL or another control character in it: they would change the headers of a letter.
 */
export function readMailbox(text: string): Mailbox | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return undefined
  const match = /^(?:(.*?)\s*<([^<>]*)>|([^<>]*))$/.exec(text.trim())
  const parsed = match && parseAddress(match[2] ?? match[3]!)
  if (!parsed) return undefined
  const quoted = /^"(.*)"$/.exec(match[1]?.trim() ?? '')?.[1]
  return { name: quoted?.replace(/\\(.)/g, '$1') ?? match[1]?.trim() ?? '', address: parsed.address }
}

/** 'friday', 'Fri' → 5, as ISO 8601 counts; Monday is 1. */
export function readWeekday(name: string): number | undefined {
  const at = WEEKDAYS.findIndex(day => name.length >= 3 && day.startsWith(name.trim().toLowerCase()))
  return at === -1 ? undefined : at + 1
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
