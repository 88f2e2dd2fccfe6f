// A publication → everything in out/. What other rooms use of it.

export { type Announcement, announceFeeds } from './announce-feeds.ts'
export type { EditionReport } from './build-editions.ts'
export { buildPublication } from './build-publication.ts'
export type { BuildReport } from './build-report.ts'
export { publishedBefore, writeOutput } from './output/write-output.ts'
