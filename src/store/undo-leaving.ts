// Somebody pressed a link that was not hers, or by mistake: what was left at one instant comes back, nothing else does.

import type { Database } from './database.ts'

/** When this newsletter was left, or any of them; ms since epoch. */
export async function leftAt(
  db: Database,
  subscriber: number,
  newsletter?: string,
): Promise<number | undefined> {
  const [row] = await db.query<{ ended: number | null }>(
    `SELECT MAX(ended) AS ended FROM subscriptions
WHERE subscriber = $1 AND state = 'unsubscribed' AND (newsletter = $2 OR CAST($2 AS TEXT) IS NULL)`,
    [subscriber, newsletter ?? null],
  )
  return row?.ended ?? undefined
}

/**
 * @param ended the instant, as `leftAt` told it
 * @returns the newsletters that came back; none for somebody suppressed, erased, or who has changed her mind since
 */
export function undoLeaving(
  db: Database,
  { subscriber, ended, now }: { readonly subscriber: number; readonly ended: number; readonly now: number },
): Promise<string[]> {
  return db.transaction(async tx => {
    const back = await tx.query<{ newsletter: string }>(
      `UPDATE subscriptions SET state = 'active', ended = NULL
WHERE subscriber = $1 AND state = 'unsubscribed' AND ended = $2 AND NOT EXISTS
  (SELECT 1 FROM subscribers s JOIN suppressions x ON x.hash = s.hash WHERE s.id = $1)
RETURNING newsletter`,
      [subscriber, ended],
    )
    if (back.length > 0) {
      await tx.query("UPDATE subscribers SET state = 'active', changed = $2 WHERE id = $1", [subscriber, now])
    }
    return back.map(({ newsletter }) => newsletter)
  })
}
