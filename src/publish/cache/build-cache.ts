// A publication's folder → what the last build left in `.broadsheet/`: whether anything changed since, and what need not
// be done again. Nothing in `out/` depends on it: it may be lost, cut short or overwritten at any time, and any doubt
// about it makes the next build a whole one.

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import {
  codeFolder,
  discardUnfinished,
  IGNORED,
  makeIgnoredFolder,
  once,
  packageFolder,
  writeWhole,
} from '../../base/index.ts'
import { type LoadMemory, ownFilePlaces, STAMP_LENGTH } from '../../content/index.ts'
import type { KeptFeeds } from '../../feed/index.ts'
import type { KnownLayouts } from '../../letter/index.ts'
import type { PackedTexts } from '../../render/index.ts'
import type { KeptPages } from '../../site/index.ts'
import type { KeptEditions } from '../build-editions.ts'
import type { BuildReport } from '../build-report.ts'
import {
  awaitTrustedStamps,
  type FolderSnapshot,
  fileMarks,
  sameSnapshot,
  sameStampAt,
  sameStamps,
  stampsOf,
  trustedSnapshot,
  unchangedFiles,
} from './folder-snapshot.ts'

/** What a build leaves for the next. */
export interface FinishedBuild extends Omit<KeptState, 'parts' | 'stamps'> {
  /** When the snapshot was taken, by the clock of the file system: ms since epoch. */
  readonly snapshotAt: number
  /** Those of the files in `out/` that were found up to date, and not written. */
  readonly upToDate: ReadonlySet<string>
  /** Made one after another, as they are written; undefined for one that stays as the last build left it. */
  readonly parts: { readonly [Name in keyof KeptParts]: () => KeptParts[Name] | undefined }
}

export class BuildCache {
  readonly #dir: string
  readonly #out: string
  readonly #key: string
  /** Read once: what another build leaves meanwhile shows in its file. */
  #last: { readonly state: KeptState | undefined; readonly fileStamp: readonly number[] } | undefined

  /** @param dir absolute path of the publication's folder */
  constructor(dir: string) {
    this.#dir = dir
    this.#out = join(dir, 'out')
    const realPaths = [dir, join(dir, 'articles')].map(path => realpathSync.native(path))
    this.#key = [programKey(), dir, ...realPaths].join('\n')
  }

  /** What the last build reported, when one now would make the very same: every file of `out/` is as it was made. */
  unchangedReport(snapshot: FolderSnapshot, now: number): BuildReport | undefined {
    const state = this.#state()
    if (!state || now < state.from || now >= state.until) return undefined
    if (!sameSnapshot(state.snapshot, snapshot)) return undefined
    return sameStamps(state.stamps, stampsOf(this.#out, state.made)) ? state.report : undefined
  }

  /** Whether the last build left nothing that this one could begin with. */
  isEmpty(): boolean {
    return this.#state() === undefined
  }

  /** Whether another build has ended since this one first asked what the last one left. */
  isOvertaken(): boolean {
    return this.#last !== undefined && !sameStamps(this.#last.fileStamp, this.#stateFileStamp())
  }

  /** @param snapshotAt when it was taken, by the clock of the file system: ms since epoch */
  lastBuild(snapshot: FolderSnapshot, snapshotAt: number): KeptBuild {
    const state = this.#state()
    return keptBuild({
      out: this.#out,
      state,
      snapshot,
      snapshotAt,
      readPart: name => {
        const kept = readSealed(this.#file(name), this.#key) as KeptPart | undefined
        return kept?.id === state?.parts[name] ? kept?.value : undefined
      },
    })
  }

  remember({ snapshotAt, upToDate, parts, ...build }: FinishedBuild): void {
    try {
      makeIgnoredFolder(join(this.#dir, IGNORED))
    } catch {
      return // A folder that is read only has no cache.
    }
    discardUnfinished(this.#file(''))
    const id = `${process.pid} ${snapshotAt}`
    const ids = { ...this.#state()?.parts }
    for (const [part, make] of Object.entries(parts)) {
      const value = make()
      if (value === undefined) continue
      writeSealed(this.#file(part), this.#key, { id, value } satisfies KeptPart)
      ids[part as keyof KeptParts] = id
    }
    const state: KeptState = {
      ...build,
      parts: ids,
      snapshot: trustedSnapshot(build.snapshot, snapshotAt),
      stamps: this.#stampsOfMade(build.made, upToDate),
    }
    writeSealed(this.#file('state'), this.#key, state)
  }

  #state(): KeptState | undefined {
    this.#last ??= {
      fileStamp: this.#stateFileStamp(),
      state: readSealed(this.#file('state'), this.#key) as KeptState | undefined,
    }
    return this.#last.state
  }

  /** Of what was not written the old numbers are still right. If somebody alters such a file now, the next build sees it. */
  #stampsOfMade(made: readonly string[], upToDate: ReadonlySet<string>): Float64Array {
    const written = made.filter(path => !upToDate.has(path))
    const fresh = stampsByPath(written, awaitTrustedStamps(this.#out, written, this.#file('clock')))
    const { made: before = [], stamps = new Float64Array() } = this.#state() ?? {}
    const kept = stampsByPath(before, stamps)
    const all = new Float64Array(made.length * STAMP_LENGTH)
    for (const [place, path] of made.entries())
      all.set(upToDate.has(path) ? kept(path) : fresh(path), place * STAMP_LENGTH)
    return all
  }

  #stateFileStamp(): number[] {
    return stampsOf(this.#file(''), ['state'], 0)
  }

  #file(name: string): string {
    return join(this.#dir, IGNORED, 'build', name)
  }
}

interface KeptPart {
  /** Of the build that wrote it. */
  readonly id: string
  readonly value: unknown
}

function stampsByPath(paths: readonly string[], stamps: Float64Array): (path: string) => Float64Array {
  const starts = new Map(paths.map((path, place) => [path, place * STAMP_LENGTH]))
  return path => {
    const start = starts.get(path)!
    return stamps.subarray(start, start + STAMP_LENGTH)
  }
}

/** Changes when what is kept changes its shape. */
const CACHE_VERSION = 4

/**
 * A text that changes with the program as it is installed: its files, what it depends on, and the engine it runs on. Times of
 * a few hundred files: a millisecond or two.
 */
function programKey(): string {
  return [
    CACHE_VERSION,
    JSON.stringify(process.versions),
    timesOf(codeFolder, /\.(?:c?js|ts)$/),
    timesOf(join(packageFolder, 'templates'), /./),
    dependencies(packageFolder),
  ].join('\n')
}

function timesOf(folder: string, kind: RegExp): string {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
  return files
    .filter(entry => entry.isFile() && kind.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map(entry => timeOf(join(entry.parentPath, entry.name)))
    .join('\n')
}

/** npm writes this list whenever it installs anything, wherever the folder of packages is. */
function dependencies(from: string): string {
  const places: string[] = []
  for (let folder = from; ; folder = dirname(folder)) {
    places.push(
      timeOf(join(folder, 'node_modules/.package-lock.json')),
      timeOf(join(folder, 'package-lock.json')),
    )
    if (dirname(folder) === folder) return places.join('\n')
  }
}

function timeOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats ? `${path} ${stats.size} ${stats.mtimeMs} ${stats.ino}` : path
}

// ─── What the last build left ───────────────────────────────────────────────────────────────────────────────────────

/** What is always asked for: whether anything changed. */
interface KeptState {
  /** What each part bears that belongs to this: it was written by the same build, or left by it as it was. */
  readonly parts: { readonly [Name in keyof KeptParts]?: string }
  /** As the build saw the folder. */
  readonly snapshot: FolderSnapshot
  /** The same folder gives the same at any time from here on … */
  readonly from: number
  /** … until before this instant; both ms since epoch. */
  readonly until: number
  /** Everything that it made, relative to `out/`. */
  readonly made: readonly string[]
  /** Of these. */
  readonly stamps: Float64Array
  /** Those of them that are copies of files below `articles/`. */
  readonly copies: readonly string[]
  /** Of settings and templates. */
  readonly global: string
  /** File of each article that was not published, or not yet as it was last changed. */
  readonly states: ReadonlyMap<string, string>
  /** How many warnings `check` had for articles, by file. */
  readonly findings: ReadonlyMap<string, number>
  readonly report: BuildReport
}

/** Plain values, each in a file of its own: they are large, and not all are asked for. */
export interface KeptParts {
  readonly articles: LoadMemory
  readonly editions: KeptEditions
  readonly layouts: KnownLayouts
  readonly texts: PackedTexts
  readonly feeds: KeptFeeds
  readonly pages: KeptPages
}

/** Of the last build, as the folder is now. Knows nothing where it left nothing that can be trusted. */
export interface KeptBuild {
  readonly state: KeptState | undefined
  /** Whether a file is for certain what it was then; relative to the publication's folder. */
  isUnchanged(path: string): boolean
  /** Whether a file of `out/` is for certain as that build made it. */
  isUpToDate(path: string): boolean
  /** The same of a copy of the publication's own file, which lies at the same place below `articles/` or in a folder of the site. */
  isCopyUpToDate(path: string): boolean
  /** A text that changes when the file does; when any of the publication's templates does, if none is named. */
  mark(path?: string): string
  /** @returns undefined when there is no such part that belongs to that very build */
  recall<Name extends keyof KeptParts>(part: Name): KeptParts[Name] | undefined
}

interface KeptBuildSources {
  /** Absolute path. */
  readonly out: string
  readonly state: KeptState | undefined
  readonly snapshot: FolderSnapshot
  /** By the clock of the file system: ms since epoch. */
  readonly snapshotAt: number
  readPart(name: keyof KeptParts): unknown
}

function keptBuild({ out, state, snapshot, snapshotAt, readPart }: KeptBuildSources): KeptBuild {
  const unchanged = once(() =>
    state ? unchangedFiles(state.snapshot.articles, snapshot.articles) : new Set<string>(),
  )
  const upToDate = once(() => (state ? asStamped(out, state.made, state.stamps) : new Set<string>()))
  const copies = once(() => new Set(state?.copies))
  const marks = fileMarks(snapshot, snapshotAt)
  const isUnchanged = (path: string) => unchanged().has(path)
  const listed = once(() => new Set(snapshot.articles.paths))
  const wasListed = once(() => new Set(state?.snapshot.articles.paths))
  const isSourceUnchanged = (path: string) => {
    const places = ownFilePlaces(path)
    const place = places.find(each => listed().has(each))
    return place !== undefined && isUnchanged(place) && places.find(each => wasListed().has(each)) === place
  }
  return {
    state,
    isUnchanged,
    isUpToDate: path => upToDate().has(path),
    isCopyUpToDate: path => copies().has(path) && upToDate().has(path) && isSourceUnchanged(path),
    mark: path => (path === undefined ? marks.templates() : marks.file(path)),
    recall: name => state && (readPart(name) as never),
  }
}

/** Those of the files below a folder whose numbers are still these. */
function asStamped(folder: string, paths: readonly string[], stamps: ArrayLike<number>): Set<string> {
  const now = stampsOf(folder, paths)
  return new Set(paths.filter((_, place) => sameStampAt(stamps, place, now, place)))
}

// ─── Files of the cache ─────────────────────────────────────────────────────────────────────────────────────────────
//
// Pieces, each with its length before it: serialised at once, a hundred thousand articles would take their size twice more.
// At the end, a seal of them and the program that wrote them: a file that another version wrote, or that was cut short, counts
// as missing.

/** Of a SHA-1. */
const SEAL_BYTES = 20
const LENGTH_BYTES = 4

/** @param key of the program that wrote it: only the same one reads it. @returns undefined for any doubt at all */
export function readSealed(path: string, key: string): unknown {
  try {
    const bytes = readFileSync(path)
    const pieces = bytes.subarray(0, bytes.length - SEAL_BYTES)
    const isWhole = sealOf(key, crc32(pieces)).equals(bytes.subarray(pieces.length))
    return isWhole ? readPieces(pieces) : undefined
  } catch {
    return undefined
  }
}

/** Does nothing where nothing can be written: then everything is made again next time. */
export function writeSealed(path: string, key: string, value: unknown): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeWhole(path, sealedBytes(key, value))
  } catch {
    // A disk that is full or read only has no cache.
  }
}

function* sealedBytes(key: string, value: unknown): Generator<Buffer> {
  let checksum = 0
  for (const piece of piecesOf(value)) {
    const bytes = serialize(piece)
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(bytes.length)
    for (const part of [length, bytes]) {
      checksum = crc32(part, checksum)
      yield part
    }
  }
  yield sealOf(key, checksum)
}

/** Against accidents, not against people: who may write here may write what is made of it as well. */
function sealOf(key: string, checksum: number): Buffer {
  return createHash('sha1').update(`${checksum} ${key}`).digest()
}

/** Where in the whole it is, by the names of fields; of a map or a list, a part. */
type Piece = readonly [place: readonly string[], value: unknown]

const ENTRIES_PER_PIECE = 1000
/** Of blocks of bytes. */
const BLOCKS_PER_PIECE = 10
/** Records within records are taken apart so far down. */
const MAX_PLACE_LENGTH = 3

function* piecesOf(value: unknown, place: readonly string[] = []): Generator<Piece> {
  if (value instanceof Map || Array.isArray(value)) {
    for (const part of partsOf(value)) yield [place, part]
  } else if (isRecord(value) && place.length < MAX_PLACE_LENGTH) {
    yield [place, {}]
    for (const [name, field] of Object.entries(value)) yield* piecesOf(field, [...place, name])
  } else yield [place, value]
}

function* partsOf(whole: Map<unknown, unknown> | unknown[]): Generator<Map<unknown, unknown> | unknown[]> {
  const entries = [...whole]
  const most = entries[0] instanceof Uint8Array ? BLOCKS_PER_PIECE : ENTRIES_PER_PIECE
  for (let at = 0; at === 0 || at < entries.length; at += most) {
    const part = entries.slice(at, at + most)
    yield whole instanceof Map ? new Map(part as [unknown, unknown][]) : part
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** @throws where it is not as it was written */
function readPieces(bytes: Buffer): unknown {
  const whole: Record<string, unknown> = {}
  for (let at = 0; at < bytes.length; ) {
    const end = at + LENGTH_BYTES + bytes.readUInt32LE(at)
    const [place, value] = deserialize(bytes.subarray(at + LENGTH_BYTES, end)) as Piece
    put(whole, ['value', ...place], value)
    at = end
  }
  return whole.value
}

function put(whole: Record<string, unknown>, place: readonly string[], value: unknown): void {
  const name = place.at(-1)!
  const record = place.slice(0, -1).reduce((inner, each) => inner[each] as typeof whole, whole)
  const before = record[name]
  if (before instanceof Map) for (const [key, each] of value as typeof before) before.set(key, each)
  else if (Array.isArray(before)) for (const each of value as unknown[]) before.push(each)
  else record[name] = value
}
