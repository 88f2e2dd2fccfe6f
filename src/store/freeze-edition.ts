// An edition with its letters → frozen in the ledger: letters, articles and audience in one transaction; and the audience as
// a preview: who would get it, who would not, and why.

import type { LedgerCounts, Letter } from '../model.ts'
import { type Database, jsonRows, jsonText } from './database.ts'
import { fieldName } from './lists/columns.ts'
import { countDeliveries } from './read-deliveries.ts'

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
  /** Only these readers of the newsletter; everybody when left out. */
  readonly segment?: Segment | undefined
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

// A newsletter → who gets its next edition, who does not, and why: as a preview, and as deliveries in the ledger.

export interface Audience {
  /** As the ledger would count it: everybody who gets this newsletter, those who would be skipped included. */
  readonly audience: number
  /** How many of them would be skipped, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  /** Not in the audience: those who have left, and those who have not confirmed. */
  readonly unsubscribed: number
  readonly unconfirmed: number
}

export async function previewAudience(
  db: Database,
  newsletter: string,
  segment?: Segment,
): Promise<Audience> {
  const only = await conditionOf(db, newsletter, segment, 2)
  const [row] = await db.query<{
    audience: number
    suppressed: number
    unsubscribed: number
    unconfirmed: number
  }>(
    `SELECT
  COUNT(CASE WHEN s.state = 'active' AND n.state = 'active' THEN 1 END) AS audience,
  COUNT(CASE WHEN s.state = 'active' AND n.state = 'active' AND x.hash IS NOT NULL THEN 1 END) AS suppressed,
  COUNT(CASE WHEN s.state = 'unsubscribed' OR n.state = 'unsubscribed' THEN 1 END) AS unsubscribed,
  COUNT(CASE WHEN s.state = 'pending' AND n.state = 'active' THEN 1 END) AS unconfirmed
FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
WHERE n.newsletter = $1${only.sql}`,
    [newsletter, ...only.params],
  )
  const { audience = 0, suppressed = 0, unsubscribed = 0, unconfirmed = 0 } = row ?? {}
  return { audience, skipped: suppressed > 0 ? { suppressed } : {}, unsubscribed, unconfirmed }
}

/** The first of those who would get it, in the order of subscribers, with their topics as JSON. */
export async function listAudience(
  db: Database,
  newsletter: string,
  limit: number,
  segment?: Segment,
): Promise<
  { readonly id: number; readonly email: string; readonly name: string; readonly topics: string }[]
> {
  const only = await conditionOf(db, newsletter, segment, 3)
  return db.query(
    `SELECT s.id, s.email, s.name, n.topics FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
WHERE n.newsletter = $1 AND n.state = 'active' AND s.state = 'active' AND x.hash IS NULL${only.sql}
ORDER BY n.subscriber LIMIT $2`,
    [newsletter, limit, ...only.params],
  )
}

interface TopicReaders {
  /** Empty for everything. */
  readonly topics: readonly string[]
  /** How many would get the next edition, provided that it has an article on these topics. */
  readonly readers: number
}

/** How many readers have chosen which topics. */
export async function topicReaders(
  db: Database,
  newsletter: string,
  segment?: Segment,
): Promise<TopicReaders[]> {
  const only = await conditionOf(db, newsletter, segment, 2)
  const rows = await db.query<{ topics: string; readers: number }>(
    `SELECT n.topics, COUNT(*) AS readers FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
WHERE n.newsletter = $1 AND n.state = 'active' AND s.state = 'active' AND x.hash IS NULL${only.sql}
GROUP BY n.topics ORDER BY n.topics`,
    [newsletter, ...only.params],
  )
  return rows.map(({ topics, readers }) => ({ topics: JSON.parse(topics) as string[], readers }))
}

/**
 * A delivery for every active subscriber of the newsletter, with address, name and fields as they are now. Those who
 * are suppressed, or on whose topics there is nothing, are 'skipped': audience = pending + skipped.
 *
 * @param id of the edition
 */
async function insertAudience(
  db: Database,
  id: number,
  { newsletter, now, segment }: Pick<Freeze, 'newsletter' | 'now' | 'segment'>,
): Promise<void> {
  const only = await conditionOf(db, newsletter, segment, 4)
  await db.query(
    `INSERT INTO deliveries (edition, subscriber, email, name, fields, state, reason, attempts, tries, changed, variant)
SELECT CAST($1 AS BIGINT), s.id, s.email, s.name, s.fields,
  CASE WHEN x.hash IS NULL AND (c.topics IS NULL OR c.variant IS NOT NULL) THEN 'pending' ELSE 'skipped' END,
  CASE WHEN x.hash IS NOT NULL THEN 'suppressed'
    WHEN c.topics IS NOT NULL AND c.variant IS NULL THEN '${NOTHING_ON_TOPICS}' END,
  0, 0, CAST($2 AS BIGINT), COALESCE(c.variant, 0)
FROM subscriptions n
JOIN subscribers s ON s.id = n.subscriber
LEFT JOIN suppressions x ON x.hash = s.hash
LEFT JOIN topic_choices c ON c.edition = CAST($1 AS BIGINT) AND c.topics = n.topics
WHERE n.newsletter = $3 AND n.state = 'active' AND s.state = 'active'${only.sql}
ORDER BY n.subscriber`,
    [id, now, newsletter, ...only.params],
  )
}

/** Why a delivery is skipped when an edition has no article on any topic that the reader asked for. */
export const NOTHING_ON_TOPICS = 'nothing on their topics'

// ─── A part of the readers ───────────────────────────────────────────────────────────────────────────────────────────

/** A reader is in it who meets every condition. */
export interface Segment {
  /** Slug of a section, or a tag: who asked for it, or for everything. */
  readonly topic?: string | undefined
  /** BCP 47; 'pt' is also 'pt-BR'. */
  readonly language?: string | undefined
  /** Whether who named no language reads this one: the newsletter's own. */
  readonly isUsualLanguage?: boolean | undefined
  /** Of the address: 'example.org'. */
  readonly domain?: string | undefined
  /** Columns of the list, and their values. */
  readonly fields?: Readonly<Record<string, string>> | undefined
}

/** For `subscribers s` and `subscriptions n`. @param first number of its first placeholder */
async function conditionOf(
  db: Database,
  newsletter: string,
  segment: Segment | undefined,
  first: number,
): Promise<{ readonly sql: string; readonly params: readonly string[] }> {
  if (!segment) return { sql: '', params: [] }
  const params: string[] = []
  const put = (value: string) => `CAST($${first + params.push(value) - 1} AS TEXT)`
  const parts: string[] = []
  const { topic, language, isUsualLanguage, domain, fields = {} } = segment
  if (topic !== undefined) {
    const wanted = (await chosenTopics(db, newsletter)).filter(topics =>
      (JSON.parse(topics) as string[]).some(one => one.toLowerCase() === topic.toLowerCase()),
    )
    parts.push(`n.topics IN (${['[]', ...wanted].map(put).join(', ')})`)
  }
  if (language !== undefined) {
    const exact = `lower(s.language) = ${put(language.toLowerCase())}`
    const within = `lower(s.language) LIKE ${put(`${likeText(language.toLowerCase())}-%`)} ESCAPE '!'`
    parts.push(`(${exact} OR ${within}${isUsualLanguage ? " OR s.language = ''" : ''})`)
  }
  if (domain !== undefined) parts.push(`s.key LIKE ${put(`%@${likeText(domain.toLowerCase())}`)} ESCAPE '!'`)
  for (const [name, value] of Object.entries(fields))
    parts.push(`lower({fields of s} ->> ${put(fieldName(name))}) = lower(${put(value)})`)
  return { sql: parts.map(part => ` AND ${part}`).join(''), params }
}

/** Text in a pattern of LIKE, whose escape is '!'. */
function likeText(text: string): string {
  return text.replace(/[!%_]/g, '!$&')
}
