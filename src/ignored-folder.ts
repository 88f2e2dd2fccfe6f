// The path of a `.broadsheet/` → the folder, which version control does not see: nobody commits a list of subscribers by
// mistake. A leaf.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const IGNORED = '.broadsheet'

/**
 * What else is kept there goes in afterwards: an empty folder is one that a program was killed over, a full one without
 * `.gitignore` is its owner's wish.
 *
 * @throws the file system's error when nothing can be written there
 */
export function makeIgnoredFolder(path: string): void {
  const rule = '.gitignore'
  mkdirSync(path, { recursive: true })
  if (readdirSync(path).every(name => name === rule)) writeFileSync(join(path, rule), '*\n')
}
