// An edition that is being sent → the next deliveries, leased to one sender; then those whose last byte may leave.

import type { Delivery } from '../model.ts'
import { type Database, jsonRows } from './database.ts'
import { DELIVERY, type DeliveryRow, deliveryOf } from './read-deliveries.ts'

export interface Claiming {
  readonly edition: string
  /** Who claims: unique to a run of a sender. */
  readonly owner: string
  readonly limit: number
  readonly now: number
  readonly leaseUntil: number
}

/**
 * Deferred ones that are due come first, then pending ones, in the order of the index. Whoever was suppressed, erased or
 * has unsubscribed meanwhile is 'skipped' in the same statement. Two senders never get the same row.
 *
 * @returns the leased deliveries by subscriber; empty only when nothing can be claimed now
 */
export function claimDeliveries(db: Database, claiming: Claiming): Promise<Delivery[]> {
  return db.transaction(async tx => {
    for (;;) {
      const rows = await claim(tx, DUE, claiming)
      const room = claiming.limit - rows.length
      if (room > 0) rows.push(...(await claim(tx, PENDING, { ...claiming, limit: room })))
      const leased = rows.filter(({ state }) => state === 'leased')
      // When all were skipped there may be others behind them.
      if (leased.length === 0 && rows.length > 0) continue
      return leased.sort((a, b) => a.subscriber - b.subscriber).map(row => deliveryOf(claiming.edition, row))
    }
  })
}

const PENDING = `state = 'pending' ORDER BY subscriber`

const DUE = `state = 'deferred' AND next_at <= CAST($5 AS BIGINT) ORDER BY next_at, subscriber`

/** @param which state and order of the rows to take */
function claim(
  db: Database,
  which: typeof PENDING | typeof DUE,
  { edition, owner, limit, now, leaseUntil }: Claiming,
): Promise<DeliveryRow[]> {
  return db.query<DeliveryRow>(
    `WITH candidates AS MATERIALIZED (
  SELECT subscriber FROM deliveries
  WHERE edition = (${SENDING}) AND ${which}
  LIMIT $2 {skip locked}
), judged AS MATERIALIZED (
  SELECT d.subscriber AS claimed, ${WHY} FROM candidates d
    ${STANDING}
)
UPDATE deliveries SET state = CASE WHEN why IS NULL THEN 'leased' ELSE 'skipped' END,
  reason = why, owner = $3, lease_until = CAST($4 AS BIGINT), changed = CAST($5 AS BIGINT)
FROM judged
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND subscriber = claimed {by key}
RETURNING ${DELIVERY}`,
    [edition, limit, owner, leaseUntil, now],
  )
}

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

/**
 * Joins to a row `d` that has a `subscriber`; `$1` is the edition's name. The answer is `why`: NULL for yes, or the
 * reason for no. An erased subscriber has no row any more.
 */
export const WHY = `CASE
    WHEN s.id IS NULL THEN 'erased'
    WHEN x.hash IS NOT NULL THEN 'suppressed'
    WHEN s.state <> 'active' OR n.state IS NULL OR n.state <> 'active' THEN 'unsubscribed'
  END AS why`

export const STANDING = `LEFT JOIN subscribers s ON s.id = d.subscriber
    LEFT JOIN suppressions x ON x.hash = s.hash
    LEFT JOIN subscriptions n ON n.subscriber = d.subscriber
      AND n.newsletter = (SELECT newsletter FROM editions WHERE name = $1)`

/** The id of the edition `$1` while it may be sent: neither cancelled nor paused. */
export const SENDING = `SELECT id FROM editions WHERE name = $1 AND state = 'sending'
    AND NOT EXISTS (SELECT 1 FROM pauses WHERE pauses.edition = $1)`
