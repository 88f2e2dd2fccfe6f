// The list of what the last build made ⇄ its file in `out/`: only these files are ever removed.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../errors.ts'
import { writeChanged } from './write-changed.ts'

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
  writeChanged(join(out, MANIFEST), [Buffer.from(paths.map(path => `${path}\n`).join(''))])
}

/** Whether a path leaves the folder, or means another file on another system. */
export function isInside(path: string): boolean {
  return (
    path !== '' &&
    path.split('/').every(part => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part))
  )
}
