// The editions: frozen with their letter, articles and audience, or recorded as skipped.

import type { LedgerCounts, Letter } from '../model.ts'
import { countDeliveries } from './count-deliveries.ts'
import type { Database } from './database.ts'
import { jsonRows, jsonText } from './json-text.ts'
import { insertChoices, type LetterVariants, NOTHING, prepareVariants } from './letter-variants.ts'

export type EditionState = 'sending' | 'sent' | 'skipped' | 'cancelled'

/** What the ledger knows of an edition; `edition` is '<newsletter>/<id>', times are ms since epoch. */
export interface EditionRecord {
  readonly edition: string
  readonly newsletter: string
  readonly from: number
  readonly until: number
  readonly state: EditionState
  /** Why it was skipped. */
  readonly why?: string | undefined
  readonly letterHash?: string | undefined
  /** When it was frozen, or recorded as skipped. */
  readonly frozenAt: number
  readonly finishedAt?: number | undefined
}

export interface Freeze {
  readonly edition: string
  readonly newsletter: string
  readonly from: number
  readonly until: number
  readonly letter: Letter
  readonly letterHash: string
  /** Article ids: in the letter, and left out of it for good. */
  readonly carried: readonly string[]
  readonly omitted: readonly string[]
  /** The letters for those who chose topics; left out, everybody gets the whole. */
  readonly variants?: LetterVariants | undefined
  readonly now: number
}

/**
 * Freezes letters, articles and audience in one transaction: every active subscriber of the newsletter gets a row of the
 * ledger with address, name and fields as they are now; the suppressed among them are 'skipped', and those on whose topics
 * there is nothing, so that candidates = prepared + excluded. An edition that is frozen already stays as it is. One that
 * was skipped may still be frozen.
 */
export async function freezeEdition(db: Database, freeze: Freeze): Promise<LedgerCounts> {
  for (;;) {
    const choices = await prepareVariants(db, freeze)
    const counts = await db
      .transaction(async tx => {
        const id = await insertEdition(tx, freeze)
        if (id !== undefined) {
          await insertArticles(tx, id, freeze)
          // Somebody may have chosen other topics while their letters were made.
          if (!(await insertChoices(tx, id, freeze, choices))) throw new Outdated()
          await insertAudience(tx, id, freeze)
        }
        return countDeliveries(tx, freeze.edition)
      })
      .catch(error => {
        if (error instanceof Outdated) return undefined
        throw error
      })
    if (counts) return counts
  }
}

/** Undoes a transaction that has to begin again. */
class Outdated extends Error {}

async function insertEdition(db: Database, freeze: Freeze): Promise<number | undefined> {
  const [row] = await db.query<{ id: number }>(
    `INSERT INTO editions (name, newsletter, from_at, until_at, state, letter, letter_hash, frozen_at)
VALUES ($1, $2, $3, $4, 'sending', $5, $6, $7)
ON CONFLICT (name) DO UPDATE SET state = 'sending', why = NULL, from_at = excluded.from_at,
  until_at = excluded.until_at, letter = excluded.letter, letter_hash = excluded.letter_hash,
  frozen_at = excluded.frozen_at, finished_at = NULL
WHERE editions.state = 'skipped'
RETURNING id`,
    [
      freeze.edition,
      freeze.newsletter,
      freeze.from,
      freeze.until,
      jsonText(freeze.letter),
      freeze.letterHash,
      freeze.now,
    ],
  )
  return row?.id
}

async function insertArticles(db: Database, id: number, { carried, omitted }: Freeze): Promise<void> {
  const rows = [
    ...carried.map(article => ({ article, o: 0 })),
    ...omitted.map(article => ({ article, o: 1 })),
  ]
  await db.query(
    `INSERT INTO edition_articles (edition, article, omitted)
SELECT CAST($1 AS BIGINT), value->>'article', CAST(value->>'o' AS INTEGER) FROM json_each($2) WHERE true
ON CONFLICT (edition, article) DO NOTHING`,
    [id, jsonRows(rows.entries())],
  )
}

async function insertAudience(db: Database, id: number, { newsletter, now }: Freeze): Promise<void> {
  await db.query(
    `INSERT INTO deliveries (edition, subscriber, email, name, fields, state, reason, attempts, tries, changed, variant)
SELECT CAST($1 AS BIGINT), s.id, s.email, s.name, s.fields,
  CASE WHEN x.hash IS NULL AND (c.topics IS NULL OR c.variant IS NOT NULL) THEN 'pending' ELSE 'skipped' END,
  CASE WHEN x.hash IS NOT NULL THEN 'suppressed'
    WHEN c.topics IS NOT NULL AND c.variant IS NULL THEN '${NOTHING}' END,
  0, 0, CAST($2 AS BIGINT), COALESCE(c.variant, 0)
FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
LEFT JOIN topic_choices c ON c.edition = CAST($1 AS BIGINT) AND c.topics = n.topics
WHERE n.newsletter = $3 AND n.state = 'active' AND s.state = 'active'
ORDER BY n.subscriber`,
    [id, now, newsletter],
  )
}

/** The edition with its letter, when the ledger knows it. One that was skipped has no letter. */
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
  return { ...record(row), ...(row.letter === null ? {} : { letter: JSON.parse(row.letter) as Letter }) }
}

/** Newest first. @param newsletter leave out for those of all newsletters */
export async function listEditions(db: Database, newsletter?: string): Promise<EditionRecord[]> {
  const rows = await db.query<EditionRow>(
    `SELECT name, newsletter, from_at, until_at, state, why, letter_hash, frozen_at, finished_at
FROM editions WHERE newsletter = $1 OR CAST($1 AS TEXT) IS NULL ORDER BY until_at DESC, id DESC`,
    [newsletter ?? null],
  )
  return rows.map(record)
}

/** 'skipped: nothing new' is a record of its own, so that nobody takes it for a fault. */
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

/** Everybody has an outcome. */
export async function finishEdition(db: Database, edition: string, now: number): Promise<void> {
  await db.query(
    "UPDATE editions SET state = 'sent', finished_at = $2 WHERE name = $1 AND state = 'sending'",
    [edition, now],
  )
}

/** A finished edition is open again. */
export async function reopenEdition(db: Database, edition: string): Promise<void> {
  await db.query(
    "UPDATE editions SET state = 'sending', finished_at = NULL WHERE name = $1 AND state = 'sent'",
    [edition],
  )
}

/** No delivery of it is claimed any more. */
export async function cancelEdition(db: Database, edition: string, now: number): Promise<void> {
  await db.query(
    "UPDATE editions SET state = 'cancelled', finished_at = $2 WHERE name = $1 AND state = 'sending'",
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

function record(row: EditionRow): EditionRecord {
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
