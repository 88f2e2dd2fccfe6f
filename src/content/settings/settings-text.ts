// The publication's folder → the text of its settings, and where it stands.

import { join } from 'node:path'
import { FileError, UserError } from '../../errors.ts'
import { readText } from '../read-text.ts'
import { findSettings, SETTINGS_PLACES } from './find-settings.ts'
import { isInside } from './is-inside.ts'

export interface SettingsText {
  /** Relative to the publication's folder. */
  readonly file: string
  readonly text: string
}

/** @throws UserError when there is none; FileError when it cannot be read */
export function settingsText(dir: string): SettingsText {
  const file = findSettings(dir)
  if (!file)
    throw new UserError(
      `${join(dir, SETTINGS_PLACES[0])} does not exist`,
      'Run `broadsheet init` for a new publication, or make that file with `title:` and `url:`.',
    )
  const content = readInside(dir, join(dir, file))
  if ('text' in content) return { file, text: content.text }
  throw new FileError([{ file, line: content.line, message: content.message }], content.advice)
}

function readInside(dir: string, path: string) {
  try {
    if (isInside(dir, path)) return readText(path)
  } catch (error) {
    const message = `cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`
    return { line: 0, message, advice: 'Correct its permissions, and those of the folders around it.' }
  }
  return { line: 0, message: 'is a link out of the publication', advice: 'Put the file itself there.' }
}
