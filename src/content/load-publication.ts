// A publication's folder → settings, articles, authors, editor's notes, and everything that is wrong with them.

import { throwUnlessChanged } from '../errors.ts'
import type { Loaded } from '../model.ts'
import { loadFolder } from './load-folder.ts'
import { openFolder } from './open-folder.ts'
import { parseSettings } from './settings/parse-settings.ts'
import { settingsText } from './settings/settings-file.ts'

/**
 * @param dir the folder that `articles/` is in
 * @param options.now ms since epoch: decides what is future and what has expired
 * @throws UserError (exit 2) when there is no such folder, or its settings are wrong; never for an article
 */
export function loadPublication(dir: string, { now }: { now: number }): Loaded {
  const root = openFolder(dir)
  const { file, text } = settingsText(root)
  const settings = { file, text, value: parseSettings(text, file) }
  for (let tries = 1; ; tries++) {
    try {
      return loadFolder(root, { now, settings }).loaded
    } catch (error) {
      throwUnlessChanged(error, tries)
    }
  }
}
