// Instant and zone → the times that a mail and an `edition.json` show, with their numeric offset.

import { openZone } from '../base/index.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** RFC 5322 §3.3: 'Fri, 30 Jan 2026 07:00:00 +0530'. @param at ms since epoch */
export function mailDate(at: number, timezone: string): string {
  const { wall, offset } = wallClock(at, timezone)
  const day = `${DAYS[wall.getUTCDay()]}, ${wall.getUTCDate()} ${MONTHS[wall.getUTCMonth()]}`
  return `${day} ${wall.toISOString().slice(0, 4)} ${wall.toISOString().slice(11, 19)} ${offset.replace(':', '')}`
}

/** RFC 3339: '2026-01-30T07:00:00+05:30'. @param at ms since epoch */
export function isoTime(at: number, timezone: string): string {
  const { wall, offset } = wallClock(at, timezone)
  return `${wall.toISOString().slice(0, 19)}${offset}`
}

function wallClock(at: number, timezone: string): { wall: Date; offset: string } {
  const minutes = openZone(timezone).offsetAt(at)
  const size = Math.abs(minutes)
  const pad = (value: number) => String(value).padStart(2, '0')
  const offset = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
  return { wall: new Date(at + minutes * 60_000), offset }
}
