// Feed reports → what a page announces of a channel: the feeds that the feed stage made, the best format first.

import type { Channel } from '../channels.ts'
import { type FeedLink, feedLinks } from '../feed-links.ts'
import type { FeedReport, Loaded } from '../model.ts'

export type PageFeed = FeedLink

/** @returns the three feeds of a channel; none where the feed stage made none */
export function pageFeeds(
  { publication }: Loaded,
  reports: readonly FeedReport[],
): (channel: Channel) => readonly PageFeed[] {
  const folders = new Set(reports.map(({ atom }) => folderOf(atom)))
  const made = new Map<Channel, readonly PageFeed[]>()
  return channel => {
    const feeds = made.get(channel) ?? (folders.has(channel.path) ? feedLinks(publication, channel) : [])
    made.set(channel, feeds)
    return feeds
  }
}

/** 'out/tags/x/atom.xml' → 'tags/x/' */
function folderOf(path: string): string {
  return path.replace(/^out\//, '').replace(/[^/]*$/, '')
}
