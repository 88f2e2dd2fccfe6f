// Articles and a time → the same, without changes that lie in the future: a feed that says so is doubted by validators,
// and stands above all others in its readers for as long.

import type { Article, Diagnostic } from '../model.ts'

export interface UpdatedByNow {
  readonly articles: Article[]
  /** Files of those whose last change is still to come. */
  readonly early: ReadonlySet<string>
  /** Instants at which this would come out otherwise: ms since epoch. */
  readonly turns: readonly number[]
}

export function updatedByNow(
  all: readonly Article[],
  now: number,
  report: (diagnostic: Diagnostic) => void,
): UpdatedByNow {
  const turns: number[] = []
  const early = new Set<string>()
  const articles = all.map(article => {
    const { file, live, updated } = article
    if (updated === undefined) return article
    turns.push(updated.at)
    if (updated.at <= now || article.date.at > now) return article
    early.add(file)
    const when = new Date(updated.at).toISOString()
    report({
      file,
      line: 1,
      rule: 'updated-in-future',
      severity: 'warning',
      message: `was last changed at ${when}, which is still to come; the change is not told until then`,
      advice: live
        ? 'Correct the time of the newest entry, or write its day: ## 2026-01-30 23:50 …'
        : 'Correct `updated:` in the front matter.',
    })
    // Its body is read late, by the name of its file: a property is copied, not its value.
    return Object.defineProperties({} as Article, {
      ...Object.getOwnPropertyDescriptors(article),
      updated: { value: undefined, enumerable: true, configurable: true, writable: true },
    })
  })
  return { articles, early, turns }
}
