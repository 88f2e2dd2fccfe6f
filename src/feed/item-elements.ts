// Item → the elements that npm `feed` has no field for and that RSS and Atom write alike: Media RSS.

import type { Picture } from '../model.ts'
import type { Channel } from './make-channel.ts'
import type { Item } from './make-item.ts'
import type { XmlElement } from './xml-element.ts'

export const NAMESPACES = {
  atom: 'http://www.w3.org/2005/Atom',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  media: 'http://search.yahoo.com/mrss/',
} as const

/** Media RSS 1.5.1: the lead picture with its alternative text, caption and credit. */
export function mediaElements({ picture }: Item, channel: Channel): XmlElement[] {
  if (!picture) return []
  const { url, type, bytes, width, height, alt, caption, credit } = picture
  const children: XmlElement[] = []
  if (caption) children.push({ name: 'media:title', attributes: { type: 'plain' }, text: caption })
  if (alt) children.push({ name: 'media:description', attributes: { type: 'plain' }, text: alt })
  if (credit) {
    children.push({ name: 'media:credit', attributes: creditRole(picture, channel), text: credit })
  }
  const size = { fileSize: bytes || undefined, width: width || undefined, height: height || undefined }
  return [{ name: 'media:content', attributes: { url, medium: 'image', type, ...size }, children }]
}

// Of the roles of the European Broadcasting Union, which are the default scheme, those that a picture may have.
const EBU = ['photographer', 'illustrator', 'artist', 'graphic designer', 'camera operator', 'author']

/** A role that the default scheme does not know ('agency') needs a scheme of its own: the publication's. */
function creditRole({ creditRole: role }: Picture, { publisher }: Channel) {
  return EBU.includes(role!) ? { role } : { role, scheme: publisher.url }
}
