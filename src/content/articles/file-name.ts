// Path of an article's file → what it says of the article: its name, its date, its language.

import { ARTICLE_EXTENSION } from '../list-folder.ts'

/** What the path of an article's file says of it. */
export interface FileName {
  /** NFC. 'hello' of '2026-01-30-hello.md'; the folder's name when the file is `index.md` (a bundle of Hugo's). */
  readonly name: string
  /** Of the publication's languages, the one that the name or a folder says. */
  readonly language?: string | undefined
  /** '2026-01-30', of the name or of its folders. */
  readonly date?: string | undefined
  /** Its folders name a month, and nothing a day: the date is the first of it. */
  readonly isMonthOnly?: boolean
}

/** @param languages that names and folders may say */
export function readFileName(file: string, languages: readonly string[] = []): FileName {
  const parts = file.normalize().split('/')
  let base = parts.at(-1)!.replace(ARTICLE_EXTENSION, '')
  const language = languages.length === 0 ? undefined : languageOf(base, parts, languages)
  if (language?.isInName) base = base.slice(0, base.lastIndexOf('.'))
  const isIndex = /^index$/i.test(base) && parts.length > 2
  if (isIndex) base = parts.at(-2)!
  const said = language && { language: language.tag }
  const folders = parts.slice(1, isIndex ? -2 : -1)
  // As nearly all are that have no date: a year has four digits.
  if (!/\d{4}/.test(base) && !folders.some(folder => /\d{4}/.test(folder))) return { name: base, ...said }
  const match = /^(\d{4}-\d{1,2}-\d{1,2})(?:[-_\s]+(.*))?$/s.exec(base)
  return match
    ? { name: match[2] || base, date: match[1], ...said }
    : { name: base, ...dateOfPath([...folders, base]), ...said }
}

/** 'fr' of `harbour.fr.md`, `fr/harbour.md`. */
function languageOf(base: string, parts: readonly string[], languages: readonly string[]) {
  const find = (text: string | undefined) =>
    languages.find(tag => tag.toLowerCase() === text?.toLowerCase().replaceAll('_', '-'))
  const inName = find(/\.([a-z]{2,3}(?:[-_][a-z0-9]{2,8})*)$/i.exec(base)?.[1])
  const tag =
    inName ??
    parts
      .slice(1, -1)
      .map(find)
      .find(found => found !== undefined)
  return tag === undefined ? undefined : { tag, isInName: inName !== undefined }
}

/** `20260130-x`, `2026_01_30 x`; `2026-01-30-x/post`, `2026/01/30/x`, `2026/01-30-x`, `2026-01/30-x`; `2026/01/x`. */
function dateOfPath(parts: readonly string[]): { date?: string; isMonthOnly?: boolean } {
  const base = parts.at(-1)!
  const ownDate =
    /^([12]\d{3})([._])(\d{1,2})\2(\d{1,2})(?!\d)/.exec(base)?.filter((_, at) => at !== 2) ??
    /^([12]\d{3})(\d{2})(\d{2})(?!\d)/.exec(base)
  if (ownDate && isDay(ownDate[2]!, ownDate[3]!)) return { date: ownDate.slice(1, 4).join('-') }
  const folder = parts.findLast(part => /^[12]\d{3}-\d{1,2}-\d{1,2}(?!\d)/.test(part))
  if (folder) return { date: /^\d{4}-\d{1,2}-\d{1,2}/.exec(folder)![0] }
  const year = parts.findLastIndex(part => /^(?:19|20)\d{2}(?:[-_.](?:0?[1-9]|1[0-2]))?$/.test(part))
  if (year === -1 || year === parts.length - 1) return {}
  const [named, ownMonth] = parts[year]!.split(/[-_.]/)
  const rest = parts.slice(year + 1)
  const month = ownMonth ?? /^(?:0?[1-9]|1[0-2])(?!\d)/.exec(rest[0]!)?.[0]
  if (month === undefined) return {}
  const behind = ownMonth === undefined ? rest[0]!.slice(month.length) : rest[0]!
  const day = /^[-_.]?(0?[1-9]|[12]\d|3[01])(?:[-_.\s]|$)/.exec(behind === '' ? (rest[1] ?? '') : behind)?.[1]
  if (day !== undefined) return { date: `${named}-${month}-${day}` }
  const isMonthFolder = ownMonth !== undefined || (behind === '' && rest.length > 1)
  return isMonthFolder ? { date: `${named}-${month}-01`, isMonthOnly: true } : {}
}

function isDay(month: string, day: string): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
}
