// A publication's folder → what is in its `out/`: path → content, byte by byte, folders left out.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths begin with a slash: '/rss.xml'. Empty where there is no `out/`. */
export function outTree(folder: string): Record<string, string> {
  const out = join(folder, 'out')
  if (!existsSync(out)) return {}
  const entries = readdirSync(out, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .filter(entry => !entry.isDirectory())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(path => [path.slice(out.length), readFileSync(path, 'latin1')]),
  )
}
