// Loaded folder → a tombstone for each article that was withdrawn (RFC 6721), where the settings ask for them.

import type { Loaded } from '../model.ts'
import { plainText } from './feed-text.ts'
import type { Tombstone } from './make-head.ts'
import { permanentIds } from './permanent-ids.ts'

/** The newest withdrawal first. Their ids are settled among all articles, so that none is that of one still there. */
export function tombstones({ publication, articles }: Loaded): Tombstone[] {
  if (!publication.feeds.tombstones) return []
  const judged = articles.filter(({ state }) => state === 'published' || state === 'withdrawn')
  const ids = permanentIds(judged, publication.articles.idHost)
  const living = new Set(judged.filter(({ state }) => state === 'published').map(each => ids.get(each)))
  return judged
    .flatMap(article => {
      const ref = ids.get(article)!
      if (article.state !== 'withdrawn' || living.has(ref)) return []
      const when = article.withdrawn?.at ?? article.updated ?? article.date
      return [{ ref, when, comment: plainText(article.withdrawn?.reason ?? '') }]
    })
    .sort((left, right) => right.when.at - left.when.at || (left.ref < right.ref ? -1 : 1))
    .slice(0, publication.feeds.items)
}
