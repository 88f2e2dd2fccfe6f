// All articles of a channel → the pages of its archive: what the document to subscribe to no longer holds, by month.

import type { Article } from '../model.ts'

export interface ArchivePage {
  /** '2026-01', '2026-01-2' (its second hundred); '2026-01-first-12' while more articles of it will follow. */
  readonly name: string
  /** Newest first. */
  readonly articles: readonly Article[]
}

/** Articles a page: half a megabyte of them, more or less. */
const FULL = 100

/**
 * A page is a month (UTC) of articles, or a hundred of them, counted from the month's oldest: whatever is published later,
 * a full page stays as it is. RFC 5005 §4.1: a reader may keep a page for ever. So a page that still grows, because the
 * newest articles of its month are in the document to subscribe to, has its length in its name: at no address does
 * anything else ever stand. An article that is withdrawn, or published with a date long past, changes the pages of its
 * own month only.
 *
 * @param articles newest first
 * @param newest how many of them the document to subscribe to holds
 * @returns the oldest page first
 */
export function archivePages(articles: readonly Article[], newest: number): ArchivePage[] {
  const pages: ArchivePage[] = []
  const old = articles.slice(newest).reverse()
  const following = articles[newest - 1]
  const unfinished = following && monthOf(following)
  for (let start = 0; start < old.length; ) {
    const month = monthOf(old[start]!)
    let end = start
    while (end < old.length && monthOf(old[end]!) === month) end += 1
    for (let part = 1; start < end; part += 1) {
      const inside = old.slice(start, Math.min(start + FULL, end))
      const growing = month === unfinished && inside.length < FULL
      const name = part === 1 ? month : `${month}-${part}`
      pages.push({
        name: growing ? `${name}-first-${inside.length}` : name,
        articles: inside.reverse(),
      })
      start += inside.length
    }
  }
  return pages
}

function monthOf({ date }: Article): string {
  return new Date(date.at).toISOString().slice(0, 7)
}
