// Where this very code is → its folder, and the folder of the package, which contains `templates/` and `articles/`.

import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const isBundle = basename(here) === 'program'

/** Absolute path of `src/`, of `dist/`, or of the bundle in `dist/program/`. */
export const codeFolder = isBundle ? here : dirname(here)

/** Absolute path of the folder of package.json. */
export const packageFolder = join(codeFolder, isBundle ? '../..' : '..')
