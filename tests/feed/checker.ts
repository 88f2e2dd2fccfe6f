// A feed's text → every rule that it breaks. Written against the specifications, independent of the code that writes
// feeds; each has the number of its statement.

export { checkArchive } from './check-archive.ts'
export { checkAtom } from './check-atom.ts'
export { checkJson } from './check-json.ts'
export { checkOpml } from './check-opml.ts'
export { checkRss } from './check-rss.ts'
