// Items → their text as npm `feed` writes it: what the program writes by itself must be the same to the byte.

import { Feed, type Item as FeedItem } from 'feed'
import { escapeText } from '../../src/base/index.ts'
import { CONTENT_MARK } from '../../src/feed/feed-chunks.ts'
import type { Item } from '../../src/feed/feed-item.ts'
import {
  compactNodes,
  escapeXml,
  mediaElements,
  offsetDate,
  profileText,
  rfc3339,
  unspoilt,
  type XmlElement,
  xmlLine,
  xmlText,
} from '../../src/feed/feed-xml.ts'
import { podcastElements } from '../../src/feed/podcast.ts'

const never = offsetDate({ at: 0, offset: 0 })
/** `feed` writes an id as a URL parser does: this one stands for all until it has done so. */
const ID = 'urn:x-id:written-afterwards'

export function rssByPackage(item: Item): string {
  const feed = new Feed({ title: '', generator: false, updated: never })
  const extensions: { name: string; objects: object }[] = Object.entries(compactNodes(rssElements(item))).map(
    ([name, objects]) => ({ name, objects }),
  )
  if (item.language) extensions.push({ name: '_attributes', objects: { 'xml:lang': item.language } })
  feed.addItem({
    title: item.title,
    link: item.url,
    id: unspoilt(item.id),
    date: offsetDate(item.date),
    description: escapeText(item.text().summary),
    category: item.tags.map(name => ({ name: unspoilt(name) })),
    extensions: extensions as NonNullable<FeedItem['extensions']>,
    ...(item.full ? { content: CONTENT_MARK } : {}),
  })
  const xml = profileText(feed.rss2())
  return xml.slice(xml.search(/ {8}<item[ >]/), xml.lastIndexOf('</item>') + '</item>'.length)
}

function rssElements(item: Item): XmlElement[] {
  const { title, authors, audio, comments, edited, origin, updated } = item
  const enclosure = audio && { url: audio.url, length: audio.bytes ?? 0, type: audio.type }
  return [
    { name: 'title', text: title },
    ...authors.map(({ name }) => ({ name: 'dc:creator', text: name })),
    ...(comments ? [{ name: 'comments', text: comments }] : []),
    ...(origin ? [{ name: 'source', attributes: { url: origin.feed }, text: origin.title }] : []),
    ...(enclosure ? [{ name: 'enclosure', attributes: enclosure }] : []),
    ...(edited ? [{ name: 'atom:updated', text: rfc3339(updated) }] : []),
    ...mediaElements(item),
    ...podcastElements(item),
  ]
}

export function atomByPackage(item: Item): string {
  const feed = new Feed({ id: ID, title: '', generator: false, updated: never })
  const authors = item.authors.map(({ name, url }) => ({
    name: unspoilt(name),
    ...(url ? { link: url } : {}),
  }))
  feed.addItem({
    title: escapeText(item.title),
    link: item.url,
    id: ID,
    date: offsetDate(item.updated),
    published: offsetDate(item.date),
    description: escapeText(item.text().summary),
    ...(item.full ? { content: CONTENT_MARK } : {}),
    ...(authors.length > 0 ? { author: authors } : {}),
  })
  const xml = profileText(feed.atom1())
  const entry = xml.slice(xml.indexOf('    <entry>'), xml.lastIndexOf('</entry>') + '</entry>'.length)
  const children = [{ name: 'id', text: item.id }, ...atomElements(item)]
  return entry
    .replace('<entry>', () => (item.language ? `<entry xml:lang="${escapeXml(item.language)}">` : '<entry>'))
    .replace(`<id>${ID}</id>`, () => children.map(xmlText).join('\n        '))
    .replace(/<title type="html">.*?\]\]><\/title>/s, () => xmlLine({ name: 'title', text: item.title }, ''))
    .replace('<content type="html">', () => `<content type="html" xml:base="${escapeXml(item.url)}">`)
}

function atomElements({ tags, audio, external, comments, title, origin, ...item }: Item): XmlElement[] {
  const link = (rel: string, href: string, more: XmlElement['attributes'] = {}): XmlElement => ({
    name: 'link',
    attributes: { rel, href, ...more },
  })
  return [
    ...tags.map(term => ({ name: 'category', attributes: { term } })),
    ...(audio ? [link('enclosure', audio.url, { type: audio.type, length: audio.bytes, title })] : []),
    ...(external ? [link('related', external)] : []),
    ...(origin
      ? [
          {
            name: 'source',
            children: [
              { name: 'id', text: origin.feed },
              { name: 'title', text: origin.title },
              { name: 'updated', text: rfc3339(item.updated) },
              link('self', origin.feed),
            ],
          },
        ]
      : []),
    ...(comments ? [link('replies', comments, { type: 'text/html' })] : []),
    ...mediaElements({ tags, audio, title, ...item } as Item),
  ]
}
