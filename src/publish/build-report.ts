// What a build is given, and what it says it made.

import type { FeedReport } from '../content/index.ts'
import type { Diagnostic, Progress } from '../model.ts'
import type { EditionReport } from './build-editions.ts'
import type { Look } from './cache/look.ts'
import type { ArticleCounts } from './count-articles.ts'
import type { WriteReport } from './output/output.ts'

export type { EditionReport } from './build-editions.ts'

export interface BuildReport {
  readonly articles: ArticleCounts
  readonly feeds: readonly FeedReport[]
  /** By newsletter as in the settings, oldest first; `path` is relative to the publication's folder, `until` in UTC. */
  readonly editions: readonly EditionReport[]
  readonly files: WriteReport
  readonly diagnostics: readonly Diagnostic[]
}

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

export interface Beginning {
  readonly look: Look
  /** When it was taken, by the clock of the file system. */
  readonly lookedAt: number
  /** The time that decides what is out. */
  readonly now: number
  /** Called from time to time. @throws UserError when another build has taken over */
  goOn(): void
}
