// Loaded folder → the feed files of every channel in every format, the files beside them, and a report of each feed.

import { once } from '../base/index.ts'
import {
  announcedFormats,
  byFormat,
  type Channel,
  channelCollisions,
  channelsOf,
  FEED_FORMATS,
  type FeedReport,
  type FormerFeed,
  feedFormatNames,
  feedPaths,
  formerFeeds,
  publishedArticles,
} from '../content/index.ts'
import type { ArchivedEdition, Article, Diagnostic, Loaded, OutputFile, Renderer } from '../model.ts'
import { articlesBeside } from '../site/index.ts'
import type { Templates } from '../templates/index.ts'
import { filesBesideFeeds, machineFiles, STYLE_SHEET } from './beside-feeds.ts'
import { type EditionFeed, editionFeeds } from './edition-feeds.ts'
import { FeedCache, type FeedDetails, type FeedsBefore, type KeptFeeds } from './feed-cache.ts'
import { feedChunks, itemFrames } from './feed-chunks.ts'
import {
  type FeedDocument,
  feedDocuments,
  permanentIds,
  updatedTimes,
  writtenGuids,
} from './feed-documents.ts'
import { type Head, type HeadSources, makeHead, tombstones } from './feed-head.ts'
import {
  type CarriedItems,
  carriedItems,
  chapterFiles,
  type Item,
  type ItemSources,
  itemBytes,
} from './feed-item.ts'
import { FEED_WRITERS } from './feed-writers.ts'
import { podcastProblems } from './podcast.ts'

export interface Feeds {
  /** Feeds are made while they are read: whoever writes them one after another needs little memory. */
  readonly files: OutputFile[]
  /** Paths of those that are in `out/` as they would be made: they need be neither made nor looked at. */
  readonly upToDate: ReadonlySet<string>
  /** The main one first; archives are no feeds of their own. */
  readonly reports: FeedReport[]
  /** Every article that some feed or archive carries, each once: what they show must lie in `out/`. */
  readonly articles: Article[]
  readonly diagnostics: Diagnostic[]
  /** For the next build, when all files have been read. */
  kept(): KeptFeeds
}

/** Feeds of which nothing is rendered yet. */
export interface BegunFeeds extends Pick<Feeds, 'articles'> {
  /** Those of the articles whose contents are to be made, newest first. */
  readonly missing: readonly Article[]
  /**
   * @param editions those that appeared, for the feeds of newsletters; without them there are no such feeds
   * @param ready the content of an article, where another thread has made it
   */
  make(
    renderer: Renderer,
    templates: Templates,
    editions?: readonly ArchivedEdition[],
    ready?: ItemSources['ready'],
  ): Feeds
}

/**
 * @param editions those that appeared, for the feeds of newsletters; without them there are no such feeds
 * @param before what the last build of the same settings, templates and authors left; everything is made without it
 */
export function buildFeeds(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  editions?: readonly ArchivedEdition[],
  before?: FeedsBefore,
): Feeds {
  return beginFeeds(loaded, before).make(renderer, templates, editions)
}

/**
 * As `buildFeeds`, in two steps: another thread may begin the contents between them.
 *
 * @param before what the last build of the same settings, templates and authors left; everything is made without it
 */
export function beginFeeds(loaded: Loaded, before?: FeedsBefore): BegunFeeds {
  const { publication } = loaded
  const plan = planFeeds(loaded)
  const { channels, documents, articles } = plan
  const cache = new FeedCache(before, plan.details)
  const upToDate = upToDateFiles(documents, cache)
  const former = formerFeeds(channels, publication)
  for (const { file, folder, format } of former) {
    const now = folder + FEED_FORMATS[format].file
    if (upToDate.has(now) && before?.isUpToDate(file)) upToDate.add(file)
    else upToDate.delete(now) // Both have the same bytes, and are made together.
  }
  if (before?.isUpToDate(STYLE_SHEET)) upToDate.add(STYLE_SHEET)
  const wanted = documents.filter(({ path }) => feedPaths(path).some(file => !upToDate.has(file)))
  const isKnown = (article: Article) => cache.isUnchanged(article)
  const missing = missingContents(wanted, loaded, isKnown)
  return {
    articles,
    missing,
    make(renderer, templates, editions, ready) {
      const ofEditions = editions ? editionFeeds(loaded, templates, editions, before) : []
      for (const { files, isUpToDate } of ofEditions)
        if (isUpToDate) for (const { path } of files) upToDate.add(path)
      // While another thread makes contents: what needs none comes before those that are left.
      const all = [...channels, ...ofEditions.map(({ channel }) => channel)]
      const others = [
        ...ofEditions.flatMap(({ files }) => files),
        ...chapterFiles(channels, publication),
        ...machineFiles(loaded, channels),
        ...filesBesideFeeds(all, publication, templates, path => upToDate.has(path)),
      ]
      const sources = { loaded, renderer, templates, ...plan.details(), ready }
      const carried = carriedItems(wanted, missing, sources, isKnown)
      const bytesOf = (article: Article) => cache.bytesOf(article) ?? itemBytes(carried.itemOf(article)!)
      const words = templates.words(publication.language)
      const headSources = { loaded, words, ...plan, ...plan.details() }
      return {
        files: [...feedFiles(documents, { upToDate, carried, cache, headSources, former }), ...others],
        upToDate,
        reports: reportsOf(loaded, channels, ofEditions),
        articles,
        diagnostics: [
          ...channelCollisions(loaded),
          ...largeFeeds(documents, bytesOf),
          ...podcastProblems(loaded),
        ],
        kept: () => ({
          ...cache.kept(documents, articles, bytesOf),
          editions: new Map(ofEditions.map(({ channel, key }) => [channel.path, key])),
        }),
      }
    },
  }
}

/** Newest first. @param isKnown whether an article's item is to be had without its content */
function missingContents(
  documents: readonly FeedDocument[],
  loaded: Loaded,
  isKnown: (article: Article) => boolean,
): Article[] {
  const whole = new Set(documents.flatMap(({ articles, content }) => (content === 'full' ? articles : [])))
  return publishedArticles(loaded).filter(article => whole.has(article) && !isKnown(article))
}

/** What follows from the loaded folder alone, before anything is rendered. */
interface FeedPlan {
  readonly channels: readonly Channel[]
  readonly documents: readonly FeedDocument[]
  /** Those in the documents, each once. */
  readonly articles: Article[]
  /** Asked for while another thread has begun the contents. */
  readonly details: () => FeedDetails
}

function planFeeds(loaded: Loaded): FeedPlan {
  const { publication } = loaded
  const channels = channelsOf(loaded)
  const published = publishedArticles(loaded)
  const documents = channels.flatMap(channel => feedDocuments(channel, publication.feeds))
  return {
    channels,
    documents,
    articles: [...new Set(documents.flatMap(document => document.articles))],
    details: once(() => {
      const ids = permanentIds(published, publication.articles.idHost)
      return {
        ids,
        guids: publication.articles.id === 'guid' ? writtenGuids(ids) : new Map(),
        times: updatedTimes(published),
        beside: articlesBeside(published),
        tombstones: tombstones(loaded, ids.values()),
      }
    }),
  }
}

function upToDateFiles(documents: readonly FeedDocument[], cache: FeedCache): Set<string> {
  const paths = feedFormatNames().flatMap(format =>
    documents
      .filter(document => cache.isUpToDate(document, format))
      .map(({ path }) => path + FEED_FORMATS[format].file),
  )
  return new Set(paths)
}

interface FileSources {
  readonly upToDate: ReadonlySet<string>
  readonly carried: CarriedItems
  readonly cache: FeedCache
  readonly headSources: HeadSources
  readonly former: readonly FormerFeed[]
}

/** One format after the other: of the items of one format, only those that several documents carry are kept. */
function feedFiles(documents: readonly FeedDocument[], sources: FileSources): OutputFile[] {
  const { upToDate, carried, cache, headSources, former } = sources
  const heads = new Map<FeedDocument, Head>()
  const headOf = (document: FeedDocument, items: readonly Item[]) => {
    const head = heads.get(document) ?? makeHead(document, items, headSources)
    heads.set(document, head)
    return head
  }
  return feedFormatNames().flatMap(name => {
    const writer = FEED_WRITERS[name]
    const frames = itemFrames(writer, carried.isShared)
    return documents.flatMap((document): OutputFile[] => {
      const path = document.path + FEED_FORMATS[name].file
      const others = former
        .filter(({ folder, format }) => folder === document.path && format === name)
        .map(({ file }) => file)
      if (upToDate.has(path)) return [path, ...others].map(file => ({ path: file, body: '' }))
      const items = carried.itemsOf.get(document)!
      const chunks = feedChunks({
        writer,
        items,
        frames,
        makeHead: () => headOf(document, items),
        ...cache.remake(document, name),
      })
      return [path, ...others].map(file => ({ path: file, body: { chunks } }))
    })
  })
}

/** Which feeds there will be of articles, without making them. */
export function plannedFeeds(loaded: Loaded): FeedReport[] {
  return reportsOf(loaded, channelsOf(loaded), [])
}

function reportsOf(
  { publication: { feeds } }: Loaded,
  channels: readonly Channel[],
  ofEditions: readonly EditionFeed[],
): FeedReport[] {
  const limitOf = ({ items }: Channel) => (feeds.complete ? Number.POSITIVE_INFINITY : (items ?? feeds.items))
  const report = ({ scope, name, path }: Channel, items: number): FeedReport => {
    return { scope, name, ...byFormat(format => `out/${path}${FEED_FORMATS[format].file}`), items }
  }
  return [
    ...channels.map(channel => report(channel, Math.min(channel.articles.length, limitOf(channel)))),
    ...ofEditions.map(({ channel, items }) => report(channel, items)),
  ]
}

/** Bytes, and who takes no more. Every reader fetches the whole at each change. */
const SIZE_LIMITS = [
  [5_000_000, 'the W3C validator and most readers read no more than 5 MB'],
  [512_000, 'FeedBurner and some readers read no more than 512 kB'],
] as const

/** Of those that readers fetch again and again: archives are none. */
function largeFeeds(documents: readonly FeedDocument[], bytesOf: (article: Article) => number): Diagnostic[] {
  const large = documents.flatMap(({ path, archive, articles, content }) => {
    if (content === 'summary' && articles.length < 500) return []
    const bytes = articles.reduce((sum, article) => sum + bytesOf(article), 0)
    const [, who] = SIZE_LIMITS.find(([limit]) => bytes > limit) ?? []
    return archive.isArchive || who === undefined ? [] : [{ path, bytes, who }]
  })
  if (large.length === 0) return []
  const [largest] = large.sort((left, right) => right.bytes - left.bytes)
  const [format] = announcedFormats()
  const others = large.length > 1 ? `; so are ${large.length - 1} more` : ''
  return [
    {
      file: 'articles/publication.yaml',
      line: 0,
      rule: 'feed-too-large',
      severity: 'warning',
      message: `out/${largest!.path}${format!.file} has about ${(largest!.bytes / 1e6).toFixed(1)} MB: ${largest!.who}${others}`,
      advice: 'Lower feeds.items, and keep the older ones with "archive: true"; or write "content: summary".',
    },
  ]
}
