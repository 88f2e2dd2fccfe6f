// Articles → when each was last changed, no two at the same moment.

import type { Article, Timestamp } from '../model.ts'

/**
 * Dates without a time of day make many articles share one moment, and a validator takes that for a fault (a reader that
 * sorts by it shows them in any order). Of those that do, the one whose id sorts first keeps it and each next stands one
 * millisecond later: the published date is nobody's to change, and a millisecond is no change that a reader could see.
 */
export function updatedTimes(articles: readonly Article[]): Map<Article, Timestamp> {
  const times = new Map<Article, Timestamp>()
  const isAlone = lonelyMoments(articles)
  const crowd: Article[] = []
  for (const article of articles) {
    const moment = article.updated ?? article.date
    if (isAlone(moment.at)) times.set(article, moment)
    else crowd.push(article)
  }
  const taken = new Set<number>()
  const free = new Map<number, number>()
  for (const article of crowd.sort((left, right) => (left.id < right.id ? -1 : 1))) {
    const moment = article.updated ?? article.date
    let at = free.get(moment.at) ?? moment.at
    while (taken.has(at)) at += 1
    taken.add(at)
    free.set(moment.at, at + 1)
    times.set(article, { at, offset: moment.offset })
  }
  return times
}

/** Nearly all of a large folder: no other has the moment of such a one, and none is moved there out of a crowd before it. */
function lonelyMoments(articles: readonly Article[]): (at: number) => boolean {
  const moments = Float64Array.from(articles, ({ updated, date }) => (updated ?? date).at).sort()
  const crowded = new Set<number>()
  // Where those that stand at or before this moment will have come to.
  let reach = Number.NEGATIVE_INFINITY
  for (const [place, at] of moments.entries()) {
    if (at < reach || at === moments[place + 1]) crowded.add(at)
    reach = Math.max(reach, at) + 1
  }
  return at => !crowded.has(at)
}
