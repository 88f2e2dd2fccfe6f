// Articles and a time → the same, without changes and withdrawals that lie in the future: validators doubt a feed that says
// so, and until then readers show it above all others.

import type { Article, Diagnostic, Timestamp } from '../../model.ts'

export interface HiddenUpdates {
  readonly articles: Article[]
  /** Files of those whose last change, or withdrawal, is still to come. */
  readonly early: ReadonlySet<string>
  /** Instants at which this would come out otherwise: ms since epoch. */
  readonly turns: readonly number[]
}

export function hideFutureUpdates(
  all: readonly Article[],
  now: number,
  report: (diagnostic: Diagnostic) => void,
): HiddenUpdates {
  const turns: number[] = []
  const early = new Set<string>()
  /** A time that some article names. */
  const isEarly = ({ date }: Article, time: Timestamp | undefined): time is Timestamp => {
    if (time === undefined) return false
    turns.push(time.at)
    return time.at > now && date.at <= now
  }
  const articles = all.map(article => {
    const { file, live, updated, withdrawn, state } = article
    let shown = article
    if (state === 'withdrawn' && isEarly(article, withdrawn?.at)) {
      early.add(file)
      const when = new Date(withdrawn!.at!.at).toISOString()
      report({
        file,
        line: 1,
        rule: 'withdrawn-in-future',
        severity: 'warning',
        message: `is withdrawn as of ${when}, which is still to come; it is withdrawn now`,
        advice: 'To take an article away at a time to come, write `expires:` with that time.',
      })
      shown = withField(shown, 'withdrawn', { reason: withdrawn!.reason })
    }
    if (!isEarly(article, updated)) return shown
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
    return withField(shown, 'updated', undefined)
  })
  return { articles, early, turns }
}

/** Its body is read when it is asked for: the property is copied, not its value. */
function withField<Name extends keyof Article>(article: Article, name: Name, value: Article[Name]): Article {
  return Object.defineProperties({} as Article, {
    ...Object.getOwnPropertyDescriptors(article),
    [name]: { value, enumerable: true, configurable: true, writable: true },
  })
}
