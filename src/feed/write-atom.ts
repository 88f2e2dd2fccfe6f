// Channel → Atom (RFC 4287), by npm `feed`. It ignores extensions here, so what it cannot write is marked and put in place
// by `finishAtom`.

import { Feed } from 'feed'
import { textToHtml } from './feed-text.ts'
import { finishAtom, marked } from './finish-atom.ts'
import type { Channel } from './make-channel.ts'
import { offsetDate } from './offset-date.ts'
import { unspoilt } from './xml-element.ts'

export function writeAtom(channel: Channel): string {
  const feed = new Feed({
    id: channel.id,
    title: unspoilt(channel.title),
    link: channel.home,
    description: unspoilt(channel.description),
    updated: offsetDate(channel.updated),
    generator: false, // it would have neither uri nor version
    feedLinks: { atom: `${channel.base}atom.xml` },
    author: { name: unspoilt(channel.publisher.name), link: channel.publisher.url }, // RFC 4287 §4.1.1
    ...(channel.logo ? { image: channel.logo.url } : {}),
    ...(channel.icon ? { favicon: channel.icon.url } : {}),
    ...(channel.rights ? { copyright: unspoilt(channel.rights) } : {}),
  })
  channel.items.forEach((item, index) => {
    feed.addItem({
      title: marked(index, textToHtml(item.title)), // RFC 4287 §3.1.1.2: type="html"
      link: item.url,
      id: 'urn:x-id:written-by-finish-atom', // `feed` would write it as a URL parser does
      date: offsetDate(item.updated),
      published: offsetDate(item.date),
      description: textToHtml(item.summary),
      ...(item.content ? { content: marked(index, item.content) } : {}),
      ...(item.authors.length > 0
        ? {
            author: item.authors.map(({ name, url }) => ({
              name: unspoilt(name),
              ...(url ? { link: url } : {}),
            })),
          }
        : {}),
    })
  })
  return finishAtom(feed.atom1(), channel)
}
