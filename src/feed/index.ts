// Loaded folder → the feed files of every scope in every format, the style sheet that makes them readable in a browser,
// and a report of each feed.

import { articlesBeside } from '../articles-beside.ts'
import type { Article, FeedReport, Loaded, OutputFile, Renderer } from '../model.ts'
import type { Templates } from '../templates.ts'
import { FORMATS, type FormatName } from './formats.ts'
import { makeChannel } from './make-channel.ts'
import { type Item, makeItem } from './make-item.ts'
import { permanentIds } from './permanent-ids.ts'
import { publishedArticles, scopes } from './scopes.ts'
import { updatedTimes } from './updated-times.ts'

export function buildFeeds(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
): { files: OutputFile[]; reports: FeedReport[] } {
  const files: OutputFile[] = []
  const reports: FeedReport[] = []
  const published = publishedArticles(loaded)
  const itemOf = itemMaker(published, loaded, renderer, templates)
  const words = templates.words(loaded.publication.language)
  for (const scope of scopes(loaded, published)) {
    const channel = makeChannel(scope, loaded, itemOf, words)
    const path = (format: FormatName) => scope.folder + FORMATS[format].file
    for (const format of Object.keys(FORMATS) as FormatName[]) {
      files.push({ path: path(format), body: FORMATS[format].write(channel) })
    }
    reports.push({
      scope: scope.scope,
      name: scope.name,
      rss: `out/${path('rss')}`,
      atom: `out/${path('atom')}`,
      json: `out/${path('json')}`,
      items: channel.items.length,
    })
  }
  files.push({ path: 'feed.css', body: styleSheet(loaded, templates) })
  return { files, reports }
}

/** Each item is made once, however many feeds carry it, and only when one does. */
function itemMaker(
  published: readonly Article[],
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
): (article: Article) => Item {
  const made = new Map<Article, Item>()
  const ids = permanentIds(published, loaded.publication.articles.idHost)
  const times = updatedTimes(published)
  const beside = articlesBeside(published)
  const sources = { loaded, renderer, templates, ids, times, beside }
  return article => {
    const item = made.get(article) ?? makeItem(article, sources)
    made.set(article, item)
    return item
  }
}

function styleSheet({ publication }: Loaded, templates: Templates): string {
  const { language, timezone } = publication
  return templates.render('feed.css', { publication }, { language, timezone })
}
