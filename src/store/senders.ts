// One sender per edition: a lock in the ledger that its holder keeps alive.

import type { Database } from './database.ts'

export interface Sender {
  readonly owner: string
  readonly host: string
  readonly pid: number
  /** ms since epoch */
  readonly since: number
  readonly expires: number
}

export interface Taking {
  readonly edition: string
  readonly owner: string
  readonly host: string
  readonly pid: number
  readonly now: number
  readonly expires: number
}

/** Takes the lock when nobody has it, when its holder has let it expire, or when it is ours already. */
export function takeSender(
  db: Database,
  { edition, owner, host, pid, now, expires }: Taking,
): Promise<{ readonly taken: true } | { readonly taken: false; readonly by: Sender }> {
  return db.transaction(async tx => {
    const rows = await tx.query<{ owner: string }>(
      `INSERT INTO senders (edition, owner, host, pid, since, expires) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (edition) DO UPDATE SET owner = excluded.owner, host = excluded.host, pid = excluded.pid,
  since = excluded.since, expires = excluded.expires
WHERE senders.owner = excluded.owner OR senders.expires <= excluded.since
RETURNING owner`,
      [edition, owner, host, pid, now, expires],
    )
    if (rows.length > 0) return { taken: true }
    const by = await readSender(tx, edition)
    if (by === undefined) throw new Error(`the sender of ${edition} vanished inside a transaction`)
    return { taken: false, by }
  })
}

/** Who sends this edition, whether or not the lock has expired. */
export async function readSender(db: Database, edition: string): Promise<Sender | undefined> {
  const [row] = await db.query<Sender>(
    'SELECT owner, host, pid, since, expires FROM senders WHERE edition = $1',
    [edition],
  )
  return row
}

/**
 * Keeps the lock, also after it expired while nobody else took it (a laptop that slept).
 *
 * @returns false when it was lost: stop at once, somebody else sends
 */
export async function beatSender(
  db: Database,
  { edition, owner, expires }: Pick<Taking, 'edition' | 'owner' | 'expires'>,
): Promise<boolean> {
  const rows = await db.query<{ owner: string }>(
    'UPDATE senders SET expires = $3 WHERE edition = $1 AND owner = $2 RETURNING owner',
    [edition, owner, expires],
  )
  return rows.length > 0
}

/** Gives the lock back, when it is still this owner's. */
export async function releaseSender(
  db: Database,
  { edition, owner }: Pick<Taking, 'edition' | 'owner'>,
): Promise<void> {
  await db.query('DELETE FROM senders WHERE edition = $1 AND owner = $2', [edition, owner])
}
