// Files → the numbers by which a change of theirs shows, and how far these may be believed.

import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { type Listing, STAMP } from '../list-folder.ts'

/**
 * What was changed within so many ms before it was looked at may be changed again without a sign: the clock of a file
 * system goes in ticks. Most tick at least every 10 ms; some know only seconds.
 */
const TICK = 30
const COARSE_TICK = 2000
/** The clock of files may be behind by so much. */
const LAG = 10

/** Stands for numbers that are not believed: it equals nothing, not even itself. */
const DOUBT = Number.NaN

/** @param lookedAt when the numbers were taken, by the clock of the file system: ms since epoch */
export function settled(stamps: ArrayLike<number>, lookedAt: number): Float64Array {
  const out = Float64Array.from(stamps)
  for (let at = 0; at < out.length; at += STAMP) {
    const mtime = out[at + 1]!
    const ctime = out[at + 2]!
    const tick = ctime % 1000 === 0 ? COARSE_TICK : TICK
    if (Math.max(mtime, ctime) >= lookedAt - tick) out[at] = DOUBT
  }
  return out
}

/** Of files below a folder. @param missing stands for each number of what is not there; by default it equals nothing */
export function stampsOf(folder: string, paths: readonly string[], missing = DOUBT): number[] {
  const stamps: number[] = []
  for (const path of paths) {
    const stats = lstatSync(join(folder, path), { throwIfNoEntry: false })
    if (stats?.isFile()) stamps.push(stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino)
    else stamps.push(missing, missing, missing, missing)
  }
  return stamps
}

/** Of files that were written a moment ago: waits for the clock to go on, where that is soon, and no longer than it takes. */
export function settledSoon(folder: string, paths: readonly string[], now: number): Float64Array {
  const read = stampsOf(folder, paths)
  const stamps = settled(read, now)
  const doubtful = paths.flatMap((_, place) => (Number.isNaN(stamps[place * STAMP]) ? [place] : []))
  if (now === 0 || doubtful.length === 0) return stamps
  let wait = 1
  for (const place of doubtful) {
    const written = Math.max(read[place * STAMP + 1]!, read[place * STAMP + 2]!)
    if (written + TICK + 1 - now > wait) wait = Math.min(written + TICK + 1 - now, TICK + LAG)
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait + LAG)
  const again = stampsOf(
    folder,
    doubtful.map(place => paths[place]!),
  )
  const later = settled(again, now + wait)
  for (const [index, place] of doubtful.entries())
    stamps.set(later.subarray(index * STAMP, (index + 1) * STAMP), place * STAMP)
  return stamps
}

export function sameStamps(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  if (left.length !== right.length) return false
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false
  return true
}

export function sameListing(left: Listing, right: Listing): boolean {
  return sameFiles(left, right) && sameStamps(left.stamps, right.stamps)
}

/** The same files and links, whatever is in them. */
export function sameFiles(left: Listing, right: Listing): boolean {
  return (
    sameTexts(left.paths, right.paths) &&
    sameTexts(left.links, right.links) &&
    JSON.stringify(left.problems) === JSON.stringify(right.problems)
  )
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, at) => text === right[at])
}
