// Articles → the file each page is written to, and an error for each article whose page would take another file's place.

import { openGround, pagePath } from '../../content/index.ts'
import type { Article, Diagnostic, Loaded, OutputFile, Renderer } from '../../model.ts'
import { hasPage, ownFiles } from './own-files.ts'

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
  const ground = openGround(
    loaded,
    own.map(({ path }) => path),
  )
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
