// The public library: what the commands are made of, for those who build their own. tests/library.test.ts says which names.

export { check } from './check/check-publication.ts'
export { composeLetter, planEdition, renderLetter } from './edition/index.ts'
export { UserError } from './errors.ts'
export { buildFeeds } from './feed/build-feeds.ts'
export { loadPublication } from './content/open-publication.ts'
export type * from './model.ts'
export { writeOutput } from './publish/output/output.ts'
export { buildPages } from './site/pages/build-pages.ts'
export { createRenderer } from './render/open-renderer.ts'
export { openTemplates } from './templates/open-templates.ts'
