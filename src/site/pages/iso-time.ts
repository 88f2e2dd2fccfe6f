// Instant → the clock of the publication's zone: as a machine reads it off a page, with the offset.

import type { Zone } from '../../base/index.ts'

/** @returns '2026-01-30T05:06:00+05:30' */
export function isoTime(at: number, zone: Zone): string {
  const offset = zone.offsetAt(at)
  const wall = new Date(at + offset * 60_000).toISOString().replace(/\.\d+Z$/, '')
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return `${wall}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`
}
