// Feed reports → what a page announces of a channel: the feeds that the feed stage made, the best format first.

import { type FeedReport, feedFormatNames } from '../../content/index.ts'
import type { Loaded } from '../../model.ts'
import { type FeedLink, feedLinks } from '../feed-links.ts'

export type PageFeed = FeedLink

type ShownChannel = Parameters<typeof feedLinks>[1]

/** @returns the feeds of a channel in every format; none where the feed stage made none */
export function pageFeeds(
  { publication }: Pick<Loaded, 'publication'>,
  reports: readonly FeedReport[],
): (channel: ShownChannel) => readonly PageFeed[] {
  const [anyFormat] = feedFormatNames()
  const folders = new Set(reports.map(report => folderOf(report[anyFormat!])))
  const made = new Map<string, readonly PageFeed[]>()
  return channel => {
    const feeds = made.get(channel.path) ?? (folders.has(channel.path) ? feedLinks(publication, channel) : [])
    made.set(channel.path, feeds)
    return feeds
  }
}

/** 'out/tags/x/atom.xml' → 'tags/x/' */
function folderOf(path: string): string {
  return path.replace(/^out\//, '').replace(/[^/]*$/, '')
}
