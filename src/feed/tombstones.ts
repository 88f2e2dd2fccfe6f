// Loaded folder → a tombstone for each article that was withdrawn (RFC 6721), where the settings ask for them.

import type { Loaded } from '../model.ts'
import { plainText } from './feed-text.ts'
import type { Tombstone } from './make-head.ts'
import { permanentIds } from './permanent-ids.ts'

/**
 * The newest withdrawal first.
 *
 * @param living ids of the articles that are in feeds: what has one of them is not gone
 */
export function tombstones({ publication, articles }: Loaded, living: Iterable<string>): Tombstone[] {
  if (!publication.feeds.tombstones) return []
  const alive = new Set(living)
  const withdrawn = articles.filter(({ state }) => state === 'withdrawn')
  return [...permanentIds(withdrawn, publication.articles.idHost)]
    .filter(([, ref]) => !alive.has(ref))
    .map(([article, ref]) => ({
      ref,
      when: article.withdrawn?.at ?? article.updated ?? article.date,
      comment: plainText(article.withdrawn?.reason ?? ''),
    }))
    .sort((left, right) => right.when.at - left.when.at || (left.ref < right.ref ? -1 : 1))
    .slice(0, publication.feeds.items)
}
