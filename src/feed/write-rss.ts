// Channel → RSS 2.0, by npm `feed`. What that gets wrong is put right by extensions, which add or replace any element of
// the channel and of an item, and by `finishRss`.

import { Feed, type Item as FeedItem } from 'feed'
import { textToHtml } from './feed-text.ts'
import { finishRss } from './finish-rss.ts'
import { GENERATOR } from './generator.ts'
import { mediaElements } from './item-elements.ts'
import type { Channel } from './make-channel.ts'
import type { Item } from './make-item.ts'
import { offsetDate, rfc3339 } from './offset-date.ts'
import { rssImage } from './rss-image.ts'
import { compactNodes, unspoilt, type XmlElement } from './xml-element.ts'

export function writeRss(channel: Channel): string {
  const self = `${channel.base}rss.xml`
  const feed = new Feed({
    title: unspoilt(channel.title),
    link: channel.home,
    description: unspoilt(channel.description),
    language: channel.language,
    updated: offsetDate(channel.updated),
    generator: `${GENERATOR.name} ${GENERATOR.version}`,
    docs: 'https://www.rssboard.org/rss-specification',
    feedLinks: { rss: self },
    ...(channel.rights ? { copyright: unspoilt(channel.rights) } : {}),
  })
  for (const category of channel.categories) feed.addCategory(unspoilt(category))
  const elements: XmlElement[] = [
    { name: 'atom:link', attributes: { href: self, rel: 'self', type: 'application/rss+xml' } },
    ...channel.hubs.map(href => ({ name: 'atom:link', attributes: { href, rel: 'hub' } })),
    ...rssImage(channel),
  ]
  // `feed` takes one hub; its own list of links is replaced where it stands.
  for (const [name, nodes] of Object.entries(compactNodes(elements))) extend(feed.extensions, name, nodes)
  // A feed without items was never built: no element at all rather than the clock.
  if (channel.empty) extend(feed.extensions, 'lastBuildDate', [])
  for (const item of channel.items) feed.addItem(feedItem(item, channel))
  return finishRss(feed.rss2(), channel)
}

function feedItem(item: Item, channel: Channel): FeedItem {
  const extensions: NonNullable<FeedItem['extensions']> = []
  for (const [name, nodes] of Object.entries(compactNodes(itemElements(item, channel)))) {
    extend(extensions, name, nodes)
  }
  if (item.language) extend(extensions, '_attributes', { 'xml:lang': item.language })
  return {
    title: item.title,
    link: item.url,
    id: unspoilt(item.id), // isPermaLink="false"; RSS 2.0, <guid>
    date: offsetDate(item.date),
    description: textToHtml(item.summary),
    category: item.tags.map(name => ({ name: unspoilt(name) })),
    extensions,
    ...(item.content ? { content: item.content } : {}),
  }
}

function itemElements(item: Item, channel: Channel): XmlElement[] {
  const { title, authors, audio, comments, edited, updated } = item
  return [
    { name: 'title', text: title }, // plain text, escaped once; `feed` would write CDATA
    ...authors.map(({ name }) => ({ name: 'dc:creator', text: name })), // <author> needs an address
    ...(comments ? [{ name: 'comments', text: comments }] : []),
    ...(audio
      ? [
          {
            name: 'enclosure',
            attributes: { url: audio.url, length: audio.bytes ?? 0, type: audio.type },
          },
        ]
      : []),
    ...(edited ? [{ name: 'atom:updated', text: rfc3339(updated) }] : []),
    ...mediaElements(item, channel),
  ]
}

/** `feed` types the value as a record, and takes anything that xml-js takes. */
function extend(
  list: { name: string; objects: Record<string, unknown> }[],
  name: string,
  value: object,
): void {
  list.push({ name, objects: value as Record<string, unknown> })
}
