// A publication's folder → which files there are and their stamps, without reading any; and which of them changed since the
// last build. A stamp is four numbers by which a change shows: size, mtime, ctime and inode.

import { existsSync, lstatSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Listing,
  listFolder,
  listSources,
  ownFilePlaces,
  STAMP_LENGTH,
  stampAt,
} from '../../content/index.ts'

/** The folder as it was when a build began. */
export interface FolderSnapshot {
  readonly articles: Listing
  readonly templates: Listing
  /** Numbers of the settings, where they lie beside `articles/`. */
  readonly settings: ArrayLike<number>
}

const SETTINGS = ['publication.yaml', 'publication.yml']
const NOTHING: Listing = { paths: [], stamps: [], links: [], problems: [] }

/**
 * @param dir absolute path of the publication's folder
 * @param named called with the paths below `articles/` before any of these files is looked at
 */
export function takeSnapshot(dir: string, named?: (paths: readonly string[]) => void): FolderSnapshot {
  return {
    articles: listSources(dir, named),
    templates: existsSync(join(dir, 'templates')) ? listFolder(dir, 'templates') : NOTHING,
    settings: stampsOf(dir, SETTINGS, 0, statSync),
  }
}

/** Whether everything is the same in both, for certain. */
export function sameSnapshot(left: FolderSnapshot, right: FolderSnapshot): boolean {
  return (
    sameStamps(left.settings, right.settings) &&
    sameListing(left.templates, right.templates) &&
    sameListing(left.articles, right.articles)
  )
}

function sameListing(left: Listing, right: Listing): boolean {
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

/** The same without the numbers that cannot be trusted. @param takenAt by the clock of the file system: ms since epoch */
export function trustedSnapshot(
  { articles, templates, settings }: FolderSnapshot,
  takenAt: number,
): FolderSnapshot {
  return {
    articles: { ...articles, stamps: trustedStamps(articles.stamps, takenAt) },
    templates: { ...templates, stamps: trustedStamps(templates.stamps, takenAt) },
    settings: trustedStamps(settings, takenAt),
  }
}

/** Files that are for certain the same in both. */
export function unchangedFiles(before: Listing, now: Listing): Set<string> {
  const places = placesOf(before.paths)
  return new Set(
    now.paths.filter((path, place) => {
      const was = places.get(path)
      return was !== undefined && sameStampAt(before.stamps, was, now.stamps, place)
    }),
  )
}

interface FileMarks {
  /** @param path relative to the publication's folder */
  file(path: string): string
  templates(): string
}

/**
 * Texts that change with the files. One whose numbers cannot be trusted yet is like no other, now or later.
 *
 * @param takenAt by the clock of the file system: ms since epoch
 */
export function fileMarks({ articles, templates }: FolderSnapshot, takenAt: number): FileMarks {
  let places: Map<string, number> | undefined
  const unlikeAnyOther = `unknown at ${takenAt}`
  const write = (listing: Listing, place: number) => {
    const numbers = trustedStamps(stampAt(listing, place), takenAt)
    return numbers.some(Number.isNaN) ? unlikeAnyOther : numbers.join(' ')
  }
  return {
    file(path) {
      places ??= placesOf(articles.paths)
      const known = places
      const place =
        places.get(path) ??
        ownFilePlaces(path.replace(/^articles\//, ''))
          .map(each => known.get(each))
          .find(each => each !== undefined)
      // A file that is not listed is not there, or reached by a link that was not followed.
      return place === undefined ? unlikeAnyOther : write(articles, place)
    },
    templates: () => templates.paths.map((path, place) => `${path} ${write(templates, place)}`).join('\n'),
  }
}

function placesOf(paths: readonly string[]): Map<string, number> {
  return new Map(paths.map((path, place) => [path, place]))
}

// ─── Stamps, and how far they may be trusted ────────────────────────────────────────────────────────────────────────

/**
 * A file that was changed so shortly before its numbers were taken may be changed again and keep them: the clock of a file
 * system goes in ticks. Most tick at least every 10 ms; some know only seconds.
 */
const TICK_MS = 30
const COARSE_TICK_MS = 2000

/** In place of numbers that are not trusted: NaN equals nothing, not even itself. */
const UNKNOWN = Number.NaN

/**
 * Of files below a folder.
 *
 * @param missing in place of each number of a file that does not exist; by default it equals nothing
 * @param stat `statSync` for what a link leads to; by default a link is no file
 */
export function stampsOf(
  folder: string,
  paths: readonly string[],
  missing = UNKNOWN,
  stat: typeof lstatSync = lstatSync,
): number[] {
  const stamps: number[] = []
  for (const path of paths) {
    const stats = statsOf(join(folder, path), stat)
    if (stats?.isFile()) stamps.push(stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino)
    else stamps.push(missing, missing, missing, missing)
  }
  return stamps
}

function statsOf(path: string, stat: typeof lstatSync): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false })
  } catch {
    return undefined // Behind a file where a folder was, say.
  }
}

export function sameStamps(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  if (left.length !== right.length) return false
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false
  return true
}

/** Whether a file at one place has the numbers of one at another place. */
export function sameStampAt(
  left: ArrayLike<number>,
  leftPlace: number,
  right: ArrayLike<number>,
  rightPlace: number,
): boolean {
  const [from, to] = [leftPlace * STAMP_LENGTH, rightPlace * STAMP_LENGTH]
  for (let at = 0; at < STAMP_LENGTH; at++) if (left[from + at] !== right[to + at]) return false
  return true
}

/**
 * The same stamps, without those of files that may have been changed again since.
 *
 * @param takenAt when the numbers were taken, by the clock of the file system: ms since epoch
 * @param tickMs how far that clock goes in a tick where it knows more than seconds
 */
export function trustedStamps(stamps: ArrayLike<number>, takenAt: number, tickMs = TICK_MS): Float64Array {
  const trusted = Float64Array.from(stamps)
  for (let at = 0; at < trusted.length; at += STAMP_LENGTH) {
    const mtime = trusted[at + 1]!
    const ctime = trusted[at + 2]!
    const tick = isCoarse(ctime) ? COARSE_TICK_MS : tickMs
    if (Math.max(mtime, ctime) >= takenAt - tick) trusted[at] = UNKNOWN
  }
  return trusted
}

function isCoarse(ctime: number): boolean {
  return ctime % 1000 === 0
}

/**
 * Of files that were written a moment ago, by a clock that goes one way: who changes one of them later gives it another
 * time, once that clock has gone on. Waits until it has, which takes a tick; longer where it may be another clock.
 *
 * @param clockFile path of a file that may be written to see the time
 */
export function awaitTrustedStamps(
  folder: string,
  paths: readonly string[],
  clockFile: string,
): Float64Array {
  const stamps = stampsOf(folder, paths)
  let clock = askClock(clockFile)
  if (!clock) return trustedStamps(stamps, 0)
  const isSameClock = clock.dev === lstatSync(folder, { throwIfNoEntry: false })?.dev
  const tickMs = isSameClock ? 0 : TICK_MS
  const newest = newestTime(stamps)
  for (let waited = 0; clock.mtimeMs <= newest + tickMs && waited < TICK_MS * 2; waited++) {
    sleepOneMs()
    clock = askClock(clockFile) ?? clock
  }
  return trustedStamps(stamps, clock.mtimeMs, tickMs)
}

/** The time of the file system's clock; undefined where nothing can be written. */
function askClock(path: string): Stats | undefined {
  try {
    writeFileSync(path, '')
    return statSync(path)
  } catch {
    return undefined
  }
}

/** ms since epoch, of those whose clock knows more than seconds. */
function newestTime(stamps: readonly number[]): number {
  let newest = 0
  for (let at = 0; at < stamps.length; at += STAMP_LENGTH)
    if (!isCoarse(stamps[at + 2]!)) newest = Math.max(newest, stamps[at + 1] || 0, stamps[at + 2] || 0)
  return newest
}

function sleepOneMs(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
}
