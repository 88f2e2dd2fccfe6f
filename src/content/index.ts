// A folder → its settings, articles, authors and notes, and what is wrong with them. What other rooms use of it.

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
  type FormerFeed,
  feedFormatNames,
  feedPaths,
  formerFeeds,
} from './addresses/feed-formats.ts'
export { reservedPaths } from './addresses/separate-articles.ts'
export { mediaFolder } from './articles/article-address.ts'
export { isFieldKey } from './articles/fields.ts'
export { isMostShown } from './articles/load-articles.ts'
export { fileSlug, formerAddresses, pagePath, pageUrl, prefixOf } from './articles/paths.ts'
export { frontMatterLine, frontMatterRules } from './articles/read-front-matter.ts'
export {
  type IncludedFile,
  type IncludeReader,
  type NotIncluded,
  notPublished,
  openIncludeReader,
} from './attachments.ts'
export {
  isMarkdown,
  type Listing,
  listFolder,
  listSources,
  STAMP_LENGTH,
  stampAt,
} from './list-folder.ts'
export {
  byPlace,
  checkSettings,
  type LoadedFolder,
  loadFolder,
  openPublication,
} from './load-folder.ts'
export { loadPublication } from './load-publication.ts'
export { type LoadMemory, openMemory, type Recall } from './memory.ts'
export { isPublication, openFolder, settingLine, settingsText } from './open-folder.ts'
export { type OwnFiles, openOwnFiles, ownFilePath, ownFilePlaces, ownFileUrl } from './own-files.ts'
export { chunksOf, type LoadShare } from './shared-load.ts'
export { STARTER_ADDRESS, startArticle, startPublication } from './start-publication.ts'
export { readDate, readLicence } from './text-values.ts'
export {
  COVER_FOLDER,
  COVER_PIXELS,
  coverPicture,
  isCover,
  isTooLarge,
  mayBeCut,
  WEB_FOLDER,
  WEB_WIDTH,
  webPicture,
  webPictures,
} from './web-pictures.ts'
