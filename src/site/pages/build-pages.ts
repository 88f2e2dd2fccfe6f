// Loaded folder → the pages for people in `out/`: the front page; articles, sections, tags and authors; the archive of
// newsletters.

import type { FeedReport } from '../../content/index.ts'
import type { ArchivedEdition, Diagnostic, Loaded, OutputFile, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import { openArticleKeys } from './article-key.ts'
import { articlePage } from './article-page.ts'
import { channelPage } from './channel-page.ts'
import { editionsPages } from './editions-pages.ts'
import { frontPage } from './front-page.ts'
import { openSite } from './open-site.ts'
import type { KeptPages, PagesBefore } from './page-cache.ts'

export interface Pages {
  /** Pages of articles are made while they are read: ten thousand of them take no memory. */
  readonly files: OutputFile[]
  /** Paths of those that stand in `out/` as they would be made: they need be neither made nor looked at. */
  readonly standing: ReadonlySet<string>
  /** Articles whose page would take another file's place: they have none. */
  readonly diagnostics: readonly Diagnostic[]
  /** For the next build. */
  kept(): KeptPages
}

/**
 * With `articles.pages: false` only the front page and the archive. An article whose page would take another file's
 * place has none: `pageCollisions` says which.
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
  const { known, ground } = site
  const keyOf = openArticleKeys(site.links)
  const files: OutputFile[] = [frontPage(site)]
  for (const [article, path] of ground.places) {
    const { related, top } = site.beside(article)
    const key = keyOf(article, related, top)
    if (known.articleStands(path, key, article, [...related, ...top])) files.push({ path, body: '' })
    else
      files.push({
        path,
        body: { chunks: { [Symbol.iterator]: () => [articlePage(article, path, site)].values() } },
      })
  }
  if (loaded.publication.articles.pages) {
    for (const channel of site.channels) if (channel.scope !== 'main') files.push(channelPage(channel, site))
  }
  files.push(...editionsPages(editions, site))
  return { files, standing: known.standing, diagnostics: ground.diagnostics, kept: known.kept }
}
