// A channel → the addresses of its feeds in every format, as a page announces them.

import { announcedFormats, type Channel, type FeedReport, feedFormatNames } from '../content/index.ts'
import type { Publication } from '../model.ts'

export interface FeedLink {
  /** Distinct from every other: readers offer them by it. */
  readonly title: string
  readonly format: string
  readonly type: string
  readonly url: string
}

type AnnouncedChannel = Pick<Channel, 'scope' | 'name' | 'path'>

/** The best format first. */
export function feedLinks(
  { title, url }: Pick<Publication, 'title' | 'url'>,
  { scope, name, path }: AnnouncedChannel,
): FeedLink[] {
  const own = scope === 'tag' ? `#${name}` : name
  const whole = scope === 'main' ? title : scope === 'newsletter' ? name : `${title}: ${own}`
  return announcedFormats().map(({ file, label, mediaType }) => ({
    title: `${whole} (${label})`,
    format: label,
    type: mediaType,
    url: url + (path + file).split('/').map(encodeURIComponent).join('/'),
  }))
}

/** The same of any channel, and nothing for one of which no feed was made. */
export function openFeedLinks(
  publication: Publication,
  reports: readonly FeedReport[],
): (channel: AnnouncedChannel) => readonly FeedLink[] {
  const [anyFormat] = feedFormatNames()
  const folders = new Set(reports.map(report => folderOf(report[anyFormat!])))
  const made = new Map<string, readonly FeedLink[]>()
  return channel => {
    const links = made.get(channel.path) ?? (folders.has(channel.path) ? feedLinks(publication, channel) : [])
    made.set(channel.path, links)
    return links
  }
}

/** 'out/tags/x/atom.xml' → 'tags/x/' */
function folderOf(path: string): string {
  return path.replace(/^out\//, '').replace(/[^/]*$/, '')
}
