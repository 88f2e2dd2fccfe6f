// An edition that is being sent → the next deliveries, leased to one sender; then those that may be sent to the end.

import type { Delivery } from '../model.ts'
import { type Database, jsonRows } from './database.ts'
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryOf } from './read-deliveries.ts'

interface ClaimOptions {
  readonly edition: string
  /** Who claims: unique to a run of a sender. */
  readonly owner: string
  readonly limit: number
  readonly now: number
  readonly leaseUntil: number
}

/**
 * Deferred deliveries that are due come first, then pending ones. Whoever was suppressed, was erased or has
 * unsubscribed since the edition was frozen is 'skipped' by the same statement. Two senders never get the same row.
 *
 * @returns the leased deliveries in the order of subscribers; empty only when nothing can be claimed now
 */
export function claimDeliveries(db: Database, options: ClaimOptions): Promise<Delivery[]> {
  return db.transaction(async tx => {
    for (;;) {
      const rows = await claim(tx, DEFERRED_AND_DUE, options)
      const limit = options.limit - rows.length
      if (limit > 0) rows.push(...(await claim(tx, PENDING, { ...options, limit })))
      const leased = rows.filter(({ state }) => state === 'leased')
      // All of them were skipped: there may be more behind them.
      if (leased.length === 0 && rows.length > 0) continue
      return leased.sort((a, b) => a.subscriber - b.subscriber).map(row => deliveryOf(options.edition, row))
    }
  })
}

const PENDING = `state = 'pending' ORDER BY subscriber`

/** Whoever has waited longest comes first. */
const DEFERRED_AND_DUE = `state = 'deferred' AND next_at <= CAST($5 AS BIGINT) ORDER BY next_at, subscriber`

/** @param which state and order of the rows to take */
function claim(
  db: Database,
  which: typeof PENDING | typeof DEFERRED_AND_DUE,
  { edition, owner, limit, now, leaseUntil }: ClaimOptions,
): Promise<DeliveryRow[]> {
  return db.query<DeliveryRow>(
    `WITH candidates AS MATERIALIZED (
  SELECT subscriber FROM deliveries
  WHERE edition = (${ID_IF_SENDING}) AND ${which}
  LIMIT $2 {skip locked}
), judged AS MATERIALIZED (
  SELECT d.subscriber AS claimed, ${REASON_TO_SKIP} FROM candidates d
    ${JOIN_SUBSCRIBER}
)
UPDATE deliveries SET state = CASE WHEN why IS NULL THEN 'leased' ELSE 'skipped' END,
  reason = why, owner = $3, lease_until = CAST($4 AS BIGINT), changed = CAST($5 AS BIGINT)
FROM judged
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND subscriber = claimed {by key}
RETURNING ${DELIVERY_COLUMNS}`,
    [edition, limit, owner, leaseUntil, now],
  )
}

interface HandOverOptions {
  readonly edition: string
  readonly owner: string
  readonly subscribers: readonly number[]
  readonly now: number
}

/**
 * The last check before the end of a message is sent; committed before this returns. Whoever was suppressed, was
 * erased or has unsubscribed since the claim becomes 'skipped'.
 *
 * `state || ''` keeps PostgreSQL from the index of states, which is full of rows that had the state a moment ago: it
 * reads by the primary key.
 *
 * @returns the subscribers that are 'handed' now; the others were skipped, are not leased to this owner any more, or
 *   belong to an edition that was paused or cancelled meanwhile
 */
export async function markHanded(
  db: Database,
  { edition, owner, subscribers, now }: HandOverOptions,
): Promise<number[]> {
  if (subscribers.length === 0) return []
  const rows = await db.transaction(tx =>
    tx.query<{ subscriber: number; state: string }>(
      `WITH asked AS MATERIALIZED (
  SELECT d.subscriber FROM json_each($4) j CROSS JOIN deliveries d
  WHERE d.edition = (${ID_IF_SENDING}) AND d.subscriber = CAST(j.key AS BIGINT)
    AND d.state || '' = 'leased' AND d.owner = $2 {for update of d}
), judged AS MATERIALIZED (
  SELECT d.subscriber AS claimed, ${REASON_TO_SKIP} FROM asked d
    ${JOIN_SUBSCRIBER}
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
 * May this reader be mailed now? For a row `d` that has a `subscriber`, with `$1` the name of the edition. The column
 * `why` is NULL for yes, or the reason why not. An erased subscriber has no row.
 */
const REASON_TO_SKIP = `CASE
    WHEN s.id IS NULL THEN 'erased'
    WHEN x.hash IS NOT NULL THEN 'suppressed'
    WHEN s.state <> 'active' OR n.state IS NULL OR n.state <> 'active' THEN 'unsubscribed'
  END AS why`

const JOIN_SUBSCRIBER = `LEFT JOIN subscribers s ON s.id = d.subscriber
    LEFT JOIN suppressions x ON x.hash = s.hash
    LEFT JOIN subscriptions n ON n.subscriber = d.subscriber
      AND n.newsletter = (SELECT newsletter FROM editions WHERE name = $1)`

/** The id of the edition `$1` while it may be sent: neither cancelled nor paused. */
const ID_IF_SENDING = `SELECT id FROM editions WHERE name = $1 AND state = 'sending'
    AND NOT EXISTS (SELECT 1 FROM pauses WHERE pauses.edition = $1)`
