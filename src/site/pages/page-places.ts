// Articles → the file that each page is written to, an error for each article whose page would take another file's place,
// and copies of the publication's own files that readers are shown.

import { formerAddresses, notPublished, pagePath, reservedPaths } from '../../content/index.ts'
import type { Article, Diagnostic, Loaded, OutputFile, Prose, Renderer } from '../../model.ts'

export interface PagePlaces {
  /** Published, unlisted and withdrawn articles, in the order of the folder; none where pages are off. */
  readonly paths: ReadonlyMap<Article, string>
  /** Where readers of an article may still look for it: what it was once called leads on to it. */
  readonly former: ReadonlyMap<string, Article>
  readonly diagnostics: readonly Diagnostic[]
}

/** @param own the publication's own files, which are copied to where they lie in its folder */
export function pagePlaces(loaded: Loaded, own: readonly OutputFile[]): PagePlaces {
  const paths = new Map<Article, string>()
  const former = new Map<string, Article>()
  const diagnostics: Diagnostic[] = []
  const { url, articles } = loaded.publication
  if (!articles.pages) return { paths, former, diagnostics }
  const reserved = reservedPaths(
    loaded,
    own.map(({ path }) => path),
  )
  for (const article of loaded.articles) {
    if (!hasPage(article) && article.state !== 'withdrawn') continue
    const path = pagePath(article.url, url)
    const rival = path === undefined ? undefined : reserved.rivalOf(path)
    if (path === undefined) diagnostics.push(problem(article, 'is not a possible file name'))
    else if (rival !== undefined) diagnostics.push(problem(article, `is where ${rival} stands`))
    else {
      reserved.reserve(path)
      paths.set(article, path)
    }
  }
  for (const article of paths.keys()) {
    if (article.state === 'withdrawn') continue
    for (const address of formerAddresses(article)) {
      const path = pagePath(new URL(address, url).href, url)
      // What is there now has more right to the place.
      if (path === undefined || reserved.rivalOf(path) !== undefined) continue
      reserved.reserve(path)
      former.set(path, article)
    }
  }
  return { paths, former, diagnostics }
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

/** Whether readers can read it at its address, where there are pages at all. */
export function hasPage({ state }: Article): boolean {
  return state === 'published' || state === 'unlisted'
}

/** What articles refer to and is not published; asked when they have been rendered. @param used as for `shownFiles` */
export function refusedFiles(
  { publication, articles }: Loaded,
  renderer: Renderer,
  used: readonly Article[],
): Diagnostic[] {
  const paged = publication.articles.pages ? articles.filter(hasPage) : []
  return [...new Set([...used, ...paged])].flatMap(article =>
    renderer.body(article).refused.map((refused): Diagnostic => {
      const [message, advice] = notPublished(refused.reference, refused)
      return { file: article.file, line: 0, rule: 'attachment', severity: 'warning', message, advice }
    }),
  )
}

/**
 * Copies of the own files that articles show, and of no other. What only a draft shows stays where it is: a picture leaks
 * as much as a text.
 *
 * @param used the articles that some feed or edition carries; those that have a page are counted in
 */
export function shownFiles(
  { publication, articles }: Loaded,
  renderer: Renderer,
  used: readonly Article[],
): OutputFile[] {
  const { logo, logoDark, icon, podcast } = publication
  const paths = new Set<string>()
  const add = (...files: readonly (string | undefined)[]) => {
    for (const file of files) if (file) paths.add(file)
  }
  const addProse = ({ files }: Prose) => add(...files)
  const paged = publication.articles.pages ? articles.filter(hasPage) : []
  add(logo?.file, logoDark?.file, icon?.file, podcast?.image?.file)
  for (const article of new Set([...used, ...paged])) {
    const body = renderer.body(article)
    add(article.image?.file, article.audio?.file, ...(article.audio?.files ?? []))
    addProse(body)
    for (const author of article.authors) {
      add(author.photo?.file)
      if (author.biography) addProse(renderer.prose(author.biography, `authors/${author.id}.md`))
    }
  }
  return [...paths].sort().map(path => ({ path, body: { copy: path } }))
}
