// The text of a feed in any format → its items as a reader sees them, so that the formats can be compared.

import type { Built } from './fixture.ts'
import { childrenOf, readXml, textOf } from './read-xml.ts'

export interface ReadItem {
  id: string
  url: string
  title: string
  summary: string
  /** ms since epoch, and minutes of offset. */
  published: [number, number]
  authors: string[]
  tags: string[]
  content: string
  language: string
}

export function readItems({ rss, atom, json }: Built): {
  rss: ReadItem[]
  atom: ReadItem[]
  json: ReadItem[]
} {
  return { rss: fromRss(rss), atom: fromAtom(atom), json: fromJson(json) }
}

function fromRss(xml: string): ReadItem[] {
  const { root } = readXml(xml)
  return childrenOf(root.children[0]!, 'item').map(item => ({
    id: textOf(item, 'guid'),
    url: textOf(item, 'link'),
    title: textOf(item, 'title'),
    summary: plainOf(textOf(item, 'description')),
    published: moment(textOf(item, 'pubDate')),
    authors: childrenOf(item, 'dc:creator').map(({ text }) => text),
    tags: childrenOf(item, 'category').map(({ text }) => text),
    content: textOf(item, 'content:encoded'),
    language: item.attributes['xml:lang'] ?? '',
  }))
}

function fromAtom(xml: string): ReadItem[] {
  return childrenOf(readXml(xml).root, 'entry').map(entry => ({
    id: textOf(entry, 'id'),
    url: childrenOf(entry, 'link').find(link => !link.attributes.rel)!.attributes.href!,
    title: textOf(entry, 'title'),
    summary: plainOf(textOf(entry, 'summary')),
    published: moment(textOf(entry, 'published')),
    authors: childrenOf(entry, 'author').map(author => textOf(author, 'name')),
    tags: childrenOf(entry, 'category').map(({ attributes }) => attributes.term!),
    content: textOf(entry, 'content'),
    language: entry.attributes['xml:lang'] ?? '',
  }))
}

function fromJson(json: string): ReadItem[] {
  const { items } = JSON.parse(json) as { items: Record<string, never>[] }
  return items.map(item => ({
    id: item.id!,
    url: item.url!,
    title: item.title!,
    summary: item.summary!,
    published: moment(item.date_published!),
    authors: ((item.authors ?? []) as { name: string }[]).map(({ name }) => name),
    tags: item.tags ?? [],
    content: item.content_html ?? '',
    language: item.language ?? '',
  }))
}

function moment(date: string): [number, number] {
  const zone = /([+-])(\d\d):?(\d\d)$/.exec(date)
  const minutes = zone ? (Number(zone[2]) * 60 + Number(zone[3])) * (zone[1] === '-' ? -1 : 1) : 0
  return [Date.parse(date), minutes]
}

function plainOf(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
