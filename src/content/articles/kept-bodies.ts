// A publication and how many articles it has → how many bytes of their bodies are kept. What is shown by nothing is not:
// to read again the few that the newest items of a feed need costs less than to keep all.

import type { Publication } from '../../model.ts'

/** All of a large folder together would fill the memory. */
const MOST = 40_000_000

/** @param shown that only what feeds and pages show is asked for; else it is all of them */
export function keptBodies({ articles, feeds }: Publication, count: number, shown: boolean): number {
  return !shown || articles.pages || feeds.items * 2 > count ? MOST : 0
}
