// Channels of articles → RSS, Atom, JSON Feed, OPML and the announcement. What other rooms use of it.

export {
  type Announced,
  announce,
  announcedAfter,
  type FeedBytes,
  type PingResult,
  planAnnouncement,
} from './announce.ts'
export { contentPolicy } from './beside-feeds.ts'
export { buildFeeds, plannedFeeds } from './build-feeds.ts'
export { changedIdentities, identityFile } from './changed-identities.ts'
export { editionDigest } from './edition-feeds.ts'
export type { FeedsBefore, KeptFeeds } from './feed-cache.ts'
export type { BeginContents } from './feed-item.ts'
export { contentMaker, contentProblems } from './item-content.ts'
