// The publication's folder → the text of its settings, and where it stands.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { isInside } from './is-inside.ts'
import { readText } from './read-text.ts'

const places = [
  'articles/publication.yaml',
  'articles/publication.yml',
  'publication.yaml',
  'publication.yml',
]

export interface SettingsText {
  /** Relative to the publication's folder. */
  readonly file: string
  readonly text: string
}

/** @throws UserError when there is none, or it cannot be read */
export function settingsText(dir: string): SettingsText {
  const file = places.find(place => existsSync(join(dir, place)))
  if (!file)
    throw new UserError(
      `${join(dir, places[0]!)} does not exist`,
      'Run `broadsheet init` for a new publication, or make that file with `title:` and `url:`.',
    )
  const content = isInside(dir, join(dir, file))
    ? readText(join(dir, file))
    : { line: 0, message: 'is a link out of the publication', advice: 'Put the file itself there.' }
  if ('text' in content) return { file, text: content.text }
  const place = content.line > 0 ? `${file}:${content.line}` : file
  throw new UserError(`${place}: ${content.message}`, content.advice)
}
