// An edition → what came back of it after the server had accepted it: bounces and complaints.

import type { Database } from './database.ts'

export interface Returned {
  /** No such mailbox, or none any more. */
  readonly hard: number
  /** Full, away, too busy. */
  readonly soft: number
  /** Readers who called it spam. */
  readonly complaint: number
}

export async function countReturned(db: Database, edition: string): Promise<Returned> {
  const rows = await db.query<{ kind: keyof Returned; count: number }>(
    `SELECT b.kind, COUNT(*) AS count FROM bounces b
JOIN deliveries d ON d.edition = b.edition AND d.subscriber = b.subscriber
WHERE b.edition = (SELECT id FROM editions WHERE name = $1) AND d.state = 'accepted' GROUP BY b.kind`,
    [edition],
  )
  return {
    hard: 0,
    soft: 0,
    complaint: 0,
    ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])),
  }
}
