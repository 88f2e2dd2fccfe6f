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
export { pagePath, pageUrl, prefixOf } from './addresses/page-path.ts'
export { openGround } from './addresses/reserved-paths.ts'
export { frontMatterLine } from './articles/front-matter-line.ts'
export { fileInTheWay } from './file-in-the-way.ts'
export { IGNORED, makeIgnoredFolder } from './ignored-folder.ts'
export { type Listing, listFolder, STAMP, stampAt } from './list-folder.ts'
export { type LoadedFolder, loadFolder } from './load-folder.ts'
export type { LoadMemory } from './memory.ts'
export { openFolder } from './open-folder.ts'
export { loadPublication } from './open-publication.ts'
export { type OwnFiles, openOwnFiles, ownFileUrl } from './publication-files.ts'
export { parseSettings } from './settings/parse-settings.ts'
export { publicationAbove } from './settings/publication-above.ts'
export { settingLine } from './settings/setting-line.ts'
export { settingsText } from './settings/settings-text.ts'
export { startReaderThread } from './threads/reader-thread.ts'
