/**
 * Two articles with the same title cannot be distinguished in a list, and some readers hide the second as a duplicate.
 *
 * Good:
 *
 *     ---
 *     title: Harbour, a year later
 *     date: 2026-01-30
 *     ---
 *     Text.
 *
 * Bad:
 *
 *     ---
 *     title: Harbour
 *     date: 2026-01-30
 *     ---
 *     Text beside an older article of that title.
 */

import type { Article, Loaded } from '../../model.ts'
import type { ArticleRule } from '../rule.ts'

/** By title, the oldest article that has it. */
const first = new WeakMap<Loaded, ReadonlyMap<string, Article>>()

export const feedTitleTwice: ArticleRule = {
  name: 'feed-title-twice',
  severity: 'info',
  find({ article, loaded }) {
    const titles = first.get(loaded) ?? firstOf(loaded)
    first.set(loaded, titles)
    const other = titles.get(key(article))
    if (article.state !== 'published' || other === undefined || other === article) return []
    return [
      {
        line: 1,
        message: `${other.file} has the title "${article.title}" too`,
        advice: 'Say in the title what is new.',
      },
    ]
  },
}

/** Newest first is how they come: the last to be set is the oldest. */
function firstOf({ articles }: Loaded): Map<string, Article> {
  return new Map(articles.filter(({ state }) => state === 'published').map(each => [key(each), each]))
}

function key({ title, language }: Article): string {
  return `${language} ${title.toLowerCase()}`
}
