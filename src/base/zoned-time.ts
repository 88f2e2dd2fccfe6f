// IANA zone + wall clock → instant, and instant → offset. Dates of articles and entries of live blogs need it.

import type { Timestamp } from '../model.ts'

const DAY_MS = 86_400_000

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
  return (at + zone.offsetAt(at) * 60_000) % DAY_MS === 0
}

/** RFC 3339, with the zone's offset: '2026-01-30T05:06:00+05:30'. @param at ms since epoch */
export function isoTime(at: number, zone: Zone): string {
  const offset = zone.offsetAt(at)
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  const wall = new Date(at + offset * 60_000).toISOString().slice(0, 19)
  return `${wall}${offset < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(minutes)}`
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
      const at = wall - offset * 60_000
      if (before === after || offsetAt(at) === offset) return { at, offset }
    }
    const at = wall - before * 60_000
    return { at, offset: offsetAt(at) }
  }

  return { offsetAt, fromWall }
}
