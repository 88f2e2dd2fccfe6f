// Headings of a live blog → the instants of its entries. A leaf: load moves `updated` by it, render splits by it.
//
// `## 14:05 Title` is an entry at that time in the publication's zone, `## 2026-02-01 14:05 Title` one on another day.
// Entries without a day follow the order of the page: where most times rise the page is oldest first, else newest first;
// read from the oldest on, a clock that goes back has passed midnight.

import type { Timestamp } from './model.ts'
import { openZone } from './zoned-time.ts'

const DAY = 86_400_000
const heading = /^(?:(\d{4})-(\d{2})-(\d{2})[T ]\s*)?(\d{1,2})[:.](\d{2})(?!\d)\s*(.*)$/s

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
  const match = heading.exec(text)
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
  const rises = headings.filter((entry, at) => at > 0 && entry.minute >= headings[at - 1]!.minute).length
  const oldestFirst = rises * 2 >= headings.length - 1
  const ordered = oldestFirst ? headings : [...headings].reverse()

  const wallOfDate = begun.at + zone.offsetAt(begun.at) * 60_000
  let day = Math.floor(wallOfDate / DAY) * DAY
  let minute = -1
  const times = ordered.map(entry => {
    if (entry.day !== undefined) day = entry.day
    else if (minute === -1 && day + entry.minute * 60_000 < wallOfDate - DAY / 2) day += DAY
    else if (entry.minute < minute) day += DAY
    minute = entry.minute
    return zone.fromWall(day + minute * 60_000)
  })
  return oldestFirst ? times : times.reverse()
}
