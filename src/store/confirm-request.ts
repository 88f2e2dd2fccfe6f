// A request whose link was followed by its owner → an active subscriber. The only way back for who left or is suppressed.

import { parseAddress } from '../base/index.ts'
import type { Database } from './database.ts'
import { joinNewsletters } from './join-newsletters.ts'
import { unsuppress } from './suppressions.ts'

export interface Confirmed {
  readonly subscriber: number
  /** False when the link had been followed before: nothing was changed. */
  readonly now: boolean
}

/**
 * @param id of the request, out of a verified link
 * @returns undefined when there is no such request, or it is too old
 */
export function confirmRequest(
  db: Database,
  { id, now }: { readonly id: number; readonly now: number },
): Promise<Confirmed | undefined> {
  return db.transaction(async tx => {
    const taken = await takeRequest(tx, id, now)
    if (!taken) return confirmedBefore(tx, id)
    const { email, hash, newsletters, language, source } = taken
    const key = parseAddress(email)?.key
    if (key === undefined) throw new Error('a request was kept without an address')
    const subscriber = await upsertSubscriber(tx, { email, key, hash, language, source, now })
    await joinNewsletters(tx, subscriber, JSON.parse(newsletters) as Record<string, string[]>, now)
    await unsuppress(tx, hash)
    await tx.query('DELETE FROM bounces WHERE subscriber = $1', [subscriber])
    // What is left is the record of consent; the address itself is the subscriber's own now.
    await tx.query("UPDATE requests SET subscriber = $2, email = '', mail_at = NULL WHERE id = $1", [
      id,
      subscriber,
    ])
    return { subscriber, now: true }
  })
}

interface TakenRow {
  readonly email: string
  readonly hash: string
  readonly newsletters: string
  readonly language: string
  readonly source: string
}

async function takeRequest(db: Database, id: number, now: number): Promise<TakenRow | undefined> {
  const [row] = await db.query<TakenRow>(
    `UPDATE requests SET confirmed = $2
WHERE id = $1 AND purpose = 'subscribe' AND confirmed IS NULL AND expires > $2
RETURNING email, hash, newsletters, language, source`,
    [id, now],
  )
  return row
}

async function confirmedBefore(db: Database, id: number): Promise<Confirmed | undefined> {
  const [row] = await db.query<{ subscriber: number }>(
    'SELECT subscriber FROM requests WHERE id = $1 AND confirmed IS NOT NULL AND subscriber IS NOT NULL',
    [id],
  )
  return row && { subscriber: row.subscriber, now: false }
}

interface Confirming {
  readonly email: string
  readonly key: string
  readonly hash: string
  readonly language: string
  readonly source: string
  readonly now: number
}

/** Somebody on the list keeps the consent that she gave first; somebody who had left gives a new one. */
async function upsertSubscriber(db: Database, confirming: Confirming): Promise<number> {
  const { email, key, hash, language, source, now } = confirming
  const [row] = await db.query<{ id: number }>(
    `INSERT INTO subscribers (email, key, hash, name, language, fields, state, source, since, changed)
VALUES ($1, $2, $3, '', $4, '{}', 'active', $5, $6, $6)
ON CONFLICT (key) DO UPDATE SET
  source = CASE WHEN subscribers.state = 'active' THEN subscribers.source ELSE excluded.source END,
  since = CASE WHEN subscribers.state = 'active' THEN subscribers.since ELSE excluded.since END,
  language = CASE WHEN subscribers.language = '' THEN excluded.language ELSE subscribers.language END,
  state = 'active', changed = excluded.changed
RETURNING id`,
    [email, key, hash, language, source, now],
  )
  return row!.id
}
