// The list of subscribers: one of them, all of them, how many, and all personal data that is kept of one.

import type { Delivery, Subscriber, SubscriberState, Suppression } from '../model.ts'
import { type Database, jsonRows } from './database.ts'
import { listDeliveriesTo } from './read-deliveries.ts'

export interface ListedSubscriber extends Subscriber {
  /** BCP 47; empty for the publication's language. */
  readonly language: string
  /** Newsletters that they have left. */
  readonly left: readonly string[]
}

/** @param key of parseAddress */
export async function subscriberByKey(db: Database, key: string): Promise<ListedSubscriber | undefined> {
  const rows = await db.query<SubscriberRow>(`SELECT ${COLUMNS} FROM subscribers WHERE key = $1`, [key])
  return (await withSubscriptions(db, rows))[0]
}

/** @param id out of a signed link */
export async function subscriberById(db: Database, id: number): Promise<ListedSubscriber | undefined> {
  const rows = await db.query<SubscriberRow>(`SELECT ${COLUMNS} FROM subscribers WHERE id = $1`, [id])
  return (await withSubscriptions(db, rows))[0]
}

export interface SubscriberFilter {
  readonly state?: SubscriberState | undefined
  /** Those who get this newsletter. */
  readonly newsletter?: string | undefined
}

/** In the order in which they were added, a page at a time: a million cost no more memory than a thousand. */
export async function* listSubscribers(
  db: Database,
  which: SubscriberFilter = {},
  page = 1_000,
): AsyncGenerator<ListedSubscriber> {
  for (let after = 0; ; ) {
    const rows = await db.query<SubscriberRow>(
      `SELECT ${COLUMNS} FROM subscribers
WHERE id > CAST($1 AS BIGINT) AND (state = $2 OR CAST($2 AS TEXT) IS NULL)
  AND (CAST($3 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM subscriptions n
    WHERE n.newsletter = $3 AND n.subscriber = subscribers.id AND n.state = 'active'))
ORDER BY id LIMIT $4`,
      [after, which.state ?? null, which.newsletter ?? null, page],
    )
    yield* await withSubscriptions(db, rows)
    if (rows.length < page) return
    after = rows.at(-1)!.id
  }
}

export async function countSubscribers(db: Database): Promise<Record<SubscriberState, number>> {
  const rows = await db.query<{ state: SubscriberState; count: number }>(
    'SELECT state, COUNT(*) AS count FROM subscribers GROUP BY state',
  )
  const counts = { pending: 0, active: 0, unsubscribed: 0 }
  for (const { state, count } of rows) counts[state] = count
  return counts
}

const COLUMNS = 'id, email, name, language, fields, state, source, since'

interface SubscriberRow {
  readonly id: number
  readonly email: string
  readonly name: string
  readonly language: string
  readonly fields: string
  readonly state: SubscriberState
  readonly source: string
  readonly since: number
}

async function withSubscriptions(db: Database, rows: readonly SubscriberRow[]): Promise<ListedSubscriber[]> {
  const subscriptions = await subscriptionsBySubscriber(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map(row => {
    const own = subscriptions.get(row.id) ?? []
    const active = own.filter(({ state }) => state === 'active')
    return {
      ...row,
      fields: JSON.parse(row.fields) as Record<string, string>,
      newsletters: Object.fromEntries(
        active.map(({ newsletter, topics }) => [newsletter, JSON.parse(topics) as string[]]),
      ),
      left: own.filter(({ state }) => state === 'unsubscribed').map(({ newsletter }) => newsletter),
    }
  })
}

/** `topics` is a JSON list. */
export interface SubscriptionRow {
  readonly subscriber: number
  readonly newsletter: string
  readonly topics: string
  readonly state: 'active' | 'unsubscribed'
}

/** Subscriber → subscriptions, by the id of the newsletter. */
export async function subscriptionsBySubscriber(
  db: Database,
  ids: readonly number[],
): Promise<Map<number, SubscriptionRow[]>> {
  const groups = new Map<number, SubscriptionRow[]>()
  if (ids.length === 0) return groups
  const rows = await db.query<SubscriptionRow>(
    `SELECT n.subscriber, n.newsletter, n.topics, n.state
FROM json_each($1) j CROSS JOIN subscriptions n WHERE n.subscriber = CAST(j.key AS BIGINT)`,
    [jsonRows(ids.map(id => [id, 0]))],
  )
  rows.sort((a, b) => (a.newsletter < b.newsletter ? -1 : 1))
  for (const row of rows) {
    const group = groups.get(row.subscriber)
    if (group) group.push(row)
    else groups.set(row.subscriber, [row])
  }
  return groups
}

export interface PersonalData {
  readonly subscriber: ListedSubscriber
  readonly subscriptions: readonly {
    readonly newsletter: string
    readonly topics: readonly string[]
    readonly state: string
    readonly since: number
    readonly ended: number | null
  }[]
  /** When and how they agreed, and to which text. */
  readonly consents: readonly {
    readonly asked: number
    readonly confirmed: number
    readonly source: string
    readonly network: string
    readonly wording: string
    readonly newsletters: Readonly<Record<string, readonly string[]>>
  }[]
  readonly deliveries: readonly Delivery[]
  readonly bounces: readonly {
    readonly edition: string | null
    readonly kind: string
    readonly status: string
    readonly text: string
    readonly at: number
  }[]
  readonly suppression: Suppression | undefined
  /** When the address of their private feed was made. */
  readonly feed: number | undefined
}

/** What a person may ask for by Article 15 of the GDPR. */
export async function readPersonalData(db: Database, id: number): Promise<PersonalData | undefined> {
  const subscriber = await subscriberById(db, id)
  if (!subscriber) return undefined
  return {
    subscriber,
    subscriptions: await listSubscriptions(db, id),
    consents: await listConsents(db, id),
    deliveries: await listDeliveriesTo(db, id),
    bounces: await listBounces(db, id),
    suppression: await suppressionOf(db, id),
    feed: await privateFeedOf(db, id),
  }
}

/** @returns when the address of their private feed was made; undefined without one, and for whoever has left */
export async function privateFeedOf(db: Database, id: number): Promise<number | undefined> {
  const [row] = await db.query<{ feed: number | null }>(
    "SELECT feed FROM subscribers WHERE id = $1 AND state = 'active'",
    [id],
  )
  return row?.feed ?? undefined
}

/** @param made undefined for no address any more; the one before ends in any case */
export async function setPrivateFeed(db: Database, id: number, made: number | undefined): Promise<void> {
  await db.query("UPDATE subscribers SET feed = $2 WHERE id = $1 AND state = 'active'", [id, made ?? null])
}

async function listSubscriptions(db: Database, id: number): Promise<PersonalData['subscriptions']> {
  const rows = await db.query<Omit<PersonalData['subscriptions'][number], 'topics'> & { topics: string }>(
    'SELECT newsletter, topics, state, since, ended FROM subscriptions WHERE subscriber = $1 ORDER BY newsletter',
    [id],
  )
  return rows.map(row => ({ ...row, topics: JSON.parse(row.topics) as string[] }))
}

async function listConsents(db: Database, id: number): Promise<PersonalData['consents']> {
  const rows = await db.query<
    Omit<PersonalData['consents'][number], 'newsletters'> & { newsletters: string }
  >(
    `SELECT asked, confirmed, source, network, wording, newsletters FROM requests
WHERE subscriber = $1 AND purpose = 'subscribe' AND confirmed IS NOT NULL ORDER BY id`,
    [id],
  )
  return rows.map(row => ({ ...row, newsletters: JSON.parse(row.newsletters) as Record<string, string[]> }))
}

function listBounces(db: Database, id: number): Promise<PersonalData['bounces']> {
  return db.query(
    `SELECT e.name AS edition, b.kind, b.status, b.text, b.at FROM bounces b LEFT JOIN editions e ON e.id = b.edition
WHERE b.subscriber = $1 ORDER BY b.at, b.edition`,
    [id],
  )
}

async function suppressionOf(db: Database, id: number): Promise<Suppression | undefined> {
  const [row] = await db.query<Suppression>(
    'SELECT x.hash, x.reason, x.since FROM subscribers s JOIN suppressions x ON x.hash = s.hash WHERE s.id = $1',
    [id],
  )
  return row
}
