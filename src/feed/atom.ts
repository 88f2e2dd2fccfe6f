// Head and items → Atom (RFC 4287). The head is npm `feed`'s, which takes no extensions here: what it cannot write is put
// into its text. Entries are written here, in the same form.

import { Feed } from 'feed'
import { escapeText } from '../base/index.ts'
import { FEED_FORMATS } from '../content/index.ts'
import type { Picture } from '../model.ts'
import { CONTENT_MARK, type FeedWriter } from './feed-chunks.ts'
import { GENERATOR, type Head, type Tombstone } from './feed-head.ts'
import type { Item, ItemAuthor } from './feed-item.ts'
import {
  archiveRelations,
  escapeXml,
  historyMark,
  mediaElements,
  NAMESPACES,
  offsetDate,
  profileText,
  readdressed,
  rfc3339,
  strictUrl,
  unspoilt,
  type XmlElement,
  xmlLine,
  xmlText,
} from './feed-xml.ts'

const FILE = FEED_FORMATS.atom.file

export const atom: FeedWriter = {
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
      // RFC 4287 §4.2.8 and §4.2.5: twice as wide as high, and square. Others would be squeezed or cut.
      ...(hasShape(head.logo, 2) ? { image: head.logo.url } : {}),
      ...(hasShape(head.icon, 1) ? { favicon: head.icon.url } : {}),
      ...(head.rights ? { copyright: unspoilt(head.rights) } : {}),
    })
    const xml = `${profileText(openRoot(feed.atom1(), head))}\n`
    const end = xml.lastIndexOf('\n</feed>')
    const graves = head.tombstones.map(tombstone => `\n    ${xmlText(deletedEntry(tombstone))}`).join('')
    const before = xml.slice(0, end) + graves
    return { before: head.empty ? before : `${before}\n`, after: xml.slice(end) }
  },
  items: items => items.map(entryXml),
  content: ({ content }) => content,
  readdress: readdressed,
}

/** As far as it is known. @param ratio of width to height */
function hasShape(picture: Picture | undefined, ratio: number): picture is Picture {
  if (!picture?.width || !picture.height) return picture !== undefined
  return Math.abs(picture.width / picture.height / ratio - 1) < 0.1
}

function entryXml(item: Item): string {
  const { url, language, authors, full } = item
  const space = '        '
  const line = (element: XmlElement) => xmlLine(element, space)
  return [
    `    <entry${language ? ` xml:lang="${escapeXml(language)}"` : ''}>`,
    line({ name: 'title', text: item.title }), // RFC 4287 §3.1.1.1: plain text, which a browser shows as it is
    space + xmlText({ name: 'id', text: item.id }),
    ...entryElements(item).map(element => space + xmlText(element)),
    `${space}<link href="${url.replaceAll('&', '&amp;')}"/>`,
    line({ name: 'updated', text: rfc3339(item.updated) }),
    `${space}<summary type="html"><![CDATA[${escapeText(item.text().summary)}]]></summary>`,
    ...(full
      ? [`${space}<content type="html" xml:base="${escapeXml(url)}"><![CDATA[${CONTENT_MARK}]]></content>`] // XML Base §3.1
      : []),
    ...authors.map(author => line(person(author))),
    line({ name: 'published', text: rfc3339(item.date) }),
    '    </entry>',
  ].join('\n')
}

function person({ name, url }: ItemAuthor): XmlElement {
  return {
    name: 'author',
    children: [{ name: 'name', text: name }, ...(url ? [{ name: 'uri', text: url }] : [])],
  }
}

/** RFC 4287 §4.1.2: the order of an entry's elements has no meaning. */
function entryElements(item: Item): XmlElement[] {
  const link = (rel: string, href: string, more: XmlElement['attributes'] = {}): XmlElement => ({
    name: 'link',
    attributes: { rel, href, ...more },
  })
  const { tags, audio, comments, external, origin } = item
  return [
    ...tags.map(term => ({ name: 'category', attributes: { term } })),
    ...(audio
      ? [link('enclosure', audio.url, { type: audio.type, length: audio.bytes, title: item.title })]
      : []),
    ...(external ? [link('related', external)] : []),
    ...(origin ? [sourceElement(item, origin)] : []),
    ...licenceLink(item.licence?.url),
    ...(comments ? [link('replies', comments, { type: 'text/html' })] : []), // RFC 4685 §4
    ...mediaElements(item),
  ]
}

/** RFC 4946 §2. */
function licenceLink(url: string | undefined): XmlElement[] {
  const href = strictUrl(url)
  return href ? [{ name: 'link', attributes: { rel: 'license', href } }] : []
}

/** RFC 4287 §4.2.11. All that is known of the other feed's last change is this article. */
function sourceElement({ updated }: Item, { feed, title }: NonNullable<Item['origin']>): XmlElement {
  const children = [
    { name: 'id', text: feed },
    { name: 'title', text: title },
    { name: 'updated', text: rfc3339(updated) },
    { name: 'link', attributes: { rel: 'self', href: feed } },
  ]
  return { name: 'source', children }
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
    ...head.translations.map(({ language, folder }) => ({
      name: 'link',
      attributes: {
        rel: 'related', // as the alternate some readers would take it for the home page
        type: FEED_FORMATS.atom.mediaType,
        hreflang: language,
        href: folder + FILE,
      },
    })),
    ...archiveRelations(archive).map(([rel, folder]) => link(rel, folder + FILE)),
    ...historyMark(archive),
    ...licenceLink(head.licence?.url),
    ...head.categories.map(term => ({ name: 'category', attributes: { term } })),
  ]
  const style = `<?xml-stylesheet type="text/css" href="${escapeXml(head.stylesheet)}"?>\n`
  return xml.replace(
    /<feed [^>]*>/,
    () => style + root + children.map(element => `\n    ${xmlText(element)}`).join(''),
  )
}
