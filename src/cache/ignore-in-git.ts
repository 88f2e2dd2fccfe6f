// A publication's folder → its `.broadsheet/`, which version control does not see.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function ignoreInGit(dir: string): void {
  const own = join(dir, '.broadsheet')
  try {
    if (existsSync(own)) return
    mkdirSync(own)
    writeFileSync(join(own, '.gitignore'), '*\n')
  } catch {
    // A folder that is read only has no cache.
  }
}
