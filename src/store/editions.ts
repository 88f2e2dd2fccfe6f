// The editions in the ledger: read, recorded as skipped, finished, paused, cancelled.

import type { Letter } from '../model.ts'
import type { Database } from './database.ts'
import type { Freeze } from './freeze-edition.ts'
import { forgetNumbers, rememberNumbers } from './numbers.ts'

type EditionState = 'sending' | 'sent' | 'skipped' | 'cancelled'

/** `edition` is '<newsletter>/<id>', times are ms since epoch. */
export interface EditionRecord {
  readonly edition: string
  readonly newsletter: string
  readonly from: number
  readonly until: number
  readonly state: EditionState
  /** Why it was skipped: 'nothing new'. */
  readonly why?: string | undefined
  readonly letterHash?: string | undefined
  /** When it was frozen, or recorded as skipped. */
  readonly frozenAt: number
  readonly finishedAt?: number | undefined
}

/** The edition with its letter, when it is in the ledger. One that was skipped has no letter. */
export async function frozenEdition(
  db: Database,
  edition: string,
): Promise<(EditionRecord & { readonly letter?: Letter }) | undefined> {
  const [row] = await db.query<EditionRow & { letter: string | null }>(
    `SELECT name, newsletter, from_at, until_at, state, why, letter, letter_hash, frozen_at, finished_at
FROM editions WHERE name = $1`,
    [edition],
  )
  if (!row) return undefined
  return { ...editionOf(row), ...(row.letter === null ? {} : { letter: JSON.parse(row.letter) as Letter }) }
}

export async function storedLetter(
  db: Database,
  edition: string,
  variant: number,
): Promise<Letter | undefined> {
  const [row] = await db.query<{ letter: string }>(
    'SELECT letter FROM letters WHERE edition = $1 AND variant = $2',
    [edition, variant],
  )
  return row && (JSON.parse(row.letter) as Letter)
}

/** Newest first. @param newsletter leave out for those of all newsletters */
export async function listEditions(db: Database, newsletter?: string): Promise<EditionRecord[]> {
  const rows = await db.query<EditionRow>(
    `SELECT name, newsletter, from_at, until_at, state, why, letter_hash, frozen_at, finished_at
FROM editions WHERE newsletter = $1 OR CAST($1 AS TEXT) IS NULL ORDER BY until_at DESC, id DESC`,
    [newsletter ?? null],
  )
  return rows.map(editionOf)
}

/** Editions that are being sent and are not paused, oldest first. */
export async function editionsToSend(db: Database): Promise<{ edition: string; frozenAt: number }[]> {
  const paused = await listPaused(db)
  return (await listEditions(db))
    .filter(({ state, edition }) => state === 'sending' && !paused.has(edition))
    .map(({ edition, frozenAt }) => ({ edition, frozenAt }))
    .reverse()
}

interface SentHistory {
  /** Ids of articles that frozen editions carried, or left out for good. */
  readonly carried: Set<string>
  /** Those of them that no edition carried: they come only when an editor picks them. */
  readonly omitted: Set<string>
  /** Start of the window of the first frozen edition. */
  readonly reach: number | undefined
  /** Ids, without the newsletter, of editions that are frozen or skipped. */
  readonly editions: Set<string>
}

/**
 * What a newsletter has sent, by which a new edition decides what is new.
 *
 * @param before only editions whose window ended before, ms since epoch: so that a frozen edition can be chosen again
 */
export async function sentHistory(
  db: Database,
  newsletter: string,
  before: number = Number.MAX_SAFE_INTEGER,
): Promise<SentHistory> {
  const articles = await db.query<{ article: string; omitted: number }>(
    `SELECT a.article, MIN(a.omitted) AS omitted
FROM edition_articles a JOIN editions e ON e.id = a.edition
WHERE e.newsletter = $1 AND e.until_at < $2
GROUP BY a.article`,
    [newsletter, before],
  )
  const editions = (await listEditions(db, newsletter)).filter(({ until }) => until < before)
  const starts = editions.filter(({ state }) => state !== 'skipped').map(({ from }) => from)
  return {
    carried: new Set(articles.map(({ article }) => article)),
    omitted: new Set(articles.filter(({ omitted }) => omitted === 1).map(({ article }) => article)),
    reach: starts.length > 0 ? Math.min(...starts) : undefined,
    editions: new Set(editions.map(({ edition }) => edition.slice(newsletter.length + 1))),
  }
}

/** An edition that has nothing to send is recorded, so that nobody takes its absence for a fault. */
export async function recordSkipped(
  db: Database,
  skipped: Omit<Freeze, 'letter' | 'letterHash' | 'carried' | 'omitted'> & { readonly why: string },
): Promise<void> {
  const { edition, newsletter, from, until, why, now } = skipped
  await db.query(
    `INSERT INTO editions (name, newsletter, from_at, until_at, state, why, frozen_at, finished_at)
VALUES ($1, $2, $3, $4, 'skipped', $5, $6, $6) ON CONFLICT (name) DO NOTHING`,
    [edition, newsletter, from, until, why, now],
  )
}

/** Every delivery has an outcome. */
export async function finishEdition(db: Database, edition: string, now: number): Promise<void> {
  const finished = await db.query(
    "UPDATE editions SET state = 'sent', finished_at = $2 WHERE name = $1 AND state = 'sending' RETURNING id",
    [edition, now],
  )
  if (finished.length > 0) await rememberNumbers(db, edition)
}

/** A finished edition is open again. */
export async function reopenEdition(db: Database, edition: string): Promise<void> {
  await forgetNumbers(db, edition)
  await db.query(
    "UPDATE editions SET state = 'sending', finished_at = NULL WHERE name = $1 AND state = 'sent'",
    [edition],
  )
}

/** 'paused' is one whose state is 'sending'. */
export type EditionStatus = EditionState | 'paused'

/** @returns undefined when it is not in the ledger */
export async function editionStatus(db: Database, edition: string): Promise<EditionStatus | undefined> {
  const [row] = await db.query<{ state: EditionState; since: number | null }>(
    'SELECT e.state, p.since FROM editions e LEFT JOIN pauses p ON p.edition = e.name WHERE e.name = $1',
    [edition],
  )
  return row?.state === 'sending' && row.since !== null ? 'paused' : row?.state
}

/** Names of the editions that are paused. */
export async function listPaused(db: Database): Promise<Set<string>> {
  const rows = await db.query<{ edition: string }>('SELECT edition FROM pauses')
  return new Set(rows.map(({ edition }) => edition))
}

/** Nothing more of it is claimed or handed over; what was handed over before is still settled. */
export async function pauseEdition(db: Database, edition: string, now: number): Promise<void> {
  await db.query('INSERT INTO pauses (edition, since) VALUES ($1, $2) ON CONFLICT (edition) DO NOTHING', [
    edition,
    now,
  ])
}

export async function resumeEdition(db: Database, edition: string): Promise<void> {
  await db.query('DELETE FROM pauses WHERE edition = $1', [edition])
}

/**
 * Ends an edition: whoever has not got it yet is 'skipped' for the reason 'cancelled'. Messages that were handed over
 * keep their outcome.
 *
 * @returns how many were skipped
 */
export function cancelEdition(db: Database, edition: string, now: number): Promise<number> {
  return db.transaction(async tx => {
    await setCancelled(tx, edition, now)
    await resumeEdition(tx, edition)
    return (await skipCancelled(tx, edition, now)).length
  })
}

/** No delivery of it is claimed any more. */
export async function setCancelled(db: Database, edition: string, now: number): Promise<void> {
  await db.query(
    "UPDATE editions SET state = 'cancelled', finished_at = $2 WHERE name = $1 AND state = 'sending'",
    [edition, now],
  )
}

function skipCancelled(db: Database, edition: string, now: number) {
  return db.query<{ subscriber: number }>(
    `UPDATE deliveries SET state = 'skipped', reason = 'cancelled', owner = NULL, lease_until = NULL, next_at = NULL,
  changed = CAST($2 AS BIGINT)
WHERE edition = (SELECT id FROM editions WHERE name = $1 AND state = 'cancelled')
  AND state IN ('pending', 'leased', 'deferred')
RETURNING subscriber`,
    [edition, now],
  )
}

interface EditionRow {
  readonly name: string
  readonly newsletter: string
  readonly from_at: number
  readonly until_at: number
  readonly state: EditionState
  readonly why: string | null
  readonly letter_hash: string | null
  readonly frozen_at: number
  readonly finished_at: number | null
}

function editionOf(row: EditionRow): EditionRecord {
  return {
    edition: row.name,
    newsletter: row.newsletter,
    from: row.from_at,
    until: row.until_at,
    state: row.state,
    why: row.why ?? undefined,
    letterHash: row.letter_hash ?? undefined,
    frozenAt: row.frozen_at,
    finishedAt: row.finished_at ?? undefined,
  }
}
