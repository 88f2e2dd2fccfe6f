// Newsletter → what its frozen editions carried and left out: what is new is decided by identity.

import type { Database } from './database.ts'
import { listEditions } from './editions.ts'

export interface SentHistory {
  /** Ids of articles that a frozen edition carried, or left out for good. */
  readonly carried: Set<string>
  /** Those that were left out and never carried: they come only when an editor picks them. */
  readonly omitted: Set<string>
  /** Start of the window of the first frozen edition. */
  readonly reach: number | undefined
  /** Ids, without the newsletter, of editions that are frozen or skipped. */
  readonly editions: Set<string>
}

/**
 * @param before only editions whose window ended before, ms since epoch: what one that is frozen already was chosen from
 */
export async function sentHistory(
  db: Database,
  newsletter: string,
  before: number = Number.MAX_SAFE_INTEGER,
): Promise<SentHistory> {
  const articles = await db.query<{ article: string; omitted: number }>(
    `SELECT a.article, MIN(a.omitted) AS omitted
FROM edition_articles a JOIN editions e ON e.id = a.edition
WHERE e.newsletter = $1 AND e.until_at < $2
GROUP BY a.article`,
    [newsletter, before],
  )
  const editions = (await listEditions(db, newsletter)).filter(({ until }) => until < before)
  const starts = editions.filter(({ state }) => state !== 'skipped').map(({ from }) => from)
  return {
    carried: new Set(articles.map(({ article }) => article)),
    omitted: new Set(articles.filter(({ omitted }) => omitted === 1).map(({ article }) => article)),
    reach: starts.length > 0 ? Math.min(...starts) : undefined,
    editions: new Set(editions.map(({ edition }) => edition.slice(newsletter.length + 1))),
  }
}
