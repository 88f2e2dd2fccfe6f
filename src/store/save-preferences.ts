// What a subscriber chose on her page → the list. It starts nothing again for somebody suppressed or who has left all.

import type { Database } from './database.ts'
import { joinNewsletters } from './join-newsletters.ts'
import { storable } from './json-text.ts'
import { removeSubscriber } from './subscribers.ts'

export interface Preferences {
  readonly subscriber: number
  readonly name: string
  /** BCP 47, or empty: the publication's. */
  readonly language: string
  /** Every newsletter that she could choose: its topics (an empty list is everything), or null for one she does not want. */
  readonly newsletters: Readonly<Record<string, readonly string[] | null>>
  readonly now: number
}

/** @returns 'stopped' when only a new confirmation could start it again, and nothing was saved; 'gone' for nobody */
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
    await saveSelf(tx, preferences)
    const wanted: Record<string, readonly string[]> = {}
    for (const [newsletter, topics] of Object.entries(newsletters)) if (topics) wanted[newsletter] = topics
    await joinNewsletters(tx, subscriber, wanted, now)
    for (const newsletter of Object.keys(newsletters)) {
      if (!wanted[newsletter]) await removeSubscriber(tx, { subscriber, newsletter, now })
    }
    return 'saved'
  })
}

async function saveSelf(db: Database, { subscriber, name, language, now }: Preferences): Promise<void> {
  await db.query('UPDATE subscribers SET name = $2, language = $3, changed = $4 WHERE id = $1', [
    subscriber,
    storable(name),
    language,
    now,
  ])
}
