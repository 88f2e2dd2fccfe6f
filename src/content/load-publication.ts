// A publication's folder → the same as openPublication gives, at once: for programs that use the library. In a file of its
// own, as it loads the parser of the settings, which the commands do without until they need it.

import type { Loaded } from '../model.ts'
import { loadUnchanging } from './load-folder.ts'
import { openFolder, settingsText } from './open-folder.ts'
import { parseSettings } from './settings/parse-settings.ts'

/**
 * @param dir the folder that `articles/` is in
 * @param options.now ms since epoch: decides what is future and what has expired
 * @throws UserError (exit 2) when there is no such folder, or its settings are wrong; never for an article
 */
export function loadPublication(dir: string, { now }: { now: number }): Loaded {
  const root = openFolder(dir)
  const { file, text } = settingsText(root)
  return loadUnchanging(root, { file, text, value: parseSettings(text, file) }, now)
}
