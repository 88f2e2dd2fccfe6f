// Articles → when each was last changed, no two at the same moment.

import type { Article, Timestamp } from '../model.ts'

/**
 * Dates without a time of day make many articles share one moment, and a validator takes that for a fault (a reader that
 * sorts by it shows them in any order). Such a midnight moves on by less than a second, which follows from the article's id
 * alone: whatever else is published, or withdrawn, on that day, the article has not changed. Where two are still at one
 * moment, the one that was published first keeps it, then the one whose id sorts first, and the other goes to the next free
 * millisecond. The published date is nobody's to change.
 */
export function updatedTimes(articles: readonly Article[]): Map<Article, Timestamp> {
  const times = new Map<Article, Timestamp>()
  const wanted = Float64Array.from(articles, ownMoment)
  const isAlone = lonelyMoments(wanted)
  const crowd: Crowded[] = []
  for (const [index, article] of articles.entries()) {
    const at = wanted[index]!
    if (isAlone(at)) times.set(article, { at, offset: told(article).offset })
    else crowd.push({ article, at })
  }
  const taken = new Set<number>()
  const take = (article: Article, at: number) => {
    taken.add(at)
    times.set(article, { at, offset: told(article).offset })
  }
  const displaced = crowd.sort(inOrder).filter(({ article, at }) => {
    if (taken.has(at)) return true
    take(article, at)
    return false
  })
  const free = new Map<number, number>()
  for (const { article, at: from } of displaced) {
    let at = free.get(from) ?? from
    while (taken.has(at)) at += 1
    take(article, at)
    free.set(from, at + 1)
  }
  return times
}

interface Crowded {
  readonly article: Article
  readonly at: number
}

function inOrder({ article: left }: Crowded, { article: right }: Crowded): number {
  return left.date.at - right.date.at || (left.id < right.id ? -1 : 1)
}

function told({ updated, date }: Article): Timestamp {
  return updated ?? date
}

const DAY = 86_400_000

/** A midnight where the article was written is taken for a date without a time of day. */
function ownMoment(article: Article): number {
  const { at, offset } = told(article)
  return (at + offset * 60_000) % DAY === 0 ? at + millisecondOf(article.id) : at
}

/** 1 to 999. FNV-1a: this is done for every article of a folder. */
function millisecondOf(id: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < id.length; place++) hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193)
  return 1 + ((hash >>> 0) % 999)
}

/** Nearly all of a large folder: no other wants the moment of such a one, and none comes there out of a crowd before it. */
function lonelyMoments(wanted: Float64Array): (at: number) => boolean {
  const moments = wanted.toSorted()
  const crowded = new Set<number>()
  // Where those that stand at or before this moment will have come to.
  let reach = Number.NEGATIVE_INFINITY
  for (const [place, at] of moments.entries()) {
    if (at < reach || at === moments[place + 1]) crowded.add(at)
    reach = Math.max(reach, at) + 1
  }
  return at => !crowded.has(at)
}
