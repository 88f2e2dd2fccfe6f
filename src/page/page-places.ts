// Articles → the file each page is written to, and an error for each article whose page would take another file's place.

import { channelsOf } from '../channels.ts'
import { foldedName } from '../folded-name.ts'
import type { Article, Diagnostic, Loaded, OutputFile, Renderer } from '../model.ts'
import { hasPage, ownFiles } from './own-files.ts'
import { pagePath } from './page-path.ts'

export interface PagePlaces {
  /** Published, unlisted and withdrawn articles, in the order of the folder; none where pages are off. */
  readonly places: ReadonlyMap<Article, string>
  readonly diagnostics: readonly Diagnostic[]
}

/** Problems that only the whole site shows: an article at `/rss.xml` or `/tags/x/`. */
export function pageCollisions(loaded: Loaded, renderer: Renderer): readonly Diagnostic[] {
  return pagePlaces(loaded, ownFiles(loaded, renderer, [])).diagnostics
}

/** @param own the publication's own files, which are copied to where they lie in its folder */
export function pagePlaces(loaded: Loaded, own: readonly OutputFile[]): PagePlaces {
  const places = new Map<Article, string>()
  const diagnostics: Diagnostic[] = []
  const { url, articles } = loaded.publication
  if (!articles.pages) return { places, diagnostics }
  const ground = openGround(loaded, own)
  for (const article of loaded.articles) {
    if (!hasPage(article) && article.state !== 'withdrawn') continue
    const path = pagePath(article.url, url)
    const rival = path === undefined ? undefined : ground.rivalOf(path)
    if (path === undefined) diagnostics.push(problem(article, 'is no name that a file can have'))
    else if (rival !== undefined) diagnostics.push(problem(article, `is where ${rival} stands`))
    else {
      ground.take(path)
      places.set(article, path)
    }
  }
  return { places, diagnostics }
}

function problem({ file, url }: Article, why: string): Diagnostic {
  return {
    file,
    line: 1,
    rule: 'page-address',
    severity: 'error',
    message: `has no page: its address ${url} ${why}`,
    advice: 'Give it another address: `url: /2026/harbour/` or `slug: harbour`.',
  }
}

/** What of `out/` is taken, on disks too that tell no capitals apart. */
function openGround(loaded: Loaded, own: readonly OutputFile[]) {
  const files = new Map<string, string>()
  const folders = new Map<string, string>()
  const kept = ['archive/']

  function take(path: string): void {
    const key = foldedName(path)
    files.set(key, path)
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1))
      folders.set(key.slice(0, at), path)
  }

  function rivalOf(path: string): string | undefined {
    const key = foldedName(path)
    const folder = kept.find(name => key.startsWith(foldedName(name)))
    if (folder !== undefined) return folder
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) {
      const file = files.get(key.slice(0, at))
      if (file !== undefined) return file
    }
    return files.get(key) ?? folders.get(key)
  }

  for (const path of [
    '.broadsheet',
    '_headers',
    '_redirects',
    'feed.css',
    'feeds.opml',
    'editions/index.html',
  ])
    take(path)
  for (const { path } of channelsOf(loaded)) {
    for (const name of ['index.html', 'rss.xml', 'atom.xml', 'feed.json']) take(path + name)
  }
  for (const { id } of loaded.publication.newsletters) kept.push(`editions/${id}/`)
  for (const { path } of own) take(path)
  return { take, rivalOf }
}
