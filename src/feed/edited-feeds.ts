// Articles of which the text alone changed, and what was kept of the feeds that carry them → these feeds, with the new
// items in the places of the old ones: all else in them follows from what did not change.

import type { Article, OutputFile, Timestamp } from '../model.ts'
import type { Beside } from '../site/index.ts'
import { itemFrames } from './feed-chunks.ts'
import { largeFeeds, sizeOf } from './feed-problems.ts'
import { FORMATS, type FormatName } from './formats.ts'
import { itemFacts } from './item-key.ts'
import type { FeedsBefore, KeptDocument, KeptFeeds, KeptItem } from './known-feeds.ts'
import { type Item, makeItem, type Sources } from './make-item.ts'

export interface EditedFeeds {
  readonly files: readonly OutputFile[]
  /** For the next build. */
  readonly kept: KeptFeeds
}

export interface EditSources extends Pick<Sources, 'loaded' | 'renderer' | 'templates'> {
  /** An article that did not change, by its file. */
  find(file: string): Article | undefined
}

export interface FeedsToEdit extends Pick<FeedsBefore, 'kept' | 'read'> {
  /** Bytes of a file of `out/`. */
  sizeOf(path: string): number
}

/** @returns undefined where more than these items may have to change */
export function editedFeeds(
  articles: readonly Article[],
  given: EditSources,
  { kept, read, sizeOf: lengthOf }: FeedsToEdit,
): EditedFeeds | undefined {
  const carried = articles.filter(({ file }) => kept.items.has(file))
  const sources = sourcesOf(carried, given, kept)
  if (!sources) return undefined
  const made = new Map(carried.map(article => [article.file, makeItem(article, sources)]))
  const items = new Map(kept.items)
  for (const [file, item] of made) items.set(file, { key: kept.items.get(file)!.key, bytes: sizeOf(item) })
  const documents = new Map(kept.documents)
  const files: OutputFile[] = []
  const bytesOf = Object.fromEntries(
    Object.keys(FORMATS).map(name => [name, itemBytes(name as FormatName)]),
  ) as Record<FormatName, (item: Item) => Uint8Array>
  for (const [folder, document] of kept.documents) {
    const places = document.articles.flatMap((file, place) => (made.has(file) ? [place] : []))
    if (places.length === 0) continue
    const spans: { [Name in FormatName]?: Float64Array } = {}
    for (const name of Object.keys(FORMATS) as FormatName[]) {
      const before = document.spans[name]
      if (!before) return undefined
      const path = folder + FORMATS[name].file
      const pieces = places.map(place => ({
        start: before[place * 2]!,
        end: before[place * 2 + 1]!,
        bytes: bytesOf[name](made.get(document.articles[place]!)!),
      }))
      const source = { length: lengthOf(path), read: (start: number, end: number) => read(path, start, end) }
      files.push({ path, body: { chunks: { [Symbol.iterator]: () => spliced(source, pieces) } } })
      spans[name] = moved(before, pieces)
    }
    documents.set(folder, { ...document, spans })
  }
  if (told(kept) !== told({ items, documents })) return undefined
  return { files, kept: { ...kept, items, documents } }
}

/** What their items are made from besides them, as it was worked out from all articles. */
function sourcesOf(
  articles: readonly Article[],
  { find, ...given }: EditSources,
  { items }: KeptFeeds,
): Sources | undefined {
  const ids = new Map<Article, string>()
  const times = new Map<Article, Timestamp>()
  const besides = new Map<Article, Beside>()
  for (const article of articles) {
    const { id, time, ...beside } = itemFacts(items.get(article.file)!.key)
    const [related, top] = [beside.related.map(find), beside.top.map(find)]
    if (!isWhole(related) || !isWhole(top)) return undefined
    ids.set(article, id)
    times.set(article, time)
    besides.set(article, { related, top })
  }
  return { ...given, ids, times, beside: article => besides.get(article)! }
}

function isWhole(articles: readonly (Article | undefined)[]): articles is readonly Article[] {
  return articles.every(article => article !== undefined)
}

/** The same bytes wherever it is carried. */
function itemBytes(name: FormatName): (item: Item) => Uint8Array {
  const format = FORMATS[name]
  const frames = itemFrames(format, () => true)
  const made = new Map<Item, Uint8Array>()
  return item => {
    let bytes = made.get(item)
    if (!bytes) {
      const [head, tail] = frames([item])[0]!
      const content = item.full ? format.content(item.text()) : ''
      bytes = Buffer.concat([head, content, tail].map(part => Buffer.from(part as string)))
      made.set(item, bytes)
    }
    return bytes
  }
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array
}

/** So many bytes of an earlier document are read at once. */
const READ = 1024 * 1024

function* spliced(
  before: { readonly length: number; read(start: number, end: number): Uint8Array },
  edits: readonly Edit[],
): Generator<Uint8Array> {
  let at = 0
  for (const { start, end, bytes } of [...edits, { start: before.length, end: before.length, bytes: none }]) {
    for (; at < start; at = Math.min(at + READ, start)) yield before.read(at, Math.min(at + READ, start))
    yield bytes
    at = end
  }
}

const none = new Uint8Array()

/** Where each item lies when those before it have become longer or shorter. */
function moved(spans: Float64Array, edits: readonly Edit[]): Float64Array {
  const now = Float64Array.from(spans)
  for (const { start, end, bytes } of edits) {
    const more = bytes.length - (end - start)
    for (let at = 0; at < spans.length; at++) if (spans[at]! >= end) now[at]! += more
  }
  return now
}

/** What is said of feeds that are too large. */
function told({
  items,
  documents,
}: {
  readonly items: ReadonlyMap<string, KeptItem>
  readonly documents: ReadonlyMap<string, KeptDocument>
}): string {
  const sizes = [...documents].map(([path, { isArchive, articles }]) => ({
    path,
    isArchive,
    bytes: articles.reduce((sum, file) => sum + items.get(file)!.bytes, 0),
  }))
  return JSON.stringify(largeFeeds(sizes))
}
