// A publication's folder → where its settings stand in it, relative to it.

import { statSync } from 'node:fs'
import { join } from 'node:path'

export const SETTINGS_PLACES = [
  'articles/publication.yaml',
  'articles/publication.yml',
  'publication.yaml',
  'publication.yml',
] as const

export function findSettings(dir: string): string | undefined {
  return SETTINGS_PLACES.find(place => isThere(join(dir, place)))
}

/** What may not be looked at is not what does not exist, as what lies behind a file: whoever reads it is told why. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR'
  }
}
