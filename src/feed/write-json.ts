// Channel → JSON Feed 1.1, by npm `feed`, which writes 1.0: its extensions add and replace every field that differs.

import { Feed, type Item as FeedItem } from 'feed'
import type { Channel } from './make-channel.ts'
import type { Item } from './make-item.ts'
import { offsetDate, rfc3339 } from './offset-date.ts'

export function writeJson(channel: Channel): string {
  const feed = new Feed({
    title: channel.title,
    link: channel.home,
    description: channel.description,
    feedLinks: { json: `${channel.base}feed.json` },
    updated: offsetDate(channel.updated),
  })
  extend(feed.extensions, {
    version: 'https://jsonfeed.org/version/1.1',
    user_comment: channel.comment,
    icon: channel.icon?.url,
    favicon: channel.icon?.url,
    authors: [channel.publisher],
    language: channel.language,
    hubs: channel.hubs.length > 0 ? channel.hubs.map(url => ({ type: 'WebSub', url })) : undefined,
  })
  for (const item of channel.items) feed.addItem(feedItem(item))
  return `${feed.json1()}\n`
}

function feedItem(item: Item): FeedItem {
  const extensions: NonNullable<FeedItem['extensions']> = []
  extend(extensions, {
    // Without content, content_html would be the summary taken for HTML.
    ...(item.content ? {} : { content_html: undefined, content_text: item.summary }),
    summary: item.summary,
    date_modified: item.edited ? rfc3339(item.updated) : undefined,
    external_url: item.external,
    image: item.picture?.url,
    authors:
      item.authors.length > 0
        ? item.authors.map(({ name, url, photo }) => ({ name, url, avatar: photo }))
        : undefined,
    tags: item.tags.length > 0 ? item.tags : undefined,
    language: item.language,
    attachments: item.audio && [
      {
        url: item.audio.url,
        mime_type: item.audio.type,
        title: item.title,
        size_in_bytes: item.audio.bytes,
        duration_in_seconds: item.audio.duration,
      },
    ],
  })
  return {
    id: item.id,
    title: item.title,
    link: item.url,
    date: offsetDate(item.updated),
    published: offsetDate(item.date),
    extensions,
    ...(item.content ? { content: item.content } : {}),
  }
}

/** A field that is undefined is not written; `feed` types every value as a record. */
function extend(
  list: { name: string; objects: Record<string, unknown> }[],
  fields: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(fields)) {
    list.push({ name, objects: value as Record<string, unknown> })
  }
}
