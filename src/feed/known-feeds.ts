// What the last build made of feeds → which documents stand as they would be made, and where the bytes of an item are to
// be had without making it; and what is kept for the next build.

import { FEED_FORMATS, type FeedFormatName } from '../content/index.ts'
import type { Article, Timestamp } from '../model.ts'
import type { Beside } from '../site/index.ts'
import type { Piece } from './feed-chunks.ts'
import type { FeedDocument } from './feed-documents.ts'
import { itemKey } from './item-key.ts'

/** A plain value: what the cache keeps. */
export interface KeptFeeds {
  /** By the article's file. */
  readonly items: ReadonlyMap<string, KeptItem>
  /** By the document's folder below `out/`. */
  readonly documents: ReadonlyMap<string, KeptDocument>
  /** Folder of a newsletter's feed → of what it was made. */
  readonly editions: ReadonlyMap<string, string>
}

export interface KeptItem {
  /** Of everything that went into it besides its article's file and face. */
  readonly key: string
  /** About how many it takes of a feed. */
  readonly bytes: number
}

export interface KeptDocument {
  /** Of everything that went into it besides its items. */
  readonly key: string
  /** Files of the articles that it carries. */
  readonly articles: readonly string[]
  /** Where each item begins and ends in the file of each format. */
  readonly spans: { readonly [Name in FeedFormatName]?: Float64Array }
}

/** The last build of the same settings and templates. */
export interface FeedsBefore {
  readonly kept: KeptFeeds
  /** Whether an article, its text and what that refers to are what they were then. */
  holds(article: Article): boolean
  /** Whether all that others show of an article is. */
  hasSameFace(article: Article): boolean
  /** Whether a file of `out/` is for certain as that build made it. */
  stands(path: string): boolean
  /** Bytes of such a file. */
  read(path: string, start: number, end: number): Uint8Array
}

export interface KnownFeeds {
  /** Whether the item of an article is what it was. */
  holds(article: Article): boolean
  bytesOf(article: Article): number | undefined
  stands(document: FeedDocument, format: FeedFormatName): boolean
  /** Read only while the document itself is written: the file that they stand in is replaced by it. */
  pieces(document: FeedDocument, format: FeedFormatName): (index: number) => Piece | undefined
  keyOf(article: Article): string
}

export interface ItemSources {
  readonly ids: ReadonlyMap<Article, string>
  readonly times: ReadonlyMap<Article, Timestamp>
  readonly beside: (article: Article) => Beside
}

/** So many items at most are taken out of other documents: they are in memory until all is written. */
const BORROWED = 400

/** @param documentKey of everything that goes into a document besides its items */
export function knownFeeds(
  before: FeedsBefore | undefined,
  { ids, times, beside }: ItemSources,
  documentKey: (document: FeedDocument) => string,
): KnownFeeds {
  const verdicts = new Map<Article, boolean>()
  const keys = new Map<Article, string>()
  const pathOf = (folder: string, format: FeedFormatName) => folder + FEED_FORMATS[format].file
  let elsewhere: Map<string, [KeptDocument, string, number][]> | undefined
  let borrowed = 0

  function keyOf(article: Article): string {
    const key = keys.get(article) ?? makeKey(article)
    keys.set(article, key)
    return key
  }

  function makeKey(article: Article): string {
    const { related, top } = beside(article)
    return itemKey({
      id: ids.get(article)!,
      time: times.get(article)!,
      related: related.map(({ file }) => file),
      top: top.map(({ file }) => file),
    })
  }

  function judge(article: Article): boolean {
    if (!before?.holds(article) || before.kept.items.get(article.file)?.key !== keyOf(article)) return false
    const { related, top } = beside(article)
    return related.every(before.hasSameFace) && top.every(before.hasSameFace)
  }

  function holds(article: Article): boolean {
    if (!before) return false
    const verdict = verdicts.get(article) ?? judge(article)
    verdicts.set(article, verdict)
    return verdict
  }

  function stands(document: FeedDocument, format: FeedFormatName): boolean {
    const { path, articles } = document
    const was = before?.kept.documents.get(path)
    return (
      was !== undefined &&
      was.key === documentKey(document) &&
      was.articles.length === articles.length &&
      was.spans[format] !== undefined &&
      articles.every((article, index) => was.articles[index] === article.file && holds(article)) &&
      before!.stands(pathOf(path, format))
    )
  }

  function pieces({ path, articles }: FeedDocument, format: FeedFormatName) {
    if (!before) return () => undefined
    const was = before.kept.documents.get(path)
    const file = pathOf(path, format)
    const spans = was && before.stands(file) ? was.spans[format] : undefined
    const places = new Map(spans && was!.articles.map((article, index) => [article, index]))
    const read = (start: number, end: number) => before.read(file, start, end)
    const found = articles.map((article): Piece | undefined => {
      if (!holds(article)) return undefined
      const place = places.get(article.file)
      if (place === undefined) return borrow(article, format)
      return { start: spans![place * 2]!, end: spans![place * 2 + 1]!, read }
    })
    return (index: number) => found[index]
  }

  /** An item that comes into a document is in another one, most often: a full feed's oldest goes into the archive. */
  function borrow({ file }: Article, format: FeedFormatName): Piece | undefined {
    elsewhere ??= placesOf(before!.kept)
    if (borrowed >= BORROWED) return undefined
    for (const [{ spans }, folder, index] of elsewhere.get(file) ?? []) {
      const own = spans[format]
      if (!own || !before!.stands(pathOf(folder, format))) continue
      borrowed++
      const bytes = before!.read(pathOf(folder, format), own[index * 2]!, own[index * 2 + 1]!)
      return { start: 0, end: bytes.length, read: (start, end) => bytes.subarray(start, end) }
    }
    return undefined
  }

  return {
    holds,
    stands,
    pieces,
    keyOf,
    bytesOf: article => (holds(article) ? before!.kept.items.get(article.file)!.bytes : undefined),
  }
}

function placesOf({ documents }: KeptFeeds): Map<string, [KeptDocument, string, number][]> {
  const places = new Map<string, [KeptDocument, string, number][]>()
  for (const [folder, document] of documents) {
    for (const [index, file] of document.articles.entries()) {
      const known = places.get(file) ?? []
      if (known.push([document, folder, index]) === 1) places.set(file, known)
    }
  }
  return places
}
