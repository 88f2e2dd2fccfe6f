// A publication's folder → what the last build left in `.broadsheet/`: whether anything changed since, and what need not
// be done again. Nothing in `out/` depends on it: it may be lost, cut short or overwritten at any time, and any doubt
// about it makes the next build a whole one.

import { readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeFolder, discardUnfinished, IGNORED, makeIgnoredFolder, packageFolder } from '../../base/index.ts'
import { STAMP_LENGTH } from '../../content/index.ts'
import type { BuildReport } from '../build-report.ts'
import { type FolderSnapshot, sameSnapshot, trustedSnapshot } from './folder-snapshot.ts'
import { type KeptBuild, type KeptParts, type KeptState, keptBuild } from './kept-build.ts'
import { readSealed, writeSealed } from './sealed-file.ts'
import { awaitTrustedStamps, sameStamps, stampsOf } from './stamps.ts'

/** What a build leaves for the next. */
interface FinishedBuild extends Omit<KeptState, 'id' | 'stamps'> {
  /** When the snapshot was taken, by the clock of the file system: ms since epoch. */
  readonly snapshotAt: number
  /** Those of the files in `out/` that were found up to date, and not written. */
  readonly upToDate: ReadonlySet<string>
  readonly parts: KeptParts
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
        return kept?.id === state?.id ? kept?.value : undefined
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
    for (const [part, value] of Object.entries(parts))
      writeSealed(this.#file(part), this.#key, { id, value } satisfies KeptPart)
    const state: KeptState = {
      ...build,
      id,
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
    const { made: before = [], stamps = [] } = this.#state() ?? {}
    const kept = stampsByPath(before, stamps)
    return Float64Array.from(made.flatMap(path => (upToDate.has(path) ? kept(path) : fresh(path))))
  }

  #stateFileStamp(): number[] {
    return stampsOf(this.#file(''), ['state'], 0)
  }

  #file(name: string): string {
    return join(this.#dir, IGNORED, 'build', name)
  }
}

interface KeptPart {
  readonly id: string
  readonly value: unknown
}

function stampsByPath(paths: readonly string[], stamps: ArrayLike<number>): (path: string) => number[] {
  const starts = new Map(paths.map((path, place) => [path, place * STAMP_LENGTH]))
  return path => {
    const start = starts.get(path)!
    return Array.from({ length: STAMP_LENGTH }, (_, at) => stamps[start + at]!)
  }
}

/** Changes when what is kept changes its shape. */
const SHAPE = 2

/**
 * A text that changes with the program as it is installed: its files, what it depends on, and the engine it runs on. Times of
 * a few hundred files: a millisecond or two.
 */
function programKey(): string {
  return [
    SHAPE,
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
