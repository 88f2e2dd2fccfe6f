// A publication's folder → settings, articles, authors, editor's notes, and everything that is wrong with them.

import { throwUnlessChanged } from '../errors.ts'
import type { Loaded } from '../model.ts'
import { loadFolder } from './load-folder.ts'
import type { LoadMemory } from './memory.ts'
import { openFolder } from './open-folder.ts'
import { type SettingsText, settingsText } from './settings/settings-file.ts'

/**
 * @param dir the folder that `articles/` is in
 * @param options.now ms since epoch: decides what is future and what has expired
 * @throws UserError (exit 2) when there is no such folder, or its settings are wrong; never for an article
 */
export async function openPublication(dir: string, { now }: { now: number }): Promise<Loaded> {
  const root = openFolder(dir)
  return loadUnchanging(root, await checkSettings(settingsText(root)), now)
}

/**
 * To load YAML and the schema takes as long as to build a folder in which nothing changed, and most builds find settings that
 * an earlier one checked.
 *
 * @throws FileError that lists every problem of the settings
 */
export async function checkSettings({ file, text }: SettingsText): Promise<LoadMemory['settings']> {
  const { parseSettings } = await import('./settings/parse-settings.ts')
  return { file, text, value: parseSettings(text, file) }
}

/** Again while files change as they are read. */
export function loadUnchanging(root: string, settings: LoadMemory['settings'], now: number): Loaded {
  for (let tries = 1; ; tries++) {
    try {
      return loadFolder(root, { now, settings }).loaded
    } catch (error) {
      throwUnlessChanged(error, tries)
    }
  }
}
