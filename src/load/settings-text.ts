// The publication's folder → the text of its settings, and where it stands.

import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { findSettings, SETTINGS_PLACES } from './find-settings.ts'
import { isInside } from './is-inside.ts'
import { readText } from './read-text.ts'

export interface SettingsText {
  /** Relative to the publication's folder. */
  readonly file: string
  readonly text: string
}

/** @throws UserError when there is none, or it cannot be read */
export function settingsText(dir: string): SettingsText {
  const file = findSettings(dir)
  if (!file)
    throw new UserError(
      `${join(dir, SETTINGS_PLACES[0])} does not exist`,
      'Run `broadsheet init` for a new publication, or make that file with `title:` and `url:`.',
    )
  const content = isInside(dir, join(dir, file))
    ? readText(join(dir, file))
    : { line: 0, message: 'is a link out of the publication', advice: 'Put the file itself there.' }
  if ('text' in content) return { file, text: content.text }
  const place = content.line > 0 ? `${file}:${content.line}` : file
  throw new UserError(`${place}: ${content.message}`, content.advice)
}
