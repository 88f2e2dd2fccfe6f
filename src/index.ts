// The public library: what the commands are made of, for those who build their own. tests/library.test.ts says which names.

export { check } from './check/index.ts'
export { composeLetter, planEdition, renderLetter } from './edition/index.ts'
export { UserError } from './errors.ts'
export { buildFeeds } from './feed/index.ts'
export { loadPublication } from './load/index.ts'
export type * from './model.ts'
export { writeOutput } from './output.ts'
export { buildPages } from './page/index.ts'
export { createRenderer } from './render/index.ts'
export { openTemplates } from './templates.ts'
