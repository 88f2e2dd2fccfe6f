// Headings of a live blog → the instants of its entries. `updated` moves by them, and renderers split by them.
//
// `## 14:05 Title` is an entry at that time in the publication's zone, `## 2026-02-01 14:05 Title` one on another day.
// Entries without a day follow the order of the page, oldest first or newest first: the one in which less time passes.
// Read from the oldest on, a clock that goes back has passed midnight.

import type { Timestamp } from '../model.ts'
import { openZone } from './zoned-time.ts'

const DAY_MS = 86_400_000
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
  const start = begun.at + zone.offsetAt(begun.at) * 60_000
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
    else if (minute === undefined) day += day + entry.minute * 60_000 < start - DAY_MS / 2 ? DAY_MS : 0
    else if (entry.minute < minute) day += DAY_MS
    minute = entry.minute
    return day + minute * 60_000
  })
}

function latest(walls: readonly number[]): number {
  return walls.reduce((most, wall) => Math.max(most, wall), 0)
}
