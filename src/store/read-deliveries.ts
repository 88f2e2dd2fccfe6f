// An edition → what its ledger says: who is in which state, what failed and why, and the figures that status and charts show.

import type { Delivery, DeliveryState, LedgerCounts } from '../model.ts'
import type { Database } from './database.ts'
import { STAGES } from './migrations.ts'
import { DOMAIN_OF } from './numbers.ts'

/** In the order of subscribers. @param limit leave out for all of them, which may be a million */
export async function listDeliveries(
  db: Database,
  edition: string,
  state: DeliveryState,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<Delivery[]> {
  const rows = await db.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM deliveries ${state === 'accepted' ? '' : '{by stage}'}
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state = $2
  AND stage ${state === 'accepted' ? 'IS NULL' : `= ${STAGES[state]}`}
ORDER BY subscriber LIMIT $3`,
    [edition, state, limit],
  )
  return rows.map(row => deliveryOf(edition, row))
}

export const NO_REPLY = 'handed over, then the sender stopped before a reply came'

/** Which deliveries of a sender that stopped may have arrived. */
export interface InDoubt {
  /** The lease has ended before; ms since epoch. */
  readonly before: number
  /** Also what was only claimed: where the ledger is a snapshot, what was handed over since it was saved is not in it. */
  readonly claims?: boolean | undefined
}

/** What the next send will call unknown. */
export async function listInDoubt(
  db: Database,
  edition: string,
  { before, claims = false }: InDoubt,
): Promise<Delivery[]> {
  const rows = await db.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM deliveries {by stage}
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND stage = ${STAGES.handed} AND (state = 'handed' OR state = $3)
  AND lease_until <= $2
ORDER BY subscriber`,
    [edition, before, claims ? 'leased' : 'handed'],
  )
  return rows.map(row => ({ ...deliveryOf(edition, row), reply: NO_REPLY }))
}

/** What the ledger has about one subscriber: a delivery for each edition. */
export async function listDeliveriesTo(db: Database, subscriber: number): Promise<Delivery[]> {
  const rows = await db.query<DeliveryRow & { edition: string }>(
    `SELECT e.name AS edition, ${DELIVERY_COLUMNS.split(', ')
      .map(column => `d.${column}`)
      .join(', ')}
FROM editions e CROSS JOIN deliveries d WHERE d.edition = e.id AND d.subscriber = $1 ORDER BY e.id`,
    [subscriber],
  )
  return rows.map(row => deliveryOf(row.edition, row))
}

/** What `deliveryOf` reads. */
export const DELIVERY_COLUMNS =
  'subscriber, email, name, fields, state, reason, attempts, next_at, reply, variant'

export interface DeliveryRow {
  readonly subscriber: number
  readonly email: string
  readonly name: string
  readonly fields: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  readonly next_at: number | null
  readonly reply: string | null
  readonly variant: number
}

export function deliveryOf(edition: string, row: DeliveryRow): Delivery {
  return {
    edition,
    subscriber: row.subscriber,
    email: row.email,
    name: row.name,
    fields: JSON.parse(row.fields) as Record<string, string>,
    state: row.state,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
    nextAt: row.next_at ?? undefined,
    reply: row.reply ?? undefined,
    variant: row.variant || undefined,
  }
}

export interface FailureGroup {
  readonly state: 'rejected' | 'deferred' | 'unknown'
  readonly code: number | undefined
  readonly enhanced: string | undefined
  /** Without addresses and queue ids: see `failureText`. */
  readonly reply: string
  readonly count: number
}

/** Largest group first. */
export async function groupFailures(db: Database, edition: string): Promise<FailureGroup[]> {
  const rows = await db.query<{
    state: FailureGroup['state']
    code: number | null
    enhanced: string | null
    failure: string | null
    count: number
  }>(
    `SELECT state, code, enhanced, failure, COUNT(*) AS count FROM deliveries {by stage}
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND stage IN (${STAGES.rejected}, ${STAGES.deferred}, ${STAGES.unknown})
GROUP BY state, code, enhanced, failure`,
    [edition],
  )
  return rows
    .map(({ state, code, enhanced, failure, count }) => ({
      state,
      code: code ?? undefined,
      enhanced: enhanced ?? undefined,
      reply: failure ?? '',
      count,
    }))
    .sort((a, b) => b.count - a.count || (`${a.state} ${a.reply}` < `${b.state} ${b.reply}` ? -1 : 1))
}

// An edition → its figures: counts by state, what is open, what bounced, and what a chart shows.

/**
 * The counts of one moment: audience = pending + accepted + rejected + deferred + unknown + all that were skipped.
 * What is leased or handed has no outcome yet and counts as pending.
 */
export async function countDeliveries(db: Database, edition: string): Promise<LedgerCounts> {
  const rows = await db.query<{ state: DeliveryState; reason: string | null; count: number }>(
    `SELECT state, reason, COUNT(*) AS count FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) GROUP BY state, reason`,
    [edition],
  )
  const counts = { audience: 0, pending: 0, accepted: 0, rejected: 0, deferred: 0, unknown: 0 }
  const skipped: [reason: string, count: number][] = []
  for (const { state, reason, count } of rows) {
    counts.audience += count
    if (state === 'skipped') skipped.push([reason ?? '', count])
    else if (state === 'leased' || state === 'handed') counts.pending += count
    else counts[state] += count
  }
  skipped.sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...counts, skipped: Object.fromEntries(skipped) }
}

interface OpenDeliveries {
  /** How many can be claimed now, without those that are deferred; no more are counted than were asked for. */
  readonly pending: number
  /** When the first of the deferred ones is due, ms since epoch. */
  readonly dueAt: number | undefined
  /** When the first lease runs out, unless its owner renews it; ms since epoch. */
  readonly leasedUntil: number | undefined
}

/**
 * Those who are pending, in the order of subscribers. In these words no index but that of stages has the order: PostgreSQL
 * would take the primary key, since it thinks that the first who is pending comes soon, and read past all who are settled.
 */
export const PENDING_IN_ORDER = `stage < ${STAGES.pending + 1} ORDER BY stage, subscriber`

/** @param most as many as are worth counting: it is asked for again and again, and millions take seconds */
export async function openDeliveries(db: Database, edition: string, most = 1): Promise<OpenDeliveries> {
  const [row] = await db.query<{ pending: number; due: number | null; leased: number | null }>(
    `SELECT
  (SELECT COUNT(*) FROM (SELECT subscriber FROM deliveries {by stage} WHERE edition = e.id AND ${PENDING_IN_ORDER}
    LIMIT $2) p) AS pending,
  (SELECT MIN(next_at) FROM deliveries
    WHERE edition = e.id AND stage = ${STAGES.deferred} AND next_at IS NOT NULL) AS due,
  (SELECT MIN(lease_until) FROM deliveries {by stage} WHERE edition = e.id AND stage = ${STAGES.leased}) AS leased
FROM editions e WHERE e.name = $1`,
    [edition, most],
  )
  return { pending: row?.pending ?? 0, dueAt: row?.due ?? undefined, leasedUntil: row?.leased ?? undefined }
}

/** Pending, deferred, or in somebody's hand. */
export function isAnybodyLeft({ pending, dueAt, leasedUntil }: OpenDeliveries): boolean {
  return pending > 0 || dueAt !== undefined || leasedUntil !== undefined
}

/** Earliest time at which a deferred delivery may be tried again, ms since epoch. */
export async function nextDue(db: Database, edition: string): Promise<number | undefined> {
  const [row] = await db.query<{ due: number | null }>(
    `SELECT MIN(next_at) AS due FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND stage = ${STAGES.deferred} AND next_at IS NOT NULL`,
    [edition],
  )
  return row?.due ?? undefined
}

export interface Returned {
  /** Bounces for good: there is no such mailbox. */
  readonly hard: number
  /** Bounces for now: the mailbox is full, the server busy. */
  readonly soft: number
  /** Readers who reported it as spam. */
  readonly complaint: number
}

/** Messages that the server had accepted, and that came back all the same. */
export async function countReturned(db: Database, edition: string): Promise<Returned> {
  const rows = await db.query<{ kind: keyof Returned; count: number }>(
    `SELECT b.kind, COUNT(*) AS count FROM bounces b
JOIN deliveries d ON d.edition = b.edition AND d.subscriber = b.subscriber
WHERE b.edition = (SELECT id FROM editions WHERE name = $1) AND d.state = 'accepted' GROUP BY b.kind`,
    [edition],
  )
  return {
    hard: 0,
    soft: 0,
    complaint: 0,
    ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])),
  }
}

export interface AcceptedUntil {
  /** End of the span, ms since epoch. */
  readonly at: number
  /** How many had been accepted by then. */
  readonly accepted: number
}

/** From the first acceptance to the last, in so many spans of equal length; no points when nothing was accepted. */
export async function acceptedOverTime(
  db: Database,
  edition: string,
  spans: number,
): Promise<{ readonly from: number; readonly points: AcceptedUntil[] }> {
  const [row] = await db.query<{ first: number | null; last: number | null }>(
    `SELECT MIN(changed) AS first, MAX(changed) AS last FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state = 'accepted'`,
    [edition],
  )
  if (row?.first == null || row.last === null) return { from: 0, points: [] }
  const from = row.first
  const length = Math.max(1, Math.ceil((row.last - from + 1) / spans))
  const counted = await db.query<{ span: number; count: number }>(
    `SELECT (changed - CAST($2 AS BIGINT)) / CAST($3 AS BIGINT) AS span, COUNT(*) AS count FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state = 'accepted' GROUP BY 1 ORDER BY 1`,
    [edition, from, length],
  )
  const bySpan = new Map(counted.map(({ span, count }) => [span, count]))
  let accepted = 0
  const points = Array.from({ length: spans }, (_, span) => {
    accepted += bySpan.get(span) ?? 0
    return { at: from + (span + 1) * length, accepted }
  })
  return { from, points }
}

export interface DomainFailures {
  readonly domain: string
  readonly rejected: number
  readonly deferred: number
  readonly unknown: number
}

/** Most failures first. */
export async function failuresByDomain(
  db: Database,
  edition: string,
  limit: number,
): Promise<DomainFailures[]> {
  const rows = await db.query<{ domain: string; state: keyof Omit<DomainFailures, 'domain'>; count: number }>(
    `SELECT ${DOMAIN_OF('email')} AS domain, state, COUNT(*) AS count
FROM deliveries {by stage}
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND stage IN (${STAGES.rejected}, ${STAGES.deferred}, ${STAGES.unknown})
GROUP BY 1, 2`,
    [edition],
  )
  const domains = new Map<string, { rejected: number; deferred: number; unknown: number }>()
  for (const { domain, state, count } of rows) {
    const counts = domains.get(domain) ?? { rejected: 0, deferred: 0, unknown: 0 }
    counts[state] += count
    domains.set(domain, counts)
  }
  const sum = ({ rejected, deferred, unknown }: DomainFailures) => rejected + deferred + unknown
  return [...domains]
    .map(([domain, counts]) => ({ domain, ...counts }))
    .sort((a, b) => sum(b) - sum(a) || (a.domain < b.domain ? -1 : 1))
    .slice(0, limit)
}
