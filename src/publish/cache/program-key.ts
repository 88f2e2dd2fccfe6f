// The program as it is installed → a text that changes with it: its files, what it depends on, and the engine it runs on.

import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeFolder, packageFolder } from '../../base/index.ts'

/** Changes when what is kept changes its shape. */
const SHAPE = 1

/** Times of a few hundred files: a millisecond or two. */
export function programKey(): string {
  return [
    SHAPE,
    JSON.stringify(process.versions),
    stamps(codeFolder, /\.(?:c?js|ts)$/),
    stamps(join(packageFolder, 'templates'), /./),
    dependencies(packageFolder),
  ].join('\n')
}

function stamps(folder: string, kind: RegExp): string {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
  return files
    .filter(entry => entry.isFile() && kind.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map(entry => stamp(join(entry.parentPath, entry.name)))
    .join('\n')
}

/** npm writes this list whenever it installs anything, wherever the folder of packages is. */
function dependencies(from: string): string {
  const places: string[] = []
  for (let folder = from; ; folder = dirname(folder)) {
    places.push(
      stamp(join(folder, 'node_modules/.package-lock.json')),
      stamp(join(folder, 'package-lock.json')),
    )
    if (dirname(folder) === folder) return places.join('\n')
  }
}

function stamp(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats ? `${path} ${stats.size} ${stats.mtimeMs} ${stats.ino}` : path
}
