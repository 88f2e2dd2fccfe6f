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
    return namesLikeIds(article)
      .filter(name => names.get(name) === article)
      .map(name => ({
        line: frontMatterLine(join(loaded.publication.dir, article.file), ['authors']),
        message: `the byline says "${name}": there is no articles/authors/${name}.md`,
        advice: `Add authors/${name}.md with \`name:\`, or write the name itself.`,
      }))
  },
}

/** Newest first is how they come: the last to be set is the oldest. */
function firstOf({ articles }: Loaded): Map<string, Article> {
  return new Map(
    articles
      .filter(({ state }) => state === 'published' || state === 'unlisted' || state === 'future')
      .flatMap(article => namesLikeIds(article).map(name => [name, article] as const)),
  )
}

function namesLikeIds({ authors }: Article): string[] {
  return authors
    .filter(({ id, name }) => id === undefined && /^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(name))
    .map(({ name }) => name)
}
