// The door of the room: a publication's folder → its settings, articles, authors and notes, and what is wrong with them.

export {
  type Channel,
  channelCollisions,
  channelsOf,
  newestEditions,
  newsletterChannels,
  publishedArticles,
} from './addresses/channels.ts'
export {
  announcedFormats,
  byFormat,
  FEED_FORMATS,
  FEED_LIST,
  type FeedFormatName,
  type FeedReport,
  feedFormatNames,
  feedPaths,
} from './addresses/feed-formats.ts'
export { pagePath, pageUrl, prefixOf, reservedPaths } from './addresses/page-paths.ts'
export { frontMatterLine } from './articles/read-front-matter.ts'
export { type Listing, listFolder, STAMP_LENGTH, stampAt } from './list-folder.ts'
export { byPlace, type LoadedFolder, loadFolder } from './load-folder.ts'
export { loadPublication } from './load-publication.ts'
export type { LoadMemory } from './memory.ts'
export { openFolder } from './open-folder.ts'
export { checkSettings, openPublication } from './open-publication.ts'
export { type OwnFiles, openOwnFiles, ownFileUrl } from './publication-files.ts'
export { settingLine, settingsText } from './settings/settings-file.ts'
export { startPublication } from './start-publication.ts'
export { startReaderThread } from './threads/reader-thread.ts'
