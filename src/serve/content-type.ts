// Name and first bytes of a file in out/ → its Content-Type. A feed is known by what it says, wherever it lies.

import { mediaTypeOf } from '../base/index.ts'

/** @param head its first bytes as text, some hundred */
export function contentType(name: string, head: string): string {
  const type = plainType(name, head)
  return isText(type) && !type.startsWith('message/') ? `${type}; charset=utf-8` : type
}

function plainType(name: string, head: string): string {
  const type = mediaTypeOf(name)
  if (type === 'application/xml' && /<rss[\s>]/.test(head)) return 'application/rss+xml'
  // RFC 4287 §7
  if (type === 'application/xml' && /<feed[\s>]/.test(head)) return 'application/atom+xml'
  if (type === 'application/json' && /jsonfeed\.org\/version/.test(head)) return 'application/feed+json'
  return type ?? 'application/octet-stream'
}

/** Whether it gets smaller when compressed. */
export function isText(type: string): boolean {
  return /^text\/|[+/](xml|json)\b|^message\/|x-subrip/.test(type)
}
