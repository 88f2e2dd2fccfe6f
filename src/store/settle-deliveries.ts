// What became of attempts → the ledger, and one row each in the log of attempts.

import type { Database } from './database.ts'
import { failureText } from './failure-text.ts'
import { jsonRows } from './json-text.ts'

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
