// The letters of an edition for those who chose topics: made and stored one by one, before the edition freezes.

import type { Letter } from '../model.ts'
import type { Database } from './database.ts'
import { jsonRows, jsonText } from './json-text.ts'

/** Why a delivery is skipped when an edition has no article on any topic that the reader asked for. */
export const NOTHING = 'nothing on their topics'

export interface LetterVariants {
  /** Which letter is for these topics: 0 the whole edition's, undefined none. */
  variantOf(topics: readonly string[]): number | undefined
  letter(variant: number): Promise<{ readonly letter: Letter; readonly letterHash: string }>
}

interface Freezing {
  readonly edition: string
  readonly newsletter: string
  readonly variants?: LetterVariants | undefined
}

/** Topics as subscriptions write them → which letter; null for none. */
export type Choices = ReadonlyMap<string, number | null>

/** Stores every letter but the whole. What an earlier run stored and never froze is written over. */
export async function prepareVariants(
  db: Database,
  { edition, newsletter, variants }: Freezing,
): Promise<Choices> {
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

/** @returns false when somebody has topics by now that nobody had */
export async function insertChoices(
  db: Database,
  id: number,
  { newsletter, variants }: Freezing,
  choices: Choices,
): Promise<boolean> {
  if (!variants) return true
  const now = await chosenTopics(db, newsletter)
  if (now.some(topics => !choices.has(topics))) return false
  if (choices.size === 0) return true
  const rows = [...choices].map(([topics, variant]) => ({ topics, variant }))
  await db.query(
    `INSERT INTO topic_choices (edition, topics, variant)
SELECT CAST($1 AS BIGINT), value->>'topics', CAST(value->>'variant' AS INTEGER) FROM json_each($2) WHERE true`,
    [id, jsonRows(rows.entries())],
  )
  return true
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

export interface TopicReaders {
  /** Empty for everything. */
  readonly topics: readonly string[]
  /** Who would get the newsletter's next edition, if there is something on them in it. */
  readonly readers: number
}

export async function topicReaders(db: Database, newsletter: string): Promise<TopicReaders[]> {
  const rows = await db.query<{ topics: string; readers: number }>(
    `SELECT n.topics, COUNT(*) AS readers FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
WHERE n.newsletter = $1 AND n.state = 'active' AND s.state = 'active' AND x.hash IS NULL
GROUP BY n.topics ORDER BY n.topics`,
    [newsletter],
  )
  return rows.map(({ topics, readers }) => ({ topics: JSON.parse(topics) as string[], readers }))
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

async function isFrozen(db: Database, edition: string): Promise<boolean> {
  const rows = await db.query("SELECT 1 AS one FROM editions WHERE name = $1 AND state <> 'skipped'", [
    edition,
  ])
  return rows.length > 0
}

/** All that are not empty. */
async function chosenTopics(db: Database, newsletter: string): Promise<string[]> {
  const rows = await db.query<{ topics: string }>(
    `SELECT DISTINCT topics FROM subscriptions
WHERE newsletter = $1 AND state = 'active' AND topics <> '[]' ORDER BY topics`,
    [newsletter],
  )
  return rows.map(({ topics }) => topics)
}
