// What the last build left in the cache, beside the folder as it is now → which files are still what they were then, and
// the parts of that build, each read when it is asked for.

import { once } from '../../base/index.ts'
import type { LoadMemory } from '../../content/index.ts'
import type { KeptFeeds } from '../../feed/index.ts'
import type { KeptText } from '../../render/index.ts'
import type { KeptPages } from '../../site/index.ts'
import type { MadeEdition } from '../build-editions.ts'
import type { BuildReport } from '../build-report.ts'
import { type FolderSnapshot, fileMarks, unchangedFiles } from './folder-snapshot.ts'
import { sameStampAt, stampsOf } from './stamps.ts'

/** What is always asked for: whether anything changed. */
export interface KeptState {
  /** Each part bears the same: it is of this very build. */
  readonly id: string
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
  readonly report: BuildReport
}

/** Plain values, each in a file of its own: they are large, and not all are asked for. */
export interface KeptParts {
  readonly articles: LoadMemory
  /** '<newsletter>/<id>' → that edition. */
  readonly editions: ReadonlyMap<string, MadeEdition>
  readonly texts: ReadonlyMap<string, KeptText>
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
  /** The same of a copy of the publication's own file, which lies at the same place below `articles/`. */
  isCopyUpToDate(path: string): boolean
  /** A text that changes when the file does; when any of the publication's templates does, if none is named. */
  mark(path?: string): string
  /** @returns undefined when there is no such part from that very build */
  recall<Name extends keyof KeptParts>(part: Name): KeptParts[Name] | undefined
}

interface KeptBuildSources {
  /** Absolute path. */
  readonly out: string
  readonly state: KeptState | undefined
  readonly snapshot: FolderSnapshot
  /** By the clock of the file system: ms since epoch. */
  readonly snapshotAt: number
  readPart(name: string): unknown
}

export function keptBuild({ out, state, snapshot, snapshotAt, readPart }: KeptBuildSources): KeptBuild {
  const unchanged = once(() =>
    state ? unchangedFiles(state.snapshot.articles, snapshot.articles) : new Set<string>(),
  )
  const upToDate = once(() => (state ? asStamped(out, state.made, state.stamps) : new Set<string>()))
  const copies = once(() => new Set(state?.copies))
  const marks = fileMarks(snapshot, snapshotAt)
  const isUnchanged = (path: string) => unchanged().has(path)
  return {
    state,
    isUnchanged,
    isUpToDate: path => upToDate().has(path),
    isCopyUpToDate: path => copies().has(path) && upToDate().has(path) && isUnchanged(`articles/${path}`),
    mark: path => (path === undefined ? marks.templates() : marks.file(path)),
    recall: name => state && (readPart(name) as never),
  }
}

/** Those of the files below a folder whose numbers are still these. */
function asStamped(folder: string, paths: readonly string[], stamps: ArrayLike<number>): Set<string> {
  const now = stampsOf(folder, paths)
  return new Set(paths.filter((_, place) => sameStampAt(stamps, place, now, place)))
}
