// After a sender has stopped or died: leases go back, what was handed over without an answer is unknown.

import type { DeliveryState } from '../model.ts'
import type { Database } from './database.ts'
import { reopenEdition } from './editions.ts'
import { jsonRows } from './json-text.ts'

// Asked this way both databases find the few rows by the index of states, and do not read the million that are settled.
const isIn = (...states: DeliveryState[]) => {
  const list = states.map(state => `'${state}'`).join(', ')
  return `state IN (${list}) AND subscriber IN (SELECT subscriber FROM deliveries
  WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state IN (${list}))`
}

/** Leased → pending; what had been deferred before stays deferred, and is due. Called by a sender that stops in order. */
export async function releaseLeases(
  db: Database,
  { edition, owner }: { readonly edition: string; readonly owner: string },
): Promise<number> {
  const rows = await db.query<{ subscriber: number }>(
    `UPDATE deliveries SET state = CASE WHEN next_at IS NULL THEN 'pending' ELSE 'deferred' END,
  owner = NULL, lease_until = NULL
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('leased')} AND owner = $2
RETURNING subscriber`,
    [edition, owner],
  )
  return rows.length
}

export interface Recovered {
  /** Leases that went back: safe to send. */
  readonly pending: number
  /** Handed over and never answered: sent again only when told. */
  readonly unknown: number
}

/**
 * Every leased row goes back and every handed one becomes unknown. Call it only while holding the sender lock, or with
 * `expired`, which leaves alone the leases that still run (many workers, none of which holds a lock).
 */
export function recoverDeliveries(
  db: Database,
  {
    edition,
    now,
    expired = false,
  }: { readonly edition: string; readonly now: number; readonly expired?: boolean },
): Promise<Recovered> {
  const before = expired ? now : Number.MAX_SAFE_INTEGER
  return db.transaction(async tx => {
    const unknown = await giveUpHanded(tx, edition, now, before)
    const lost = unknown.map(({ subscriber }) => [subscriber, 0] as const)
    if (lost.length > 0) await logGivenUp(tx, edition, now, jsonRows(lost))
    return { unknown: lost.length, pending: (await takeBackLeased(tx, edition, now, before)).length }
  })
}

const GIVEN_UP = 'handed over, then the sender stopped before a reply came'

// The owner stays in the row: should it live after all, its late reply still settles the delivery.
function giveUpHanded(db: Database, edition: string, now: number, before: number) {
  return db.query<{ subscriber: number }>(
    `UPDATE deliveries SET state = 'unknown', reply = CAST($4 AS TEXT), failure = CAST($4 AS TEXT),
  code = NULL, enhanced = NULL, attempts = attempts + 1, tries = tries + 1, next_at = NULL, lease_until = NULL,
  changed = CAST($2 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('handed')} AND lease_until <= CAST($3 AS BIGINT)
RETURNING subscriber`,
    [edition, now, before, GIVEN_UP],
  )
}

async function logGivenUp(db: Database, edition: string, now: number, rows: string): Promise<void> {
  await db.query(
    `INSERT INTO attempts (edition, subscriber, number, at, state, reply)
SELECT d.edition, d.subscriber, d.tries, CAST($2 AS BIGINT), 'unknown', CAST($3 AS TEXT)
FROM json_each($4) j CROSS JOIN deliveries d
WHERE d.edition = (SELECT id FROM editions WHERE name = $1) AND d.subscriber = CAST(j.key AS BIGINT)`,
    [edition, now, GIVEN_UP, rows],
  )
}

function takeBackLeased(db: Database, edition: string, now: number, before: number) {
  return db.query<{ subscriber: number }>(
    `UPDATE deliveries SET state = CASE WHEN next_at IS NULL THEN 'pending' ELSE 'deferred' END,
  owner = NULL, lease_until = NULL, changed = CAST($2 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('leased')} AND lease_until <= CAST($3 AS BIGINT)
RETURNING subscriber`,
    [edition, now, before],
  )
}

/**
 * The unknown ones are pending again because a person said so, and a finished edition is open again. Edition and
 * subscriber, and so the Message-ID, are the same.
 */
export function resendUnknown(db: Database, edition: string): Promise<number> {
  return db.transaction(async tx => {
    const rows = await unknownToPending(tx, edition)
    if (rows.length > 0) await reopenEdition(tx, edition)
    return rows.length
  })
}

function unknownToPending(db: Database, edition: string) {
  return db.query<{ subscriber: number }>(
    `UPDATE deliveries SET state = 'pending', owner = NULL, next_at = NULL
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('unknown')}
RETURNING subscriber`,
    [edition],
  )
}

/** Holds leases for longer: a slow server is no reason to give a delivery to somebody else. */
export async function renewLeases(
  db: Database,
  {
    edition,
    owner,
    leaseUntil,
  }: { readonly edition: string; readonly owner: string; readonly leaseUntil: number },
): Promise<void> {
  await db.query(
    `UPDATE deliveries SET lease_until = CAST($3 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('leased', 'handed')} AND owner = $2`,
    [edition, owner, leaseUntil],
  )
}
