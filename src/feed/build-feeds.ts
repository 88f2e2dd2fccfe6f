// Loaded folder → the feed files of every channel in every format, their list (OPML), what a host is to say of them, the
// style sheet that makes them readable in a browser, and a report of each feed.

import {
  byFormat,
  type Channel,
  channelCollisions,
  channelsOf,
  FEED_FORMATS,
  FEED_LIST,
  type FeedReport,
  feedFormatNames,
} from '../content/index.ts'
import type { ArchivedEdition, Article, Diagnostic, Loaded, OutputFile, Renderer } from '../model.ts'
import { articlesBeside } from '../site/index.ts'
import type { Templates } from '../templates/index.ts'
import { type Ahead, carriedItems } from './carried-items.ts'
import { editionFeeds } from './edition-feeds.ts'
import { feedChunks, itemFrames } from './feed-chunks.ts'
import { type FeedDocument, feedDocuments } from './feed-documents.ts'
import { largeFeeds, podcastProblems, sizeOf } from './feed-problems.ts'
import { FORMATS } from './formats.ts'
import { headerRules } from './header-rules.ts'
import { type FeedsBefore, type KeptFeeds, knownFeeds } from './known-feeds.ts'
import { makeHead, type Tombstone } from './make-head.ts'
import { opml } from './opml.ts'
import { permanentIds } from './permanent-ids.ts'
import { redirectRules } from './redirect-rules.ts'
import { tombstones } from './tombstones.ts'
import { updatedTimes } from './updated-times.ts'

export type { Ahead } from './carried-items.ts'
export { changedIdentities } from './changed-identities.ts'
export { editionDigest } from './edition-digest.ts'
export type { FeedsBefore, KeptFeeds } from './known-feeds.ts'
export { contentMaker } from './make-content.ts'

export interface Feeds {
  /** Feeds are made while they are read: whoever writes them one after another needs little memory. */
  readonly files: OutputFile[]
  /** Paths of those that stand in `out/` as they would be made: they need be neither made nor looked at. */
  readonly standing: ReadonlySet<string>
  /** The main one first; archives are no feeds of their own. */
  readonly reports: FeedReport[]
  /** Every article that some feed or archive carries, each once: what they show must lie in `out/`. */
  readonly articles: Article[]
  readonly diagnostics: Diagnostic[]
  /** For the next build, when all files have been read. */
  kept(): KeptFeeds
}

/**
 * @param editions those that appeared, for the feeds of newsletters; without them there are no such feeds
 * @param before what the last build of the same settings, templates and authors left; everything is made without it
 * @param ahead another thread that makes contents, if there is one
 */
export function buildFeeds(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  editions?: readonly ArchivedEdition[],
  before?: FeedsBefore,
  ahead?: Ahead,
): Feeds {
  const { publication } = loaded
  const channels = channelsOf(loaded)
  const documents = channels.flatMap(channel => feedDocuments(channel, publication.feeds))
  const published = channels[0]!.articles
  const times = updatedTimes(published)
  const ids = permanentIds(published, publication.articles.idHost)
  const beside = articlesBeside(published)
  const graves = tombstones(loaded, ids.values())
  const known = knownFeeds(before, { ids, times, beside }, document => documentKey(document, graves))

  const formats = feedFormatNames()
  const standing = new Set(
    formats.flatMap(format =>
      documents
        .filter(document => known.stands(document, format))
        .map(({ path }) => path + FEED_FORMATS[format].file),
    ),
  )
  const isWanted = ({ path }: FeedDocument) =>
    formats.some(name => !standing.has(path + FEED_FORMATS[name].file))
  const sources = { loaded, renderer, templates, ids, times, beside }
  const carried = carriedItems(documents.filter(isWanted), sources, known.holds, ahead)
  const bytesOf = (article: Article) => known.bytesOf(article) ?? sizeOf(carried.itemOf(article)!)
  const words = templates.words(publication.language)
  const headSources = { loaded, words, times, tombstones: graves }
  const archives = editions ? editionFeeds(loaded, templates, editions, before) : []
  for (const { files } of archives.filter(({ standing }) => standing))
    for (const { path } of files) standing.add(path)
  const laid = new Map(
    documents.map(document => [document, { ...before?.kept.documents.get(document.path)?.spans }]),
  )

  const feedFiles = formats.flatMap(name => {
    const format = FORMATS[name]
    const frames = itemFrames(format, carried.inSeveral)
    return documents.map((document): OutputFile => {
      const path = document.path + FEED_FORMATS[name].file
      if (standing.has(path)) return { path, body: '' }
      const items = carried.itemsOf.get(document)!
      const chunks = feedChunks({
        format,
        items,
        frames,
        makeHead: () => makeHead(document, items, headSources),
        piece: known.pieces(document, name),
        laid(spans) {
          laid.get(document)![name] = spans
        },
      })
      delete laid.get(document)![name]
      return { path, body: { chunks } }
    })
  })
  const most = publication.feeds.complete ? Number.POSITIVE_INFINITY : publication.feeds.items
  const all = [...channels, ...archives.map(({ channel }) => channel)]
  const styles: OutputFile = before?.stands('feed.css')
    ? { path: 'feed.css', body: '' }
    : { path: 'feed.css', body: styleSheet(loaded, templates) }
  if (styles.body === '') standing.add('feed.css')
  const articles = [...new Set(documents.flatMap(document => document.articles))]
  return {
    files: [
      ...feedFiles,
      ...archives.flatMap(({ files }) => files),
      {
        path: FEED_LIST,
        body: opml(all, publication),
      },
      { path: '_headers', body: headerRules(publication) },
      ...redirectRules(all, publication),
      styles,
    ],
    standing,
    reports: [
      ...channels.map(channel => report(channel, Math.min(channel.articles.length, most))),
      ...archives.map(({ channel, items }) => report(channel, items)),
    ],
    articles,
    diagnostics: [
      ...channelCollisions(loaded),
      ...largeFeeds(
        documents.map(({ path, archive, articles }) => ({
          path,
          isArchive: archive.isArchive,
          bytes: articles.reduce((sum, article) => sum + bytesOf(article), 0),
        })),
      ),
      ...podcastProblems(loaded),
    ],
    kept: () => ({
      editions: new Map(archives.map(({ channel, key }) => [channel.path, key])),
      items: new Map(
        articles.map(article => [article.file, { key: known.keyOf(article), bytes: bytesOf(article) }]),
      ),
      documents: new Map(
        documents.map(document => [
          document.path,
          {
            key: documentKey(document, graves),
            articles: document.articles.map(({ file }) => file),
            spans: laid.get(document)!,
          },
        ]),
      ),
    }),
  }
}

/** Of everything that a document says besides its items, and that does not follow from settings and templates. */
function documentKey({ channel, archive }: FeedDocument, graves: readonly Tombstone[]): string {
  const { scope, name, slug } = channel
  return JSON.stringify([scope, name, slug, archive, scope === 'main' && !archive.isArchive ? graves : []])
}

function report({ scope, name, path }: Channel, items: number): FeedReport {
  return { scope, name, ...byFormat(format => `out/${path}${FEED_FORMATS[format].file}`), items }
}

function styleSheet({ publication }: Loaded, templates: Templates): string {
  const { language, timezone } = publication
  return templates.render('feed.css', { publication }, { language, timezone })
}
