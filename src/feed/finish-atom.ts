// What npm `feed` made of an Atom feed → the finished file: ids, languages and every element that it has no hook for.

import { GENERATOR } from './generator.ts'
import { mediaElements, NAMESPACES } from './item-elements.ts'
import type { Channel } from './make-channel.ts'
import type { Item } from './make-item.ts'
import { profileText } from './profile-text.ts'
import { escapeXml, type XmlElement, xmlText } from './xml-element.ts'

// U+0001 is illegal in XML and gone from every text before it comes here: no article can forge a mark.
const MARK = String.fromCharCode(1)

/** Says where the text of one item begins, so that the finishing step finds its element. */
export function marked(index: number, text: string): string {
  return `${MARK}${index}${MARK}${text}`
}

// A title holds no `]]>`, so the first one behind its mark ends it.
const HEAD = new RegExp(
  `<entry>(\\s*)(<title type="html"><!\\[CDATA\\[)${MARK}(\\d+)${MARK}([\\s\\S]*?\\]\\]></title>)\\s*<id>[^<]*</id>`,
  'g',
)
const CONTENT = new RegExp(`<content type="html"><!\\[CDATA\\[${MARK}(\\d+)${MARK}`, 'g')

export function finishAtom(xml: string, channel: Channel): string {
  const finished = xml
    .replace(HEAD, (_, space: string, open: string, index: string, title: string) => {
      const item = channel.items[Number(index)]!
      const language = item.language ? ` xml:lang="${escapeXml(item.language)}"` : ''
      const id = xmlText({ name: 'id', text: item.id })
      const children = entryElements(item, channel).map(element => space + xmlText(element))
      return `<entry${language}>${space}${open}${title}${space}${id}${children.join('')}`
    })
    .replace(CONTENT, (_, index: string) => {
      const base = escapeXml(channel.items[Number(index)]!.url) // XML Base §3.1
      return `<content type="html" xml:base="${base}"><![CDATA[`
    })
  return `${profileText(openRoot(finished, channel))}\n`
}

/** RFC 4287 §4.1.2: the order of an entry's elements has no meaning. */
function entryElements(item: Item, channel: Channel): XmlElement[] {
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
    ...mediaElements(item, channel),
  ]
}

function openRoot(xml: string, channel: Channel): string {
  const media = channel.items.some(item => item.picture) ? ` xmlns:media="${NAMESPACES.media}"` : ''
  const root = `<feed xmlns="${NAMESPACES.atom}"${media} xml:lang="${escapeXml(channel.language)}">`
  const { name, uri, version } = GENERATOR
  const children: XmlElement[] = [
    { name: 'generator', attributes: { uri, version }, text: name },
    ...channel.hubs.map(href => ({ name: 'link', attributes: { rel: 'hub', href } })), // WebSub §4
    ...channel.categories.map(term => ({ name: 'category', attributes: { term } })),
  ]
  const style = `<?xml-stylesheet type="text/css" href="${escapeXml(channel.stylesheet)}"?>\n`
  return xml.replace(
    /<feed [^>]*>/,
    () => style + root + children.map(element => `\n    ${xmlText(element)}`).join(''),
  )
}
