// Articles of which the text alone changed, and what was kept of their pages → these pages, made again.

import { pagePath } from '../../content/index.ts'
import type { Article, FeedReport, OutputFile, Publication, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import type { Beside } from '../articles-beside.ts'
import { articleFacts, channelsOfArticle } from './article-key.ts'
import { articlePage } from './article-page.ts'
import { channelLinks, type LinkedChannel } from './channel-links.ts'
import { openArticleSite } from './open-article-site.ts'
import type { PagesBefore } from './page-cache.ts'
import { pageFeeds } from './page-feeds.ts'

export interface EditSources {
  readonly publication: Publication
  readonly renderer: Renderer
  readonly templates: Templates
  /** The feeds that there are. */
  readonly feeds: readonly FeedReport[]
  /** An article that did not change, by its file. */
  find(file: string): Article | undefined
}

/** Where articles have pages. @returns undefined where more than these pages may have to change */
export function editedPages(
  articles: readonly Article[],
  { publication, renderer, templates, feeds, find }: EditSources,
  { keys, sections }: PagesBefore['kept'],
): OutputFile[] | undefined {
  const files: OutputFile[] = []
  const loaded = { publication }
  const feedsOf = pageFeeds(loaded, feeds)
  const main: LinkedChannel = { scope: 'main', name: publication.title, path: '', language: undefined }
  for (const article of articles) {
    const path = pagePath(article.url, publication.url)
    const key = path === undefined ? undefined : keys.get(path)
    const facts = key === undefined ? undefined : articleFacts(key)
    // Another's stands there.
    if (facts?.file !== article.file) continue
    const beside = besideOf(facts, find)
    if (!beside) return undefined
    const linked = { main: [main], ...channelsOfArticle(article, facts) }
    const links = channelLinks(publication, linked, feedsOf)
    const site = openArticleSite({ loaded, renderer, templates, links, sections, beside: () => beside })
    files.push({ path: path!, body: articlePage(article, path!, site) })
  }
  return files
}

function besideOf(
  { related, top }: { readonly related: readonly string[]; readonly top: readonly string[] },
  find: EditSources['find'],
): Beside | undefined {
  const found = [...related, ...top].flatMap(file => find(file) ?? [])
  if (found.length < related.length + top.length) return undefined
  return { related: found.slice(0, related.length), top: found.slice(related.length) }
}
