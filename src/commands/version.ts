// The program's own version, from its package.json.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../base/index.ts'

export function version(): string {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
