// Questions to the ledger: who is in which state, and what failed and why.

import type { Delivery, DeliveryState } from '../model.ts'
import type { Database } from './database.ts'

/** In the order of subscribers. @param limit leave out for all of them, which may be a million */
export async function listDeliveries(
  db: Database,
  edition: string,
  state: DeliveryState,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<Delivery[]> {
  const rows = await db.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state = $2 ORDER BY subscriber LIMIT $3`,
    [edition, state, limit],
  )
  return rows.map(row => deliveryOf(edition, row))
}

/** What the ledger has about one subscriber: a delivery for each edition. */
export async function listDeliveriesTo(db: Database, subscriber: number): Promise<Delivery[]> {
  const rows = await db.query<DeliveryRow & { edition: string }>(
    `SELECT e.name AS edition, ${DELIVERY_COLUMNS.split(', ')
      .map(column => `d.${column}`)
      .join(', ')}
FROM editions e CROSS JOIN deliveries d WHERE d.edition = e.id AND d.subscriber = $1 ORDER BY e.id`,
    [subscriber],
  )
  return rows.map(row => deliveryOf(row.edition, row))
}

/** What `deliveryOf` reads. */
export const DELIVERY_COLUMNS =
  'subscriber, email, name, fields, state, reason, attempts, next_at, reply, variant'

export interface DeliveryRow {
  readonly subscriber: number
  readonly email: string
  readonly name: string
  readonly fields: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  readonly next_at: number | null
  readonly reply: string | null
  readonly variant: number
}

export function deliveryOf(edition: string, row: DeliveryRow): Delivery {
  return {
    edition,
    subscriber: row.subscriber,
    email: row.email,
    name: row.name,
    fields: JSON.parse(row.fields) as Record<string, string>,
    state: row.state,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
    nextAt: row.next_at ?? undefined,
    reply: row.reply ?? undefined,
    variant: row.variant || undefined,
  }
}

/** One settled attempt, out of the log. */
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

export interface FailureGroup {
  readonly state: 'rejected' | 'deferred' | 'unknown'
  readonly code: number | undefined
  readonly enhanced: string | undefined
  /** Without addresses and queue ids: see `failureText`. */
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
