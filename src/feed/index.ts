// Channels of articles → RSS, Atom, JSON Feed, OPML. What other rooms use of it.

export { contentPolicy, STYLE_SHEET } from './beside-feeds.ts'
export { beginFeeds, buildFeeds, type Feeds, plannedFeeds } from './build-feeds.ts'
export { changedIdentities, identityFile } from './changed-identities.ts'
export { editionDigest } from './edition-feeds.ts'
export type { FeedsBefore, KeptFeeds } from './feed-cache.ts'
export { FEED_WRITERS } from './feed-writers.ts'
export { contentMaker, contentProblems } from './item-content.ts'
