// BCP 47 tag → whether it is one, its canonical form, and the direction its script is written in.

import type { Direction } from '../../model.ts'

/** RFC 5646: well-formed, and of registered subtags as far as ICU knows them. */
export function isLanguage(tag: string): boolean {
  return canonicalLanguage(tag) !== undefined
}

/** 'en_in' → 'en-IN'; undefined when it is none. */
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
  const rtl = script ? rtlScripts.has(script) : rtlLanguages.has(base!)
  return rtl ? 'rtl' : 'ltr'
}

const rtlLanguages = new Set(
  'ar arc arz azb bal bgn bqi ckb dv fa glk he iw ji khw ks lrc mzn nqo pnb prs ps sd syr ug ur yi'.split(
    ' ',
  ),
)
const rtlScripts = new Set(
  'adlm arab aran hebr mand mend nkoo rohg samr syrc syre syrj syrn thaa yezi'.split(' '),
)
