// Schedule and time → slots: the windows of time that a newsletter's editions cover. They leave no gap, do not overlap and
// follow from the settings alone, so that every machine agrees. Where every article is an edition of its own, the slot is the
// article's date and is named after its slug.

import { createHash } from 'node:crypto'
import { DAY_MS, MINUTE_MS, once, openZone, type Zone } from '../base/index.ts'
import type { Article, Loaded, Newsletter, Slot } from '../model.ts'

/** Slots that end before `since` do not exist. */
type Schedule = Pick<Newsletter, 'every' | 'on' | 'at' | 'since'>

/**
 * The slots whose `until` is in (after, until], ascending. None where every article is an edition.
 *
 * @param timezone IANA name of the publication's zone
 * @param after @param until ms since epoch
 */
export function slotsBetween(newsletter: Schedule, timezone: string, after: number, until: number): Slot[] {
  const timeline = openTimeline(newsletter, timezone)
  const slots: Slot[] = []
  if (!timeline) return slots
  for (let number = timeline.numberAt(after); timeline.instant(number) <= until; number++) {
    const slot = timeline.instant(number) > after ? timeline.slot(number) : undefined
    if (slot) slots.push(slot)
  }
  return slots
}

/** The slot with this id; undefined when the schedule has none. */
export function slotById(newsletter: Schedule, timezone: string, id: string): Slot | undefined {
  const timeline = openTimeline(newsletter, timezone)
  const number = timeline?.numberOf(id)
  return number === undefined ? undefined : timeline!.slot(number)
}

/** The first slot that ends after this time. */
export function nextSlot(newsletter: Schedule, timezone: string, after: number): Slot | undefined {
  const timeline = openTimeline(newsletter, timezone)
  if (!timeline) return undefined
  const from = Math.max(after, (newsletter.since ?? Number.NEGATIVE_INFINITY) - 1)
  for (let number = timeline.numberAt(from); ; number++) {
    const slot = timeline.instant(number) > from ? timeline.slot(number) : undefined
    if (slot) return slot
  }
}

/** The last slot that ended at or before this time. */
export function lastSlot(newsletter: Schedule, timezone: string, at: number): Slot | undefined {
  const timeline = openTimeline(newsletter, timezone)
  if (!timeline) return undefined
  // A clock that is put back over midnight shows yesterday again, although today's slot has ended.
  for (let number = timeline.numberAt(at) + 1; ; number--) {
    if (isTooEarly(newsletter, timeline.instant(number))) return undefined
    const slot = timeline.instant(number) <= at ? timeline.slot(number) : undefined
    if (slot) return slot
  }
}

function isTooEarly({ since }: Schedule, until: number): boolean {
  return since !== undefined && until < since
}

/** Asked for once for each of a thousand editions. */
const timelines = new WeakMap<Schedule, Map<string, ReturnType<typeof makeTimeline>>>()

function openTimeline(schedule: Schedule, timezone: string): ReturnType<typeof makeTimeline> {
  const known = timelines.get(schedule) ?? new Map()
  timelines.set(schedule, known)
  if (!known.has(timezone)) known.set(timezone, makeTimeline(schedule, timezone))
  return known.get(timezone)
}

function makeTimeline(schedule: Schedule, timezone: string) {
  const calendar = slotCalendar(schedule)
  if (!calendar) return undefined
  const zone = openZone(timezone)
  const instants = new Map<number, number>()

  function instant(number: number): number {
    let at = instants.get(number)
    if (at === undefined) {
      at = firstInstant(zone, calendar!.wall(number))
      instants.set(number, at)
    }
    return at
  }

  /** Undefined where a whole day was skipped (Samoa, 30 December 2011) and two slots would fall on one instant. */
  function slot(number: number): Slot | undefined {
    const until = instant(number)
    if (instant(number + 1) === until || isTooEarly(schedule, until)) return undefined
    let before = number - 1
    while (instant(before) === until) before--
    return { id: calendar!.id(number), from: instant(before), until }
  }

  return {
    slot,
    instant,
    numberOf: calendar.numberOf,
    /** All slots before this one have ended, whatever the clocks did: their local times are earlier. */
    numberAt: (at: number) => calendar.numberAt(at + zone.offsetAt(at) * MINUTE_MS),
  }
}

/**
 * The first instant at which the local clock shows that time or a later one: a time that a clock change skips becomes the
 * first instant after the gap, and of a time that it repeats the first is taken. (`fromWall` of a zone is for times that a
 * person wrote; a schedule needs each time exactly once.)
 *
 * @param wall what the clock shows, as if it were UTC: ms since epoch, whole minutes
 * @returns ms since epoch
 */
function firstInstant(zone: Zone, wall: number): number {
  const before = zone.offsetAt(wall - DAY_MS)
  const after = zone.offsetAt(wall + DAY_MS)
  if (before === after) return wall - before * MINUTE_MS
  const shown = [before, after]
    .filter(offset => zone.offsetAt(wall - offset * MINUTE_MS) === offset)
    .map(offset => wall - offset * MINUTE_MS)
  return shown.length > 0
    ? Math.min(...shown)
    : endOfGap(zone, wall - after * MINUTE_MS, wall - before * MINUTE_MS)
}

/** @param early an instant before the clock change @param late one after it */
function endOfGap(zone: Zone, early: number, late: number): number {
  const old = zone.offsetAt(early)
  let [low, high] = [early / MINUTE_MS, late / MINUTE_MS]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (zone.offsetAt(middle * MINUTE_MS) === old) low = middle
    else high = middle
  }
  return high * MINUTE_MS
}

// ─── Calendars: the local time of each slot, numbered without gaps, and its id ──────────────────────────────────────

/** Times are wall-clock times as if they were UTC: ms since epoch. */
interface SlotCalendar {
  /** The day, week or month that contains this time. */
  numberAt(wall: number): number
  /** The one slot of that day, week or month. */
  wall(number: number): number
  id(number: number): string
  /** Undefined for what is not an id of this calendar: '2026-W54', '2026-02-30'. */
  numberOf(id: string): number | undefined
}

/** @returns undefined for a newsletter with one edition for each article: its slots follow from the articles */
function slotCalendar({ every, on, at }: Pick<Newsletter, 'every' | 'on' | 'at'>): SlotCalendar | undefined {
  if (every === 'article') return undefined
  const { numberAt, dayOf, id, parseId } = every === 'day' ? days : every === 'week' ? weeks(on) : months(on)
  return {
    numberAt,
    wall: number => dayOf(number) * DAY_MS + at * MINUTE_MS,
    id,
    numberOf(text) {
      const number = parseId(text)
      return number !== undefined && id(number) === text ? number : undefined
    },
  }
}

interface Cycle {
  numberAt(wall: number): number
  /** Days since epoch. */
  dayOf(number: number): number
  id(number: number): string
  /** Also for what only looks like an id, as '2026-02-30': the caller compares. */
  parseId(id: string): number | undefined
}

const days: Cycle = {
  numberAt: wall => Math.floor(wall / DAY_MS),
  dayOf: number => number,
  id: number => new Date(number * DAY_MS).toISOString().slice(0, 10),
  parseId(id) {
    const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(id)
    return match ? daysTo(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : undefined
  },
}

/** Week 0 has Thursday, 1 January 1970: in ISO 8601 a week belongs to the year that its Thursday is in. */
function weeks(on: number): Cycle {
  const numberAt = (wall: number) => Math.floor((Math.floor(wall / DAY_MS) + 3) / 7)
  return {
    numberAt,
    dayOf: number => number * 7 - 4 + on,
    id(number) {
      const year = new Date(number * 7 * DAY_MS).getUTCFullYear()
      const week = Math.floor((number * 7 - daysTo(year, 0, 1)) / 7) + 1
      return `${year}-W${String(week).padStart(2, '0')}`
    },
    parseId(id) {
      const match = /^(\d{4})-W(\d\d)$/.exec(id)
      return match ? numberAt(daysTo(Number(match[1]), 0, 4) * DAY_MS) + Number(match[2]) - 1 : undefined
    },
  }
}

/** On the last day of a month that is shorter than `on`. */
function months(on: number): Cycle {
  return {
    numberAt(wall) {
      const date = new Date(wall)
      return date.getUTCFullYear() * 12 + date.getUTCMonth()
    },
    dayOf: number => Math.min(daysTo(0, number, on), daysTo(0, number + 1, 0)),
    id: number => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`,
    parseId(id) {
      const match = /^(\d{4})-(\d\d)$/.exec(id)
      return match ? Number(match[1]) * 12 + Number(match[2]) - 1 : undefined
    },
  }
}

/** Days since epoch. Months beyond 11 count into the next years; Date.UTC would take a year below 100 for 19xx. */
function daysTo(year: number, month: number, day: number): number {
  return Date.UTC(year + Math.floor(month / 12), month % 12, day) / DAY_MS
}

// ─── Slots of a newsletter, whose editions may be its articles ────────────────────────────────────────────────────────

/** The slot with this id; undefined when neither the schedule nor an article nor the note of an extra edition has it. */
export function findSlot(loaded: Loaded, newsletter: Newsletter, id: string): Slot | undefined {
  return slotOfSchedule(loaded, newsletter, id) ?? extraSlot(loaded, newsletter, id)
}

export function slotOfSchedule(loaded: Loaded, newsletter: Newsletter, id: string): Slot | undefined {
  if (newsletter.every !== 'article') return slotById(newsletter, loaded.publication.timezone, id)
  return articleSlots(loaded, newsletter).find(({ slot }) => slot.id === id)?.slot
}

/** Whether it is outside the schedule, and carries nothing but what its note picks. */
export function isExtra({ notes }: Loaded, newsletter: Newsletter, { id, from, until }: Slot): boolean {
  const note = notes.find(one => one.newsletter === newsletter.id && one.id === id)
  return note?.extra === true && from === until
}

/** The instant at which an extra edition may be sent: what its note says, else that of the newest article in the folder. */
function extraSlot(loaded: Loaded, newsletter: Newsletter, id: string): Slot | undefined {
  const note = loaded.notes.find(one => one.extra && one.newsletter === newsletter.id && one.id === id)
  if (!note) return undefined
  const picked = note.pick.map(articleFinder(loaded.articles)).flatMap(article => article?.date.at ?? [])
  const at = note.sendAt?.at ?? Math.max(0, ...picked)
  return { id, from: at, until: at }
}

/** The newest slot that has ended; for editions of one article, the newest article that is out. */
export function newestSlot(loaded: Loaded, newsletter: Newsletter, now: number): Slot | undefined {
  if (newsletter.every !== 'article') return lastSlot(newsletter, loaded.publication.timezone, now)
  return articleSlots(loaded, newsletter).findLast(({ slot }) => slot.until <= now)?.slot
}

/** The slot that comes next. */
export function comingSlot(loaded: Loaded, newsletter: Newsletter, now: number): Slot | undefined {
  if (newsletter.every !== 'article') return nextSlot(newsletter, loaded.publication.timezone, now)
  return articleSlots(loaded, newsletter).find(({ slot }) => slot.until > now)?.slot
}

interface ArticleSlot {
  readonly article: Article
  /** A window of one instant: `from` and `until` are the article's date. */
  readonly slot: Slot
}

/**
 * One for every article since the first edition, oldest first. Of two articles with the same slug the later gets
 * `<slug>-<hash of its id>`, whatever that first edition is.
 */
export function articleSlots({ articles }: Pick<Loaded, 'articles'>, newsletter: Schedule): ArticleSlot[] {
  const taken = new Set<string>()
  const slots = [...articles].sort(oldestFirst).map(article => {
    const name = safeName(article.slug)
    const id = name && !taken.has(name) ? name : `${name || 'article'}-${shortHash(article.id)}`
    taken.add(id)
    return { article, slot: { id, from: article.date.at, until: article.date.at } }
  })
  return newsletter.since === undefined
    ? slots
    : slots.filter(({ slot }) => !isTooEarly(newsletter, slot.until))
}

/** Date, then id: a total order, so that the same input gives the same bytes. */
export function oldestFirst(left: Article, right: Article): number {
  return left.date.at - right.date.at || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}

/** An edition's id is also a folder name and part of a token: no slash, no space, no leading dot. */
function safeName(slug: string): string {
  return slug.replace(/[\s/\\:]+/g, '-').replace(/^\.+/, '')
}

/** Of an edition that is this article alone. */
export function extraId({ slug, id }: Pick<Article, 'slug' | 'id'>): string {
  return safeName(slug) || `article-${shortHash(id)}`
}

function shortHash(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 8)
}

// ─── Articles by the names that an editor writes ─────────────────────────────────────────────────────────────────────

/** An id, a slug or a file name, as an editor wrote it → the article; the newest of several with that slug or file name. */
export type ArticleFinder = (reference: string) => Article | undefined

const finders = new WeakMap<readonly Article[], ArticleFinder>()

/** @param articles newest first, as they are loaded; the index over them is made once */
export function articleFinder(articles: readonly Article[]): ArticleFinder {
  let finder = finders.get(articles)
  if (!finder) {
    finder = makeFinder(articles)
    finders.set(articles, finder)
  }
  return finder
}

/** An id takes precedence over a file name, a file name over a slug: the most exact way to name an article always works. */
function makeFinder(articles: readonly Article[]): ArticleFinder {
  // Most editions name none: of ten thousand articles the index takes longer than the edition.
  const index = once(() => {
    const byId = new Map<string, Article>()
    const byFile = new Map<string, Article>()
    const bySlug = new Map<string, Article>()
    for (const article of [...articles].reverse()) {
      byId.set(article.id, article)
      for (const name of fileNames(article.file)) byFile.set(name, article)
      bySlug.set(article.slug, article)
    }
    return { byId, byFile, bySlug }
  })
  return reference => {
    const name = reference.trim()
    const { byId, byFile, bySlug } = index()
    return byId.get(name) ?? byFile.get(name.replace(/^\.?\//, '')) ?? bySlug.get(name)
  }
}

/** 'articles/2026/01-hello.md' → with and without its folders, with and without extension. */
function fileNames(file: string): string[] {
  const inArticles = file.replace(/^articles\//, '')
  const alone = file.slice(file.lastIndexOf('/') + 1)
  return [...new Set([file, inArticles, alone])].flatMap(name => [
    name,
    name.replace(/\.(?:md|markdown|mdown|mkdn?|mdx|html?)$/i, ''),
  ])
}
