// The publication's folder and the environment → where its database is.

import { join, resolve } from 'node:path'
import { IGNORED } from '../content/index.ts'

/** BROADSHEET_DATABASE, a path in it being relative to the publication's folder; else the file in `.broadsheet/`. */
export function storeAddress(dir: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.BROADSHEET_DATABASE?.trim()
  if (!given) return join(dir, IGNORED, 'broadsheet.db')
  return given.includes('://') ? given : resolve(dir, given)
}
