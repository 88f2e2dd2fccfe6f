// Editions and the list → their numbers, for status, charts and the brake on complaints. Nothing in them is about one person:
// a group of few readers counts among the others.

import { DAY_MS } from '../base/index.ts'
import { type Database, jsonRows } from './database.ts'
import { STAGES } from './migrations.ts'

export interface EditionNumbers {
  /** Receiving domain → how many were accepted; domains of fewer than five readers are under ''. */
  readonly accepted: Readonly<Record<string, number>>
  /** Seconds from the freeze until half, nine in ten and all of them were accepted; none when nobody was. */
  readonly times?: { readonly half: number; readonly most: number; readonly all: number } | undefined
}

/** An edition that was sent, or is being sent. */
export interface NumberedEdition {
  readonly edition: string
  readonly newsletter: string
  readonly frozenAt: number
  readonly numbers: EditionNumbers
}

/** Those frozen since then, newest first. Finished ones are remembered; of others the ledger is counted. */
export async function editionNumbers(db: Database, since: number, limit = 1000): Promise<NumberedEdition[]> {
  const rows = await db.query<{
    id: number
    name: string
    newsletter: string
    frozen_at: number
    numbers: string | null
  }>(
    `SELECT e.id, e.name, e.newsletter, e.frozen_at, n.numbers FROM editions e LEFT JOIN edition_numbers n ON n.edition = e.id
WHERE e.frozen_at >= $1 AND e.state <> 'skipped' ORDER BY e.frozen_at DESC, e.id DESC LIMIT $2`,
    [since, limit],
  )
  const found: NumberedEdition[] = []
  for (const { id, name, newsletter, frozen_at: frozenAt, numbers } of rows) {
    const known = numbers === null ? undefined : (JSON.parse(numbers) as EditionNumbers)
    found.push({
      edition: name,
      newsletter,
      frozenAt,
      numbers: known ?? (await countNumbers(db, id, frozenAt)),
    })
  }
  return found
}

/** Once every delivery has an outcome. */
export async function rememberNumbers(db: Database, edition: string): Promise<void> {
  const [row] = await db.query<{ id: number; frozen_at: number }>(
    'SELECT id, frozen_at FROM editions WHERE name = $1',
    [edition],
  )
  if (!row) return
  const numbers = JSON.stringify(await countNumbers(db, row.id, row.frozen_at))
  await db.query(
    `INSERT INTO edition_numbers (edition, numbers) VALUES ($1, $2)
ON CONFLICT (edition) DO UPDATE SET numbers = excluded.numbers`,
    [row.id, numbers],
  )
}

export async function forgetNumbers(db: Database, edition: string): Promise<void> {
  await db.query('DELETE FROM edition_numbers WHERE edition = (SELECT id FROM editions WHERE name = $1)', [
    edition,
  ])
}

/** Fewer readers than this are not named as a group. */
export const MIN_GROUP = 5

/**
 * `RTRIM(email, REPLACE(email, '@', ''))`, without any of its other characters at the end, is the address up to its @, on
 * both databases.
 */
export const DOMAIN_OF = (email: string) =>
  `LOWER(SUBSTR(${email}, LENGTH(RTRIM(${email}, REPLACE(${email}, '@', ''))) + 1))`

async function countNumbers(db: Database, edition: number, frozenAt: number): Promise<EditionNumbers> {
  const domains = await db.query<{ domain: string; count: number }>(
    `SELECT ${DOMAIN_OF('email')} AS domain, COUNT(*) AS count FROM deliveries
WHERE edition = $1 AND state = 'accepted' GROUP BY 1 ORDER BY 1`,
    [edition],
  )
  const accepted: Record<string, number> = {}
  for (const { domain, count } of domains) {
    const name = count < MIN_GROUP ? '' : domain
    accepted[name] = (accepted[name] ?? 0) + count
  }
  const times = await timesOf(db, edition, frozenAt)
  return { accepted, ...(times ? { times } : {}) }
}

async function timesOf(db: Database, edition: number, frozenAt: number): Promise<EditionNumbers['times']> {
  const seconds = await db.query<{ second: number; count: number }>(
    `SELECT (changed - CAST($2 AS BIGINT)) / 1000 AS second, COUNT(*) AS count FROM deliveries
WHERE edition = $1 AND state = 'accepted' GROUP BY 1 ORDER BY 1`,
    [edition, frozenAt],
  )
  const all = seconds.reduce((sum, { count }) => sum + count, 0)
  if (all === 0) return undefined
  const until = (share: number) => {
    let sum = 0
    for (const { second, count } of seconds) {
      sum += count
      if (sum >= all * share) return second
    }
    return 0
  }
  return { half: until(0.5), most: until(0.9), all: until(1) }
}

/** What came back of the editions frozen since then, by receiving domain and kind. */
export interface ReturnedFrom {
  readonly domain: string
  readonly kind: 'hard' | 'soft' | 'complaint'
  readonly count: number
}

/** @param kind leave out for all of them */
export function returnedByDomain(
  db: Database,
  since: number,
  kind?: ReturnedFrom['kind'],
): Promise<ReturnedFrom[]> {
  return db.query(
    `SELECT ${DOMAIN_OF('s.email')} AS domain, b.kind, COUNT(*) AS count
FROM bounces b JOIN subscribers s ON s.id = b.subscriber LEFT JOIN editions e ON e.id = b.edition
WHERE b.at >= $1 AND (e.id IS NULL OR e.frozen_at >= $1)${kind === 'complaint' ? " AND b.kind = 'complaint'" : ''}
GROUP BY 1, 2 ORDER BY 1, 2`,
    [since],
  )
}

/** What a delivery says that was not tried since too many at its provider complained. */
export const HELD_REPLY = 'not tried: complaints of'

/** A person has decided: this edition goes to them as well, and whoever was held is due. */
export function acceptComplaints(db: Database, edition: string, now: number): Promise<void> {
  return db.transaction(async tx => {
    await tx.query(
      'INSERT INTO complaints_accepted (edition, at) VALUES ($1, $2) ON CONFLICT (edition) DO NOTHING',
      [edition, now],
    )
    await tx.query(
      `UPDATE deliveries {by stage} SET next_at = CAST($2 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND stage = ${STAGES.deferred} AND reply LIKE $3`,
      [edition, now, `${HELD_REPLY}%`],
    )
  })
}

export async function complaintsAccepted(db: Database, edition: string): Promise<boolean> {
  const rows = await db.query('SELECT at FROM complaints_accepted WHERE edition = $1', [edition])
  return rows.length > 0
}

/** How many readers are held at this moment. */
export async function countHeld(db: Database, edition: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `SELECT COUNT(*) AS count FROM deliveries {by stage}
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND stage = ${STAGES.deferred} AND reply LIKE $2`,
    [edition, `${HELD_REPLY}%`],
  )
  return row!.count
}

// ─── The list, and the feeds ─────────────────────────────────────────────────────────────────────────────────────────

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
  return rows.map(({ day, joined, ended }) => ({ day: day * DAY_MS, joined, left: ended }))
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
