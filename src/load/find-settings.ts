// A publication's folder → where its settings stand in it, relative to it.

import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const SETTINGS_PLACES = [
  'articles/publication.yaml',
  'articles/publication.yml',
  'publication.yaml',
  'publication.yml',
] as const

export function findSettings(dir: string): string | undefined {
  return SETTINGS_PLACES.find(place => existsSync(join(dir, place)))
}
