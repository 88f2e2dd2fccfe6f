// A person's word about an edition that is being sent: hold it, go on, give it up. Heard at the next claim and hand-over.

import type { Database } from './database.ts'
import { cancelEdition, type EditionState } from './editions.ts'

/** How an edition stands: 'paused' is one that is 'sending' and held. */
export type EditionStanding = EditionState | 'paused'

/** @returns undefined when the ledger does not know it */
export async function editionStanding(db: Database, edition: string): Promise<EditionStanding | undefined> {
  const [row] = await db.query<{ state: EditionState; since: number | null }>(
    'SELECT e.state, p.since FROM editions e LEFT JOIN pauses p ON p.edition = e.name WHERE e.name = $1',
    [edition],
  )
  return row?.state === 'sending' && row.since !== null ? 'paused' : row?.state
}

/** Names of the editions that are paused. */
export async function listPaused(db: Database): Promise<Set<string>> {
  const rows = await db.query<{ edition: string }>('SELECT edition FROM pauses')
  return new Set(rows.map(({ edition }) => edition))
}

/** Nothing more of it is claimed or handed over; what was handed over is still settled. */
export async function pauseEdition(db: Database, edition: string, now: number): Promise<void> {
  await db.query('INSERT INTO pauses (edition, since) VALUES ($1, $2) ON CONFLICT (edition) DO NOTHING', [
    edition,
    now,
  ])
}

export async function resumeEdition(db: Database, edition: string): Promise<void> {
  await db.query('DELETE FROM pauses WHERE edition = $1', [edition])
}

/**
 * It is not sent any more, to nobody: who has not got it yet is 'skipped' because it was cancelled. Messages that were
 * handed over keep their outcome.
 *
 * @returns how many were skipped
 */
export function giveUpEdition(db: Database, edition: string, now: number): Promise<number> {
  return db.transaction(async tx => {
    await cancelEdition(tx, edition, now)
    await resumeEdition(tx, edition)
    return (await skipCancelled(tx, edition, now)).length
  })
}

function skipCancelled(db: Database, edition: string, now: number) {
  return db.query<{ subscriber: number }>(
    `UPDATE deliveries SET state = 'skipped', reason = 'cancelled', owner = NULL, lease_until = NULL, next_at = NULL,
  changed = CAST($2 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1 AND state = 'cancelled')
  AND state IN ('pending', 'leased', 'deferred')
RETURNING subscriber`,
    [edition, now],
  )
}
