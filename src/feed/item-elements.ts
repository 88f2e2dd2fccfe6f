// Item → the elements that npm `feed` has no field for: Media RSS, which RSS and Atom write alike, and those of podcasts.

import type { Item } from './make-item.ts'
import type { XmlElement } from './xml-element.ts'

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

export function extensionsOf(items: readonly Item[], podcast: boolean): Set<Extension> {
  const uses = new Set<Extension>()
  for (const { full, authors, picture } of items) {
    if (full) uses.add('content')
    if (authors.length > 0) uses.add('dc')
    if (picture) uses.add('media')
  }
  return podcast ? uses.add('itunes').add('podcast') : uses
}

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

/** Apple's and Podcasting 2.0's, of an item with audio. */
export function podcastElements({ audio, picture, authors, episode: isEpisode }: Item): XmlElement[] {
  if (!audio || !isEpisode) return []
  const { duration, episode, season, kind = 'full', explicit, transcript, chapters } = audio
  const elements: XmlElement[] = [{ name: 'itunes:episodeType', text: kind }]
  const add = (name: string, value: string | number | boolean | undefined) => {
    if (value !== undefined) elements.push({ name, text: String(value) })
  }
  add('itunes:duration', duration === undefined ? undefined : Math.round(duration))
  add('itunes:episode', episode)
  add('itunes:season', season)
  add('itunes:explicit', explicit)
  if (picture) elements.push({ name: 'itunes:image', attributes: { href: picture.url } })
  if (transcript) {
    elements.push({ name: 'podcast:transcript', attributes: { url: transcript, type: textType(transcript) } })
  }
  if (chapters) {
    const attributes = { url: chapters, type: 'application/json+chapters' }
    elements.push({ name: 'podcast:chapters', attributes })
  }
  for (const { name, url: href, photo: img } of authors) {
    elements.push({ name: 'podcast:person', attributes: { href, img }, text: name })
  }
  return elements
}

const TEXT_TYPES: Readonly<Record<string, string>> = {
  vtt: 'text/vtt',
  srt: 'application/x-subrip',
  json: 'application/json',
  txt: 'text/plain',
}

/** Podcasting 2.0, <podcast:transcript>: the type is required; a page for people is HTML. */
function textType(url: string): string {
  const ending = /\.(\w+)$/.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? ''
  return TEXT_TYPES[ending] ?? 'text/html'
}
