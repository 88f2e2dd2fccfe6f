// The list: who is on it, how people leave it, and what is known of one of them.

import { addressHash } from '../base/index.ts'
import type { Subscriber, SubscriberState } from '../model.ts'
import type { Database } from './database.ts'
import { groupBySubscriber } from './group-by-subscriber.ts'
import { jsonRows } from './json-text.ts'

/** A subscriber as the list has her. */
export interface Listed extends Subscriber {
  /** BCP 47, or empty: the publication's. */
  readonly language: string
  /** Newsletters she has left one by one, or all at once. */
  readonly left: readonly string[]
}

interface SubscriberRow {
  readonly id: number
  readonly email: string
  readonly name: string
  readonly language: string
  readonly fields: string
  readonly state: SubscriberState
  readonly source: string
  readonly since: number
}

interface SubscriptionRow {
  readonly subscriber: number
  readonly newsletter: string
  readonly topics: string
  readonly state: 'active' | 'unsubscribed'
}

const COLUMNS = 'id, email, name, language, fields, state, source, since'

/** @param key of parseAddress */
export async function showSubscriber(db: Database, key: string): Promise<Listed | undefined> {
  const rows = await db.query<SubscriberRow>(`SELECT ${COLUMNS} FROM subscribers WHERE key = $1`, [key])
  return (await withSubscriptions(db, rows))[0]
}

/** @param id as a signed link names it */
export async function subscriberById(db: Database, id: number): Promise<Listed | undefined> {
  const rows = await db.query<SubscriberRow>(`SELECT ${COLUMNS} FROM subscribers WHERE id = $1`, [id])
  return (await withSubscriptions(db, rows))[0]
}

export interface Which {
  readonly state?: SubscriberState | undefined
  /** Those who get this newsletter. */
  readonly newsletter?: string | undefined
}

/** Everybody in the order in which they came, a page at a time, so that a million cost no more memory than a thousand. */
export async function* listSubscribers(
  db: Database,
  which: Which = {},
  page = 1_000,
): AsyncGenerator<Listed> {
  for (let after = 0; ; ) {
    const rows = await db.query<SubscriberRow>(
      `SELECT ${COLUMNS} FROM subscribers
WHERE id > CAST($1 AS BIGINT) AND (state = $2 OR CAST($2 AS TEXT) IS NULL)
  AND (CAST($3 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM subscriptions n
    WHERE n.newsletter = $3 AND n.subscriber = subscribers.id AND n.state = 'active'))
ORDER BY id LIMIT $4`,
      [after, which.state ?? null, which.newsletter ?? null, page],
    )
    yield* await withSubscriptions(db, rows)
    if (rows.length < page) return
    after = rows.at(-1)!.id
  }
}

async function withSubscriptions(db: Database, rows: readonly SubscriberRow[]): Promise<Listed[]> {
  if (rows.length === 0) return []
  const subscriptions = await db.query<SubscriptionRow>(
    `SELECT n.subscriber, n.newsletter, n.topics, n.state
FROM json_each($1) j CROSS JOIN subscriptions n WHERE n.subscriber = CAST(j.key AS BIGINT)`,
    [jsonRows(rows.map(({ id }) => [id, 0]))],
  )
  subscriptions.sort((a, b) => (a.newsletter < b.newsletter ? -1 : 1))
  const bySubscriber = groupBySubscriber(subscriptions)
  return rows.map(row => {
    const own = bySubscriber.get(row.id) ?? []
    const active = own.filter(({ state }) => state === 'active')
    return {
      ...row,
      fields: JSON.parse(row.fields) as Record<string, string>,
      newsletters: Object.fromEntries(
        active.map(({ newsletter, topics }) => [newsletter, JSON.parse(topics) as string[]]),
      ),
      left: own.filter(({ state }) => state === 'unsubscribed').map(({ newsletter }) => newsletter),
    }
  })
}

export async function countSubscribers(db: Database): Promise<Record<SubscriberState, number>> {
  const rows = await db.query<{ state: SubscriberState; count: number }>(
    'SELECT state, COUNT(*) AS count FROM subscribers GROUP BY state',
  )
  const counts = { pending: 0, active: 0, unsubscribed: 0 }
  for (const { state, count } of rows) counts[state] = count
  return counts
}

export interface Leaving {
  readonly subscriber: number
  /** Leave out to leave all of them. */
  readonly newsletter?: string | undefined
  readonly now: number
}

/**
 * Unsubscribes from one newsletter or from all. The row stays, so that no import can undo it; who has left the last
 * newsletter is 'unsubscribed'. Done once or a hundred times, the end is the same.
 *
 * @returns whether anything changed
 */
export function removeSubscriber(db: Database, { subscriber, newsletter, now }: Leaving): Promise<boolean> {
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

/**
 * Removes the person: the row of the list goes, rows of the ledger lose address, name, fields and replies but still
 * count, what was not sent yet is skipped. A hash stays behind, so that no import brings the address back.
 *
 * @param key of parseAddress; also an address that is not on the list is suppressed
 * @returns whether it was on the list
 */
export function eraseSubscriber(
  db: Database,
  { key, now }: { readonly key: string; readonly now: number },
): Promise<boolean> {
  return db.transaction(async tx => {
    // An erasure outlives the other reasons: whoever asks later learns no more than that.
    await tx.query(
      `INSERT INTO suppressions (hash, reason, since) VALUES ($1, 'erased', $2)
ON CONFLICT (hash) DO UPDATE SET reason = 'erased'`,
      [addressHash(key), now],
    )
    await tx.query('DELETE FROM requests WHERE hash = $1', [addressHash(key)])
    const [row] = await tx.query<{ id: number }>('DELETE FROM subscribers WHERE key = $1 RETURNING id', [key])
    if (row) await makeAnonymous(tx, row.id, now)
    return row !== undefined
  })
}

async function makeAnonymous(db: Database, subscriber: number, now: number): Promise<void> {
  await db.query(
    `UPDATE deliveries SET email = '', name = '', fields = '{}', reply = failure, changed = $2,
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
