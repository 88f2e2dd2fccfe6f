// A newsletter → who gets its next edition, who does not, and why: as a preview, and as deliveries in the ledger.

import type { Database } from './database.ts'

export interface Audience {
  /** As the ledger would count it: everybody who gets this newsletter, those who would be skipped included. */
  readonly audience: number
  /** How many of them would be skipped, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  /** Not in the audience: those who have left, and those who have not confirmed. */
  readonly unsubscribed: number
  readonly unconfirmed: number
}

export async function previewAudience(db: Database, newsletter: string): Promise<Audience> {
  const [row] = await db.query<{
    audience: number
    suppressed: number
    unsubscribed: number
    unconfirmed: number
  }>(
    `SELECT
  COUNT(CASE WHEN s.state = 'active' AND n.state = 'active' THEN 1 END) AS audience,
  COUNT(CASE WHEN s.state = 'active' AND n.state = 'active' AND x.hash IS NOT NULL THEN 1 END) AS suppressed,
  COUNT(CASE WHEN s.state = 'unsubscribed' OR n.state = 'unsubscribed' THEN 1 END) AS unsubscribed,
  COUNT(CASE WHEN s.state = 'pending' AND n.state = 'active' THEN 1 END) AS unconfirmed
FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
WHERE n.newsletter = $1`,
    [newsletter],
  )
  const { audience = 0, suppressed = 0, unsubscribed = 0, unconfirmed = 0 } = row ?? {}
  return { audience, skipped: suppressed > 0 ? { suppressed } : {}, unsubscribed, unconfirmed }
}

/** The first of those who would get it, in the order of subscribers. */
export async function listAudience(
  db: Database,
  newsletter: string,
  limit: number,
): Promise<{ readonly id: number; readonly email: string; readonly name: string }[]> {
  return db.query(
    `SELECT s.id, s.email, s.name FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
WHERE n.newsletter = $1 AND n.state = 'active' AND s.state = 'active' AND x.hash IS NULL
ORDER BY n.subscriber LIMIT $2`,
    [newsletter, limit],
  )
}

interface TopicReaders {
  /** Empty for everything. */
  readonly topics: readonly string[]
  /** How many would get the next edition, provided that it has an article on these topics. */
  readonly readers: number
}

/** How many readers have chosen which topics. */
export async function topicReaders(db: Database, newsletter: string): Promise<TopicReaders[]> {
  const rows = await db.query<{ topics: string; readers: number }>(
    `SELECT n.topics, COUNT(*) AS readers FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
WHERE n.newsletter = $1 AND n.state = 'active' AND s.state = 'active' AND x.hash IS NULL
GROUP BY n.topics ORDER BY n.topics`,
    [newsletter],
  )
  return rows.map(({ topics, readers }) => ({ topics: JSON.parse(topics) as string[], readers }))
}

/**
 * A delivery for every active subscriber of the newsletter, with address, name and fields as they are now. Those who
 * are suppressed, or on whose topics there is nothing, are 'skipped': audience = pending + skipped.
 *
 * @param id of the edition
 */
export async function insertAudience(
  db: Database,
  id: number,
  { newsletter, now }: { readonly newsletter: string; readonly now: number },
): Promise<void> {
  await db.query(
    `INSERT INTO deliveries (edition, subscriber, email, name, fields, state, reason, attempts, tries, changed, variant)
SELECT CAST($1 AS BIGINT), s.id, s.email, s.name, s.fields,
  CASE WHEN x.hash IS NULL AND (c.topics IS NULL OR c.variant IS NOT NULL) THEN 'pending' ELSE 'skipped' END,
  CASE WHEN x.hash IS NOT NULL THEN 'suppressed'
    WHEN c.topics IS NOT NULL AND c.variant IS NULL THEN '${NOTHING_ON_TOPICS}' END,
  0, 0, CAST($2 AS BIGINT), COALESCE(c.variant, 0)
FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
LEFT JOIN topic_choices c ON c.edition = CAST($1 AS BIGINT) AND c.topics = n.topics
WHERE n.newsletter = $3 AND n.state = 'active' AND s.state = 'active'
ORDER BY n.subscriber`,
    [id, now, newsletter],
  )
}

/** Why a delivery is skipped when an edition has no article on any topic that the reader asked for. */
export const NOTHING_ON_TOPICS = 'nothing on their topics'
