// What subscribers choose → the list: newsletters and topics, leaving, undoing that, being erased.

import { addressHash } from '../base/index.ts'
import { type Database, jsonRows, jsonText, storable } from './database.ts'

interface Preferences {
  readonly subscriber: number
  readonly name: string
  /** BCP 47; empty for the publication's language. */
  readonly language: string
  /**
   * Every newsletter that could be chosen: its topics (an empty list is everything), or null for one that is not
   * wanted.
   */
  readonly newsletters: Readonly<Record<string, readonly string[] | null>>
  readonly now: number
}

/**
 * @returns 'stopped' for somebody who is suppressed or has left everything: nothing is saved, only a new confirmation
 *   starts it again; 'gone' when there is no such subscriber
 */
export function savePreferences(
  db: Database,
  preferences: Preferences,
): Promise<'saved' | 'stopped' | 'gone'> {
  const { subscriber, newsletters, now } = preferences
  return db.transaction(async tx => {
    const [row] = await tx.query<{ state: string; suppressed: string | null }>(
      `SELECT s.state, x.reason AS suppressed FROM subscribers s LEFT JOIN suppressions x ON x.hash = s.hash
WHERE s.id = $1`,
      [subscriber],
    )
    if (!row) return 'gone'
    if (row.state !== 'active' || row.suppressed) return 'stopped'
    await updateSubscriber(tx, preferences)
    const wanted: Record<string, readonly string[]> = {}
    for (const [newsletter, topics] of Object.entries(newsletters)) if (topics) wanted[newsletter] = topics
    await joinNewsletters(tx, subscriber, wanted, now)
    for (const [newsletter, topics] of Object.entries(newsletters)) {
      if (!topics) await removeSubscriber(tx, { subscriber, newsletter, now })
    }
    return 'saved'
  })
}

async function updateSubscriber(
  db: Database,
  { subscriber, name, language, now }: Preferences,
): Promise<void> {
  await db.query('UPDATE subscribers SET name = $2, language = $3, changed = $4 WHERE id = $1', [
    subscriber,
    storable(name),
    language,
    now,
  ])
}

/**
 * Subscribes to newsletters that the person asked for. To one that had been left this is a new subscription.
 *
 * @param newsletters id → topics; an empty list is everything
 */
export async function joinNewsletters(
  db: Database,
  subscriber: number,
  newsletters: Readonly<Record<string, readonly string[]>>,
  now: number,
): Promise<void> {
  const rows = Object.entries(newsletters).map(([newsletter, topics], place) => {
    return [place, { newsletter, topics: jsonText(topics) }] as const
  })
  await db.query(
    `INSERT INTO subscriptions (newsletter, subscriber, topics, state, since)
SELECT value->>'newsletter', CAST($2 AS BIGINT), value->>'topics', 'active', CAST($3 AS BIGINT)
FROM json_each($1) WHERE true
ON CONFLICT (newsletter, subscriber) DO UPDATE SET topics = excluded.topics, state = 'active', ended = NULL,
  since = CASE WHEN subscriptions.state = 'active' THEN subscriptions.since ELSE excluded.since END`,
    [jsonRows(rows), subscriber, now],
  )
}

interface LeaveOptions {
  readonly subscriber: number
  /** Without it, all of them. */
  readonly newsletter?: string | undefined
  readonly now: number
}

/**
 * Unsubscribes from one newsletter or from all. The row stays, so that no import can undo it. Whoever has left their
 * last newsletter is 'unsubscribed'.
 *
 * @returns whether anything changed
 */
export function removeSubscriber(
  db: Database,
  { subscriber, newsletter, now }: LeaveOptions,
): Promise<boolean> {
  return db.transaction(async tx => {
    const left = await tx.query<{ newsletter: string }>(
      `UPDATE subscriptions SET state = 'unsubscribed', ended = $2
WHERE subscriber = $1 AND state = 'active' AND (newsletter = $3 OR CAST($3 AS TEXT) IS NULL)
RETURNING newsletter`,
      [subscriber, now, newsletter ?? null],
    )
    const gone = await tx.query<{ id: number }>(
      `UPDATE subscribers SET state = 'unsubscribed', changed = $2
WHERE id = $1 AND state <> 'unsubscribed' AND NOT EXISTS
  (SELECT 1 FROM subscriptions n WHERE n.subscriber = subscribers.id AND n.state = 'active')
RETURNING id`,
      [subscriber, now],
    )
    return left.length > 0 || gone.length > 0
  })
}

/** When this newsletter, or the last of all, was left; ms since epoch. */
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
 * For somebody who followed the link by mistake, or followed somebody else's: what was left at that instant comes
 * back, and nothing else.
 *
 * @param ended the instant, as `leftAt` gave it
 * @returns the newsletters that came back; none for somebody who is suppressed or erased, or who has chosen anew since
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

/**
 * Removes a person: the row of the list is deleted; deliveries lose address, name, fields and replies but are still
 * counted; what was not sent yet is skipped. A hash stays, so that no import brings the address back.
 *
 * @param key of parseAddress; also an address that is not on the list is suppressed
 * @returns whether it was on the list
 */
export function eraseSubscriber(
  db: Database,
  { key, now }: { readonly key: string; readonly now: number },
): Promise<boolean> {
  return db.transaction(async tx => {
    // The reason 'erased' replaces any other, so that nothing else about the person is kept.
    await tx.query(
      `INSERT INTO suppressions (hash, reason, since) VALUES ($1, 'erased', $2)
ON CONFLICT (hash) DO UPDATE SET reason = 'erased'`,
      [addressHash(key), now],
    )
    await tx.query('DELETE FROM requests WHERE hash = $1', [addressHash(key)])
    const [row] = await tx.query<{ id: number }>('DELETE FROM subscribers WHERE key = $1 RETURNING id', [key])
    if (row) await anonymise(tx, row.id, now)
    return row !== undefined
  })
}

async function anonymise(db: Database, subscriber: number, now: number): Promise<void> {
  await db.query(
    `UPDATE deliveries SET email = '', name = '', fields = '{}', reply = failure,
  changed = CASE WHEN state = 'accepted' THEN changed ELSE CAST($2 AS BIGINT) END,
  state = CASE WHEN state IN ('pending', 'deferred', 'leased') THEN 'skipped' ELSE state END,
  reason = CASE WHEN state IN ('pending', 'deferred', 'leased') THEN 'erased' ELSE reason END
WHERE edition IN (SELECT id FROM editions) AND subscriber = $1`,
    [subscriber, now],
  )
  await db.query(
    `UPDATE attempts SET reply = '' WHERE edition IN (SELECT id FROM editions) AND subscriber = $1`,
    [subscriber],
  )
}
