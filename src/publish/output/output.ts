// OutputFile[] → `out/`: the only writer there. What did not change is not written; what a build made before and no
// longer makes is removed; every write is a rename, so that nobody ever sees half a file.

import { join } from 'node:path'
import { UserError } from '../../errors.ts'
import type { OutputFile } from '../../model.ts'
import { blocksOf } from './blocks.ts'
import { isInside, readManifest, writeManifest } from './manifest.ts'
import { staleFiles } from './remove-stale.ts'
import { writeChanged } from './write-changed.ts'

export { isLocked, lockOutput, type OutputLock } from './lock-output.ts'
export { MANIFEST, readManifest } from './manifest.ts'

const OFTEN = 200

export interface WriteReport {
  readonly written: number
  readonly unchanged: number
  readonly removed: number
}

/**
 * @param out absolute path of `out/`
 * @param articles absolute path of `articles/`, which `{ copy }` bodies are relative to
 * @param isThere whether it is known that a file stands there as it would be made; it is not even looked at then
 * @param goOn told from time to time how many files there are by now; may throw
 * @throws UserError when a path leaves `out/`, two files claim one path, or the disk refuses (nothing half-written)
 */
export function writeOutput(
  out: string,
  articles: string,
  files: readonly OutputFile[],
  isThere: (file: OutputFile) => boolean = () => false,
  goOn: (done: number) => void = () => {},
): WriteReport {
  const paths = [...files.map(file => file.path)].sort()
  for (const [index, path] of paths.entries()) {
    if (!isInside(path)) throw new UserError(`${path} is no path inside out/`)
    if (path === paths[index + 1]) throw new UserError(`two things want to be written to out/${path}`)
  }
  const before = readManifest(out)
  const stale = staleFiles(out, before, paths)
  // Known before it is made: a build that is killed leaves nothing that no later one removes.
  if (!isSubset(paths, before)) writeManifest(out, [...new Set([...before, ...paths])].sort())
  stale.clearWay()
  let written = 0
  for (const [index, file] of files.entries()) {
    if (index % OFTEN === 0) goOn(index)
    if (isThere(file)) continue
    if (writeChanged(join(out, file.path), blocksOf(file.body, articles))) written++
  }
  stale.removeRest()
  writeManifest(out, paths)
  return { written, unchanged: files.length - written, removed: stale.removed() }
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  const known = new Set(all)
  return some.every(path => known.has(path))
}
