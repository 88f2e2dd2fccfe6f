// Entry point of publish: a publication → everything in out/.

export { type Announcement, announceFeeds } from './announce-feeds.ts'
export type { EditionReport } from './build-editions.ts'
export { buildPublication } from './build-publication.ts'
export type { BuildReport } from './build-report.ts'
export { publishedBefore, writeOutput } from './output/write-output.ts'
