// Loaded folder → the feed files of every channel in every format, their list (OPML), what a host is to say of them, the
// style sheet that makes them readable in a browser, and a report of each feed.

import { articlesBeside } from '../articles-beside.ts'
import { type Channel, channelCollisions, channelsOf } from '../channels.ts'
import type { Article, Diagnostic, FeedReport, Loaded, OutputFile, Renderer } from '../model.ts'
import type { Templates } from '../templates.ts'
import { feedChunks, itemFrames } from './feed-chunks.ts'
import { type FeedDocument, feedDocuments } from './feed-documents.ts'
import { FORMATS, type FormatName } from './formats.ts'
import { headerRules } from './header-rules.ts'
import { makeHead } from './make-head.ts'
import { type Item, makeItem } from './make-item.ts'
import { opml } from './opml.ts'
import { permanentIds } from './permanent-ids.ts'
import { tombstones } from './tombstones.ts'
import { updatedTimes } from './updated-times.ts'

export { changedIdentities } from './changed-identities.ts'

export interface Feeds {
  /** Feeds are made while they are read: whoever writes them one after another needs little memory. */
  readonly files: OutputFile[]
  /** The main one first; archives are no feeds of their own. */
  readonly reports: FeedReport[]
  readonly diagnostics: Diagnostic[]
}

export function buildFeeds(loaded: Loaded, renderer: Renderer, templates: Templates): Feeds {
  const { publication } = loaded
  const channels = channelsOf(loaded)
  const documents = channels.flatMap(channel => feedDocuments(channel, publication.feeds))
  const makeFile = fileMaker(documents, loaded, renderer, templates)
  const formats = Object.keys(FORMATS) as FormatName[]
  return {
    files: [
      ...formats.flatMap(format => documents.map(document => makeFile(document, format))),
      { path: 'feeds.opml', body: opml(channels, publication) },
      { path: '_headers', body: headerRules(publication) },
      { path: 'feed.css', body: styleSheet(loaded, templates) },
    ],
    reports: channels.map(channel => report(channel, publication.feeds.items)),
    diagnostics: channelCollisions(loaded),
  }
}

function fileMaker(
  documents: readonly FeedDocument[],
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
): (document: FeedDocument, format: FormatName) => OutputFile {
  const published = documents[0]!.channel.articles
  const ids = permanentIds(published, loaded.publication.articles.idHost)
  const times = updatedTimes(published)
  const beside = articlesBeside(published)
  const sources = { loaded, renderer, templates, ids, times, beside }
  const words = templates.words(loaded.publication.language)
  const headSources = { loaded, words, times, tombstones: tombstones(loaded) }

  // Each item is made once, however many documents carry it, and only when one does.
  const made = new Map<Article, Item>()
  const carriers = new Map<Item, number>()
  const itemsOf = new Map(
    documents.map(document => [
      document,
      document.articles.map(article => {
        const item = made.get(article) ?? makeItem(article, sources)
        if (!made.has(article)) item.text() // now, while the article is parsed for nobody else
        made.set(article, item)
        carriers.set(item, (carriers.get(item) ?? 0) + 1)
        return item
      }),
    ]),
  )
  const shared = (item: Item) => carriers.get(item)! > 1
  const frames = {
    rss: itemFrames(FORMATS.rss, shared),
    atom: itemFrames(FORMATS.atom, shared),
    json: itemFrames(FORMATS.json, shared),
  }
  return (document, name) => {
    const format = FORMATS[name]
    const items = itemsOf.get(document)!
    const head = () => makeHead(document, items, headSources)
    return {
      path: document.path + format.file,
      body: { chunks: feedChunks(format, head, items, frames[name]) },
    }
  }
}

function report({ scope, name, path, articles }: Channel, most: number): FeedReport {
  return {
    scope,
    name,
    rss: `out/${path}${FORMATS.rss.file}`,
    atom: `out/${path}${FORMATS.atom.file}`,
    json: `out/${path}${FORMATS.json.file}`,
    items: Math.min(articles.length, most),
  }
}

function styleSheet({ publication }: Loaded, templates: Templates): string {
  const { language, timezone } = publication
  return templates.render('feed.css', { publication }, { language, timezone })
}
