// Loaded folder → the pages for people in `out/`: the front page; articles, sections, tags and authors; the archive of
// newsletters.

import type { FeedReport } from '../../content/index.ts'
import type { ArchivedEdition, Article, Diagnostic, Loaded, OutputFile, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import { articlePage } from './article-page.ts'
import { channelPage, editionsPages, frontPage } from './list-pages.ts'
import { openSite, type Site } from './open-site.ts'
import { articleKey, type KeptPages, type PagesBefore } from './page-cache.ts'

export interface Pages {
  /** Pages of articles are made while they are read: ten thousand of them take no memory. */
  readonly files: OutputFile[]
  /** Paths of those that are in `out/` as they would be made: they are neither made nor compared. */
  readonly upToDate: ReadonlySet<string>
  /** Articles whose page would take another file's place: they have none. */
  readonly diagnostics: readonly Diagnostic[]
  /** For the next build. */
  kept(): KeptPages
}

/**
 * With `articles.pages: false` only the front page and the archive. An article whose page would take another file's
 * place has none: `makePages` says which.
 *
 * @param feeds as the feed stage reported them, the main one first
 * @param editions as the edition stage made them, in any order
 */
export function buildPages(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
  editions: readonly ArchivedEdition[] = [],
): OutputFile[] {
  return makePages(loaded, renderer, templates, feeds, editions).files
}

/** @param before what the last build of the same settings, templates and authors left; all is made without it */
export function makePages(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
  editions: readonly ArchivedEdition[],
  before?: PagesBefore,
): Pages {
  const site = openSite(loaded, renderer, templates, feeds, before)
  const { cache, places, channels } = site
  const articles = [...places.paths].map(([article, path]) => articleFile(article, path, site))
  const withPages = loaded.publication.articles.pages ? channels.filter(({ scope }) => scope !== 'main') : []
  return {
    files: [
      frontPage(site),
      ...articles,
      ...formerPages(site),
      ...withPages.map(channel => channelPage(channel, site)),
      ...editionsPages(editions, site),
    ],
    upToDate: cache.upToDate,
    diagnostics: places.diagnostics,
    kept: cache.kept,
  }
}

/** For hosts that know no `_redirects`. */
function formerPages({ places, templates, loaded }: Site): OutputFile[] {
  const { timezone } = loaded.publication
  return [...places.former].map(([path, article]) => {
    const { language } = article
    return { path, body: templates.render('pages/moved.html.hbs', { article }, { language, timezone }) }
  })
}

function articleFile(article: Article, path: string, site: Site): OutputFile {
  const beside = site.beside(article)
  const key = articleKey(article, beside, site.links)
  if (site.cache.isArticleUpToDate(path, key, article, beside)) return { path, body: '' }
  return { path, body: { chunks: { [Symbol.iterator]: () => [articlePage(article, path, site)].values() } } }
}

/** Pages that are made one by one, when somebody looks at them. */
export interface PagesOnRequest {
  /** Below `out/`; undefined for an article that has no page. */
  pathOf(article: Article): string | undefined
  /** The front page, then those of sections, tags and authors, then the archive of newsletters: name and path below `out/`. */
  readonly lists: readonly { readonly name: string; readonly path: string }[]
  /** HTML; undefined where there is no such page. */
  page(path: string): string | undefined
}

/** The same pages as `buildPages` makes, without reading the articles that nobody asks for. */
export function pagesOnRequest(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
  editions: () => readonly ArchivedEdition[],
): PagesOnRequest {
  const site = openSite(loaded, renderer, templates, feeds, undefined, () => [])
  const { paths } = site.places
  const articles = new Map([...paths].map(([article, path]) => [path, article]))
  const channels = new Map(site.channels.map(channel => [`${channel.path}index.html`, channel]))
  const { title, newsletters } = loaded.publication
  const archive = newsletters.map(({ id, title: name }) => ({ name, path: `editions/${id}/index.html` }))
  const all = {
    name: templates.words(loaded.publication.language)('page.editions'),
    path: 'editions/index.html',
  }
  return {
    pathOf: article => paths.get(article),
    lists: [
      { name: title, path: 'index.html' },
      ...[...channels].slice(1).map(([path, { name }]) => ({ name, path })),
      ...(newsletters.length > 0 ? [all, ...archive] : []),
    ],
    page(path) {
      const article = articles.get(path)
      if (article) return articlePage(article, path, site)
      const channel = channels.get(path)
      const file = path === 'index.html' ? frontPage(site) : channel && channelPage(channel, site)
      const found = file ?? editionsPages(editions(), site).find(page => page.path === path)
      return found && String(found.body)
    },
  }
}
