// Head, items and a format → the bytes of one feed document, piece by piece: made while they are written, so that a feed
// of ten thousand whole articles never stands in memory. Items that another document holds already are taken from there.

import { CONTENT_MARK } from './content-mark.ts'
import type { Format } from './format.ts'
import type { Head } from './make-head.ts'
import type { Item } from './make-item.ts'

/** So many items go through npm `feed` at once: few enough to stay small, enough to spread the cost of a feed. */
const BATCH = 50
/** So many bytes of an earlier document are read at once. */
const READ = 1024 * 1024

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

/** Where an item begins and ends in a document of the last build: places of bytes. */
export interface Piece {
  readonly start: number
  readonly end: number
  /** @param start @param end in that document */
  read(start: number, end: number): Uint8Array
}

export interface ChunkSources {
  readonly format: Format
  readonly items: readonly Item[]
  readonly frames: ItemFrames
  makeHead(): Head
  /** What is known of an item already, to the byte. */
  piece(index: number): Piece | undefined
  /** Told where each item begins and ends: two numbers for each. */
  laid(spans: Float64Array): void
}

export function feedChunks(sources: ChunkSources): Iterable<Uint8Array> {
  const { format, items, frames, makeHead, piece, laid } = sources
  const { separator } = format

  return {
    *[Symbol.iterator]() {
      const { before, after } = format.frame(makeHead())
      const spans = new Float64Array(items.length * 2)
      let text = before
      let at = 0
      const take = (bytes: Uint8Array) => {
        at += bytes.length
        return bytes
      }
      for (let start = 0; start < items.length; ) {
        if (start > 0) text += separator
        const first = piece(start)
        if (first) {
          yield take(Buffer.from(text))
          text = ''
          const end = runFrom(start, first)
          const moved = at - first.start
          for (let index = start; index < end; index++) {
            const known = piece(index)!
            spans.set([known.start + moved, known.end + moved], index * 2)
          }
          const stop = piece(end - 1)!.end
          for (let from = first.start; from < stop; from += READ)
            yield take(first.read(from, Math.min(stop, from + READ)))
          start = end
          continue
        }
        const batch: Item[] = []
        while (batch.length < BATCH && start + batch.length < items.length && !piece(start + batch.length))
          batch.push(items[start + batch.length]!)
        for (const [index, [head, tail]] of frames(batch).entries()) {
          const item = batch[index]!
          if (index > 0) text += separator
          const lead = take(Buffer.from(text + head))
          spans[(start + index) * 2] = at - Buffer.byteLength(head)
          yield lead
          if (item.full) yield take(contentOf(item))
          spans[(start + index) * 2 + 1] = at + Buffer.byteLength(tail)
          text = tail
        }
        start += batch.length
      }
      yield Buffer.from(text + after)
      laid(spans)
    },
  }

  function contentOf(item: Item): Buffer {
    const content = format.content(item.text())
    return typeof content === 'string' ? Buffer.from(content) : content
  }

  /** @returns the first item that does not follow the one before it there as it does here */
  function runFrom(start: number, first: Piece): number {
    let end = start + 1
    for (let last = first; end < items.length; end++) {
      const next = piece(end)
      if (!next || next.read !== last.read || next.start !== last.end + separator.length) break
      last = next
    }
    return end
  }
}
