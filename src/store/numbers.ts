// Editions and the list → their numbers, for status, charts and the limit on complaints; and the sums of what receivers report
// of our domains. Nothing in them is about one person: a group of few readers counts among the others.

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

// ─── What receivers report of our domains: DMARC aggregate reports and TLS reports, each counted once ────────────────

export interface DomainReport {
  readonly kind: 'dmarc' | 'tls'
  /** The organisation that reports. */
  readonly reporter: string
  /** Unique to the reporter. */
  readonly id: string
  readonly domain: string
  /** ms since epoch */
  readonly from: number
  readonly until: number
  /** Messages, or sessions of TLS. */
  readonly passed: number
  readonly failed: number
  /** Those that failed: from or to which server, and what was done or wrong. */
  readonly failures: readonly { readonly source: string; readonly why: string; readonly count: number }[]
}

/** @returns false when this report of this organisation has been recorded before */
export function recordDomainReport(db: Database, report: DomainReport, now: number): Promise<boolean> {
  const { kind, reporter, id, domain, from, until, passed, failed, failures } = report
  return db.transaction(async tx => {
    const [row] = await tx.query<{ id: number }>(
      `INSERT INTO domain_reports (kind, reporter, report, domain, from_at, until_at, passed, failed, received)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (kind, reporter, report, domain) DO NOTHING RETURNING id`,
      [kind, reporter, id, domain, from, until, passed, failed, now],
    )
    if (!row) return false
    await tx.query(
      `INSERT INTO domain_report_failures (report, source, why, count)
SELECT CAST($1 AS BIGINT), value->>'source', value->>'why', CAST(value->>'count' AS BIGINT) FROM json_each($2) WHERE true`,
      [row.id, jsonRows(failures.entries())],
    )
    return true
  })
}

/** The reports on one domain in some time, summed. */
export interface DomainSum {
  readonly kind: DomainReport['kind']
  readonly domain: string
  readonly reports: number
  /** How many organisations reported. */
  readonly reporters: number
  readonly passed: number
  readonly failed: number
  /** The largest first. */
  readonly failures: DomainReport['failures']
}

/** @param since ms since epoch: reports on a time that ended before are left out @param limit of failures of each */
export async function sumDomainReports(db: Database, since: number, limit: number): Promise<DomainSum[]> {
  const sums = await db.query<Omit<DomainSum, 'failures'>>(
    `SELECT kind, domain, COUNT(*) AS reports, COUNT(DISTINCT reporter) AS reporters,
  CAST(SUM(passed) AS BIGINT) AS passed, CAST(SUM(failed) AS BIGINT) AS failed
FROM domain_reports WHERE until_at >= $1 GROUP BY kind, domain ORDER BY kind, domain`,
    [since],
  )
  const failures = await db.query<Pick<DomainSum, 'kind' | 'domain'> & DomainReport['failures'][number]>(
    `SELECT r.kind, r.domain, f.source, f.why, CAST(SUM(f.count) AS BIGINT) AS count
FROM domain_reports r JOIN domain_report_failures f ON f.report = r.id
WHERE r.until_at >= $1 GROUP BY r.kind, r.domain, f.source, f.why ORDER BY 5 DESC, f.source, f.why`,
    [since],
  )
  return sums.map(sum => ({
    ...sum,
    failures: failures
      .filter(({ kind, domain }) => kind === sum.kind && domain === sum.domain)
      .slice(0, limit)
      .map(({ source, why, count }) => ({ source, why, count })),
  }))
}
