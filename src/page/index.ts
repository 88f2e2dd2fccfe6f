// Loaded folder → the pages for people in `out/`: the front page; articles, sections, tags and authors; the archive of
// newsletters.

import type { ArchivedEdition, FeedReport, Loaded, OutputFile, Renderer } from '../model.ts'
import type { Templates } from '../templates.ts'
import { articlePage } from './article-page.ts'
import { channelPage } from './channel-page.ts'
import { editionsPages } from './editions-pages.ts'
import { frontPage } from './front-page.ts'
import { openSite } from './open-site.ts'

export { ownFiles } from './own-files.ts'
export { pageCollisions } from './page-places.ts'

/**
 * Pages of articles are made while they are read: ten thousand of them take no memory.
 *
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
  const site = openSite(loaded, renderer, templates, feeds)
  const files: OutputFile[] = [{ path: 'index.html', body: frontPage(site) }]
  for (const [article, path] of site.places) {
    files.push({
      path,
      body: { chunks: { [Symbol.iterator]: () => [articlePage(article, path, site)].values() } },
    })
  }
  if (loaded.publication.articles.pages) {
    for (const channel of site.channels) {
      if (channel.scope === 'main') continue
      const path = `${channel.path}index.html`
      files.push({ path, body: channelPage(channel, path, site) })
    }
  }
  return [...files, ...editionsPages(editions, site)]
}
