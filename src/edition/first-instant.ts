// Wall-clock time in a zone → the first instant at which the clock on the wall shows that time or a later one.
//
// So a time that the clock change skips happens once, at the first instant after the gap, and one that it repeats happens
// once, the first time. (`fromWall` of zoned-time.ts reads what a person wrote; a schedule needs this.)

import type { Zone } from '../base/index.ts'

const DAY = 86_400_000
const MINUTE = 60_000

/**
 * @param wall what the clock shows, as if it were UTC: ms since epoch, whole minutes
 * @returns ms since epoch
 */
export function firstInstant(zone: Zone, wall: number): number {
  const before = zone.offsetAt(wall - DAY)
  const after = zone.offsetAt(wall + DAY)
  if (before === after) return wall - before * MINUTE
  const shown = [before, after]
    .filter(offset => zone.offsetAt(wall - offset * MINUTE) === offset)
    .map(offset => wall - offset * MINUTE)
  return shown.length > 0 ? Math.min(...shown) : endOfGap(zone, wall - after * MINUTE, wall - before * MINUTE)
}

/** @param early an instant before the clock change @param late one after it */
function endOfGap(zone: Zone, early: number, late: number): number {
  const old = zone.offsetAt(early)
  let [low, high] = [early / MINUTE, late / MINUTE]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (zone.offsetAt(middle * MINUTE) === old) low = middle
    else high = middle
  }
  return high * MINUTE
}
