// An edition with its letters → frozen in the ledger: letters, articles and audience in one transaction.

import type { LedgerCounts, Letter } from '../model.ts'
import { insertAudience } from './audience.ts'
import { countDeliveries } from './count-deliveries.ts'
import { type Database, jsonRows, jsonText } from './database.ts'

export interface Freeze {
  readonly edition: string
  readonly newsletter: string
  readonly from: number
  readonly until: number
  readonly letter: Letter
  readonly letterHash: string
  /** Ids of the articles in the letter. */
  readonly carried: readonly string[]
  /** Ids of those that were left out for good. */
  readonly omitted: readonly string[]
  /** The letters for readers who chose topics; left out, everybody gets the whole edition. */
  readonly variants?: LetterVariants | undefined
  readonly now: number
}

export interface LetterVariants {
  /** Which letter is for these topics: 0 is the whole edition, undefined none. */
  variantOf(topics: readonly string[]): number | undefined
  letter(variant: number): Promise<{ readonly letter: Letter; readonly letterHash: string }>
}

/**
 * Freezes letters, articles and audience: what an edition is made of when its first message is sent does not change
 * any more. One that is frozen already stays as it is. One that was recorded as skipped may still be frozen.
 */
export async function freezeEdition(db: Database, freeze: Freeze): Promise<LedgerCounts> {
  for (;;) {
    const choices = await storeVariants(db, freeze)
    try {
      return await db.transaction(tx => insertFrozen(tx, freeze, choices))
    } catch (error) {
      if (!(error instanceof TopicsChanged)) throw error
    }
  }
}

/**
 * Somebody chose topics that nobody had when the letters were stored: the transaction is rolled back and begun again.
 */
class TopicsChanged extends Error {}

async function insertFrozen(db: Database, freeze: Freeze, choices: Choices): Promise<LedgerCounts> {
  const id = await insertEdition(db, freeze)
  if (id !== undefined) {
    await insertArticles(db, id, freeze)
    if (freeze.variants) await insertChoices(db, id, freeze.newsletter, choices)
    await insertAudience(db, id, freeze)
  }
  return countDeliveries(db, freeze.edition)
}

/** Topics as subscriptions write them → which letter; null for none. */
type Choices = ReadonlyMap<string, number | null>

/**
 * Stores every letter but the whole edition's, one by one, so that there are never two in memory. What an earlier run
 * stored and did not freeze is overwritten.
 */
async function storeVariants(db: Database, { edition, newsletter, variants }: Freeze): Promise<Choices> {
  const choices = new Map<string, number | null>()
  if (!variants || (await isFrozen(db, edition))) return choices
  const stored = new Set([0])
  for (const topics of await chosenTopics(db, newsletter)) {
    const variant = variants.variantOf(JSON.parse(topics) as string[])
    choices.set(topics, variant ?? null)
    if (variant === undefined || stored.has(variant)) continue
    stored.add(variant)
    const { letter, letterHash } = await variants.letter(variant)
    await storeLetter(db, edition, variant, letter, letterHash)
  }
  return choices
}

async function isFrozen(db: Database, edition: string): Promise<boolean> {
  const rows = await db.query("SELECT 1 AS one FROM editions WHERE name = $1 AND state <> 'skipped'", [
    edition,
  ])
  return rows.length > 0
}

async function storeLetter(
  db: Database,
  edition: string,
  variant: number,
  letter: Letter,
  hash: string,
): Promise<void> {
  await db.query(
    `INSERT INTO letters (edition, variant, letter, letter_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT (edition, variant) DO UPDATE SET letter = excluded.letter, letter_hash = excluded.letter_hash`,
    [edition, variant, jsonText(letter), hash],
  )
}

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

/** @throws TopicsChanged */
async function insertChoices(db: Database, id: number, newsletter: string, choices: Choices): Promise<void> {
  const now = await chosenTopics(db, newsletter)
  if (now.some(topics => !choices.has(topics))) throw new TopicsChanged()
  if (choices.size === 0) return
  const rows = [...choices].map(([topics, variant]) => ({ topics, variant }))
  await db.query(
    `INSERT INTO topic_choices (edition, topics, variant)
SELECT CAST($1 AS BIGINT), value->>'topics', CAST(value->>'variant' AS INTEGER) FROM json_each($2) WHERE true`,
    [id, jsonRows(rows.entries())],
  )
}

/** Every choice of topics that a reader of the newsletter has made, as subscriptions write them. */
async function chosenTopics(db: Database, newsletter: string): Promise<string[]> {
  const rows = await db.query<{ topics: string }>(
    `SELECT DISTINCT topics FROM subscriptions
WHERE newsletter = $1 AND state = 'active' AND topics <> '[]' ORDER BY topics`,
    [newsletter],
  )
  return rows.map(({ topics }) => topics)
}
