// Newsletters that a reader asked for herself → her subscriptions. One that she had left begins anew.

import type { Database } from './database.ts'
import { jsonRows, jsonText } from './json-text.ts'

/** @param newsletters id → topics; an empty list is everything */
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
