// An edition's ledger → its counts, right at any moment of a running send.

import type { DeliveryState, LedgerCounts } from '../model.ts'
import type { Database } from './database.ts'

/**
 * One statement, so one moment: audience = pending + accepted + rejected + deferred + unknown + all that were skipped.
 * What is leased or handed has no outcome yet and counts as pending.
 */
export async function countDeliveries(db: Database, edition: string): Promise<LedgerCounts> {
  const rows = await db.query<{ state: DeliveryState; reason: string | null; count: number }>(
    `SELECT state, reason, COUNT(*) AS count FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) GROUP BY state, reason`,
    [edition],
  )
  const counts = { audience: 0, pending: 0, accepted: 0, rejected: 0, deferred: 0, unknown: 0 }
  const skipped: [why: string, count: number][] = []
  for (const { state, reason, count } of rows) {
    counts.audience += count
    if (state === 'skipped') skipped.push([reason ?? '', count])
    else if (state === 'leased' || state === 'handed') counts.pending += count
    else counts[state] += count
  }
  skipped.sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...counts, skipped: Object.fromEntries(skipped) }
}
