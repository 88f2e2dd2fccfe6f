// A newsletter → its calendar: the local time of each of its slots, numbered without gaps, and the id of each.

import type { Newsletter } from '../model.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Times are wall-clock times as if they were UTC: ms since epoch. */
export interface SlotCalendar {
  /** The day, week or month that contains this time. */
  numberAt(wall: number): number
  /** The one slot of that day, week or month. */
  wall(number: number): number
  id(number: number): string
  /** Undefined for what is not an id of this calendar: '2026-W54', '2026-02-30'. */
  numberOf(id: string): number | undefined
}

/** @returns undefined for a newsletter with one edition for each article: its slots follow from the articles */
export function slotCalendar({
  every,
  on,
  at,
}: Pick<Newsletter, 'every' | 'on' | 'at'>): SlotCalendar | undefined {
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
