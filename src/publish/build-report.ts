// What a build is given, and what it reports.

import type { FeedReport } from '../content/index.ts'
import type { ArticleState, Diagnostic, Loaded, Progress } from '../model.ts'
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

/** What a build reports that found everything as the last one left it. */
export function unchangedReport(report: BuildReport): BuildReport {
  const { written, unchanged } = report.files
  return { ...report, files: { written: 0, unchanged: written + unchanged, removed: 0 } }
}
