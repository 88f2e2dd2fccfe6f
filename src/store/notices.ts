// What a provider tells us, by its own number → whether it is news. Told twice, or replayed, it is not.

import type { Database } from './database.ts'

/**
 * @param id unique to the provider and the notice: 'ses/…'
 * @returns false when it has been heard before. Call it in the transaction that acts on the notice.
 */
export async function hearNotice(db: Database, id: string, now: number): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    'INSERT INTO notices (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id',
    [id, now],
  )
  return rows.length > 0
}

/** @param before ms since epoch: signatures older than that are refused anyway */
export async function forgetNotices(db: Database, before: number): Promise<void> {
  await db.query('DELETE FROM notices WHERE at < $1', [before])
}
