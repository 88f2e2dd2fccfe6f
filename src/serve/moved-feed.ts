// Path of a request and the publication → where that feed is now, when the feeds have moved to another site. RFC 9110 §15.4.2.

import type { Publication } from '../model.ts'

const FEEDS = /\/(?:rss\.xml|atom\.xml|feed\.json|feeds\.opml)$/

export function movedFeed(path: string, { feeds }: Publication): string | undefined {
  return feeds.moved !== undefined && FEEDS.test(path) ? feeds.moved + path.replace(/^\/+/, '') : undefined
}
