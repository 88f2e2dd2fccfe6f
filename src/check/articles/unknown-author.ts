/**
 * A name that looks like the id of an author's file, but has no such file, would be printed as it is. Reported once
 * for each name, and only where authors have files.
 *
 * Good:
 *
 *     ---
 *     title: What the harbour cost
 *     date: 2026-01-30
 *     author: Business Desk
 *     ---
 *     Text.
 *
 * Bad:
 *
 *     ---
 *     title: What the harbour cost
 *     date: 2026-01-30
 *     author: business-desk
 *     ---
 *     Text.
 */

import { join } from 'node:path'
import { didYouMean } from '../../base/index.ts'
import { frontMatterLine } from '../../content/index.ts'
import type { Article, Loaded } from '../../model.ts'
import type { ArticleRule } from '../rule.ts'

/** By name, the oldest article whose byline has it: people do write themselves in small letters, and once is enough. */
const first = new WeakMap<Loaded, ReadonlyMap<string, Article>>()

export const unknownAuthor: ArticleRule = {
  name: 'unknown-author',
  severity: 'warning',
  find({ article, loaded }) {
    // Where no author has a file, nobody means one.
    if (loaded.authors.size === 0) return []
    const names = first.get(loaded) ?? firstOf(loaded)
    first.set(loaded, names)
    return namesLikeIds(article, loaded)
      .filter(name => names.get(name) === article)
      .map(name => {
        const meant = didYouMean(name, [...loaded.authors.keys()])
        const advice = `Add authors/${name}.md with \`name:\`, or write the name itself.`
        return {
          line: frontMatterLine(join(loaded.publication.dir, article.file), ['authors']),
          message: `the byline says "${name}": there is no articles/authors/${name}.md`,
          advice: meant ? `Did you mean "${meant}"? Otherwise: ${advice}` : advice,
        }
      })
  },
}

/** Newest first is how they come: the last to be set is the oldest. */
function firstOf(loaded: Loaded): Map<string, Article> {
  return new Map(
    loaded.articles
      .filter(({ state }) => state === 'published' || state === 'unlisted' || state === 'future')
      .flatMap(article => namesLikeIds(article, loaded).map(name => [name, article] as const)),
  )
}

/** Words with hyphens; and one word in small letters that is nearly the id of somebody: `edtor` beside `editor`. */
function namesLikeIds({ authors }: Article, { authors: known }: Loaded): string[] {
  return authors
    .filter(({ id, name }) => id === undefined && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    .map(({ name }) => name)
    .filter(name => name.includes('-') || didYouMean(name, [...known.keys()]) !== undefined)
}
