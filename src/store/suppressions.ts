// Addresses that must never be mailed again, known only by their hash: they outlive the erasure of the person.

import type { Suppression } from '../model.ts'
import type { Database } from './database.ts'

/** The first reason stays. */
export async function suppress(db: Database, { hash, reason, since }: Suppression): Promise<void> {
  await db.query(
    'INSERT INTO suppressions (hash, reason, since) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING',
    [hash, reason, since],
  )
}

export async function isSuppressed(db: Database, hash: string): Promise<Suppression | undefined> {
  const [row] = await db.query<Suppression>('SELECT hash, reason, since FROM suppressions WHERE hash = $1', [
    hash,
  ])
  return row
}

/** Only for the person's own confirmation (double opt-in): no import and no command may call it. */
export async function unsuppress(db: Database, hash: string): Promise<boolean> {
  const rows = await db.query<{ hash: string }>('DELETE FROM suppressions WHERE hash = $1 RETURNING hash', [
    hash,
  ])
  return rows.length > 0
}
