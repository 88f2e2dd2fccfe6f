// An article → the id that never changes: the author's own, or a tag: URI of host, year and file name. RFC 4151.

import { oneLine } from '../clean-text.ts'
import type { Timestamp } from '../model.ts'

/** @param name of the file without date and extension, NFC */
export function tagId(idHost: string, date: Timestamp, name: string): string {
  const year = new Date(date.at + date.offset * 60_000).getUTCFullYear()
  return `tag:${idHost},${String(year).padStart(4, '0')}:${escapeAll(name)}`
}

/**
 * Atom wants an absolute IRI (RFC 4287 §4.2.6), so an id that is none becomes one: a UUID its URN, other text a tag of a
 * fixed year, because the article's own year changes when somebody corrects its date.
 */
export function givenId(idHost: string, id: string): string {
  const text = oneLine(id.normalize())
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return `urn:uuid:${text.toLowerCase()}`
  if (/^[a-z][a-z0-9+.-]*:[^\s]/i.test(text)) return text.replace(/[\s<>"{}|\\^`]/g, encodeURIComponent)
  return `tag:${idHost},2000:${escapeAll(text)}`
}

function escapeAll(text: string): string {
  // encodeURIComponent throws on half a surrogate pair, which a file name can hold on Windows.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}
