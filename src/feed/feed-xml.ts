// What RSS and Atom write alike: their namespaces, an item's picture, the marks of an archive; and XML elements as values →
// nodes for npm `feed`'s extensions, or text for the places that no extension reaches and for items, which that package's
// way through objects makes at six times the cost.

import type { Item } from './feed-item.ts'

export const NAMESPACES = {
  atom: 'http://www.w3.org/2005/Atom',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  media: 'http://search.yahoo.com/mrss/',
  itunes: 'http://www.itunes.com/dtds/podcast-1.0.dtd',
  podcast: 'https://podcastindex.org/namespace/1.0',
  fh: 'http://purl.org/syndication/history/1.0',
  at: 'http://purl.org/atompub/tombstones/1.0',
} as const

/** Those that a document needs only for some of its items. */
export type Extension = 'content' | 'dc' | 'media' | 'itunes' | 'podcast'

/**
 * Media RSS 1.5.1: the lead picture with its alternative text, caption and credit. Some readers show only a thumbnail, some
 * only the content: both are the one file there is, and so there is no group of renditions.
 */
export function mediaElements({ picture }: Item): XmlElement[] {
  if (!picture) return []
  const { url, type, bytes, alt, caption, credit, copyright } = picture
  const size = { width: picture.width || undefined, height: picture.height || undefined }
  const children: XmlElement[] = []
  if (caption) children.push({ name: 'media:title', attributes: { type: 'plain' }, text: caption })
  if (alt) children.push({ name: 'media:description', attributes: { type: 'plain' }, text: alt })
  if (credit) {
    const { creditRole: role, creditScheme: scheme } = picture
    children.push({ name: 'media:credit', attributes: { role, scheme }, text: credit })
  }
  if (copyright) children.push({ name: 'media:copyright', text: copyright })
  const file = { medium: 'image', type, fileSize: bytes || undefined }
  return [
    { name: 'media:content', attributes: { url, ...file, ...size }, children },
    { name: 'media:thumbnail', attributes: { url, ...size } },
  ]
}

/** RFC 5005 §4. Folders as absolute URLs; each format adds its file's name. */
export interface ArchiveLinks {
  readonly isArchive: boolean
  readonly isComplete: boolean
  readonly current?: string | undefined
  readonly previous?: string | undefined
}

/** RFC 5005 §2 and §4: a feed in which there is everything, or a part that will not change. */
export function historyMark({ isArchive, isComplete }: ArchiveLinks): XmlElement[] {
  return isArchive ? [{ name: 'fh:archive' }] : isComplete ? [{ name: 'fh:complete' }] : []
}

/** RFC 5005 §4: relation and folder. */
export function archiveRelations({ current, previous }: ArchiveLinks): [string, string][] {
  const links = [
    ['current', current],
    ['prev-archive', previous],
  ] as const
  return links.flatMap(([rel, folder]) => (folder === undefined ? [] : [[rel, folder]]))
}

export interface XmlElement {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number | undefined>>
  readonly text?: string | undefined
  readonly children?: readonly XmlElement[]
}

type Compact = Record<string, unknown>

/** Elements by name, in the compact form of xml-js: same names become a list. */
export function compactNodes(elements: readonly XmlElement[]): Record<string, Compact[]> {
  const nodes: Record<string, Compact[]> = {}
  for (const element of elements) {
    nodes[element.name] ??= []
    nodes[element.name]!.push(compactNode(element))
  }
  return nodes
}

function compactNode({ attributes = {}, text, children = [] }: XmlElement): Compact {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return {
    _attributes: Object.fromEntries(given.map(([name, value]) => [name, escapeXml(String(value))])),
    ...(text === undefined ? {} : { _text: unspoilt(text) }),
    ...compactNodes(children),
  }
}

/** xml-js turns every `&amp;` of a text into `&` before it escapes: what must stay `&amp;` is doubled first. */
export function unspoilt(text: string): string {
  return text.replaceAll('&amp;', '&amp;amp;')
}

export function xmlText({ name, attributes = {}, text = '', children = [] }: XmlElement): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  const open = name + given.map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`).join('')
  const inside = escapeXml(text) + children.map(xmlText).join('')
  return inside ? `<${open}>${inside}</${name}>` : `<${open}/>`
}

/** As npm `feed` writes elements: each on a line of its own. @param indent of the line */
export function xmlLine({ name, attributes, text = '', children = [] }: XmlElement, indent: string): string {
  let open = `${indent}<${name}`
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) open += ` ${key}="${escapeXml(String(value))}"`
  }
  if (children.length > 0) {
    const inside = children.map(child => xmlLine(child, `${indent}    `))
    return `${open}>\n${inside.join('\n')}\n${indent}</${name}>`
  }
  return text ? `${open}>${escapeText(text)}</${name}>` : `${open}/>`
}

/** Text between tags, where quotation marks stay as they are. */
function escapeText(text: string): string {
  if (!/[&<>]/.test(text)) return text
  return text.replaceAll('&', '&#x26;').replaceAll('<', '&#x3C;').replaceAll('>', '&gt;')
}

/**
 * The RSS Advisory Board's profile asks for the hexadecimal references: a reader that takes plain text for HTML is least
 * likely to stumble over them. (xml-js escapes `"` in attributes itself, and nothing else.)
 */
export function escapeXml(text: string): string {
  if (!/[&<>"]/.test(text)) return text
  return text
    .replaceAll('&', '&#x26;')
    .replaceAll('<', '&#x3C;')
    .replaceAll('>', '&#x3E;')
    .replaceAll('"', '&#x22;')
}

const TAG_OR_ESCAPE = /<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>|&amp;|&lt;/g

/**
 * Feed XML → the same, its escaped text written as the RSS Advisory Board's profile asks: `&#x26;` and `&#x3C;`.
 *
 * To an XML parser it is the same text. Readers that treat a plain title as HTML misread fewer of these, and the W3C
 * validator needs them to distinguish plain text that mentions `<b>` from HTML. Sections of CDATA and tags stay as they are.
 */
export function profileText(xml: string): string {
  return xml.replace(TAG_OR_ESCAPE, token =>
    token === '&amp;' ? '&#x26;' : token === '&lt;' ? '&#x3C;' : token,
  )
}
