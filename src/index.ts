// The public library: what the commands are made of, for those who build their own. tests/library.test.ts says which names.

export { check } from './check/index.ts'
export { type FeedReport, loadPublication } from './content/index.ts'
export { planEdition } from './edition/index.ts'
export { UserError } from './errors.ts'
export { buildFeeds } from './feed/index.ts'
export { composeLetter, renderLetter } from './letter/index.ts'
export type * from './model.ts'
export { writeOutput } from './publish/index.ts'
export { createRenderer } from './render/index.ts'
export { buildPages } from './site/index.ts'
export { openTemplates } from './templates/index.ts'
