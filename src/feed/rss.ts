// Head and items → RSS 2.0. The head is npm `feed`'s; what that gets wrong is put right by extensions, which add or replace
// any element of the channel, and by what is done to its text here. Items are written here, in the same form.

import { Feed } from 'feed'
import { escapeText } from '../base/index.ts'
import { FEED_FORMATS } from '../content/index.ts'
import type { Picture } from '../model.ts'
import { CONTENT_MARK, type FeedWriter } from './feed-chunks.ts'
import { GENERATOR, type Head } from './feed-head.ts'
import type { Item } from './feed-item.ts'
import {
  archiveRelations,
  compactNodes,
  escapeXml,
  historyMark,
  mediaElements,
  NAMESPACES,
  offsetDate,
  profileText,
  readdressed,
  rfc3339,
  rfc5322,
  unspoilt,
  type XmlElement,
  xmlLine,
} from './feed-xml.ts'
import { podcastElements } from './podcast.ts'

const FILE = FEED_FORMATS.rss.file

export const rss: FeedWriter = {
  separator: '\n',
  opml: { type: 'rss', version: 'RSS2' },
  frame(head) {
    const feed = new Feed({
      title: unspoilt(head.title),
      link: head.home,
      description: unspoilt(head.description),
      language: head.language,
      updated: offsetDate(head.updated),
      generator: `${GENERATOR.name} ${GENERATOR.version}`,
      docs: 'https://www.rssboard.org/rss-specification',
      feedLinks: { rss: head.base + FILE },
      ...(head.rights ? { copyright: unspoilt(head.rights) } : {}),
    })
    for (const category of head.categories) feed.addCategory(unspoilt(category))
    // `feed` takes one hub; its own list of links is replaced.
    for (const [name, nodes] of Object.entries(compactNodes(headElements(head)))) {
      extend(feed.extensions, name, nodes)
    }
    // A feed without items was never built: no element at all rather than the clock.
    if (head.empty) extend(feed.extensions, 'lastBuildDate', [])
    const xml = `${profileText(openRoot(feed.rss2(), head))}\n`
    const end = xml.lastIndexOf('\n    </channel>')
    return { before: head.empty ? xml.slice(0, end) : `${xml.slice(0, end)}\n`, after: xml.slice(end) }
  },
  items: items => items.map(itemXml),
  content: ({ content }) => content,
  readdress: readdressed,
}

function headElements(head: Head): XmlElement[] {
  const link = (rel: string, href: string, type?: string): XmlElement => ({
    name: 'atom:link',
    attributes: { href, rel, type },
  })
  const self = link('self', head.base + FILE, FEED_FORMATS.rss.mediaType)
  const relations = archiveRelations(head.archive).map(([rel, folder]) => link(rel, folder + FILE)) // RFC 5005, appendix B
  return [
    // In an archive `current` comes first: by that the style sheet knows that it is one.
    ...(head.archive.isArchive ? [...relations, self] : [self]),
    ...head.hubs.map(href => link('hub', href)), // WebSub §4
    ...head.translations.map(({ language, folder }) => ({
      name: 'atom:link',
      attributes: {
        href: folder + FILE,
        rel: 'related',
        type: FEED_FORMATS.rss.mediaType,
        hreflang: language,
      },
    })),
    ...(head.archive.isArchive ? [] : relations),
    ...historyMark(head.archive),
    ...(head.editor ? [{ name: 'managingEditor', text: head.editor }] : []),
    ...(head.webmaster ? [{ name: 'webMaster', text: head.webmaster }] : []),
    ...imageElement(head),
    ...(head.podcast ?? []),
    ...(head.terms ? [head.terms] : []),
  ]
}

// RSS 2.0, <image>: GIF, JPEG or PNG, at most 144 pixels wide and 400 high.
const IMAGE_TYPES = ['image/gif', 'image/jpeg', 'image/png']
const MAX_IMAGE_WIDTH = 144
const MAX_IMAGE_HEIGHT = 400

/** The icon or the logo, as large as the specification lets it be. */
function imageElement({ icon, logo, title, home }: Head): XmlElement[] {
  const usable = [icon, logo].flatMap(picture =>
    picture?.type && IMAGE_TYPES.includes(picture.type) && picture.width && picture.height ? [picture] : [],
  )
  const picture = usable.find(fits) ?? usable[0]
  if (!picture) return []
  // A larger one is announced at the size it is to be shown in.
  const scale = Math.min(1, MAX_IMAGE_WIDTH / picture.width!, MAX_IMAGE_HEIGHT / picture.height!)
  const size = (pixels: number) => String(Math.max(1, Math.round(pixels * scale)))
  return [
    {
      name: 'image',
      children: [
        { name: 'url', text: picture.url },
        { name: 'title', text: title },
        { name: 'link', text: home },
        { name: 'width', text: size(picture.width!) },
        { name: 'height', text: size(picture.height!) },
      ],
    },
  ]
}

function fits({ width, height }: Picture): boolean {
  return width! <= MAX_IMAGE_WIDTH && height! <= MAX_IMAGE_HEIGHT
}

function itemXml(item: Item): string {
  const { url, id, date, tags, language, full } = item
  const line = (element: XmlElement) => xmlLine(element, '            ')
  return [
    `        <item${language ? ` xml:lang="${escapeXml(language)}"` : ''}>`,
    line({ name: 'title', text: item.title }), // plain text, escaped once; `feed` would write CDATA
    line({ name: 'link', text: url }),
    line({ name: 'guid', attributes: { isPermaLink: 'false' }, text: item.guid ?? id }), // RSS 2.0, <guid>
    line({ name: 'pubDate', text: rfc5322(date) }),
    `            <description><![CDATA[${escapeText(item.text().summary)}]]></description>`,
    ...(full ? [`            <content:encoded><![CDATA[${CONTENT_MARK}]]></content:encoded>`] : []),
    ...tags.map(text => line({ name: 'category', text })),
    ...itemElements(item).map(line),
    '        </item>',
  ].join('\n')
}

function itemElements(item: Item): XmlElement[] {
  const { authors, audio, comments, edited, origin, updated } = item
  return [
    ...authors.map(({ name }) => ({ name: 'dc:creator', text: name })), // <author> needs an address
    ...(comments ? [{ name: 'comments', text: comments }] : []),
    ...(origin ? [{ name: 'source', attributes: { url: origin.feed }, text: origin.title }] : []),
    ...(audio
      ? [
          {
            name: 'enclosure',
            attributes: { url: audio.url, length: audio.bytes ?? 0, type: audio.type },
          },
        ]
      : []),
    ...(edited ? [{ name: 'atom:updated', text: rfc3339(updated) }] : []),
    ...mediaElements(item),
    ...podcastElements(item),
    ...(item.terms ? [item.terms] : []),
    ...(item.markdown ? [{ name: 'source:markdown', text: item.markdown() }] : []),
  ]
}

/** Exactly the namespaces that are used, the language, and the style sheet for browsers. */
function openRoot(xml: string, { uses, language, stylesheet, archive }: Head): string {
  const prefixes = Object.keys(NAMESPACES) as (keyof typeof NAMESPACES)[]
  const used = prefixes.filter(
    prefix =>
      prefix === 'atom' ||
      (uses as Set<string>).has(prefix) ||
      (prefix === 'fh' && historyMark(archive).length > 0),
  )
  const spaces = used.map(prefix => ` xmlns:${prefix}="${NAMESPACES[prefix]}"`).join('')
  const root = `<rss version="2.0"${spaces} xml:lang="${escapeXml(language)}">`
  return xml.replace(
    /<rss [^>]*>/,
    () => `<?xml-stylesheet type="text/css" href="${escapeXml(stylesheet)}"?>\n${root}`,
  )
}

/** `feed` types the value as a record, and takes anything that xml-js takes. */
function extend(
  list: { name: string; objects: Record<string, unknown> }[],
  name: string,
  value: object,
): void {
  list.push({ name, objects: value as Record<string, unknown> })
}
