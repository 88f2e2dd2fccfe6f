// A line beside a headline → the names, the place and the times in it, nothing where it is a sentence of the article; the time
// in a line in any of the ways that newspapers write one, and where in the line it is.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { once, openZone } from '../../../../base/index.ts'
import { type Element, findElement, type Root, visibleText } from '../../html-tree.ts'
import { bylinePeople, isPersonLike, type Person } from './author-box.ts'
import type { Block } from './blocks.ts'
import { isNamed, named, namesOf, type PageTree } from './furniture.ts'
import { type Clutter, clutterFolder, sameWords, wordCount } from './words.ts'

export interface HeadLine {
  readonly people: readonly Person[]
  readonly place: string | undefined
  readonly published: string | undefined
  readonly updated: string | undefined
  /** A zone's name that is not sure. */
  readonly unsure: string | undefined
}

export interface LineHints {
  /** IANA name, of the publication. */
  readonly timezone: string
  readonly clutter: Clutter
  /** Names of authors. */
  readonly known: readonly string[]
  readonly house: string | undefined
}

/** Words that may be left over: of a source, of a section. */
const WORDS_LEFT = 7
/** A first time, and when it was changed. */
const MAX_TIMES = 3

/** '2 min readNew DelhiUpdated: Jan 30, 2026 05:06 AM IST' */
export function readHeadLine(text: string, hints: LineHints): HeadLine | undefined {
  if (text.length > 220 || text.length < 3) return undefined
  const { clutter, timezone, known } = hints
  const people: Person[] = []
  let place: string | undefined
  let left = 0
  const read = (piece: string, isBeforeTime: boolean) => {
    const found = readPiece(piece, hints, isBeforeTime)
    people.push(...found.people.filter(({ name }) => !people.some(other => other.name === name)))
    place ??= found.place
    left += found.left
  }
  const times: { text: string; isUpdate: boolean; unsure: string | undefined }[] = []
  let rest = text
  while (times.length < MAX_TIMES) {
    const first = findTime(rest, timezone, undefined)
    if (!first) break
    const { bare, isUpdate } = withoutLabel(rest.slice(0, first.start), clutter)
    read(bare, true)
    const found = (place !== undefined && findTime(rest, timezone, place)) || first
    times.push({ text: found.text, isUpdate, unsure: found.unsure })
    rest = rest.slice(found.end)
  }
  // '… IST - NEW DELHI'
  const behind = times.length > 0 ? /^\s*[-–—|]\s*(\p{Lu}[\p{L}\p{M} ]{2,40})$/u.exec(rest)?.[1] : undefined
  if (behind !== undefined && place === undefined) {
    place = placeOf(behind, hints)
    const again = place === undefined ? undefined : findTime(text, timezone, place)
    if (again && times.length === 1) times[0] = { ...times[0]!, text: again.text, unsure: again.unsure }
  }
  if (behind === undefined) read(rest.replace(/^[\s|•·,)–-]+/u, ''), false)
  if (left > WORDS_LEFT || (times.length === 0 && (people.length === 0 || left > 3))) return undefined
  const isSomebody = people.length > 0 || known.some(name => sameWords(text, name))
  if (times.length === 0 && !isSomebody) return undefined
  return {
    people,
    place,
    published: times.find(({ isUpdate }) => !isUpdate)?.text,
    updated: times.find(({ isUpdate }) => isUpdate)?.text,
    unsure: times.find(({ unsure }) => unsure !== undefined)?.unsure,
  }
}

/** What is before a time may say which it is. */
function withoutLabel(piece: string, clutter: Clutter): { bare: string; isUpdate: boolean } {
  const last = (pattern: RegExp) => [...piece.matchAll(new RegExp(pattern.source, 'giu'))].at(-1)
  const [updated, published] = [last(clutter.updated), last(clutter.published)]
  const at = Math.max(updated?.index ?? -1, published?.index ?? -1)
  if (at === -1) return { bare: piece, isUpdate: false }
  const label =
    updated?.index === at && updated[0].length >= (published?.index === at ? published[0].length : 0)
      ? updated
      : published!
  // A word of a sentence is no label.
  if (wordCount(piece.slice(at + label[0].length)) > 2) return { bare: piece, isUpdate: false }
  return { bare: piece.slice(0, at), isUpdate: label === updated }
}

interface Piece {
  readonly people: Person[]
  readonly place: string | undefined
  /** Words that say nothing. */
  readonly left: number
}

function readPiece(piece: string, { clutter, known, house }: LineHints, isBeforeTime: boolean): Piece {
  const text = piece
    .replace(clutter.reading, '')
    .replace(/^[\s|•·,(–—-]+|[\s|•·,(–—-]+$/gu, '')
    .trim()
  if (text === '') return { people: [], place: undefined, left: 0 }
  const parts = text
    .split(/\s*[|•·／∕]\s*|\s+[–—-]\s+/u)
    .map(part => withoutHouseBefore(part.replace(clutter.reading, '').trim(), house))
    .filter(Boolean)
  const people: Person[] = []
  let place: string | undefined
  let left = 0
  for (const part of parts) {
    const inPlace = clutter.inPlace.exec(part)
    const before = inPlace ? part.slice(0, inPlace.index) : part
    const own = known.find(name => sameWords(before, name) || sameWords(part, name))
    const byline = bylinePeople(part, clutter).filter(({ name }) => !sameWords(name, house ?? ''))
    // 'Sanne de Vries' is one name.
    const inByline = wordCount(before) > 2 ? bylinePeople(before, clutter).filter(() => inPlace !== null) : []
    const reported = clutter.placeSuffix.exec(part)?.[1]
    if (own) {
      people.push({ name: own })
      if (inPlace && sameWords(before, own)) place ??= inPlace[1]!.trim()
    } else if (inByline.length > 0) {
      people.push(...inByline)
      place ??= inPlace![1]!.trim()
    } else if (byline.length > 0) {
      // 'Von Jana Lorenz, Hamburg'
      const last = byline.at(-1)!.name
      const isPlaceLast = byline.length > 1 && wordCount(last) === 1 && wordCount(byline[0]!.name) > 1
      people.push(...(isPlaceLast ? byline.slice(0, -1) : byline))
      if (isPlaceLast) place ??= last
    } else if (reported !== undefined) place ??= reported
    // 'Por Ana Lima, Diário — Santos'
    else if (
      (isBeforeTime ? parts.length === 1 : people.length > 0 && part === parts.at(-1)) &&
      placeOf(part, { house }) !== undefined
    )
      place ??= placeOf(part, { house })
    else left += wordCount(part)
  }
  return { people, place, left }
}

/** '港灣新聞網 記者林怡君' */
function withoutHouseBefore(part: string, house: string | undefined): string {
  return house !== undefined && part.startsWith(`${house} `) ? part.slice(house.length + 1) : part
}

/** Names beside a time that are alone once more, below the text: bylines without a word before them, in any language. */
export function repeatedNames(head: readonly Block[], below: readonly Block[], hints: LineHints): string[] {
  const parts = head
    .filter(({ text }) => findTime(text, hints.timezone, undefined) !== undefined || isPersonLike(text))
    .flatMap(({ text }) => text.split(/\s*[|•·,]\s*|\s+[–—-]\s+/u))
    .filter(part => isPersonLike(part) && !sameWords(part, hints.house ?? ''))
  return [...new Set(parts)].filter(part =>
    below.some(({ text, isLinks }) => !isLinks && sameWords(text, part)),
  )
}

/** A name in Chinese signs, beside the time and without a word before it: '山田 太郎', '山田太郎記者'. */
export function isNameAlone(blocks: readonly Block[], at: number, hints: LineHints): boolean {
  const { text } = blocks[at]!
  if (!/^\p{Script=Han}[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana} ]{2,9}$/u.test(text))
    return false
  if (/[都道府県市区町村部面版社局庁省聞報網道信送]$/u.test(text) || sameWords(text, hints.house ?? ''))
    return false
  const isTime = (block: Block | undefined) =>
    block !== undefined && findTime(block.text, hints.timezone, undefined) !== undefined
  const isBesideTime = isTime(blocks[at - 1]) || isTime(blocks[at + 1])
  return isBesideTime && (text.includes(' ') ? text.length <= 8 : text.length >= 3 && text.length <= 5)
}

/** 'NEW DELHI' → 'New Delhi'; undefined for what is no name of a place. */
export function placeOf(text: string, { house }: Pick<LineHints, 'house'>): string | undefined {
  const place = text.replace(/^[\s|•·,-]+|[\s|•·,.-]+$/gu, '')
  if (
    place === '' ||
    !/^[\p{L}\p{M}.'’\- ,()]+$/u.test(place) ||
    wordCount(place) > 4 ||
    sameWords(place, house ?? '')
  )
    return undefined
  if (/^\p{Ll}/u.test(place)) return undefined
  return /^[\p{Lu}\s.-]{4,}$/u.test(place)
    ? place.replace(
        /(\p{L})([\p{L}\p{M}]*)/gu,
        (_, first: string, rest: string) => first + rest.replaceAll('İ', 'i').toLowerCase(),
      )
    : place
}

/** 'BALTIMORE, Md. (AP) — The ferries are back.' */
export function datelineOf(text: string): string | undefined {
  const name =
    /^(\p{Lu}[\p{Lu}\p{M} .'’-]{2,30}?)(?:,\s[^—–\d]{2,30})?(?:\s*\([^()]{2,20}\))?\s*\s[—–-]{1,2}\s/u.exec(
      text,
    )?.[1]
  return name === undefined ? undefined : placeOf(name, { house: undefined })
}

/** A place in an element of its own; one before a standfirst is taken out of it. */
export function takePlace(scope: Root, tree: PageTree): string | undefined {
  const isPlace = (each: Element) => isNamed(namesOf(each), 'place')
  for (const standfirst of named(scope, 'standfirst', tree)) {
    const inside = findElement(standfirst, isPlace)
    const place = inside && placeOf(visibleText(inside), { house: undefined })
    if (!inside || place === undefined) continue
    inside.children = []
    return place
  }
  for (const each of named(scope, 'place', tree)) {
    const place = placeOf(visibleText(each), { house: undefined })
    if (place !== undefined) return place
  }
  return undefined
}

interface ZoneNames {
  readonly offsets: Readonly<Record<string, string>>
  /** Name → zone → places in it. */
  readonly several: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

const zoneNames = once(() => parse(readFileSync(join(clutterFolder, 'zones.yaml'), 'utf8')) as ZoneNames)

interface FoundTime {
  /** ISO 8601; without an offset where no zone is named. */
  readonly text: string
  /** A zone's name that means several, none of which is sure: the publication's own zone is taken. */
  readonly unsure: string | undefined
  /** Of the first sign of it, and of what follows it. */
  readonly start: number
  readonly end: number
}

/** Languages whose names of months are known, from the tables that the platform has. */
const LANGUAGES = 'en de fr es pt it nl sv nb da fi pl cs ru uk tr el id hi mr bn ur ar ar-EG ar-LB'.split(
  ' ',
)

/** Long and short, alone and behind a day, in small letters and without a full stop. */
const monthNames = once(() => {
  const names = new Map<string, number>()
  for (const language of LANGUAGES)
    for (const month of ['long', 'short'] as const)
      for (const day of [undefined, 'numeric'] as const) {
        const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory`, { month, day, timeZone: 'UTC' })
        for (let at = 0; at < 12; at++) {
          const parts = format.formatToParts(Date.UTC(2026, at, 15))
          const name = parts.find(({ type }) => type === 'month')?.value ?? ''
          const bare = name.toLowerCase().replace(/\.$/, '')
          if (/\p{L}/u.test(bare) && !names.has(bare)) names.set(bare, at + 1)
        }
      }
  for (const [name, month] of [
    ['sept', 9],
    ['märz', 3],
    ['mrz', 3],
  ] as const)
    names.set(name, month)
  return names
})

const weekdayBefore = once(() => {
  const names = LANGUAGES.flatMap(language =>
    (['long', 'short'] as const).flatMap(weekday => {
      const format = new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' })
      return Array.from({ length: 7 }, (_, at) => format.format(Date.UTC(2026, 0, 5 + at)).replace(/\.$/, ''))
    }),
  )
  const any = [...new Set(names)].sort((a, b) => b.length - a.length).join('|')
  return new RegExp(`(?<![\\p{L}\\p{M}])(?:${any})[.,،\\s]*$`, 'iu')
})

const monthPattern = once(() =>
  [...monthNames().keys()]
    .sort((a, b) => b.length - a.length)
    .map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|'),
)

/** Each has groups named y, m (a number) or n (a name), and d. */
const datePatterns = once(() => {
  const month = `(?<n>${monthPattern()})\\.?(?:/[\\p{L}\\p{M} ]{2,20})?`
  const [day, year] = ['(?<d>\\d{1,2})', '(?<y>(?:19|20)\\d\\d)']
  return [
    `(?<![\\d.])${year}(?:-(?<m>\\d\\d)-|[./]\\s?(?<k>\\d{1,2})[./]\\s?)${day}(?!\\d)`,
    `${year}\\s*[年년]\\s*(?<m>\\d{1,2})\\s*[月월]\\s*${day}\\s*[日일]`,
    `(?<![\\p{L}\\d])${day}(?:st|nd|rd|th|er|ère|º|\\.)?\\s*(?:de\\s+)?[-.]?${month},?[-.]?\\s*(?:de\\s+|del\\s+)?${year}(?=\\d?\\d[:.h]|(?!\\d))`,
    `(?<!\\p{L})${month}\\s+${day}(?:st|nd|rd|th)?,?\\s+${year}(?=\\d?\\d[:.h]|(?!\\d))`,
    `(?<![\\d.])${day}[./-](?<m>\\d{1,2})[./-]${year}(?=\\d?\\d[:.h]|(?!\\d))`,
  ].map(pattern => new RegExp(pattern, 'iu'))
})

const CLOCK =
  '(?<hour>\\d{1,2})(?:(?:[:.]|\\s*[hH時시点]\\s?)(?<minute>\\d\\d)(?:[:.]\\d\\d)?(?:\\s*分)?|(?=\\s?[apAP]\\.?\\s?[mM]\\b))' +
  '(?:\\s*(?<half>[apAP])\\.?\\s?[mM]\\b\\.?)?(?:\\s*(?:Uhr|hrs|[hH])(?!\\p{L}))?' +
  '(?:\\s*(?:\\(?(?<zone>[A-ZА-Я]{2,5})(?<more>[+-]\\d{1,2}(?::\\d\\d)?)?(?!\\p{L})\\)?|(?<offset>Z|[+-]\\d\\d:?\\d\\d)))?'
const CLOCK_BEHIND = new RegExp(
  `^[\\s,|•·T–-]{0,4}(?:(?:at|um|à|a las|às|klo|о|в|ore|alle|kl\\.?)\\s+)?${CLOCK}`,
  'u',
)
const CLOCK_BEFORE = new RegExp(`(?<![\\d:])${CLOCK}[\\s,|•·–-]{1,4}(?:on\\s+)?$`, 'u')

/**
 * 'Jan 30, 2026 05:06 AM IST' → its instant.
 *
 * @param timezone of the publication @param place in the article
 */
function findTime(line: string, timezone: string, place: string | undefined): FoundTime | undefined {
  const text = line
    .replace(/[٠-٩]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .replace(/[०-९]/g, digit => String(digit.charCodeAt(0) - 0x966))
    .replace(/[\u00a0\u202f]/g, ' ')
  const date = datePatterns()
    .map(pattern => pattern.exec(text))
    .filter(found => found !== null)
    .sort((a, b) => a.index - b.index)[0]
  if (!date) return undefined
  const { y, k, m = k, n, d } = date.groups as Record<string, string | undefined>
  const named = n === undefined ? undefined : monthNames().get(n.toLowerCase())
  let [month, day] = [named ?? Number(m), Number(d)]
  // 1/30/2026 is of the United States; 12/1/2026 may be either, and most of the world begins with the day.
  if (named === undefined && month > 12 && day <= 12) [month, day] = [day, month]
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined
  const until = date.index + date[0].length
  const behind = CLOCK_BEHIND.exec(text.slice(until))
  const before = behind ? undefined : CLOCK_BEFORE.exec(text.slice(0, date.index))
  const clock = (behind ?? before)?.groups as Record<string, string | undefined> | undefined
  const hours = clock
    ? (Number(clock.hour) % (clock.half ? 12 : 24)) + (/p/i.test(clock.half ?? '') ? 12 : 0)
    : 0
  const two = (value: number | string) => String(value).padStart(2, '0')
  const iso = `${y}-${two(month)}-${two(day)}T${two(hours)}:${two(clock?.minute ?? 0)}:00`
  const at = Date.parse(`${iso}Z`)
  if (Number.isNaN(at)) return undefined
  const name = clock?.zone ?? ''
  const first = before ? before.index : date.index
  const start = weekdayBefore().exec(text.slice(0, first))?.index ?? first
  const end = until + (behind ? behind[0].length : 0)
  const offset = clock?.offset ?? clock?.more
  if (offset !== undefined)
    return { text: iso + (offset === 'Z' ? '+00:00' : fullOffset(offset)), unsure: undefined, start, end }
  const zone = zoneOf(name, timezone, place)
  if (zone === undefined) {
    const isUnsure = Object.hasOwn(zoneNames().several, name)
    return { text: iso, unsure: isUnsure ? name : undefined, start, end }
  }
  return { text: iso + (/^[+-]/.test(zone) ? zone : offsetAt(zone, at)), unsure: undefined, start, end }
}

/** One of the places whose zone is known. */
export function isKnownPlace(place: string): boolean {
  const near = place.toLowerCase()
  return Object.values(zoneNames().several).some(zones =>
    Object.values(zones).some(cities => cities.some(city => city.toLowerCase() === near)),
  )
}

/** '+5:30', '+0530' → '+05:30' */
function fullOffset(text: string): string {
  const [, sign, hours = '', minutes = '00'] = /^([+-])(\d{1,2}?):?(\d\d)?$/.exec(text) ?? []
  return `${sign}${hours.padStart(2, '0')}:${minutes}`
}

/** @param wall ms since epoch as if it were UTC */
function offsetAt(zone: string, wall: number): string {
  const { offset } = openZone(zone).fromWall(wall)
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

/** An offset, an IANA name, or undefined where it is not sure. */
function zoneOf(name: string, timezone: string, place: string | undefined): string | undefined {
  const { offsets, several } = zoneNames()
  if (Object.hasOwn(offsets, name)) return offsets[name]
  if (!Object.hasOwn(several, name)) return undefined
  const zones = several[name]!
  if (Object.hasOwn(zones, timezone)) return timezone
  if (Object.keys(zones).length === 1) return Object.keys(zones)[0]
  const near = place?.toLowerCase()
  return Object.keys(zones).find(zone => zones[zone]!.some(city => city.toLowerCase() === near))
}
