// The list of what the last build made ⇄ its file in `out/`: only these files are ever removed, and only beside them can
// there be what a build left unfinished.

import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../errors.ts'
import { discard, partialName, writeIfChanged } from './write-file.ts'

/** One path a line, relative to `out/`. */
export const MANIFEST = '.broadsheet'

/** @throws UserError when it cannot be read: without it nobody knows what is to be removed */
export function readManifest(out: string): string[] {
  const path = join(out, MANIFEST)
  if (!existsSync(path)) return []
  try {
    return readFileSync(path, 'utf8').split('\n').filter(isInside)
  } catch (error) {
    throw new UserError(
      `${path} cannot be read: ${(error as Error).message}`,
      'It lists the files that a build made. Delete out/, and build again.',
    )
  }
}

export function writeManifest(out: string, paths: readonly string[]): void {
  writeIfChanged(join(out, MANIFEST), [Buffer.from(paths.map(path => `${path}\n`).join(''))])
}

/** Whether a path stays in the folder, and means the same file on every system. */
export function isInside(path: string): boolean {
  return (
    path !== '' &&
    path.split('/').every(part => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part))
  )
}

/**
 * Removes the unfinished files that a program left which died over them. A file is listed before it is written: nowhere
 * else can one be.
 */
export function discardPartials(out: string, pid: number): void {
  const folders = new Set(['.', ...readManifest(out).map(path => dirname(path))])
  for (const folder of folders) discard(join(out, folder, partialName(pid)))
}

/**
 * The texts of the feeds in which articles are in `out/`, in one format.
 *
 * @param file name of the format's files
 * @param isUpToDate whether a file is for certain made of the same articles as now: it would tell nothing
 */
export function* publishedBefore(
  out: string,
  file: string,
  isUpToDate: (path: string) => boolean = () => false,
): Generator<string> {
  for (const path of readManifest(out)) {
    // The feeds of newsletters carry editions.
    if (basename(path) !== file || path.startsWith('editions/') || isUpToDate(path)) continue
    const text = textOf(join(out, path))
    if (text !== undefined) yield text
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // Somebody took it away.
  }
}
