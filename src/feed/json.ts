// Head and items → JSON Feed 1.1, by npm `feed`, which writes 1.0: its extensions add and replace every field that differs.

import { Feed, type Item as FeedItem } from 'feed'
import { FEED_FORMATS } from '../content/index.ts'
import { CONTENT_MARK, type FeedWriter } from './feed-chunks.ts'
import { GENERATOR } from './feed-head.ts'
import type { Item } from './feed-item.ts'
import { offsetDate, rfc3339 } from './feed-xml.ts'

const FILE = FEED_FORMATS.json.file

export const json: FeedWriter = {
  separator: ',\n',
  frame(head) {
    const feed = new Feed({
      title: head.title,
      link: head.home,
      description: head.description,
      feedLinks: { json: head.base + FILE },
      updated: offsetDate(head.updated),
    })
    extend(feed.extensions, {
      version: 'https://jsonfeed.org/version/1.1',
      user_comment: head.comment,
      next_url: head.archive.previous && head.archive.previous + FILE, // older items: always away from the newest
      icon: head.icon?.url,
      favicon: head.icon?.url,
      authors: [{ name: head.publisher.name, url: head.publisher.url }],
      expired: head.ended || undefined,
      language: head.language,
      hubs: head.hubs.length > 0 ? head.hubs.map(url => ({ type: 'WebSub', url })) : undefined,
    })
    const text = `${feed.json1()}\n`
    const end = text.lastIndexOf(']')
    return head.empty
      ? { before: text.slice(0, end), after: text.slice(end) }
      : { before: `${text.slice(0, end)}\n`, after: `\n    ${text.slice(end)}` }
  },
  items(items) {
    const feed = new Feed({ title: '' })
    for (const item of items) feed.addItem(feedItem(item))
    const text = feed.json1()
    const start = text.indexOf('\n        {') + 1
    // In JSON no text has a line of its own: these eight spaces and this bracket close an item.
    return text
      .slice(start, text.lastIndexOf('\n        }'))
      .split('\n        },\n')
      .map(item => `${item}\n        }`.replace(`"\\u0001"`, CONTENT_MARK))
  },
  readdress(text, address) {
    const { hubs: _, ...feed } = JSON.parse(text) as { hubs?: unknown }
    return `${JSON.stringify({ ...feed, feed_url: address }, null, 4)}\n`
  },
  // Byte by byte: what JSON escapes is ASCII, and whatever else stays as it is, as it does in UTF-8.
  content: ({ content }) => Buffer.from(JSON.stringify(content.toString('latin1')), 'latin1'),
  readItems(text) {
    const { items } = JSON.parse(text) as { items: Record<string, unknown>[] }
    return items.map(({ id, url, title, date_published: date }) => ({
      id: String(id),
      url: String(url),
      title: String(title),
      date: String(date),
    }))
  },
}

function feedItem(item: Item): FeedItem {
  const { summary } = item.text()
  const extensions: NonNullable<FeedItem['extensions']> = []
  extend(extensions, {
    // Without content, content_html would be the summary taken for HTML.
    ...(item.full ? {} : { content_html: undefined, content_text: summary }),
    summary,
    date_modified: item.edited ? rfc3339(item.updated) : undefined,
    external_url: item.external,
    image: item.picture?.url,
    authors:
      item.authors.length > 0
        ? item.authors.map(({ name, url, photo }) => ({ name, url, avatar: photo }))
        : undefined,
    tags: item.tags.length > 0 ? item.tags : undefined,
    language: item.language,
    _broadsheet: ownFields(item),
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
    ...(item.full ? { content: CONTENT_MARK } : {}),
  }
}

/** JSON Feed 1.1, Extensions: what an item says in the other formats, and JSON Feed has no field for. */
function ownFields({ picture, comments, origin, audio, episode, licence }: Item): object | undefined {
  const image = picture && {
    alt: picture.alt || undefined,
    caption: picture.caption,
    credit: picture.credit,
    credit_role: picture.credit && picture.creditRole,
    copyright: picture.copyright,
    width: picture.width,
    height: picture.height,
    mime_type: picture.type,
    size_in_bytes: picture.bytes,
  }
  const part = episode && {
    kind: audio?.kind ?? 'full',
    episode: audio?.episode,
    season: audio?.season,
    explicit: audio?.explicit,
    transcript: audio?.transcript,
    chapters: audio?.chapters,
  }
  if (!image && !comments && !origin && !part && !licence) return undefined
  return { about: GENERATOR.uri, comments, source: origin, image, podcast: part || undefined, licence }
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
