// Host, date, file name → the id of an article that has none of its own: a tag: URI. RFC 4151.

import type { Timestamp } from '../../model.ts'

/** @param name of the file without date and extension, NFC */
export function tagId(idHost: string, date: Timestamp, name: string): string {
  const year = new Date(date.at + date.offset * 60_000).getUTCFullYear()
  return `tag:${idHost},${String(year).padStart(4, '0')}:${escapeAll(name)}`
}

function escapeAll(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  // encodeURIComponent throws on half a surrogate pair, which a file name can hold on Windows.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}
