// Leased deliveries → those whose last byte may now leave. Durable before it returns.

import { SENDING, STANDING, WHY } from './active-condition.ts'
import type { Database } from './database.ts'
import { jsonRows } from './json-text.ts'

export interface Handing {
  readonly edition: string
  readonly owner: string
  readonly subscribers: readonly number[]
  readonly now: number
}

// `state || ''` keeps PostgreSQL on the key: the index of states is full of rows that were in that state a moment ago.

/**
 * The last look before the wire: whoever was suppressed, erased or has unsubscribed since the claim becomes 'skipped'.
 *
 * @returns the subscribers that are 'handed' now; the others were skipped, are not leased to this owner any more, or belong
 *   to an edition that was paused or cancelled meanwhile
 */
export async function markHanded(
  db: Database,
  { edition, owner, subscribers, now }: Handing,
): Promise<number[]> {
  if (subscribers.length === 0) return []
  const rows = await db.transaction(tx =>
    tx.query<{ subscriber: number; state: string }>(
      `WITH asked AS MATERIALIZED (
  SELECT d.subscriber FROM json_each($4) j CROSS JOIN deliveries d
  WHERE d.edition = (${SENDING}) AND d.subscriber = CAST(j.key AS BIGINT)
    AND d.state || '' = 'leased' AND d.owner = $2 {for update of d}
), judged AS MATERIALIZED (
  SELECT d.subscriber AS claimed, ${WHY} FROM asked d
    ${STANDING}
)
UPDATE deliveries SET state = CASE WHEN why IS NULL THEN 'handed' ELSE 'skipped' END,
  reason = why, changed = CAST($3 AS BIGINT)
FROM judged
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND subscriber = claimed {by key}
RETURNING subscriber, state`,
      [edition, owner, now, jsonRows(subscribers.map(subscriber => [subscriber, 0]))],
    ),
  )
  return rows
    .filter(({ state }) => state === 'handed')
    .map(({ subscriber }) => subscriber)
    .sort((a, b) => a - b)
}
