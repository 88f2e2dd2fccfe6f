// What was loaded → how many articles there are in each state.

import type { ArticleState, Loaded } from '../model.ts'

/** `read` is the sum of all others. */
export type ArticleCounts = {
  readonly read: number
  readonly built: number
  readonly broken: number
} & Record<Exclude<ArticleState, 'published'>, number>

export function countArticles({ read, broken, articles }: Loaded): ArticleCounts {
  const count = (state: ArticleState) => articles.filter(article => article.state === state).length
  return {
    read,
    built: count('published'),
    draft: count('draft'),
    future: count('future'),
    expired: count('expired'),
    withdrawn: count('withdrawn'),
    unlisted: count('unlisted'),
    broken,
  }
}
