// Rows of a list that say their reader is gone → unsubscribed here, suppressed here; whoever has confirmed here since stays.

import { addressHash } from '../../base/index.ts'
import type { Suppression } from '../../model.ts'
import { type Database, jsonRows } from '../database.ts'
import { importSubscribers, type NewSubscriber } from '../import-subscribers.ts'
import { suppressAll } from '../suppressions.ts'

export interface Leaver {
  /** As they are recorded, if they are not on the list. */
  readonly newcomer: NewSubscriber
  readonly hasLeft: boolean
  readonly suppression: Suppression['reason'] | undefined
  /** When; ms since epoch. */
  readonly ended: number | undefined
  /** Those that they left; without it, all. */
  readonly newsletters: readonly string[] | undefined
}

export interface Left {
  readonly result: 'unsubscribed' | 'suppressed' | 'kept'
  /** Whether they were mailed until now. */
  readonly hasEnded: boolean
}

/** @param leavers with different keys */
export function recordLeavers(db: Database, leavers: readonly Leaver[], now: number): Promise<Left[]> {
  if (leavers.length === 0) return Promise.resolve([])
  return db.transaction(async tx => {
    const known = await lookUp(tx, leavers)
    const judged = leavers.map((leaver, place) => {
      const row = known.get(place)
      return { ...leaver, row, stays: isConfirmedSince(row, leaver) }
    })
    const gone = judged.filter(({ stays }) => !stays)
    const left = gone.filter(({ hasLeft }) => hasLeft)
    await importSubscribers(
      tx,
      left.map(({ newcomer }) => newcomer),
    )
    await unsubscribe(tx, left, now)
    await suppressAll(
      tx,
      gone.flatMap(({ newcomer: { key }, suppression: reason, ended: since = now }) =>
        reason ? [{ hash: addressHash(key), reason, since }] : [],
      ),
    )
    return judged.map(({ suppression, row, stays }): Left => {
      if (stays) return { result: 'kept', hasEnded: false }
      const hasEnded = row?.state === 'active' && row.suppressed === null
      return { result: suppression || row?.suppressed ? 'suppressed' : 'unsubscribed', hasEnded }
    })
  })
}

interface Known {
  readonly place: number
  readonly id: number | null
  readonly state: string | null
  readonly suppressed: string | null
  /** When they last proved that they want it; ms since epoch. */
  readonly confirmed: number | null
}

async function lookUp(db: Database, leavers: readonly Leaver[]): Promise<Map<number, Known>> {
  const keys = leavers.map(
    ({ newcomer: { key } }, place) => [place, { key, hash: addressHash(key) }] as const,
  )
  const rows = await db.query<Known>(
    `SELECT CAST(j.key AS INTEGER) AS place, s.id, s.state, x.reason AS suppressed,
  (SELECT MAX(r.confirmed) FROM requests r WHERE r.subscriber = s.id AND r.purpose = 'subscribe') AS confirmed
FROM json_each($1) j
LEFT JOIN subscribers s ON s.key = j.value->>'key'
LEFT JOIN suppressions x ON x.hash = j.value->>'hash'`,
    [jsonRows(keys)],
  )
  return new Map(rows.map(row => [row.place, row]))
}

/** A confirmation of one's own counts for more than what another system said at a time that nobody knows. */
function isConfirmedSince(row: Known | undefined, { ended }: Leaver): boolean {
  if (row?.state !== 'active' || row.suppressed !== null || row.confirmed === null) return false
  return ended === undefined || ended < row.confirmed
}

async function unsubscribe(
  db: Database,
  left: readonly (Leaver & { readonly row: Known | undefined })[],
  now: number,
): Promise<void> {
  const rows = left.flatMap(({ row, newsletters, ended = now }) =>
    row?.id == null ? [] : [{ subscriber: row.id, newsletters, ended }],
  )
  if (rows.length === 0) return
  const whole = rows.filter(({ newsletters }) => newsletters === undefined)
  await db.query(
    `UPDATE subscriptions SET state = 'unsubscribed', ended = CAST(j.value->>'ended' AS BIGINT)
FROM json_each($1) j
WHERE subscriptions.subscriber = CAST(j.value->>'subscriber' AS BIGINT) AND subscriptions.state = 'active'`,
    [jsonRows(whole.map(({ subscriber, ended }, place) => [place, { subscriber, ended }]))],
  )
  const parts = rows.flatMap(({ subscriber, newsletters = [], ended }) =>
    newsletters.map(newsletter => ({ subscriber, newsletter, ended })),
  )
  // A newsletter that they never had here is left, too, so that no other list brings it.
  await db.query(
    `INSERT INTO subscriptions (newsletter, subscriber, topics, state, since, ended)
SELECT value->>'newsletter', CAST(value->>'subscriber' AS BIGINT), '[]', 'unsubscribed',
  CAST(value->>'ended' AS BIGINT), CAST(value->>'ended' AS BIGINT)
FROM json_each($1) WHERE true
ON CONFLICT (newsletter, subscriber) DO UPDATE SET state = 'unsubscribed', ended = excluded.ended
WHERE subscriptions.state = 'active'`,
    [jsonRows(parts.entries())],
  )
  await db.query(
    `UPDATE subscribers SET state = 'unsubscribed', changed = $2
WHERE id IN (SELECT CAST(value->>'subscriber' AS BIGINT) FROM json_each($1)) AND state <> 'unsubscribed'
  AND NOT EXISTS (SELECT 1 FROM subscriptions n WHERE n.subscriber = subscribers.id AND n.state = 'active')`,
    [jsonRows(rows.map(({ subscriber }, place) => [place, { subscriber }])), now],
  )
}
