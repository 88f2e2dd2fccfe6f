// Head, items and a format → the bytes of one feed document, piece by piece: made while they are written, so that a feed
// of ten thousand whole articles never stands in memory.

import { CONTENT_MARK } from './content-mark.ts'
import type { Format } from './formats.ts'
import type { Head } from './make-head.ts'
import type { Item } from './make-item.ts'

/** So many items go through npm `feed` at once: few enough to stay small, enough to spread the cost of a feed. */
const BATCH = 50

/** Items of one format as text before and text behind their content; made once for all documents that carry them. */
export type ItemFrames = (items: readonly Item[]) => (readonly [string, string])[]

export function itemFrames(format: Format, shared: (item: Item) => boolean): ItemFrames {
  const kept = new Map<Item, readonly [string, string]>()
  return items => {
    const missing = items.filter(item => !kept.has(item))
    const texts = missing.length > 0 ? format.items(missing) : []
    const made = new Map(missing.map((item, index) => [item, split(texts[index]!)]))
    for (const [item, frame] of made) if (shared(item)) kept.set(item, frame)
    return items.map(item => kept.get(item) ?? made.get(item)!)
  }
}

function split(text: string): readonly [string, string] {
  const place = text.indexOf(CONTENT_MARK)
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + CONTENT_MARK.length)]
}

export function feedChunks(
  format: Format,
  makeHead: () => Head,
  items: readonly Item[],
  frames: ItemFrames,
): Iterable<string | Uint8Array> {
  return {
    *[Symbol.iterator]() {
      const { before, after } = format.frame(makeHead())
      let text = before
      for (let start = 0; start < items.length; start += BATCH) {
        const batch = items.slice(start, start + BATCH)
        for (const [index, [head, tail]] of frames(batch).entries()) {
          const item = batch[index]!
          text += (start + index > 0 ? format.separator : '') + head
          if (item.full) {
            yield text
            yield format.content(item.text())
            text = tail
          }
        }
      }
      yield text + after
    },
  }
}
