// Nothing → the template engine: its build in one file, which needs nothing else. Loaded by the first template that was not
// parsed when the package was built, or that only the engine itself can fill.

import { createRequire } from 'node:module'
import type Handlebars from 'handlebars'

/** Helpers that the engine itself brings. */
export const BUILT_IN = ['if', 'unless', 'each', 'with', 'lookup', 'log'] as const

let built: typeof Handlebars | undefined

export function handlebars(): typeof Handlebars {
  built ??= createRequire(import.meta.url)('handlebars/dist/handlebars.js') as typeof Handlebars
  return built
}
