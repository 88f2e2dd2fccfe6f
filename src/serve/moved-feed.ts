// Path of a request and the publication → where that feed is now, when the feeds have moved to another site. RFC 9110 §15.4.2.

import { FEED_LIST, feedPaths } from '../content/index.ts'
import type { Publication } from '../model.ts'

const FEED_FILES = [...feedPaths(''), FEED_LIST]

export function movedFeed(path: string, { feeds }: Publication): string | undefined {
  const isFeed = FEED_FILES.some(file => path.endsWith(`/${file}`))
  return feeds.moved !== undefined && isFeed ? feeds.moved + path.replace(/^\/+/, '') : undefined
}
