// The path of a `.broadsheet/` → the folder, which version control does not see: nobody commits a list of subscribers by
// mistake. A leaf.

import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const IGNORED = '.broadsheet'

/**
 * What else is kept there goes in afterwards: an empty folder, or an empty `.gitignore`, is what a program was killed
 * over; a full one without is its owner's wish.
 *
 * @throws the file system's error when nothing can be written there
 */
export function makeIgnoredFolder(path: string): void {
  const rule = join(path, '.gitignore')
  mkdirSync(path, { recursive: true })
  const unfinished = statSync(rule, { throwIfNoEntry: false })?.size === 0
  if (unfinished || readdirSync(path).length === 0) writeFileSync(rule, '*\n')
}
