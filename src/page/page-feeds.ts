// Feed reports → what a page announces: absolute addresses, each with a title of its own.

import type { FeedReport, Loaded } from '../model.ts'

export interface PageFeed {
  /** Distinct from every other: readers offer them by it. */
  readonly title: string
  readonly format: string
  readonly type: string
  readonly url: string
}

// Best first: a reader that takes only one takes the first.
const FORMATS = [
  { key: 'atom', format: 'Atom', type: 'application/atom+xml' },
  { key: 'rss', format: 'RSS', type: 'application/rss+xml' },
  { key: 'json', format: 'JSON Feed', type: 'application/feed+json' },
] as const

export function pageFeeds({ publication }: Loaded, feeds: readonly FeedReport[]): PageFeed[] {
  return feeds.flatMap(feed =>
    FORMATS.map(({ key, format, type }) => {
      const name = feed.scope === 'main' ? publication.title : `${publication.title}: ${feed.name}`
      const url = publication.url + feed[key].replace(/^out\//, '')
      return { title: `${name} (${format})`, format, type, url }
    }),
  )
}
