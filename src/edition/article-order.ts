// Two articles → which comes first: a total order in both directions, so that the same input gives the same bytes.

import type { Article } from '../model.ts'

/** Date, then id. */
export function oldestFirst(left: Article, right: Article): number {
  return left.date.at - right.date.at || byId(left, right)
}

/** Date, then id: the order that `load` gives. */
export function newestFirst(left: Article, right: Article): number {
  return right.date.at - left.date.at || byId(left, right)
}

function byId(left: Article, right: Article): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0
}
