// A folder → the nearest publication that it lies in, for those who stand in a subfolder of theirs.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findSettings } from './find-settings.ts'

/**
 * @param folder absolute
 * @returns absolute; undefined when no folder above has both settings and `articles/`
 */
export function publicationAbove(folder: string): string | undefined {
  const above = dirname(folder)
  if (above === folder) return undefined
  return findSettings(above) && existsSync(join(above, 'articles')) ? above : publicationAbove(above)
}
