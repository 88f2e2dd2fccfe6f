// Text as settings and front matter write it → an address, a language, a mailbox, a day of the week, a date, a licence;
// undefined where it is none.

import { once, oneLine, openZone, parseAddress, parseUrl, type Zone } from '../base/index.ts'
import type { Licence, Mailbox, Timestamp } from '../model.ts'

/** An http(s) URL in its normal form. */
export function webAddress(text: string): URL | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses
  if (!/^https?:\/\/[^\s/]/i.test(text) || /[\s\0-\x1f]/.test(text)) return undefined
  return parseUrl(text)
}

/** Obsidian's `[[note|words]]` in a field → its words. */
export function withoutNoteLinks(text: string): string {
  return text.includes('[[') ? text.replace(/!?\[\[(?:[^[\]|]*\|)?([^[\]|]*)\]\]/g, '$1') : text
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

/** '2026-01-30' → its midnight as if it were UTC, ms since epoch; undefined for a day that no calendar has. */
export function readCalendarDay(text: string): number | undefined {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN
  return Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== text ? undefined : day
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

// A date as people and tools write it → an instant that keeps the offset it was written with, or undefined.
//
// ISO 8601 and RFC 3339, Jekyll's `2013-05-06 02:12:52 +0200`, RFC 5322's `Fri, 30 Jan 2026 05:06:00 +0530`, `30 January
// 2026`, `January 30, 2026`; behind any of them a time with AM or PM, and an IANA zone. A date without an offset is in
// the publication's zone; one without a time is its midnight.

/** @param zone in which a date without an offset is read */
export function readDate(value: unknown, zone: Zone): Timestamp | undefined {
  if (typeof value === 'string' && USUAL.test(value)) return readUsual(value)
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : { at: value.getTime(), offset: 0 }
  const text = (typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '').trim()
  if (text.length > MAX_LENGTH) return undefined
  const epoch = EPOCH.exec(text)
  if (epoch) return { at: Number(text) * (epoch[1] === undefined ? 1000 : 1), offset: 0 }
  const day = readDay(text)
  if (!day) return undefined
  if (day.rest === undefined) return zone.fromWall(day.wall)

  const match = TIME.exec(day.rest.trim())
  if (!match) return undefined
  const clock = readClock(match)
  if (clock === undefined) return undefined
  return place(day.wall + clock, match[6]?.toLowerCase(), zone)
}

/**
 * The day alone of a date whose time, or zone, is none that can be read.
 *
 * @returns undefined where there is no such day either
 */
export function readDayAlone(value: unknown, zone: Zone): Timestamp | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined
  const day = readDay(value.trim())
  return day && zone.fromWall(day.wall)
}

/** The last day of the month where a date has a day that its month has not: 29 February 2017. */
export function readEndOfMonth(value: unknown, zone: Zone): Timestamp | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined
  const day = readDay(value.trim(), true)
  return day && zone.fromWall(day.wall)
}

/** The first day of a month, or of a year, where a date says no more: 2017-02, February 2017, 2017. */
export function readMonthAlone(value: unknown, zone: Zone): Timestamp | undefined {
  const text = `${typeof value === 'number' ? value : typeof value === 'string' ? value.slice(0, MAX_LENGTH) : ''}`
  const [, year, month] = /^\s*((?:19|20)\d{2})(?:[-/.](\d{1,2}))?\s*$/.exec(text) ?? []
  const [, name, behind] =
    /^\s*(\p{L}[\p{L}\p{M}]{2,12})\.?,?\s+(?:de\s+)?((?:19|20)\d{2})\s*$/u.exec(text) ?? []
  const first = wallOf(
    year ?? behind ?? '',
    name === undefined ? Number(month ?? 1) : monthOf(name),
    '1',
    undefined,
  )
  return first && zone.fromWall(first.wall)
}

/** Of a date, in characters. */
const MAX_LENGTH = 80

const ISO = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:[Tt_]|,?\s+(?:(?:at|@|[-–—])\s+)?)(.+))?$/s
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:[Tt\s](.+))?$/s
/** Obsidian's and Zettelkasten's `202601301420`. */
const DIGITS = /^([12]\d{3})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?$/
/** Unix time of this century, in seconds or milliseconds. */
const EPOCH = /^(?:9\d{8}|[1-3]\d{9})(\d{3})?$/
/** `14/01/2026` and `01/14/2026`: which number is the day is sure only where one of them is more than 12. */
const NUMBERS = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:(?:[Tt]|,?\s+)(.+))?$/s
const EAST_ASIAN = /^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]\s*(.+)?$/s
const DAY_FIRST =
  /^(?:\p{L}{2,12}[.,]?\s+)?(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?[\s-]+(?:de\s+|of\s+)?(\p{L}[\p{L}\p{M}]{2,12})\.?,?[\s-]+(?:de\s+)?(\d{4})(?:,?\s+(?:at\s+)?(.+))?$/isu
const MONTH_FIRST =
  /^(?:[a-z]{3,9}\.?,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:,?\s+(?:at\s+)?(.+))?$/is
/** Ruby reads `00:10::00`, so some folders have it. */
const TIME =
  /^(\d{1,2})(?::{1,2}(\d{1,2})(?::{1,2}(\d{1,2})(?:[.,](\d{1,9}))?)?)?\s*([ap]\.?m\.?)?\s*(?:(?:utc|gmt)(?=[+-]\d))?\(?(z|[+-]\d{1,2}(?::?\d{2})?(?::?\d{2})?|[a-z_]+\/[a-z_/+-]+|[a-z]{3,5})?\)?(?:\s*\(.{3,40}\)|\[[^\]]*\]|(?<=\d)\s+[a-z]{3,5})?$/i

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** RFC 5322 §4.3, and names that mean one zone only. IST is India's, Israel's and Ireland's; BST is Britain's and Bangladesh's. */
const NAMED_ZONES: ReadonlyMap<string, number> = new Map(
  `utc 0, gmt 0, wet 0, west 60, cet 60, cest 120, mez 60, mesz 120, eet 120, eest 180, msk 180, est -300,
  edt -240, cst -360, cdt -300, mst -420, mdt -360, pst -480, pdt -420, akst -540, akdt -480, hst -600,
  nst -210, ndt -150, brt -180, art -180, sast 120, pkt 300, npt 345, ict 420, wib 420, hkt 480, sgt 480,
  awst 480, jst 540, kst 540, acst 570, acdt 630, aest 600, aedt 660, nzst 720, nzdt 780`
    .split(/,\s+/)
    .map(each => each.split(' '))
    .map(([name, minutes]) => [name!, Number(minutes)]),
)

/** `Fri Jan 30 05:06:00 2026 +0530`, as git writes it; `Fri Jan 30 05:06:00 CET 2026`, as `date` does. */
const UNIX =
  /^[a-z]{3},?\s+([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}:\d{2}:\d{2})(\s+[a-z]{3,5})?\s+(\d{4})(\s+[+-]\d{4}|\s+gmt[+-]\d{4}.*)?$/i
/** As JavaScript writes it: `Fri Jan 30 2026 05:06:00 GMT+0530 (India Standard Time)`. */
const SCRIPT = /^[a-z]{3},?\s+([a-z]{3})\s+(\d{1,2})\s+(\d{4})\s+(\d{1,2}:\d{2}:\d{2}.*)$/i

/** RFC 3339 as nearly every tool writes it, of days that there surely are. The engine reads it, in a tenth of the time. */
const USUAL =
  /^[12]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/

function readUsual(text: string): Timestamp {
  const at = Date.parse(text)
  if (text.length === 20) return { at, offset: 0 }
  const minutes = tens(text, 20) * 60 + tens(text, 23)
  return { at, offset: text[19] === '-' && minutes > 0 ? -minutes : minutes }
}

/** Two digits. */
function tens(text: string, at: number): number {
  return (text.charCodeAt(at) - 0x30) * 10 + text.charCodeAt(at + 1) - 0x30
}

/** @param isClamped whether a day that its month has not counts as the last of it */
function readDay(text: string, isClamped = false): { wall: number; rest: string | undefined } | undefined {
  const of = (...[year, month, day, rest]: Parameters<typeof wallOf>) =>
    wallOf(year, month, day, rest, isClamped)
  let match = ISO.exec(text)
  if (match) return of(match[1]!, Number(match[3]), match[4]!, match[5])
  match = COMPACT.exec(text)
  if (match) return of(match[1]!, Number(match[2]), match[3]!, match[4])
  match = DIGITS.exec(text)
  if (match) return of(match[1]!, Number(match[2]), match[3]!, `${match[4]}:${match[5]}:${match[6] ?? '00'}`)
  match = SCRIPT.exec(text)
  if (match) return of(match[3]!, monthOf(match[1]!), match[2]!, match[4])
  match = DAY_FIRST.exec(text)
  if (match) return of(match[3]!, monthOf(match[2]!), match[1]!, match[4])
  match = MONTH_FIRST.exec(text)
  if (match) return of(match[3]!, monthOf(match[1]!), match[2]!, match[4])
  match = EAST_ASIAN.exec(text)
  if (match) return of(match[1]!, Number(match[2]), match[3]!, match[4])
  match = NUMBERS.exec(text)
  if (match) return readNumbers(match, isClamped)
  match = UNIX.exec(text)
  return match
    ? of(match[5]!, monthOf(match[1]!), match[2]!, match[3]! + (match[6] ?? match[4] ?? ''))
    : undefined
}

function readNumbers([, one, mark, two, year, rest]: RegExpExecArray, isClamped = false) {
  const [first, second] = [Number(one), Number(two)]
  // With dots between them the day is first in every country that writes it so.
  if (mark === '.' || first > 12 || first === second) return wallOf(year!, second, one!, rest, isClamped)
  return second > 12 ? wallOf(year!, first, two!, rest, isClamped) : undefined
}

/** Whether it is a date that other tools read either way: 03/04/2026. */
export function isAmbiguousDate(value: unknown): boolean {
  const match = typeof value === 'string' ? NUMBERS.exec(value.trim()) : null
  return (
    match !== null && Number(match[1]) <= 12 && Number(match[3]) <= 12 && readNumbers(match) === undefined
  )
}

/** Of the year; 0 for none. */
function monthOf(name: string): number {
  const start = name.slice(0, 3).toLowerCase()
  return (
    MONTHS.indexOf(start) + 1 || foreignMonths().get(start) || foreignMonths().get(name.toLowerCase()) || 0
  )
}

const LANGUAGES_OF_MONTHS = 'de fr es pt it nl sv da nb pl cs ru uk tr hi'.split(' ')

/** Names of other languages, and their first three letters where those are one month's only. */
const foreignMonths = once(() => {
  const months = new Map<string, number>()
  for (const language of LANGUAGES_OF_MONTHS) {
    const format = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone: 'UTC' })
    for (let month = 1; month <= 12; month++) {
      const parts = format.formatToParts(Date.UTC(2026, month - 1, 1))
      const name = parts.find(({ type }) => type === 'month')?.value.toLowerCase() ?? ''
      for (const key of [name, name.slice(0, 3)])
        if (key.length > 2) months.set(key, [undefined, month].includes(months.get(key)) ? month : 0)
    }
  }
  return months
})

/** The 30th of February is no day: Date.UTC would make it a day of March. */
function wallOf(year: string, month: number, given: string, rest: string | undefined, isClamped = false) {
  const last = isClamped && Number(given) <= 31 ? new Date(Date.UTC(Number(year), month, 0)).getUTCDate() : 99
  const day = Math.min(Number(given), last)
  const wall = Date.UTC(Number(year), month - 1, day)
  const date = new Date(wall)
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && Number(year) >= 100
  // Ruby reads past a year repeated behind the time, so some folders have one: `… 18:30:22 2023 -0800`.
  return real ? { wall, rest: rest?.replace(` ${year} `, ' ') } : undefined
}

/** Milliseconds after midnight. A leap second is the second before it: no clock here has one. */
function readClock([, hour, minute, second, fraction, dayHalf]: RegExpExecArray): number | undefined {
  if (minute === undefined && dayHalf === undefined) return undefined
  let hours = Number(hour)
  if (dayHalf) {
    if (hours < 1 || hours > 12) return undefined
    hours = (hours % 12) + (/^p/i.test(dayHalf) ? 12 : 0)
  }
  const minutes = Number(minute ?? 0)
  const seconds = Math.min(Number(second ?? 0), Number(second) === 60 ? 59 : 99)
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const ms = Number((fraction ?? '0').padEnd(3, '0').slice(0, 3))
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
}

function place(wall: number, offset: string | undefined, zone: Zone): Timestamp | undefined {
  if (!offset) return zone.fromWall(wall)
  if (offset === 'z') return { at: wall, offset: 0 }
  if (offset.includes('/')) {
    try {
      return openZone(offset).fromWall(wall)
    } catch {
      return undefined
    }
  }
  const minutes = NAMED_ZONES.get(offset) ?? readOffset(offset)
  return minutes === undefined ? undefined : { at: wall - minutes * 60_000, offset: minutes }
}

function readOffset(text: string): number | undefined {
  const match = /^([+-])(\d{1,2}):?(\d{2})?/.exec(text)
  if (!match) return undefined
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  // RFC 3339 writes at most 23:59; the widest in use is +14:00.
  if (Number(match[3] ?? 0) > 59 || minutes > 18 * 60) return undefined
  return match[1] === '-' && minutes > 0 ? -minutes : minutes
}

/** `licence: CC-BY-4.0`, an address, or terms: of the settings, and of an article. */
export function readLicence(value: unknown): Licence | undefined {
  if (typeof value === 'string') {
    const name = oneLine(value)
    if (name === '') return undefined
    const own = webAddress(name)?.href
    const creative = /^CC-(BY(?:-(?:NC|SA|ND|NC-SA|NC-ND))?)-(\d\.\d)$/i.exec(name)
    const url = creative
      ? `https://creativecommons.org/licenses/${creative[1]!.toLowerCase()}/${creative[2]}/`
      : /^CC0-1\.0$/i.test(name)
        ? 'https://creativecommons.org/publicdomain/zero/1.0/'
        : own
    // RSL 1.0 §3.6.1: the terms of such a licence are those of its text, and naming the author is one.
    const payment = creative ? 'attribution' : /^CC0/i.test(name) ? 'free' : undefined
    return { name, permits: [], prohibits: [], ...(url && { url }), ...(payment && { payment }) }
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { name, url, permits, prohibits, payment } = value as Record<string, unknown>
  const list = (given: unknown) => (Array.isArray(given) ? given.filter(one => typeof one === 'string') : [])
  const known = readLicence(name ?? url) ?? { name: '', permits: [], prohibits: [] }
  return {
    ...known,
    ...(typeof url === 'string' && webAddress(url) && { url: webAddress(url)!.href }),
    permits: list(permits),
    prohibits: list(prohibits),
    ...(typeof payment === 'string' && { payment }),
  }
}
