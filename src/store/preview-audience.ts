// A newsletter → who would get its next edition, and who would not, and why. Changes nothing.

import type { Database } from './database.ts'

export interface Audience {
  /** As the edition's ledger would count it: everybody who gets this newsletter, the skipped among them included. */
  readonly audience: number
  /** Those of the audience who would be skipped: reason → how many. */
  readonly skipped: Readonly<Record<string, number>>
  /** Not in the audience: those who have left, and those who never confirmed. */
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

/** The first of those who would get it, in the order of the audience. */
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
