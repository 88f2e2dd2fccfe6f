// Articles → when each was last changed, no two at the same moment.

import type { Article, Timestamp } from '../model.ts'

/**
 * Dates without a time of day make many articles share one moment, and a validator takes that for a fault (a reader that
 * sorts by it shows them in any order). Of those that do, the one whose id sorts first keeps it and each next stands one
 * millisecond later: the published date is nobody's to change, and a millisecond is no change that a reader could see.
 */
export function updatedTimes(articles: readonly Article[]): Map<Article, Timestamp> {
  const taken = new Set<number>()
  const free = new Map<number, number>()
  const times = new Map<Article, Timestamp>()
  for (const article of [...articles].sort((left, right) => (left.id < right.id ? -1 : 1))) {
    const moment = article.updated ?? article.date
    let at = free.get(moment.at) ?? moment.at
    while (taken.has(at)) at += 1
    taken.add(at)
    free.set(moment.at, at + 1)
    times.set(article, { at, offset: moment.offset })
  }
  return times
}
