// Bounces and complaints → addresses that must never be mailed again. Only their hash is kept: it outlives an erasure.

import { DAY_MS, editionTag } from '../base/index.ts'
import type { Suppression } from '../model.ts'
import { type Database, jsonRows } from './database.ts'
import { STAGES } from './migrations.ts'

/** The first reason is kept. */
export async function suppress(db: Database, { hash, reason, since }: Suppression): Promise<void> {
  await db.query(
    'INSERT INTO suppressions (hash, reason, since) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING',
    [hash, reason, since],
  )
}

/**
 * Many at once, as a list says. A complaint is the stronger reason: it must not look like a dead mailbox later.
 *
 * @param suppressions each hash once
 * @returns how many were not suppressed before, or not for that reason
 */
export async function suppressAll(db: Database, suppressions: readonly Suppression[]): Promise<number> {
  if (suppressions.length === 0) return 0
  const changed = await db.query<{ hash: string }>(
    `INSERT INTO suppressions (hash, reason, since)
SELECT value->>'hash', value->>'reason', CAST(value->>'since' AS BIGINT) FROM json_each($1) WHERE true
ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason
WHERE excluded.reason = 'complaint' AND suppressions.reason IN ('bounce', 'manual')
RETURNING hash`,
    [jsonRows(suppressions.entries())],
  )
  return changed.length
}

export async function isSuppressed(db: Database, hash: string): Promise<Suppression | undefined> {
  const [row] = await db.query<Suppression>('SELECT hash, reason, since FROM suppressions WHERE hash = $1', [
    hash,
  ])
  return row
}

/** Only when the owner of the address has confirmed (double opt-in): no import and no command may call it. */
export async function unsuppress(db: Database, hash: string): Promise<boolean> {
  const rows = await db.query<{ hash: string }>('DELETE FROM suppressions WHERE hash = $1 RETURNING hash', [
    hash,
  ])
  return rows.length > 0
}

export interface Bounce {
  readonly subscriber: number
  /**
   * '<newsletter>/<id>', or `tag`, its short form in an envelope sender; without both, the last edition they were
   * sent.
   */
  readonly edition?: string | undefined
  readonly tag?: string | undefined
  readonly kind: 'hard' | 'soft' | 'complaint'
  /** RFC 3463: '5.1.1'; empty when unknown. */
  readonly status: string
  /** What the server wrote. */
  readonly text?: string | undefined
  readonly now: number
}

/** 'known': recorded before; 'gone': the subscriber is not on the list any more. */
type RecordedBounce = 'suppressed' | 'counted' | 'known' | 'gone'

/** Readers whose addresses were found dead since then, each with the words that did it. */
export function recentlySuppressed(
  db: Database,
  since: number,
): Promise<{ readonly subscriber: number; readonly text: string }[]> {
  return db.query(
    `SELECT b.subscriber, b.text FROM suppressions x
JOIN subscribers s ON s.hash = x.hash
JOIN bounces b ON b.subscriber = s.id AND b.at >= $1
WHERE x.reason = 'bounce' AND x.since >= $1`,
    [since],
  )
}

/**
 * Hard bounces and complaints suppress at once. Soft ones are counted by edition; an edition that was accepted and did
 * not bounce resets the count.
 */
export function recordBounce(db: Database, bounce: Bounce): Promise<RecordedBounce> {
  const { subscriber, kind, now } = bounce
  return db.transaction(async tx => {
    const [person] = await tx.query<{ hash: string }>('SELECT hash FROM subscribers WHERE id = $1', [
      subscriber,
    ])
    if (!person) return 'gone'
    const edition = await editionOf(tx, bounce)
    if (!(await insertBounce(tx, edition, bounce))) return 'known'
    if (kind === 'soft' && !(await isDead(tx, subscriber, edition))) return 'counted'
    const reason = kind === 'complaint' ? 'complaint' : 'bounce'
    if (reason === 'complaint') await bounceToComplaint(tx, person.hash)
    await suppress(tx, { hash: person.hash, reason, since: now })
    return 'suppressed'
  })
}

async function editionOf(db: Database, { subscriber, edition, tag }: Bounce): Promise<number> {
  const sent = await editionsSentTo(db, subscriber)
  if (edition === undefined && tag === undefined) return sent[0]?.id ?? 0
  return sent.find(({ name }) => name === edition || editionTag(name) === tag)?.id ?? 0
}

/** '<newsletter>/<id>' of the edition that `tag` abbreviates, among those that the reader was sent. */
export async function editionOfTag(
  db: Database,
  { subscriber, tag }: { readonly subscriber: number; readonly tag: string },
): Promise<string | undefined> {
  const sent = await editionsSentTo(db, subscriber)
  return sent.find(({ name }) => editionTag(name) === tag)?.name
}

function editionsSentTo(db: Database, subscriber: number): Promise<{ id: number; name: string }[]> {
  return db.query(
    `SELECT e.id, e.name FROM editions e JOIN deliveries d ON d.edition = e.id AND d.subscriber = $1
WHERE d.state NOT IN ('pending', 'leased', 'skipped') ORDER BY e.id DESC`,
    [subscriber],
  )
}

/** @returns false for a second one about the same edition, unless it is hard after soft, or a complaint after either */
async function insertBounce(db: Database, edition: number, bounce: Bounce): Promise<boolean> {
  const { subscriber, kind, status, text = '', now } = bounce
  const rows = await db.query<{ subscriber: number }>(
    `INSERT INTO bounces (subscriber, edition, kind, status, text, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (subscriber, edition) DO UPDATE SET
  kind = excluded.kind, status = excluded.status, text = excluded.text, at = excluded.at
WHERE bounces.kind <> excluded.kind AND bounces.kind <> 'complaint' AND excluded.kind <> 'soft'
  AND (bounces.lifted IS NULL OR excluded.kind = 'complaint')
RETURNING subscriber`,
    [subscriber, edition, kind, status, text, now],
  )
  return rows.length > 0
}

/** So many soft bounces in a row, from first to last at least so long apart, make an address a dead one. */
const SOFT_BOUNCES_OF_A_DEAD_ADDRESS = 5
const SOFT_BOUNCES_MIN_SPAN_MS = 14 * DAY_MS

/** Counts the soft bounces of this edition and those before it, back to the last that arrived. */
async function isDead(db: Database, subscriber: number, edition: number): Promise<boolean> {
  const [row] = await db.query<{ count: number; first: number | null; last: number | null }>(
    `SELECT COUNT(*) AS count, MIN(b.at) AS first, MAX(b.at) AS last FROM bounces b
WHERE b.subscriber = $1 AND b.lifted IS NULL AND b.edition <= $2 AND b.edition > COALESCE((
  SELECT MAX(e.id) FROM editions e JOIN deliveries d ON d.edition = e.id AND d.subscriber = $1
  WHERE e.id < $2 AND d.state = 'accepted' AND NOT EXISTS
    (SELECT 1 FROM bounces o WHERE o.subscriber = $1 AND o.edition = e.id)), -1)`,
    [subscriber, edition],
  )
  const { count, first, last } = row!
  return count >= SOFT_BOUNCES_OF_A_DEAD_ADDRESS && (last ?? 0) - (first ?? 0) >= SOFT_BOUNCES_MIN_SPAN_MS
}

/** A complaint is the stronger reason: it must not look like a dead mailbox later. */
async function bounceToComplaint(db: Database, hash: string): Promise<void> {
  await db.query("UPDATE suppressions SET reason = 'complaint' WHERE hash = $1 AND reason = 'bounce'", [hash])
}

export interface RefusedDelivery {
  readonly subscriber: number
  /** RFC 3463; empty when the server gave none. */
  readonly status: string
  /** The server's reply. */
  readonly text: string
}

/** Readers whose own server refused the message, and who have no bounce of this edition yet. */
export async function refusedDeliveries(db: Database, edition: string): Promise<RefusedDelivery[]> {
  return db.query(
    `SELECT d.subscriber, COALESCE(d.enhanced, '') AS status, COALESCE(d.reply, '') AS text FROM deliveries d {by stage}
WHERE d.edition = (SELECT id FROM editions WHERE name = $1) AND d.stage = ${STAGES.rejected}
  AND (d.code IS NOT NULL OR d.enhanced IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM bounces b WHERE b.subscriber = d.subscriber AND b.edition = d.edition)
ORDER BY d.subscriber`,
    [edition],
  )
}

export interface Reader {
  readonly subscriber: number
  readonly email: string
  readonly newsletter: string
}

/** A row for each of these readers and each newsletter that goes to them. */
export async function readersAmong(db: Database, subscribers: readonly number[]): Promise<Reader[]> {
  return db.query(
    `SELECT s.id AS subscriber, s.email, n.newsletter FROM json_each($1) j
CROSS JOIN subscribers s JOIN subscriptions n ON n.subscriber = s.id AND n.state = 'active'
WHERE s.id = CAST(j.key AS BIGINT) ORDER BY s.id, n.newsletter`,
    [jsonRows(subscribers.map(id => [id, 0] as const))],
  )
}

/** How many each newsletter goes to. */
export async function countReaders(db: Database): Promise<Record<string, number>> {
  const rows = await db.query<{ newsletter: string; count: number }>(
    "SELECT newsletter, COUNT(*) AS count FROM subscriptions WHERE state = 'active' GROUP BY newsletter",
  )
  return Object.fromEntries(rows.map(({ newsletter, count }) => [newsletter, count]))
}

/** How many active readers have an address at a domain. */
export async function countAtDomain(db: Database, domain: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    "SELECT COUNT(*) AS count FROM subscribers WHERE state = 'active' AND key LIKE $1 ESCAPE '\\'",
    [`%@${likePattern(domain)}`],
  )
  return row!.count
}

function likePattern(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** Bounces that suppressed somebody who is suppressed still. */
export interface SuppressedFor {
  readonly email: string
  readonly hash: string
  readonly status: string
  readonly text: string
  readonly at: number
}

/** @param matching part of what the server wrote, in any case. @param since ms since epoch */
export async function suppressedFor(
  db: Database,
  { matching, since }: { readonly matching: string; readonly since: number },
): Promise<SuppressedFor[]> {
  const rows = await db.query<SuppressedFor>(
    `SELECT s.email, s.hash, b.status, b.text, b.at FROM bounces b JOIN subscribers s ON s.id = b.subscriber
JOIN suppressions x ON x.hash = s.hash AND x.reason = 'bounce'
WHERE b.lifted IS NULL AND b.at >= $2 AND LOWER(b.text) LIKE LOWER($1) ESCAPE '\\'
ORDER BY b.at DESC, b.subscriber`,
    [`%${likePattern(matching)}%`, since],
  )
  return [...new Map(rows.map(row => [row.hash, row])).values()]
}

/**
 * A person knows that the address is good. What was reported of it before does not count any more; the record says who
 * was suppressed, when, and why it was lifted.
 *
 * @returns the reason that it was suppressed for; only 'bounce' has been lifted
 */
export function liftSuppression(
  db: Database,
  { hash, why, now }: { readonly hash: string; readonly why: string; readonly now: number },
): Promise<Suppression['reason'] | undefined> {
  return db.transaction(async tx => {
    const found = await isSuppressed(tx, hash)
    if (found?.reason !== 'bounce') return found?.reason
    await tx.query(
      'INSERT INTO lifted_suppressions (hash, reason, since, why, lifted) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
      [hash, found.reason, found.since, why, now],
    )
    await liftBounces(tx, hash, now)
    await unsuppress(tx, hash)
    return found.reason
  })
}

/** What was reported of the address until now does not count any more. */
export async function liftBounces(db: Database, hash: string, now: number): Promise<void> {
  await db.query(
    `UPDATE bounces SET lifted = $2
WHERE lifted IS NULL AND subscriber IN (SELECT id FROM subscribers WHERE hash = $1)`,
    [hash, now],
  )
}

/** @returns false when this mail has been listed before. @param id the hash of its bytes */
export function rememberKept(db: Database, id: string, now: number): Promise<boolean> {
  return insertOnce(db, 'kept_mails', id, now)
}

/**
 * Providers send a notice more than once, and others may replay it. Call this in the transaction that acts on the
 * notice.
 *
 * @param id of the provider and the notice: 'ses/…'
 * @returns false when it has been recorded before
 */
export function recordNotice(db: Database, id: string, now: number): Promise<boolean> {
  return insertOnce(db, 'notices', id, now)
}

/** @returns false when it is there already */
async function insertOnce(
  db: Database,
  table: 'kept_mails' | 'notices',
  id: string,
  now: number,
): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    `INSERT INTO ${table} (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [id, now],
  )
  return rows.length > 0
}

/** @param before ms since epoch: notices with an older signature are refused anyway */
export async function deleteNotices(db: Database, before: number): Promise<void> {
  await db.query('DELETE FROM notices WHERE at < $1', [before])
}
