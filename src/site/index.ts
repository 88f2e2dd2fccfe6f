// The door of the room: articles → channels, neighbours and pages.

export { articlesBeside, type Beside } from './articles-beside.ts'
export { feedLinks } from './feed-links.ts'
export { buildPages, makePages } from './pages/build-pages.ts'
export { ownFiles } from './pages/own-files.ts'
export type { KeptPages, PagesBefore } from './pages/page-cache.ts'
export { readableAccent } from './pages/readable-accent.ts'
export { shownPicture } from './shown-picture.ts'
