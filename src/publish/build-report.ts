// What a build is given, and what it reports.

import type { FeedReport } from '../content/index.ts'
import type { Article, ArticleState, Diagnostic, Loaded, Progress } from '../model.ts'
import type { Remembering } from '../render/index.ts'
import type { EditionReport } from './build-editions.ts'
import type { WriteReport } from './output/write-output.ts'

/** What a build needs of the command that it is part of. */
export interface BuildContext {
  /** Absolute path of the publication's folder. */
  readonly dir: string
  /** ms since epoch. */
  now(): number
  readonly signal?: AbortSignal
  /** A line for the person watching. */
  say?(line: string): void
  progress?(label: string, total: number): Progress
}

export interface BuildReport {
  readonly articles: ArticleCounts
  readonly feeds: readonly FeedReport[]
  /** By newsletter as in the settings, oldest first; `path` is relative to the publication's folder, `until` in UTC. */
  readonly editions: readonly EditionReport[]
  readonly files: WriteReport
  /** What `check` says of the newest articles. */
  readonly check: { readonly articles: number; readonly warnings: number }
  readonly diagnostics: readonly Diagnostic[]
}

/** `read` is the sum of all others. */
export type ArticleCounts = {
  readonly read: number
  readonly built: number
  readonly broken: number
} & Record<Exclude<ArticleState, 'published'>, number>

export function countArticles({ read, broken, articles }: Loaded): ArticleCounts {
  const count = (state: ArticleState) => articles.filter(article => article.state === state).length
  return {
    read,
    built: count('published'),
    draft: count('draft'),
    future: count('future'),
    expired: count('expired'),
    withdrawn: count('withdrawn'),
    unlisted: count('unlisted'),
    broken,
  }
}

/** More would cost every build what `check` costs. */
const MAX_CHECKED_ARTICLES = 100

/**
 * The newest articles that a build shows → how many warnings `check` has for each, by file; each article is checked once.
 *
 * @param shown those that feeds and editions carry; those that have a page are counted in
 * @param before what the last build found
 */
export async function findingsOf(
  loaded: Loaded,
  texts: Remembering,
  shown: ReadonlySet<Article>,
  before: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const { pages } = loaded.publication.articles
  const newest = loaded.articles
    .filter(
      article =>
        (article.state === 'published' || article.state === 'unlisted') && (pages || shown.has(article)),
    )
    .slice(0, MAX_CHECKED_ARTICLES)
  const found = new Map<string, number>()
  for (const article of newest)
    if (before.has(article.file) && texts.isUnchanged(article))
      found.set(article.file, before.get(article.file)!)
  const unknown = newest.filter(({ file }) => !found.has(file))
  if (unknown.length === 0) return found
  const { check } = await import('../check/index.ts')
  for (const { file } of unknown) found.set(file, 0)
  // The build itself names attachments.
  for (const { file, severity, rule } of check(loaded, texts, unknown))
    if (severity === 'warning' && rule !== 'attachment') found.set(file, found.get(file)! + 1)
  return found
}

/** What a build reports that found everything as the last one left it. */
export function unchangedReport(report: BuildReport): BuildReport {
  const { written, unchanged } = report.files
  return { ...report, files: { written: 0, unchanged: written + unchanged, removed: 0 } }
}
