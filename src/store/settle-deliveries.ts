// What became of attempts → the ledger and the log of attempts; also where the sender died before an answer came.

import type { DeliveryState } from '../model.ts'
import { type Database, jsonRows } from './database.ts'
import { reopenEdition } from './editions.ts'

export interface Settlement {
  readonly subscriber: number
  /** 'pending': the host was at fault, the person's turn comes again; 'skipped': cannot be written to, `reply` says why. */
  readonly state: 'accepted' | 'deferred' | 'rejected' | 'unknown' | 'pending' | 'skipped'
  readonly code?: number | undefined
  readonly enhanced?: string | undefined
  /** The reply as it came, or what the transport said. */
  readonly reply: string
  /** For 'deferred': when the next attempt may be made; at once if left out. */
  readonly nextAt?: number | undefined
  /** Whether the attempt counts against the person. */
  readonly countAttempt: boolean
}

export interface Settling {
  readonly edition: string
  readonly owner: string
  readonly settlements: readonly Settlement[]
  readonly now: number
}

/**
 * Settles what is leased or handed to this owner; a reply that comes late, when the delivery was already given up as
 * unknown, still counts. What belongs to another is left alone.
 *
 * @returns how many were settled
 */
export async function settleDeliveries(
  db: Database,
  { edition, owner, settlements, now }: Settling,
): Promise<number> {
  if (settlements.length === 0) return 0
  const rows = new Map(settlements.map(settlement => [settlement.subscriber, rowOf(settlement, now)]))
  return db.transaction(async tx => {
    const settled = await updateDeliveries(tx, edition, owner, now, jsonRows(rows))
    const ours = settled.map(({ subscriber }) => [subscriber, rows.get(subscriber)] as const)
    if (ours.length > 0) await insertAttempts(tx, edition, now, jsonRows(ours))
    return ours.length
  })
}

function rowOf(settlement: Settlement, now: number) {
  const { state, code, enhanced, reply, nextAt, countAttempt } = settlement
  return {
    state,
    reason: state === 'skipped' ? reply : undefined,
    code,
    enhanced,
    reply,
    failure: state === 'accepted' || state === 'skipped' ? undefined : failureText(reply),
    next: state === 'deferred' ? (nextAt ?? now) : undefined,
    counted: countAttempt ? 1 : 0,
  }
}

/** Keeps no address: '550 5.1.1 <anna@x.example>: user unknown (id 4Xy9Zt1)' → '550 5.1.1 <…>: user unknown (id …)'. */
export function failureText(reply: string): string {
  return (
    reply
      .replace(/<[^<>]*@[^<>]*>/g, '<…>')
      .replace(/[^\s<>()"',;:]+@[^\s<>()"',;]+/g, '…')
      // Queue ids and the like: six or more letters and digits with both among them.
      .replace(/\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{6,}\b/g, '…')
      .replace(/\b\d{6,}\b/g, '…')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300)
  )
}

// `state || ''` keeps PostgreSQL on the key: the index of states is full of rows that were in that state a moment ago.
function updateDeliveries(db: Database, edition: string, owner: string, now: number, rows: string) {
  return db.query<{ subscriber: number }>(
    `WITH judged AS MATERIALIZED (SELECT CAST(key AS BIGINT) AS claimed, value FROM json_each($4))
UPDATE deliveries SET state = j.value->>'state', reason = j.value->>'reason',
  code = CAST(j.value->>'code' AS INTEGER), enhanced = j.value->>'enhanced', reply = j.value->>'reply',
  failure = j.value->>'failure', next_at = CAST(j.value->>'next' AS BIGINT),
  attempts = attempts + CASE WHEN state = 'unknown' THEN 0 ELSE CAST(j.value->>'counted' AS INTEGER) END,
  tries = tries + 1,
  owner = CASE WHEN j.value->>'state' = 'unknown' THEN owner END, lease_until = NULL, changed = CAST($3 AS BIGINT)
FROM judged j
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND subscriber = j.claimed {by key}
  AND owner = $2 AND state || '' IN ('leased', 'handed', 'unknown')
RETURNING subscriber`,
    [edition, owner, now, rows],
  )
}

async function insertAttempts(db: Database, edition: string, now: number, rows: string): Promise<void> {
  await db.query(
    `INSERT INTO attempts (edition, subscriber, number, at, state, code, enhanced, reply)
SELECT d.edition, d.subscriber, d.tries, CAST($2 AS BIGINT), j.value->>'state',
  CAST(j.value->>'code' AS INTEGER), j.value->>'enhanced', j.value->>'reply'
FROM json_each($3) j CROSS JOIN deliveries d
WHERE d.edition = (SELECT id FROM editions WHERE name = $1) AND d.subscriber = CAST(j.key AS BIGINT)`,
    [edition, now, rows],
  )
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

// Asked this way both databases find the few rows by the index of states, and do not read the million that are settled.
const isIn = (...states: DeliveryState[]) => {
  const list = states.map(state => `'${state}'`).join(', ')
  return `state IN (${list}) AND subscriber IN (SELECT subscriber FROM deliveries
  WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state IN (${list}))`
}
