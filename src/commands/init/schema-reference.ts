// A new publication's folder → where an editor finds the schema of publication.yaml, from articles/: the package installed
// in the folder or above it, or the clone that it lies in; else where it will be once the package is installed there.

import { existsSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { packageFolder } from '../../base/index.ts'

const SCHEMA = 'publication.schema.json'
const INSTALLED = join('node_modules', 'broadsheet', SCHEMA)

/** @param folder absolute path */
export function schemaReference(folder: string): string {
  const installed = withAbove(folder)
    .map(above => join(above, INSTALLED))
    .find(path => existsSync(path))
  const clone = folder.startsWith(packageFolder + sep) ? join(packageFolder, SCHEMA) : undefined
  const schema = installed ?? clone ?? join(folder, INSTALLED)
  return relative(join(folder, 'articles'), schema).replaceAll('\\', '/')
}

function withAbove(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...withAbove(above)]
}
