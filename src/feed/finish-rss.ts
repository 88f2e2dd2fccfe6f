// What npm `feed` made of an RSS channel → the finished file: the three steps that no hook reaches.

import { NAMESPACES } from './item-elements.ts'
import type { Channel } from './make-channel.ts'
import { profileText } from './profile-text.ts'
import { escapeXml } from './xml-element.ts'

export function finishRss(xml: string, channel: Channel): string {
  return `${profileText(openRoot(metadataFirst(xml), channel))}\n`
}

/**
 * `feed` appends added channel elements behind the items; they belong before them. Neither place can be forged by an
 * article: before the first item and behind the last all text is escaped.
 */
function metadataFirst(xml: string): string {
  const first = xml.search(/\s*<item[ >]/)
  const last = xml.lastIndexOf('</item>')
  const end = xml.lastIndexOf('\n    </channel>')
  if (first < 0 || last < 0) return xml
  const items = xml.slice(first, last + '</item>'.length)
  const added = xml.slice(last + '</item>'.length, end)
  return xml.slice(0, first) + added + items + xml.slice(end)
}

/** Exactly the namespaces that are used, the language, and the style sheet for browsers. */
function openRoot(xml: string, { items, language, stylesheet }: Channel): string {
  const used: (keyof typeof NAMESPACES)[] = ['atom']
  if (items.some(item => item.content)) used.push('content')
  if (items.some(item => item.authors.length > 0)) used.push('dc')
  if (items.some(item => item.picture)) used.push('media')
  const spaces = used.map(prefix => ` xmlns:${prefix}="${NAMESPACES[prefix]}"`).join('')
  const root = `<rss version="2.0"${spaces} xml:lang="${escapeXml(language)}">`
  return xml.replace(
    /<rss [^>]*>/,
    () => `<?xml-stylesheet type="text/css" href="${escapeXml(stylesheet)}"?>\n${root}`,
  )
}
