// Head and items → Atom (RFC 4287), by npm `feed`. It takes no extensions here: what it cannot write is put into its text.

import { Feed } from 'feed'
import { CONTENT_MARK } from './content-mark.ts'
import { textToHtml } from './feed-text.ts'
import type { Format } from './format.ts'
import { GENERATOR } from './generator.ts'
import { mediaElements, NAMESPACES } from './item-elements.ts'
import type { Head, Tombstone } from './make-head.ts'
import type { Item } from './make-item.ts'
import { offsetDate, rfc3339 } from './offset-date.ts'
import { profileText } from './profile-text.ts'
import { archiveRelations, historyMark } from './rss.ts'
import { escapeXml, unspoilt, type XmlElement, xmlText } from './xml-element.ts'

const FILE = 'atom.xml'
/** `feed` writes an id as a URL parser does: this one stands for all until it has done so. */
const ID = 'urn:x-id:written-afterwards'

export const atom: Format = {
  file: FILE,
  separator: '\n',
  frame(head) {
    const feed = new Feed({
      id: head.id,
      title: unspoilt(head.title),
      link: head.home,
      description: unspoilt(head.description),
      updated: offsetDate(head.updated),
      generator: false, // it would have neither uri nor version
      feedLinks: { atom: head.base + FILE },
      // RFC 4287 §4.1.1
      author: {
        name: unspoilt(head.publisher.name),
        link: head.publisher.url,
        ...(head.publisher.email ? { email: head.publisher.email } : {}),
      },
      ...(head.logo ? { image: head.logo.url } : {}),
      ...(head.icon ? { favicon: head.icon.url } : {}),
      ...(head.rights ? { copyright: unspoilt(head.rights) } : {}),
    })
    const xml = `${profileText(openRoot(feed.atom1(), head))}\n`
    const end = xml.lastIndexOf('\n</feed>')
    const graves = head.tombstones.map(tombstone => `\n    ${xmlText(deletedEntry(tombstone))}`).join('')
    const before = xml.slice(0, end) + graves
    return { before: head.empty ? before : `${before}\n`, after: xml.slice(end) }
  },
  items(items) {
    const feed = new Feed({ id: ID, title: '', generator: false, updated: offsetDate({ at: 0, offset: 0 }) })
    for (const item of items) feed.addItem(feedItem(item))
    const xml = profileText(feed.atom1())
    // Nothing in an entry is a tag but the tags: its content is not in it yet, all other text is escaped.
    return xml
      .slice(xml.indexOf('    <entry>'), xml.lastIndexOf('</entry>'))
      .split('</entry>\n')
      .map((entry, index) => finishEntry(`${entry}</entry>`, items[index]!))
  },
  content: ({ content }) => content,
}

function feedItem(item: Item): Parameters<Feed['addItem']>[0] {
  const authors = item.authors.map(({ name, url }) => ({
    name: unspoilt(name),
    ...(url ? { link: url } : {}),
  }))
  return {
    title: textToHtml(item.title), // RFC 4287 §3.1.1.2: type="html"
    link: item.url,
    id: ID,
    date: offsetDate(item.updated),
    published: offsetDate(item.date),
    description: textToHtml(item.text().summary),
    ...(item.full ? { content: CONTENT_MARK } : {}),
    ...(authors.length > 0 ? { author: authors } : {}),
  }
}

function finishEntry(xml: string, item: Item): string {
  const space = '\n        '
  const id = xmlText({ name: 'id', text: item.id })
  const children = entryElements(item).map(element => space + xmlText(element))
  const language = item.language ? ` xml:lang="${escapeXml(item.language)}"` : ''
  return xml
    .replace('<entry>', () => `<entry${language}>`)
    .replace(`<id>${ID}</id>`, () => id + children.join(''))
    .replace('<content type="html">', () => `<content type="html" xml:base="${escapeXml(item.url)}">`) // XML Base §3.1
}

/** RFC 4287 §4.1.2: the order of an entry's elements has no meaning. */
function entryElements(item: Item): XmlElement[] {
  const link = (rel: string, href: string, more: XmlElement['attributes'] = {}): XmlElement => ({
    name: 'link',
    attributes: { rel, href, ...more },
  })
  const { tags, audio, comments, external } = item
  return [
    ...tags.map(term => ({ name: 'category', attributes: { term } })),
    ...(audio
      ? [link('enclosure', audio.url, { type: audio.type, length: audio.bytes, title: item.title })]
      : []),
    ...(external ? [link('related', external)] : []),
    ...(comments ? [link('replies', comments, { type: 'text/html' })] : []), // RFC 4685 §4
    ...mediaElements(item),
  ]
}

/** RFC 6721 §3. */
function deletedEntry({ ref, when, comment }: Tombstone): XmlElement {
  const children = comment ? [{ name: 'at:comment', text: comment }] : []
  return { name: 'at:deleted-entry', attributes: { ref, when: rfc3339(when) }, children }
}

function openRoot(xml: string, head: Head): string {
  const { uses, archive, tombstones } = head
  const used = [
    ...(uses.has('media') ? ['media' as const] : []),
    ...(historyMark(archive).length > 0 ? ['fh' as const] : []),
    ...(tombstones.length > 0 ? ['at' as const] : []),
  ]
  const spaces = used.map(prefix => ` xmlns:${prefix}="${NAMESPACES[prefix]}"`).join('')
  const root = `<feed xmlns="${NAMESPACES.atom}"${spaces} xml:lang="${escapeXml(head.language)}">`
  const { name, uri, version } = GENERATOR
  const link = (rel: string, href: string) => ({ name: 'link', attributes: { rel, href } })
  const children: XmlElement[] = [
    { name: 'generator', attributes: { uri, version }, text: name },
    ...head.hubs.map(href => link('hub', href)), // WebSub §4
    ...archiveRelations(archive).map(([rel, folder]) => link(rel, folder + FILE)),
    ...historyMark(archive),
    ...head.categories.map(term => ({ name: 'category', attributes: { term } })),
  ]
  const style = `<?xml-stylesheet type="text/css" href="${escapeXml(head.stylesheet)}"?>\n`
  return xml.replace(
    /<feed [^>]*>/,
    () => style + root + children.map(element => `\n    ${xmlText(element)}`).join(''),
  )
}
