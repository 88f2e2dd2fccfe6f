// Questions of many senders to the ledger: what can be done for an edition now, what later, and what time it is.

import type { Database } from './database.ts'
import { listEditions } from './editions.ts'
import { listPaused } from './pauses.ts'

export interface OpenDeliveries {
  /** How many could be claimed at once. */
  readonly pending: number
  /** When the first of the deferred is due, ms since epoch. */
  readonly dueAt: number | undefined
  /** When the first of those that others hold would be free, if they are not heard of again. */
  readonly leasedUntil: number | undefined
}

export async function openDeliveries(db: Database, edition: string): Promise<OpenDeliveries> {
  const [row] = await db.query<{ pending: number; due: number | null; leased: number | null }>(
    `SELECT
  (SELECT COUNT(*) FROM deliveries WHERE edition = e.id AND state = 'pending') AS pending,
  (SELECT MIN(next_at) FROM deliveries WHERE edition = e.id AND state = 'deferred') AS due,
  (SELECT MIN(lease_until) FROM deliveries WHERE edition = e.id AND state IN ('leased', 'handed')) AS leased
FROM editions e WHERE e.name = $1`,
    [edition],
  )
  return { pending: row?.pending ?? 0, dueAt: row?.due ?? undefined, leasedUntil: row?.leased ?? undefined }
}

/** Editions that are being sent and are not held, oldest first. */
export async function editionsToSend(db: Database): Promise<{ edition: string; frozenAt: number }[]> {
  const paused = await listPaused(db)
  return (await listEditions(db))
    .filter(({ state, edition }) => state === 'sending' && !paused.has(edition))
    .map(({ edition, frozenAt }) => ({ edition, frozenAt }))
    .reverse()
}

/** Who holds deliveries of an edition at this moment. */
export async function listOwners(db: Database, edition: string): Promise<string[]> {
  const rows = await db.query<{ owner: string }>(
    `SELECT DISTINCT owner FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state IN ('leased', 'handed') ORDER BY owner`,
    [edition],
  )
  return rows.map(({ owner }) => owner)
}

/** What PostgreSQL's own clock says: the one that all machines can ask. ms since epoch. */
export async function databaseTime(db: Database): Promise<number> {
  const [row] = await db.query<{ time: number }>(
    'SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS DOUBLE PRECISION) AS time',
  )
  return row!.time
}
