// Where this very code lies → its folder, and the folder of the package, which holds `templates/` and `articles/`.

import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of `src/`, of `dist/`, or of the bundle in `dist/program/`. */
export const codeFolder = dirname(fileURLToPath(import.meta.url))

/** Absolute path of what holds package.json. */
export const packageFolder = join(codeFolder, basename(codeFolder) === 'program' ? '../../..' : '..')
