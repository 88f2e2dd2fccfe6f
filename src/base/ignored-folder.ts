// The program's own folder in a publication → made so that version control does not see it. The one leaf of base with
// an effect: letter, store and publish all write into that folder.

import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Its name; the database and the caches are in it. */
export const IGNORED = '.broadsheet'

/**
 * Makes a `.broadsheet/` that version control does not see: nobody commits a list of subscribers by mistake. An empty folder
 * or an empty `.gitignore` is left by a program that was killed; in a folder with files and no `.gitignore` its owner wants
 * none.
 *
 * @param path of the `.broadsheet/`
 * @throws the file system's error when nothing can be written there
 */
export function makeIgnoredFolder(path: string): void {
  const rule = join(path, '.gitignore')
  mkdirSync(path, { recursive: true })
  const unfinished = statSync(rule, { throwIfNoEntry: false })?.size === 0
  if (unfinished || readdirSync(path).length === 0) writeFileSync(rule, '*\n')
}
