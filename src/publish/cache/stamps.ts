// Files → the numbers by which a change of theirs shows, and how far these may be believed.

import { lstatSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { type Listing, STAMP } from '../../content/index.ts'

/**
 * What was changed within so many ms before it was looked at may be changed again without a sign: the clock of a file
 * system goes in ticks. Most tick at least every 10 ms; some know only seconds.
 */
const TICK = 30
const COARSE_TICK = 2000

/** Stands for numbers that are not believed: it equals nothing, not even itself. */
const DOUBT = Number.NaN

/**
 * @param lookedAt when the numbers were taken, by the clock of the file system: ms since epoch
 * @param fine how far that clock goes in a tick where it knows more than seconds: ms
 */
export function settled(stamps: ArrayLike<number>, lookedAt: number, fine = TICK): Float64Array {
  const out = Float64Array.from(stamps)
  for (let at = 0; at < out.length; at += STAMP) {
    const mtime = out[at + 1]!
    const ctime = out[at + 2]!
    const tick = isCoarse(ctime) ? COARSE_TICK : fine
    if (Math.max(mtime, ctime) >= lookedAt - tick) out[at] = DOUBT
  }
  return out
}

function isCoarse(ctime: number): boolean {
  return ctime % 1000 === 0
}

/**
 * Of files below a folder.
 *
 * @param missing stands for each number of what is not there; by default it equals nothing
 * @param look `statSync` for what a link leads to; by default a link is no file
 */
export function stampsOf(
  folder: string,
  paths: readonly string[],
  missing = DOUBT,
  look: typeof lstatSync = lstatSync,
): number[] {
  const stamps: number[] = []
  for (const path of paths) {
    const stats = statsOf(join(folder, path), look)
    if (stats?.isFile()) stamps.push(stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino)
    else stamps.push(missing, missing, missing, missing)
  }
  return stamps
}

function statsOf(path: string, look: typeof lstatSync): Stats | undefined {
  try {
    return look(path, { throwIfNoEntry: false })
  } catch {
    return undefined // Behind a file where a folder was, say.
  }
}

/** What the clock of a file system says, and of which. */
export interface Told {
  /** ms since epoch. */
  readonly mtimeMs: number
  readonly dev: number
}

/**
 * Of files that were written a moment ago, by a clock that goes one way: who changes one of them later gives it another
 * time, once that clock has gone on. Waits until it has, which takes a tick; longer where it may be another clock.
 *
 * @param clock tells undefined where it cannot be known
 */
export function settledSoon(
  folder: string,
  paths: readonly string[],
  clock: () => Told | undefined,
): Float64Array {
  const stamps = stampsOf(folder, paths)
  let told = clock()
  if (!told) return settled(stamps, 0)
  const fine = told.dev === lstatSync(folder, { throwIfNoEntry: false })?.dev ? 0 : TICK
  let newest = 0
  for (let at = 0; at < stamps.length; at += STAMP) {
    if (!isCoarse(stamps[at + 2]!)) newest = Math.max(newest, stamps[at + 1] || 0, stamps[at + 2] || 0)
  }
  for (let waited = 0; told.mtimeMs <= newest + fine && waited < TICK * 2; waited++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    told = clock() ?? told
  }
  return settled(stamps, told.mtimeMs, fine)
}

export function sameStamps(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  if (left.length !== right.length) return false
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false
  return true
}

export function sameListing(left: Listing, right: Listing): boolean {
  return (
    sameStamps(left.stamps, right.stamps) &&
    sameTexts(left.paths, right.paths) &&
    sameTexts(left.links, right.links) &&
    JSON.stringify(left.problems) === JSON.stringify(right.problems)
  )
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, at) => text === right[at])
}
