// IANA zone + wall clock → instant, and instant → offset; and the headings of a live blog → the instants of its entries.

import type { Timestamp } from '../model.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** A zone's offsets, remembered by day: Intl costs microseconds, and a folder has thousands of dates. */
export interface Zone {
  /** Minutes east of UTC at this instant (ms since epoch). */
  offsetAt(at: number): number
  /**
   * The instant that a wall clock shows. A time that the clock change skips is read with the offset before it, one that
   * it repeats is the first of the two (as RFC 5545 §3.3.5 says).
   *
   * @param wall what the clock shows, as if it were UTC: ms since epoch
   */
  fromWall(wall: number): Timestamp
}

/** Midnight is how a date without a time of day is read: nobody did anything then. */
export function isMidnight(at: number, zone: Zone): boolean {
  return (at + zone.offsetAt(at) * MINUTE_MS) % DAY_MS === 0
}

/** RFC 3339, with the zone's offset: '2026-01-30T05:06:00+05:30'. @param at ms since epoch */
export function isoTime(at: number, zone: Zone): string {
  const offset = zone.offsetAt(at)
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  const wall = new Date(at + offset * MINUTE_MS).toISOString().slice(0, 19)
  return `${wall}${offset < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(minutes)}`
}

/** For people: 'Fri 4 Dec 2026, 07:00 (Asia/Kolkata)'. @param at ms since epoch @param timezone an IANA name */
export function readableTime(at: number, timezone: string): string {
  const { weekday, day, month, year, hour, minute } = partsIn(timezone, at)
  return `${weekday} ${day} ${month} ${year}, ${hour}:${minute} (${timezone})`
}

/** '4 Dec', or '4 Dec 2025' in another year. */
export function readableDay(at: number, timezone: string, now: number): string {
  const { day, month, year } = partsIn(timezone, at)
  return year === partsIn(timezone, now).year ? `${day} ${month}` : `${day} ${month} ${year}`
}

/** Part by part, since ICU sets other commas in each of its versions. */
function partsIn(timezone: string, at: number): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return { ...parts, month: parts.month!.slice(0, 3) }
}

const zones = new Map<string, Zone>()

/** @param timezone an IANA name; RangeError when there is none of that name */
export function openZone(timezone: string): Zone {
  const known = zones.get(timezone)
  if (known) return known
  const zone = timezone === 'UTC' ? utc : makeZone(timezone)
  zones.set(timezone, zone)
  return zone
}

const utc: Zone = { offsetAt: () => 0, fromWall: wall => ({ at: wall, offset: 0 }) }

function makeZone(timezone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' })
  const days = new Map<number, number | undefined>()

  function lookUp(at: number): number {
    const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(format.format(at))
    if (!match?.[1]) return 0
    const minutes = Number(match[2]) * 60 + Number(match[3])
    return match[1] === '-' ? -minutes : minutes
  }

  /** The offset of a whole UTC day; undefined on the day of a clock change. */
  function ofDay(day: number): number | undefined {
    if (days.has(day)) return days.get(day)
    const start = lookUp(day * DAY_MS)
    const offset = start === lookUp((day + 1) * DAY_MS) ? start : undefined
    days.set(day, offset)
    return offset
  }

  const offsetAt = (at: number) => ofDay(Math.floor(at / DAY_MS)) ?? lookUp(at)

  function fromWall(wall: number): Timestamp {
    const before = offsetAt(wall - DAY_MS)
    const after = offsetAt(wall + DAY_MS)
    for (const offset of [before, after]) {
      const at = wall - offset * MINUTE_MS
      if (before === after || offsetAt(at) === offset) return { at, offset }
    }
    const at = wall - before * MINUTE_MS
    return { at, offset: offsetAt(at) }
  }

  return { offsetAt, fromWall }
}

// Headings of a live blog → the instants of its entries. `updated` moves by them, and renderers split by them.
//
// `## 14:05 Title` is an entry at that time in the publication's zone, `## 2026-02-01 14:05 Title` one on another day.
// Entries without a day follow the order of the page, oldest first or newest first: the one in which less time passes.
// Read from the oldest on, a clock that goes back has passed midnight.

const HEADING = /^(?:(\d{4})-(\d{2})-(\d{2})[T ]\s*)?(\d{1,2})[:.](\d{2})(?!\d)\s*(.*)$/s

export interface LiveHeading {
  /** '14:05' as written. */
  readonly time: string
  /** What follows the time, without the dash or colon between them. */
  readonly title: string
  /** Minutes after midnight. */
  readonly minute: number
  /** Midnight of the day it names, as if that were UTC. */
  readonly day?: number | undefined
}

/** @param text of a heading, without `## ` @returns undefined when it does not begin with a time */
export function readLiveHeading(text: string): LiveHeading | undefined {
  const match = HEADING.exec(text)
  if (!match) return undefined
  const [, year, month, date, hour, minute, rest] = match
  if (Number(hour) > 23 || Number(minute) > 59) return undefined
  return {
    time: `${hour}:${minute}`,
    title: rest!.replace(/^[-–—:·|,.\s]+/, '').trim(),
    minute: Number(hour) * 60 + Number(minute),
    day: year ? Date.UTC(Number(year), Number(month) - 1, Number(date)) : undefined,
  }
}

/**
 * @param headings in the order of the page
 * @param begun the article's date: the day of its oldest entry
 * @returns the instant of each, in the same order
 */
export function liveTimes(headings: readonly LiveHeading[], begun: Timestamp, timezone: string): Timestamp[] {
  const zone = openZone(timezone)
  const start = begun.at + zone.offsetAt(begun.at) * MINUTE_MS
  const down = wallTimes(headings, start)
  const up = wallTimes([...headings].reverse(), start).reverse()
  const walls = latest(down) <= latest(up) ? down : up
  return walls.map(wall => zone.fromWall(wall))
}

/** @param headings oldest first @param start the article's date; both as if the zone were UTC */
function wallTimes(headings: readonly LiveHeading[], start: number): number[] {
  let day = Math.floor(start / DAY_MS) * DAY_MS
  let minute: number | undefined
  return headings.map(entry => {
    if (entry.day !== undefined) day = entry.day
    // An article dated just before midnight, whose first entry comes after it.
    else if (minute === undefined) day += day + entry.minute * MINUTE_MS < start - DAY_MS / 2 ? DAY_MS : 0
    else if (entry.minute < minute) day += DAY_MS
    minute = entry.minute
    return day + minute * MINUTE_MS
  })
}

function latest(walls: readonly number[]): number {
  return walls.reduce((most, wall) => Math.max(most, wall), 0)
}
