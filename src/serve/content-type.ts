// Name and first bytes of a file in out/ → its Content-Type. A feed is known by what it says, wherever it lies.

import { mediaTypeOf } from '../base/index.ts'
import { FEED_FORMATS } from '../content/index.ts'

/** @param head its first bytes as text, some hundred */
export function contentType(name: string, head: string): string {
  const type = plainType(name, head)
  return isText(type) && !type.startsWith('message/') ? `${type}; charset=utf-8` : type
}

function plainType(name: string, head: string): string {
  const type = mediaTypeOf(name)
  const feed = Object.values(FEED_FORMATS).find(
    ({ file, signature }) => mediaTypeOf(file) === type && signature.test(head),
  )
  return feed?.mediaType ?? type ?? 'application/octet-stream'
}

/** Whether it gets smaller when compressed. */
export function isText(type: string): boolean {
  return /^text\/|[+/](xml|json)\b|^message\/|x-subrip/.test(type)
}
