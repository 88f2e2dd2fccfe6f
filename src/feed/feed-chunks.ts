// Head, items and the writer of a format → the bytes of one feed document, piece by piece: made while they are written, so
// that a feed of ten thousand whole articles is never in memory. Items that an earlier document has are copied from there.

import type { Head } from './feed-head.ts'
import type { Item, ItemText } from './feed-item.ts'

/** How a format writes heads, items and contents. */
export interface FeedWriter {
  /** A document without items: what comes before them and behind them. */
  frame(head: Head): { readonly before: string; readonly after: string }
  /**
   * Each item as a document of this format has it, with `CONTENT_MARK` where its content will be: written small, by
   * the same steps for all, an item weighs little until its content is put in.
   */
  items(items: readonly Item[]): readonly string[]
  /** The content as it is written in the place of the mark. */
  content(text: ItemText): string | Buffer
  /** A document of this format → the same for one reader: at an address of her own, announced to no hub and no directory. */
  readdress(text: string, address: string): string
  /** Written between two items. */
  readonly separator: string
  /** How a list of feeds (OPML) speaks of one in this format; no list names a format without it. */
  readonly opml?: { readonly type: string; readonly version: string }
  /** Items of a document that an earlier build made; only of a format that can be read back. @throws on any other text */
  readItems?(text: string): readonly PublishedItem[]
}

/** What readers know an item by. */
export interface PublishedItem {
  readonly id: string
  readonly url: string
  readonly title: string
  /** RFC 3339. */
  readonly date: string
}

/** U+0001 is illegal in XML and gone from every text before it comes to a format: no article can forge it. */
export const CONTENT_MARK = String.fromCharCode(1)

export interface ChunkSources {
  readonly writer: FeedWriter
  readonly items: readonly Item[]
  readonly frames: ItemFrames
  makeHead(): Head
  /** What is known of an item already, to the byte. */
  piece(index: number): Piece | undefined
  /** Called with the start and end of each item, once all is written: two numbers for each. */
  reportSpans(spans: Float64Array): void
}

/** Where an item begins and ends in a document of the last build: places of bytes. */
export interface Piece {
  readonly start: number
  readonly end: number
  /** @param start @param end in that document */
  read(start: number, end: number): Uint8Array
}

/** The same bytes each time they are read. */
export function feedChunks(sources: ChunkSources): Iterable<Uint8Array> {
  return { [Symbol.iterator]: () => new DocumentInProgress(sources).chunks() }
}

/** Few enough to stay small in memory, enough to spread what npm `feed` costs at each call. */
const ITEMS_PER_BATCH = 50

/** So many bytes of an earlier document are read at once. */
const READ_BYTES = 1024 * 1024

class DocumentInProgress {
  readonly #sources: ChunkSources
  readonly #spans: Float64Array
  /** Bytes given out so far. */
  #length = 0
  /** What comes next, and waits for the bytes behind it. */
  #text = ''

  constructor(sources: ChunkSources) {
    this.#sources = sources
    this.#spans = new Float64Array(sources.items.length * 2)
  }

  *chunks(): Generator<Uint8Array, void> {
    const { writer, items, makeHead, piece, reportSpans } = this.#sources
    const { before, after } = writer.frame(makeHead())
    this.#text = before
    for (let index = 0; index < items.length; ) {
      if (index > 0) this.#text += writer.separator
      const known = piece(index)
      index = known ? yield* this.#copyRun(index, known) : yield* this.#makeBatch(index)
    }
    this.#text += after
    yield this.#takeText()
    reportSpans(this.#spans)
  }

  /**
   * Items that followed each other in the earlier document as they do here.
   *
   * @returns the first item behind them
   */
  *#copyRun(start: number, first: Piece): Generator<Uint8Array, number> {
    const { piece } = this.#sources
    yield this.#takeText()
    const end = this.#endOfRun(start, first)
    const moved = this.#length - first.start
    for (let index = start; index < end; index++) {
      const known = piece(index)!
      this.#spans.set([known.start + moved, known.end + moved], index * 2)
    }
    const stop = piece(end - 1)!.end
    for (let from = first.start; from < stop; from += READ_BYTES)
      yield this.#count(first.read(from, Math.min(stop, from + READ_BYTES)))
    return end
  }

  #endOfRun(start: number, first: Piece): number {
    const { items, writer, piece } = this.#sources
    let end = start + 1
    for (let last = first; end < items.length; end++) {
      const next = piece(end)
      if (!next || next.read !== last.read || next.start !== last.end + writer.separator.length) break
      last = next
    }
    return end
  }

  /** @returns the first item behind them */
  *#makeBatch(start: number): Generator<Uint8Array, number> {
    const { writer, items, frames, piece } = this.#sources
    let end = start + 1
    while (end < items.length && end - start < ITEMS_PER_BATCH && !piece(end)) end++
    const batch = items.slice(start, end)
    for (const [place, [head, tail]] of frames(batch).entries()) {
      const item = batch[place]!
      const span = (start + place) * 2
      this.#text += (place > 0 ? writer.separator : '') + head
      const lead = this.#takeText()
      this.#spans[span] = this.#length - Buffer.byteLength(head)
      yield lead
      if (item.full) yield this.#count(bytesOf(writer.content(item.text())))
      this.#spans[span + 1] = this.#length + Buffer.byteLength(tail)
      this.#text = tail
    }
    return end
  }

  #takeText(): Uint8Array {
    const bytes = this.#count(Buffer.from(this.#text))
    this.#text = ''
    return bytes
  }

  #count(bytes: Uint8Array): Uint8Array {
    this.#length += bytes.length
    return bytes
  }
}

function bytesOf(content: string | Buffer): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : content
}

/** Items of one format as text before and text behind their content; made once for all documents that carry them. */
type ItemFrames = (items: readonly Item[]) => (readonly [string, string])[]

/** @param isShared whether several documents carry an item */
export function itemFrames(writer: FeedWriter, isShared: (item: Item) => boolean): ItemFrames {
  const kept = new Map<Item, readonly [string, string]>()
  return items => {
    const missing = items.filter(item => !kept.has(item))
    const texts = missing.length > 0 ? writer.items(missing) : []
    const made = new Map(missing.map((item, index) => [item, splitAtMark(texts[index]!)]))
    for (const [item, frame] of made) if (isShared(item)) kept.set(item, frame)
    return items.map(item => kept.get(item) ?? made.get(item)!)
  }
}

function splitAtMark(text: string): readonly [string, string] {
  const place = text.indexOf(CONTENT_MARK)
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + CONTENT_MARK.length)]
}
