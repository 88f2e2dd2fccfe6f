// Loaded folder → the feed files of every channel in every format, their list (OPML), what a host is to say of them, the
// style sheet that makes them readable in a browser, and a report of each feed.

import { articlesBeside } from '../articles-beside.ts'
import { type Channel, channelCollisions, channelsOf } from '../channels.ts'
import type {
  ArchivedEdition,
  Article,
  Diagnostic,
  FeedReport,
  Loaded,
  OutputFile,
  Renderer,
} from '../model.ts'
import type { Templates } from '../templates.ts'
import { carriedItems } from './carried-items.ts'
import { editionFeeds } from './edition-feeds.ts'
import { feedChunks, itemFrames } from './feed-chunks.ts'
import { feedDocuments } from './feed-documents.ts'
import { largeFeeds, podcastProblems } from './feed-problems.ts'
import { FORMATS } from './formats.ts'
import { headerRules } from './header-rules.ts'
import { makeHead } from './make-head.ts'
import { opml } from './opml.ts'
import { permanentIds } from './permanent-ids.ts'
import { redirectRules } from './redirect-rules.ts'
import { tombstones } from './tombstones.ts'
import { updatedTimes } from './updated-times.ts'

export { changedIdentities } from './changed-identities.ts'
export { editionDigest } from './edition-digest.ts'

export interface Feeds {
  /** Feeds are made while they are read: whoever writes them one after another needs little memory. */
  readonly files: OutputFile[]
  /** The main one first; archives are no feeds of their own. */
  readonly reports: FeedReport[]
  /** Every article that some feed or archive carries, each once: what they show must lie in `out/`. */
  readonly articles: Article[]
  readonly diagnostics: Diagnostic[]
}

/** @param editions those that appeared, for the feeds of newsletters; without them there are no such feeds */
export function buildFeeds(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  editions?: readonly ArchivedEdition[],
): Feeds {
  const { publication } = loaded
  const channels = channelsOf(loaded)
  const documents = channels.flatMap(channel => feedDocuments(channel, publication.feeds))
  const published = channels[0]!.articles
  const times = updatedTimes(published)
  const ids = permanentIds(published, publication.articles.idHost)
  const beside = articlesBeside(published)
  const carried = carriedItems(documents, { loaded, renderer, templates, ids, times, beside })
  const words = templates.words(publication.language)
  const headSources = { loaded, words, times, tombstones: tombstones(loaded, ids.values()) }
  const archives = editions ? editionFeeds(loaded, templates, editions) : []
  const feedFiles = Object.values(FORMATS).flatMap(format => {
    const frames = itemFrames(format, carried.inSeveral)
    return documents.map((document): OutputFile => {
      const items = carried.itemsOf.get(document)!
      const chunks = feedChunks(format, () => makeHead(document, items, headSources), items, frames)
      return { path: document.path + format.file, body: { chunks } }
    })
  })
  const most = publication.feeds.complete ? Number.POSITIVE_INFINITY : publication.feeds.items
  const all = [...channels, ...archives.map(({ channel }) => channel)]
  return {
    files: [
      ...feedFiles,
      ...archives.flatMap(({ files }) => files),
      {
        path: 'feeds.opml',
        body: opml(all, publication),
      },
      { path: '_headers', body: headerRules(publication) },
      ...redirectRules(all, publication),
      { path: 'feed.css', body: styleSheet(loaded, templates) },
    ],
    reports: [
      ...channels.map(channel => report(channel, Math.min(channel.articles.length, most))),
      ...archives.map(({ channel, items }) => report(channel, items)),
    ],
    articles: carried.articles,
    diagnostics: [
      ...channelCollisions(loaded),
      ...largeFeeds(carried.itemsOf),
      ...podcastProblems(publication),
    ],
  }
}

function report({ scope, name, path }: Channel, items: number): FeedReport {
  return {
    scope,
    name,
    rss: `out/${path}${FORMATS.rss.file}`,
    atom: `out/${path}${FORMATS.atom.file}`,
    json: `out/${path}${FORMATS.json.file}`,
    items,
  }
}

function styleSheet({ publication }: Loaded, templates: Templates): string {
  const { language, timezone } = publication
  return templates.render('feed.css', { publication }, { language, timezone })
}
