// Articles → the id of each that stands in all three formats, the same to the byte.

import { createHash } from 'node:crypto'
import type { Article } from '../model.ts'
import { percentEncode, strictUrl } from './strict-url.ts'

/** Where two ids would be written alike ('http://a.example', 'http://a.example/'), the second becomes a UUID. */
export function permanentIds(articles: readonly Article[], host: string): Map<Article, string> {
  const ids = new Map<Article, string>()
  const plain = articles.every(({ id }) => PLAIN.test(id))
  // Ids as Broadsheet makes them stand as they are; no two articles have the same.
  if (plain && new Set(articles.map(({ id }) => id)).size === articles.length) {
    for (const article of articles) ids.set(article, article.id)
    return ids
  }
  const taken = new Set<string>()
  for (const article of [...articles].sort((left, right) => (left.id < right.id ? -1 : 1))) {
    const written = permanentId(article.id, host)
    const id = taken.has(written)
      ? nameUuid(`${host} ${JSON.stringify([article.id, article.file])}`)
      : written
    taken.add(id)
    ids.set(article, id)
  }
  return ids
}

/**
 * RFC 4287 §4.2.6 wants an absolute IRI, and the strictest reader wants plain ASCII. A tag:, urn: or web address stays what
 * it is, its other characters percent-encoded; any other id ("post-42") becomes a UUID made of it and the host.
 *
 * @param host the publication's id host: 'meridian.example'
 */
export function permanentId(id: string, host: string): string {
  const given = id.trim().normalize('NFC') // the file systems of macOS decompose names
  const scheme = /^(https?|tag|urn):/i.exec(given)?.[1]?.toLowerCase()
  if (scheme === 'http' || scheme === 'https') return strictUrl(given) ?? nameUuid(`${host} ${given}`)
  const written = scheme ? percentEncode(scheme + given.slice(scheme.length)) : ''
  return TAG.test(written) || URN.test(written) ? written : nameUuid(`${host} ${given}`)
}

const PLAIN = /^tag:[a-z0-9.-]+,\d{4}:[\w./-]+$/
// RFC 4151 §2.1
const TAG = /^tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[^#]*(#[^#]*)?$/
// RFC 8141 §2
const URN =
  /^urn:(uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?!uuid:)[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[^/?#&~][^?#&~]*)$/i

// The name space of the ids that Broadsheet makes: any other would be as good, and none may follow it.
const SPACE = 'b2a3a5de-6b1f-5e3f-9e0c-6f1d2c4b8a70'

/** 'urn:uuid:…' of a name. */
export function nameUuid(name: string): string {
  return `urn:uuid:${uuid5(SPACE, name)}`
}

/** RFC 9562 §5.5: the UUID version 5 of a name in a name space, itself a UUID. */
export function uuid5(space: string, name: string): string {
  const start = Buffer.from(space.replaceAll('-', ''), 'hex')
  const bytes = createHash('sha1').update(start).update(name).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
