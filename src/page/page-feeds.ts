// Channels and feed reports → what a page announces: absolute addresses, each with a title of its own.

import type { Channel } from '../channels.ts'
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

/** @returns the three feeds of a channel, the best first; none where the feed stage made none */
export function pageFeeds(
  { publication }: Loaded,
  reports: readonly FeedReport[],
): (channel: Channel) => readonly PageFeed[] {
  const byFolder = new Map(reports.map(report => [folderOf(report.atom), report]))
  const made = new Map<Channel, PageFeed[]>()
  const make = (channel: Channel) => {
    const report = byFolder.get(channel.path)
    const name = channel.scope === 'tag' ? `#${channel.name}` : channel.name
    const title = channel.scope === 'main' ? publication.title : `${publication.title}: ${name}`
    return FORMATS.flatMap(({ key, format, type }) =>
      report
        ? { title: `${title} (${format})`, format, type, url: address(publication.url, report[key]) }
        : [],
    )
  }
  return channel => {
    const feeds = made.get(channel) ?? make(channel)
    made.set(channel, feeds)
    return feeds
  }
}

/** 'out/tags/x/atom.xml' → 'tags/x/' */
function folderOf(path: string): string {
  return path.replace(/^out\//, '').replace(/[^/]*$/, '')
}

function address(home: string, path: string): string {
  return (
    home +
    path
      .replace(/^out\//, '')
      .split('/')
      .map(encodeURIComponent)
      .join('/')
  )
}
