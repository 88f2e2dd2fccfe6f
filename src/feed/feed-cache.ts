// What the last build wrote of feeds → which documents need not be made again, and from where the bytes of an item that
// did not change are copied; and what is kept for the next build.

import { FEED_FORMATS, type FeedFormatName } from '../content/index.ts'
import type { Article, Timestamp } from '../model.ts'
import type { Beside } from '../site/index.ts'
import type { ChunkSources, Piece } from './feed-chunks.ts'
import type { FeedDocument } from './feed-documents.ts'
import { type Tombstone, tombstonesIn } from './feed-head.ts'

/** A plain value: what is kept for the next build. */
export interface KeptFeeds {
  /** By the article's file. */
  readonly items: ReadonlyMap<string, KeptItem>
  /** By the document's folder below `out/`. */
  readonly documents: ReadonlyMap<string, KeptDocument>
  /** Folder of a newsletter's feed → of what it was made. */
  readonly editions: ReadonlyMap<string, string>
}

interface KeptItem {
  /** Of what went into it and `FeedsBefore.isUnchanged` says nothing of. */
  readonly key: string
  /** About how many it takes of a feed. */
  readonly bytes: number
}

interface KeptDocument {
  /** Of everything that went into it besides its items. */
  readonly key: string
  /** Files of the articles that it carries. */
  readonly articles: readonly string[]
  readonly content: FeedDocument['content']
  readonly spans: Readonly<Spans>
}

/** Where each item begins and ends in the file of each format. */
type Spans = { [Name in FeedFormatName]?: Float64Array }

/** The last build of the same settings and templates. */
export interface FeedsBefore {
  readonly kept: KeptFeeds
  /** Whether an article, its text and what that refers to are what they were then. */
  isUnchanged(article: Article): boolean
  /** Whether all that others show of an article is. */
  hasSameSummary(article: Article): boolean
  /** Whether that is so of every article, and no other is there: then all follows from all of them as it did. */
  readonly areSummariesSame: boolean
  /** Whether a file of `out/` is for certain as that build made it. */
  isUpToDate(path: string): boolean
  /** Bytes of such a file. */
  read(path: string, start: number, end: number): Uint8Array
}

/**
 * How it is noticed that a field of an article changed, so that no item stays as it was. A new field does not compile until
 * it is named here.
 *
 * article: by `FeedsBefore.isUnchanged`, since it follows from the article's file, its state, the settings and the authors.
 * key: by the key of the item, since what feeds say of it follows from other articles or from the time as well.
 */
const NOTICED_BY = {
  id: 'key', // `permanentIds`
  file: 'article',
  slug: 'article',
  url: 'article',
  state: 'article',
  title: 'article',
  date: 'article',
  updated: 'key', // `updatedTimes`
  authors: 'article',
  section: 'article',
  tags: 'article',
  summary: 'article',
  place: 'article',
  image: 'article',
  audio: 'article',
  language: 'article',
  direction: 'article',
  live: 'article',
  expires: 'article',
  withdrawn: 'article',
  comments: 'article',
  source: 'article',
  canonical: 'article',
  extra: 'article',
  body: 'article',
  bodyLine: 'article',
} as const satisfies Record<keyof Article, 'article' | 'key'>

type KeyedField = {
  [Field in keyof Article]-?: (typeof NOTICED_BY)[Field] extends 'key' ? Field : never
}[keyof Article]

/** So many items at most are taken out of other documents: they are in memory until all is written. */
const MAX_BORROWED_ITEMS = 400

/** What feeds say of articles, and follows from all of them. */
export interface FeedDetails {
  readonly ids: ReadonlyMap<Article, string>
  readonly guids: ReadonlyMap<Article, string>
  readonly times: ReadonlyMap<Article, Timestamp>
  readonly beside: (article: Article) => Beside
  /** Of the main feed. */
  readonly tombstones: readonly Tombstone[]
}

export class FeedCache {
  readonly #before: FeedsBefore | undefined
  readonly #details: () => FeedDetails
  readonly #unchanged = new Map<Article, boolean>()
  readonly #keys = new Map<Article, string>()
  /** Those that the next build will find. */
  readonly #spans = new Map<FeedDocument, Spans>()
  /** File of an article → where the last build has its item: looked up when the first one is borrowed. */
  #places: ReadonlyMap<string, readonly Place[]> | undefined
  #borrowed = 0

  /** @param before everything is made without it */
  constructor(before: FeedsBefore | undefined, details: () => FeedDetails) {
    this.#before = before
    this.#details = details
  }

  /** Whether the item of an article is what it was. */
  isUnchanged(article: Article): boolean {
    const isUnchanged = this.#unchanged.get(article) ?? this.#compare(article)
    this.#unchanged.set(article, isUnchanged)
    return isUnchanged
  }

  /** About how many an item takes of a feed; undefined where it has changed. */
  bytesOf(article: Article): number | undefined {
    return this.isUnchanged(article) ? this.#before!.kept.items.get(article.file)!.bytes : undefined
  }

  /** Whether the file of a document is for certain as it would be made. */
  isUpToDate(document: FeedDocument, format: FeedFormatName): boolean {
    const { path, articles } = document
    const was = this.#before?.kept.documents.get(path)
    return (
      was !== undefined &&
      was.key === this.#documentKey(document) &&
      was.articles.length === articles.length &&
      was.spans[format] !== undefined &&
      articles.every((article, index) => was.articles[index] === article.file && this.isUnchanged(article)) &&
      this.#before!.isUpToDate(pathOf(path, format))
    )
  }

  /** What is known of the items of a file that is made again; and it is noted where they are in the new one. */
  remake(document: FeedDocument, format: FeedFormatName): Pick<ChunkSources, 'piece' | 'reportSpans'> {
    const pieces = this.#before ? this.#piecesOf(document, format, this.#before) : []
    const spans = this.#spansOf(document)
    delete spans[format]
    return {
      piece: index => pieces[index],
      reportSpans(made) {
        spans[format] = made
      },
    }
  }

  /**
   * For the next build, when all files have been read.
   *
   * @param bytesOf of an item, about
   */
  kept(
    documents: readonly FeedDocument[],
    articles: readonly Article[],
    bytesOf: (article: Article) => number,
  ): Omit<KeptFeeds, 'editions'> {
    return {
      items: new Map(
        articles.map(article => [article.file, { key: this.#keyOf(article), bytes: bytesOf(article) }]),
      ),
      documents: new Map(
        documents.map(document => [
          document.path,
          {
            key: this.#documentKey(document),
            articles: document.articles.map(({ file }) => file),
            content: document.content,
            spans: this.#spansOf(document),
          },
        ]),
      ),
    }
  }

  #compare(article: Article): boolean {
    const before = this.#before
    if (!before?.isUnchanged(article)) return false
    if (before.kept.items.get(article.file)?.key !== this.#keyOf(article)) return false
    if (before.areSummariesSame) return true
    const { related, top } = this.#details().beside(article)
    return related.every(before.hasSameSummary) && top.every(before.hasSameSummary)
  }

  #keyOf(article: Article): string {
    const known = this.#sameBefore?.items.get(article.file)?.key
    const key = this.#keys.get(article) ?? known ?? itemKey(article, this.#details())
    this.#keys.set(article, key)
    return key
  }

  /** Of everything that a document says besides its items, and that does not follow from settings and templates. */
  #documentKey(document: FeedDocument): string {
    const known = this.#sameBefore?.documents.get(document.path)
    if (known) return known.key
    const { articles: _, ...channel } = document.channel
    return JSON.stringify([
      channel,
      document.content,
      document.archive,
      tombstonesIn(document, this.#details().tombstones),
    ])
  }

  /** What the last build left, where every key is the same as then. */
  get #sameBefore(): KeptFeeds | undefined {
    return this.#before?.areSummariesSame ? this.#before.kept : undefined
  }

  #spansOf(document: FeedDocument): Spans {
    const spans = this.#spans.get(document) ?? { ...this.#before?.kept.documents.get(document.path)?.spans }
    this.#spans.set(document, spans)
    return spans
  }

  /** Read only while the document itself is written: the file that they are in is replaced by it. */
  #piecesOf({ path, articles, content }: FeedDocument, format: FeedFormatName, before: FeedsBefore) {
    const was = before.kept.documents.get(path)
    const file = pathOf(path, format)
    const isSame = was?.content === content && before.isUpToDate(file)
    const spans = isSame ? was.spans[format] : undefined
    const places = new Map(spans && was!.articles.map((article, index) => [article, index]))
    const read = (start: number, end: number) => before.read(file, start, end)
    return articles.map((article): Piece | undefined => {
      if (!this.isUnchanged(article)) return undefined
      const place = places.get(article.file)
      if (place === undefined) return this.#borrow(article, content, format, before)
      return { start: spans![place * 2]!, end: spans![place * 2 + 1]!, read }
    })
  }

  /** An item that comes into a document is in another one, most often: a full feed's oldest goes into the archive. */
  #borrow(
    { file }: Article,
    content: FeedDocument['content'],
    format: FeedFormatName,
    before: FeedsBefore,
  ): Piece | undefined {
    this.#places ??= placesOf(before.kept)
    if (this.#borrowed >= MAX_BORROWED_ITEMS) return undefined
    for (const { document, folder, index } of this.#places.get(file) ?? []) {
      const spans = document.spans[format]
      if (!spans || document.content !== content || !before.isUpToDate(pathOf(folder, format))) continue
      this.#borrowed++
      const bytes = before.read(pathOf(folder, format), spans[index * 2]!, spans[index * 2 + 1]!)
      return { start: 0, end: bytes.length, read: (start, end) => bytes.subarray(start, end) }
    }
    return undefined
  }
}

function pathOf(folder: string, format: FeedFormatName): string {
  return folder + FEED_FORMATS[format].file
}

/** Neither ids nor names of files have this sign. */
const KEY_SEPARATOR = '\0'

function itemKey(article: Article, { ids, guids, times, beside }: FeedDetails): string {
  const { related, top } = beside(article)
  const { at, offset } = times.get(article)!
  const fields: Record<KeyedField, readonly (string | number)[]> = {
    id: [ids.get(article)!, guids.get(article) ?? ''],
    updated: [at, offset],
  }
  return [
    ...Object.values(fields).flat(),
    ...related.map(({ file }) => file),
    '',
    ...top.map(({ file }) => file),
  ].join(KEY_SEPARATOR)
}

interface Place {
  readonly document: KeptDocument
  readonly folder: string
  readonly index: number
}

function placesOf({ documents }: KeptFeeds): Map<string, Place[]> {
  const places = new Map<string, Place[]>()
  for (const [folder, document] of documents) {
    for (const [index, file] of document.articles.entries()) {
      const known = places.get(file) ?? []
      if (known.push({ document, folder, index }) === 1) places.set(file, known)
    }
  }
  return places
}
