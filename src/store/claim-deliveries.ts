// An edition that is being sent → the next deliveries, leased to one sender.

import type { Delivery } from '../model.ts'
import { SENDING, STANDING, WHY } from './active-condition.ts'
import type { Database } from './database.ts'
import { DELIVERY, type DeliveryRow, deliveryOf } from './delivery-row.ts'

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
