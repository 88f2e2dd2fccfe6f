// The door of the room: channels of articles → RSS, Atom, JSON Feed, OPML and the announcement.

export { announce, type PingResult } from './announce/announce.ts'
export {
  type Announced,
  announcedAfter,
  type FeedBytes,
  planAnnouncement,
} from './announce/plan-announcement.ts'
export { buildFeeds } from './build-feeds.ts'
export type { Ahead } from './carried-items.ts'
export { changedIdentities, identityFile } from './changed-identities.ts'
export { editionDigest } from './edition-digest.ts'
export type { FeedsBefore, KeptFeeds } from './known-feeds.ts'
export { contentMaker } from './make-content.ts'
