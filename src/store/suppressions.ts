// Bounces and complaints → addresses that must never be mailed again. Only their hash is kept: it outlives an erasure.

import { editionTag } from '../base/index.ts'
import type { Suppression } from '../model.ts'
import type { Database } from './database.ts'

/** The first reason is kept. */
export async function suppress(db: Database, { hash, reason, since }: Suppression): Promise<void> {
  await db.query(
    'INSERT INTO suppressions (hash, reason, since) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING',
    [hash, reason, since],
  )
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
  readonly now: number
}

/** 'known': recorded before; 'gone': the subscriber is not on the list any more. */
type RecordedBounce = 'suppressed' | 'counted' | 'known' | 'gone'

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
  const rows = await db.query<{ id: number; name: string }>(
    `SELECT e.id, e.name FROM editions e JOIN deliveries d ON d.edition = e.id AND d.subscriber = $1
WHERE d.state NOT IN ('pending', 'leased', 'skipped') ORDER BY e.id DESC`,
    [subscriber],
  )
  if (edition === undefined && tag === undefined) return rows[0]?.id ?? 0
  return rows.find(({ name }) => name === edition || editionTag(name) === tag)?.id ?? 0
}

/** @returns false for a second one about the same edition, unless it is hard after soft, or a complaint after either */
async function insertBounce(db: Database, edition: number, bounce: Bounce): Promise<boolean> {
  const { subscriber, kind, status, now } = bounce
  const rows = await db.query<{ subscriber: number }>(
    `INSERT INTO bounces (subscriber, edition, kind, status, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (subscriber, edition) DO UPDATE SET kind = excluded.kind, status = excluded.status, at = excluded.at
WHERE bounces.kind <> excluded.kind AND bounces.kind <> 'complaint' AND excluded.kind <> 'soft'
RETURNING subscriber`,
    [subscriber, edition, kind, status, now],
  )
  return rows.length > 0
}

/** So many soft bounces in a row, from first to last at least so long apart, make an address a dead one. */
const SOFT_BOUNCES_OF_A_DEAD_ADDRESS = 5
const SOFT_BOUNCES_MIN_SPAN_MS = 14 * 86_400_000

/** Counts the soft bounces of this edition and those before it, back to the last that arrived. */
async function isDead(db: Database, subscriber: number, edition: number): Promise<boolean> {
  const [row] = await db.query<{ count: number; first: number | null; last: number | null }>(
    `SELECT COUNT(*) AS count, MIN(b.at) AS first, MAX(b.at) AS last FROM bounces b
WHERE b.subscriber = $1 AND b.edition <= $2 AND b.edition > COALESCE((
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

interface Refused {
  /** Addresses that do not exist. */
  readonly refused: number
  /** Of them, those that were not suppressed before. */
  readonly suppressed: number
}

/** Refusals in the ledger of an edition which say that there is no such address → hard bounces. */
export async function recordRefused(db: Database, edition: string, now: number): Promise<Refused> {
  let [refused, suppressed] = [0, 0]
  for (const { subscriber, status } of await refusedAddresses(db, edition)) {
    const recorded = await recordBounce(db, { subscriber, edition, kind: 'hard', status, now })
    if (recorded === 'suppressed') suppressed += 1
    if (recorded !== 'gone') refused += 1
  }
  return { refused, suppressed }
}

/**
 * Readers whose server refused the message because there is no such address (RFC 3463 §3.2), and who have no bounce
 * yet.
 */
export async function refusedAddresses(
  db: Database,
  edition: string,
): Promise<{ readonly subscriber: number; readonly status: string }[]> {
  return db.query(
    `SELECT d.subscriber, d.enhanced AS status FROM deliveries d
WHERE d.edition = (SELECT id FROM editions WHERE name = $1) AND d.state = 'rejected'
  AND d.enhanced IN ('5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1')
  AND NOT EXISTS (SELECT 1 FROM bounces b WHERE b.subscriber = d.subscriber AND b.edition = d.edition)
ORDER BY d.subscriber`,
    [edition],
  )
}

/**
 * Providers send a notice more than once, and others may replay it. Call this in the transaction that acts on the
 * notice.
 *
 * @param id of the provider and the notice: 'ses/…'
 * @returns false when it has been recorded before
 */
export async function recordNotice(db: Database, id: string, now: number): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    'INSERT INTO notices (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id',
    [id, now],
  )
  return rows.length > 0
}

/** @param before ms since epoch: notices with an older signature are refused anyway */
export async function deleteNotices(db: Database, before: number): Promise<void> {
  await db.query('DELETE FROM notices WHERE at < $1', [before])
}
