// What a build is given, and what it says it made.

import type { Look } from './cache/build-cache.ts'
import type { Diagnostic, FeedReport } from '../model.ts'
import type { WriteReport } from './output/output.ts'
import type { Context } from '../commands/context.ts'
import type { EditionReport } from './build-editions.ts'
import type { ArticleCounts } from './count-articles.ts'

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
export type BuildContext = Pick<Context, 'dir' | 'now'> &
  Partial<Pick<Context, 'signal' | 'say' | 'progress'>>

export interface Beginning {
  readonly look: Look
  /** When it was taken, by the clock of the file system. */
  readonly lookedAt: number
  /** The time that decides what is out. */
  readonly now: number
  /** Called from time to time. @throws UserError when another build has taken over */
  goOn(): void
}
