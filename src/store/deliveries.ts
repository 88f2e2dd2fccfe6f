// The life of a delivery: claimed by a sender, handed over, settled by its outcome; and put right after a sender died.

import type { Delivery } from '../model.ts'
import { type Database, jsonRows } from './database.ts'
import { reopenEdition } from './editions.ts'
import { STAGES } from './migrations.ts'
import {
  DELIVERY_COLUMNS,
  type DeliveryRow,
  deliveryOf,
  NO_REPLY,
  PENDING_IN_ORDER,
} from './read-deliveries.ts'

interface ClaimOptions {
  readonly edition: string
  /** Who claims: unique to a run of a sender. */
  readonly owner: string
  readonly limit: number
  readonly now: number
  readonly leaseUntil: number
  /** Only those who were tried before, and are due again. */
  readonly triedOnly?: boolean | undefined
  /** Kept from one claim to the next; left out, each begins with the first of the list. */
  readonly place?: ClaimPlace | undefined
}

/** How far a sender has come in the list. Without it each claim would go again past all that were claimed before. */
export interface ClaimPlace {
  /** The number of a subscriber. */
  after: number
}

/**
 * Deferred deliveries that are due come first, then pending ones. Whoever was suppressed, was erased or has
 * unsubscribed since the edition was frozen is 'skipped' by the same statement. Two senders never get the same row.
 *
 * @returns the leased deliveries in the order of subscribers; empty only when nothing can be claimed now
 */
export function claimDeliveries(db: Database, options: ClaimOptions): Promise<Delivery[]> {
  const { triedOnly = false, place = { after: 0 } } = options
  return db.transaction(async tx => {
    for (;;) {
      const rows = await claim(tx, triedOnly ? TRIED_AND_DUE : DEFERRED_AND_DUE, options)
      const limit = options.limit - rows.length
      if (limit > 0 && !triedOnly) rows.push(...(await claimPending(tx, { ...options, limit }, place)))
      const leased = rows.filter(({ state }) => state === 'leased')
      // All of them were skipped: there may be more behind them.
      if (leased.length === 0 && rows.length > 0) continue
      return leased.sort((a, b) => a.subscriber - b.subscriber).map(row => deliveryOf(options.edition, row))
    }
  })
}

/** Those behind the place; at the end of the list, those whom others gave back meanwhile. */
async function claimPending(db: Database, options: ClaimOptions, place: ClaimPlace): Promise<DeliveryRow[]> {
  for (;;) {
    const rows = await claim(db, PENDING, options, [place.after])
    // If this is rolled back, they are found at the end of the list.
    for (const { subscriber } of rows) place.after = Math.max(place.after, subscriber)
    if (rows.length > 0 || place.after === 0) return rows
    place.after = 0
  }
}

const PENDING = `(stage, subscriber) > (${STAGES.pending}, CAST($6 AS BIGINT)) AND ${PENDING_IN_ORDER}`

/** Whoever has waited longest comes first. */
const DEFERRED_AND_DUE = `state = 'deferred' AND next_at <= CAST($5 AS BIGINT) ORDER BY next_at, subscriber`
const TRIED_AND_DUE = DEFERRED_AND_DUE.replace(' ORDER', ' AND attempts > 0 ORDER')

/** @param which state and order of the rows to take @param more what it needs to know besides */
function claim(
  db: Database,
  which: string,
  { edition, owner, limit, now, leaseUntil }: ClaimOptions,
  more: readonly number[] = [],
): Promise<DeliveryRow[]> {
  return db.query<DeliveryRow>(
    `WITH candidates AS MATERIALIZED (
  SELECT edition, subscriber FROM deliveries ${which === PENDING ? '{by stage}' : ''}
  WHERE edition = (${ID_IF_SENDING}) AND ${which}
  LIMIT $2 {skip locked}
), judged AS MATERIALIZED (
  SELECT d.edition AS part, d.subscriber AS claimed, ${REASON_TO_SKIP} FROM candidates d
    ${JOIN_SUBSCRIBER}
)
UPDATE deliveries SET state = CASE WHEN why IS NULL THEN 'leased' ELSE 'skipped' END,
  reason = why, owner = $3, lease_until = CAST($4 AS BIGINT), changed = CAST($5 AS BIGINT)
FROM judged WHERE edition = part AND subscriber = claimed
RETURNING ${DELIVERY_COLUMNS}`,
    [edition, limit, owner, leaseUntil, now, ...more],
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
  SELECT e.id AS edition, CAST(j.key AS BIGINT) AS subscriber FROM (${ID_IF_SENDING}) e CROSS JOIN json_each($4) j
), judged AS MATERIALIZED (
  SELECT d.edition AS part, d.subscriber AS claimed, ${REASON_TO_SKIP} FROM asked d
    ${JOIN_SUBSCRIBER}
)
UPDATE deliveries SET state = CASE WHEN why IS NULL THEN 'handed' ELSE 'skipped' END,
  reason = why, changed = CAST($3 AS BIGINT)
FROM judged WHERE edition = part AND subscriber = claimed AND state = 'leased' AND owner = $2
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

// What became of attempts → the ledger and the log of attempts; also for attempts whose sender died before the answer.

export interface Settlement {
  readonly subscriber: number
  /**
   * 'pending': the server was at fault, and the delivery is claimed again; 'skipped': no mail is possible, `reply`
   * says why.
   */
  readonly state: 'accepted' | 'deferred' | 'rejected' | 'unknown' | 'pending' | 'skipped'
  readonly code?: number | undefined
  readonly enhanced?: string | undefined
  /** The reply as it came, or what the transport said. */
  readonly reply: string
  /** For 'deferred': when the next attempt may be made; at once if left out. */
  readonly nextAt?: number | undefined
  /** Whether it counts as one of the attempts that a reader gets. */
  readonly countAttempt: boolean
}

interface SettleOptions {
  readonly edition: string
  readonly owner: string
  readonly settlements: readonly Settlement[]
  readonly now: number
}

/**
 * Settles what is leased or handed to this owner, and what was handed to it and is 'unknown' by now: a late reply
 * still counts. What belongs to another owner is left alone.
 *
 * @returns how many were settled
 */
export async function settleDeliveries(
  db: Database,
  { edition, owner, settlements, now }: SettleOptions,
): Promise<number> {
  if (settlements.length === 0) return 0
  const rows = new Map(settlements.map(settlement => [settlement.subscriber, rowOf(settlement, now)]))
  return db.transaction(async tx => {
    const settled = await updateDeliveries(tx, edition, owner, now, jsonRows(rows))
    // One that was accepted is the last, and its delivery says all that there is to say.
    const attempts = settled
      .map(({ subscriber }) => [subscriber, rows.get(subscriber)] as const)
      .filter(([, row]) => row?.state !== 'accepted')
    if (attempts.length > 0) await insertAttempts(tx, edition, now, jsonRows(attempts))
    return settled.length
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

/**
 * A reply without what differs from reader to reader, so that failures can be grouped and shown: '550 5.1.1
 * <anna@x.example>: user unknown (id 4Xy9Zt1)' → '550 5.1.1 <…>: user unknown (id …)'.
 */
export function failureText(reply: string): string {
  return (
    reply
      .replace(/<[^<>]*@[^<>]*>/g, '<…>')
      .replace(/[^\s<>()"',;:]+@[^\s<>()"',;]+/g, '…')
      // Queue ids: six or more letters and digits with both among them.
      .replace(/\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{6,}\b/g, '…')
      .replace(/\b\d{6,}\b/g, '…')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300)
  )
}

function updateDeliveries(db: Database, edition: string, owner: string, now: number, rows: string) {
  return db.query<{ subscriber: number }>(
    `WITH judged AS MATERIALIZED (${keyed('$4')})
UPDATE deliveries SET state = j.value->>'state', reason = j.value->>'reason',
  code = CAST(j.value->>'code' AS INTEGER), enhanced = j.value->>'enhanced', reply = j.value->>'reply',
  failure = j.value->>'failure', next_at = CAST(j.value->>'next' AS BIGINT),
  attempts = attempts + CASE WHEN state = 'unknown' THEN 0 ELSE CAST(j.value->>'counted' AS INTEGER) END,
  tries = tries + 1,
  owner = CASE WHEN j.value->>'state' = 'unknown' THEN owner END, lease_until = NULL, changed = CAST($3 AS BIGINT)
FROM judged j
WHERE edition = part AND subscriber = claimed AND owner = $2 AND state IN ('leased', 'handed', 'unknown')
RETURNING subscriber`,
    [edition, owner, now, rows],
  )
}

/**
 * Rows of JSON by subscriber, each with the id of the edition `$1`: with both halves of the key in one list no database reads
 * a whole edition to find a few rows of it. PostgreSQL believes of a new one that it is small.
 */
function keyed(json: string): string {
  return `SELECT e.id AS part, CAST(j.key AS BIGINT) AS claimed, j.value AS value
  FROM (SELECT id FROM editions WHERE name = $1) e CROSS JOIN json_each(${json}) j`
}

async function insertAttempts(db: Database, edition: string, now: number, rows: string): Promise<void> {
  await db.query(
    `WITH judged AS MATERIALIZED (${keyed('$3')})
INSERT INTO attempts (edition, subscriber, number, at, state, code, enhanced, reply)
SELECT d.edition, d.subscriber, d.tries, CAST($2 AS BIGINT), j.value->>'state',
  CAST(j.value->>'code' AS INTEGER), j.value->>'enhanced', j.value->>'reply'
FROM judged j CROSS JOIN deliveries d WHERE d.edition = part AND d.subscriber = claimed`,
    [edition, now, rows],
  )
}

interface Recovered {
  /** Leases that were taken back: safe to send. */
  readonly pending: number
  /** Handed over, and no reply came: sent again only when a person says so. */
  readonly unknown: number
}

interface RecoverOptions {
  readonly edition: string
  readonly now: number
  /** Only those whose lease has run out: there are many workers, and none has a lock. */
  readonly expired?: boolean
  /** What was claimed may have been handed over as well: the ledger was saved with the claim, and not since. */
  readonly claimsInDoubt?: boolean
}

/**
 * After a sender has died: every leased delivery is pending or deferred again, and every handed one is unknown. Call
 * it only while holding the sender lock, or with `expired`.
 */
export function recoverDeliveries(
  db: Database,
  { edition, now, expired = false, claimsInDoubt = false }: RecoverOptions,
): Promise<Recovered> {
  const before = expired ? now : Number.MAX_SAFE_INTEGER
  return db.transaction(async tx => {
    if (claimsInDoubt)
      await tx.query(
        `UPDATE deliveries {by stage} SET state = 'handed'
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('leased')}`,
        [edition],
      )
    const unknown = await handedToUnknown(tx, edition, now, before)
    const attempts = unknown.map(({ subscriber }) => [subscriber, 0] as const)
    if (attempts.length > 0) await insertUnknownAttempts(tx, edition, now, jsonRows(attempts))
    const pending = await leasedToPending(tx, edition, now, before)
    return { unknown: unknown.length, pending: pending.length }
  })
}

/** The owner stays in the row: if it is alive after all, its late reply settles the delivery. */
function handedToUnknown(db: Database, edition: string, now: number, before: number) {
  return db.query<{ subscriber: number }>(
    `UPDATE deliveries {by stage} SET state = 'unknown', reply = CAST($4 AS TEXT), failure = CAST($4 AS TEXT),
  code = NULL, enhanced = NULL, attempts = attempts + 1, tries = tries + 1, next_at = NULL, lease_until = NULL,
  changed = CAST($2 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('handed')} AND lease_until <= CAST($3 AS BIGINT)
RETURNING subscriber`,
    [edition, now, before, NO_REPLY],
  )
}

async function insertUnknownAttempts(
  db: Database,
  edition: string,
  now: number,
  rows: string,
): Promise<void> {
  await db.query(
    `WITH judged AS MATERIALIZED (${keyed('$4')})
INSERT INTO attempts (edition, subscriber, number, at, state, reply)
SELECT d.edition, d.subscriber, d.tries, CAST($2 AS BIGINT), 'unknown', CAST($3 AS TEXT)
FROM judged CROSS JOIN deliveries d WHERE d.edition = part AND d.subscriber = claimed`,
    [edition, now, NO_REPLY, rows],
  )
}

function leasedToPending(db: Database, edition: string, now: number, before: number) {
  return db.query<{ subscriber: number }>(
    `UPDATE deliveries {by stage} SET state = CASE WHEN next_at IS NULL THEN 'pending' ELSE 'deferred' END,
  owner = NULL, lease_until = NULL, changed = CAST($2 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('leased')} AND lease_until <= CAST($3 AS BIGINT)
RETURNING subscriber`,
    [edition, now, before],
  )
}

/** For a sender that stops in order: leased → pending, or deferred and due where it had been deferred before. */
export async function releaseLeases(
  db: Database,
  { edition, owner }: { readonly edition: string; readonly owner: string },
): Promise<number> {
  const rows = await db.query<{ subscriber: number }>(
    `UPDATE deliveries {by stage} SET state = CASE WHEN next_at IS NULL THEN 'pending' ELSE 'deferred' END,
  owner = NULL, lease_until = NULL
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('leased')} AND owner = $2
RETURNING subscriber`,
    [edition, owner],
  )
  return rows.length
}

/** For a sender that is slow but alive: nobody else gets its deliveries. */
export async function renewLeases(
  db: Database,
  { edition, owner, leaseUntil }: Pick<ClaimOptions, 'edition' | 'owner' | 'leaseUntil'>,
): Promise<void> {
  await db.query(
    `UPDATE deliveries {by stage} SET lease_until = CAST($3 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('leased', 'handed')} AND owner = $2`,
    [edition, owner, leaseUntil],
  )
}

/**
 * Because a person said so: what is unknown is pending again, and a finished edition is open again. The Message-ID,
 * which is made of edition and subscriber, stays the same.
 */
export function resendUnknown(db: Database, edition: string): Promise<number> {
  return db.transaction(async tx => {
    const rows = await tx.query<{ subscriber: number }>(
      `UPDATE deliveries {by stage} SET state = 'pending', owner = NULL, next_at = NULL
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND ${isIn('unknown')}
RETURNING subscriber`,
      [edition],
    )
    if (rows.length > 0) await reopenEdition(tx, edition)
    return rows.length
  })
}

/** Finds the few rows by the index of stages, and does not read the million that are settled. */
function isIn(...states: (keyof typeof STAGES)[]): string {
  const list = states.map(state => `'${state}'`).join(', ')
  const stages = [...new Set(states.map(state => STAGES[state]))].join(', ')
  return `stage IN (${stages}) AND state IN (${list})`
}
