// The list in numbers: how it grew, where readers come from, who left when; and how many subscribers of feeds their readers
// report. Nothing about one person.

import { type Database, jsonRows } from './database.ts'
import { MIN_GROUP } from './edition-numbers.ts'

/** One day of UTC. */
export interface DayOfList {
  /** ms since epoch */
  readonly day: number
  readonly joined: number
  /** Left the last newsletter, or were suppressed. */
  readonly left: number
}

/** Days on which nobody came or went are left out. Who was erased is in none. */
export async function listGrowth(db: Database): Promise<DayOfList[]> {
  const rows = await db.query<{ day: number; joined: number; ended: number }>(
    `WITH people AS (
  SELECT MIN(n.since) AS since, CASE
    WHEN x.since IS NOT NULL THEN x.since
    WHEN MAX(CASE WHEN n.state = 'active' THEN 1 ELSE 0 END) = 1 THEN NULL
    ELSE MAX(COALESCE(n.ended, n.since)) END AS ended
  FROM subscribers s JOIN subscriptions n ON n.subscriber = s.id LEFT JOIN suppressions x ON x.hash = s.hash
  WHERE s.state <> 'pending' GROUP BY s.id, x.since
)
SELECT day, CAST(SUM(joined) AS BIGINT) AS joined, CAST(SUM(ended) AS BIGINT) AS ended FROM (
  SELECT since / 86400000 AS day, 1 AS joined, 0 AS ended FROM people
  UNION ALL SELECT ended / 86400000, 0, 1 FROM people WHERE ended IS NOT NULL
) days GROUP BY day ORDER BY day`,
  )
  return rows.map(({ day, joined, ended }) => ({ day: day * 86_400_000, joined, left: ended }))
}

/** A name, or '' for groups of fewer than five, and how many are in it. */
export interface Group {
  readonly name: string
  readonly count: number
}

/** Of those who are mailed: how they came, the largest group first. */
export async function readersBySource(db: Database): Promise<Group[]> {
  return largeGroups(
    await db.query<Group>(
      `SELECT s.source AS name, COUNT(*) AS count FROM subscribers s LEFT JOIN suppressions x ON x.hash = s.hash
WHERE s.state = 'active' AND x.hash IS NULL GROUP BY s.source`,
    ),
  )
}

/** Groups of fewer than five become one, the last. */
export function largeGroups(groups: readonly Group[]): Group[] {
  const large = groups.filter(({ name, count }) => count >= MIN_GROUP && name !== '')
  const rest = groups.reduce((sum, one) => sum + (large.includes(one) ? 0 : one.count), 0)
  large.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
  return rest > 0 ? [...large, { name: '', count: rest }] : large
}

/** Who left a newsletter since then, by the second. */
export function leavers(
  db: Database,
  since: number,
): Promise<{ readonly newsletter: string; readonly second: number; readonly count: number }[]> {
  return db.query(
    `SELECT newsletter, ended / 1000 AS second, COUNT(*) AS count FROM subscriptions
WHERE state = 'unsubscribed' AND ended >= $1 GROUP BY 1, 2`,
    [since],
  )
}

/** What came back of each edition frozen since then. */
export function returnedByEdition(
  db: Database,
  since: number,
): Promise<
  { readonly edition: string; readonly kind: 'hard' | 'soft' | 'complaint'; readonly count: number }[]
> {
  return db.query(
    `SELECT e.name AS edition, b.kind, COUNT(*) AS count FROM bounces b JOIN editions e ON e.id = b.edition
WHERE e.frozen_at >= $1 GROUP BY 1, 2`,
    [since],
  )
}

/** How many read a feed in one program or service, as it says itself. */
export interface FeedSubscribers {
  /** The feed's path: '/rss.xml'. */
  readonly feed: string
  /** 'Feedly' */
  readonly reader: string
  /** The number that the reader knows the feed by, where it has several; else empty. */
  readonly number: string
  readonly subscribers: number
  /** ms since epoch */
  readonly at: number
}

export async function recordFeedSubscribers(
  db: Database,
  reports: readonly FeedSubscribers[],
): Promise<void> {
  if (reports.length === 0) return
  await db.query(
    `INSERT INTO feed_subscribers (feed, reader, number, subscribers, at)
SELECT value->>'feed', value->>'reader', value->>'number', CAST(value->>'subscribers' AS BIGINT), CAST(value->>'at' AS BIGINT)
FROM json_each($1) WHERE true
ON CONFLICT (feed, reader, number) DO UPDATE SET subscribers = excluded.subscribers, at = excluded.at`,
    [jsonRows(reports.entries())],
  )
}

/** @param since older reports are of readers who have stopped */
export function feedSubscribers(db: Database, since: number): Promise<FeedSubscribers[]> {
  return db.query(
    'SELECT feed, reader, number, subscribers, at FROM feed_subscribers WHERE at >= $1 ORDER BY feed, reader, number',
    [since],
  )
}
