// Questions to the ledger: who is in which state, what failed and why, when something is due.

import type { Delivery, DeliveryState } from '../model.ts'
import type { Database } from './database.ts'
import { DELIVERY, type DeliveryRow, deliveryOf } from './delivery-row.ts'

/** Earliest time at which a deferred delivery may be tried again, ms since epoch. */
export async function nextDue(db: Database, edition: string): Promise<number | undefined> {
  const [row] = await db.query<{ due: number | null }>(
    `SELECT MIN(next_at) AS due FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state = 'deferred'`,
    [edition],
  )
  return row?.due ?? undefined
}

/** In the order of the audience. @param limit leave out for all of them, which may be a million */
export async function listDeliveries(
  db: Database,
  edition: string,
  state: DeliveryState,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<Delivery[]> {
  const rows = await db.query<DeliveryRow>(
    `SELECT ${DELIVERY} FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state = $2 ORDER BY subscriber LIMIT $3`,
    [edition, state, limit],
  )
  return rows.map(row => deliveryOf(edition, row))
}

export interface FailureGroup {
  readonly state: 'rejected' | 'deferred' | 'unknown'
  readonly code: number | undefined
  readonly enhanced: string | undefined
  /** Without addresses and queue ids: see failure-text.ts. */
  readonly reply: string
  readonly count: number
}

/** Largest group first. */
export async function groupFailures(db: Database, edition: string): Promise<FailureGroup[]> {
  const rows = await db.query<{
    state: FailureGroup['state']
    code: number | null
    enhanced: string | null
    failure: string | null
    count: number
  }>(
    `SELECT state, code, enhanced, failure, COUNT(*) AS count FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state IN ('rejected', 'deferred', 'unknown')
GROUP BY state, code, enhanced, failure`,
    [edition],
  )
  return rows
    .map(({ state, code, enhanced, failure, count }) => ({
      state,
      code: code ?? undefined,
      enhanced: enhanced ?? undefined,
      reply: failure ?? '',
      count,
    }))
    .sort((a, b) => b.count - a.count || (`${a.state} ${a.reply}` < `${b.state} ${b.reply}` ? -1 : 1))
}

/** One settled attempt, as the log has it. */
export interface Attempt {
  readonly subscriber: number
  readonly number: number
  /** ms since epoch */
  readonly at: number
  readonly state: string
  readonly code: number | undefined
  readonly enhanced: string | undefined
  readonly reply: string
}

/** Every attempt at one reader, first to last. */
export async function listAttempts(db: Database, edition: string, subscriber: number): Promise<Attempt[]> {
  const rows = await db.query<Attempt & { code: number | null; enhanced: string | null }>(
    `SELECT subscriber, number, at, state, code, enhanced, reply FROM attempts
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND subscriber = $2 ORDER BY number`,
    [edition, subscriber],
  )
  return rows.map(row => ({ ...row, code: row.code ?? undefined, enhanced: row.enhanced ?? undefined }))
}

/** What the ledger holds about one person: a row for each edition she was to get. */
export async function listDeliveriesTo(db: Database, subscriber: number): Promise<Delivery[]> {
  const rows = await db.query<DeliveryRow & { edition: string }>(
    `SELECT e.name AS edition, ${DELIVERY.split(', ')
      .map(column => `d.${column}`)
      .join(', ')}
FROM editions e CROSS JOIN deliveries d WHERE d.edition = e.id AND d.subscriber = $1 ORDER BY e.id`,
    [subscriber],
  )
  return rows.map(row => deliveryOf(row.edition, row))
}
