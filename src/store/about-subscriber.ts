// Everything that is kept about one person, for herself: Article 15 of the GDPR.

import type { Delivery, Suppression } from '../model.ts'
import type { Database } from './database.ts'
import { listDeliveriesTo } from './read-deliveries.ts'
import { type Listed, subscriberById } from './subscribers.ts'

export interface About {
  readonly subscriber: Listed
  readonly subscriptions: readonly {
    readonly newsletter: string
    readonly topics: readonly string[]
    readonly state: string
    readonly since: number
    readonly ended: number | null
  }[]
  /** When, how and to which text she agreed. */
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
    readonly at: number
  }[]
  readonly suppression: Suppression | undefined
}

export async function aboutSubscriber(db: Database, id: number): Promise<About | undefined> {
  const subscriber = await subscriberById(db, id)
  if (!subscriber) return undefined
  return {
    subscriber,
    subscriptions: await subscriptionsOf(db, id),
    consents: await consentsOf(db, id),
    deliveries: await listDeliveriesTo(db, id),
    bounces: await bouncesOf(db, id),
    suppression: await suppressionOf(db, id),
  }
}

async function subscriptionsOf(db: Database, id: number): Promise<About['subscriptions']> {
  const rows = await db.query<Omit<About['subscriptions'][number], 'topics'> & { topics: string }>(
    'SELECT newsletter, topics, state, since, ended FROM subscriptions WHERE subscriber = $1 ORDER BY newsletter',
    [id],
  )
  return rows.map(row => ({ ...row, topics: JSON.parse(row.topics) as string[] }))
}

async function consentsOf(db: Database, id: number): Promise<About['consents']> {
  const rows = await db.query<Omit<About['consents'][number], 'newsletters'> & { newsletters: string }>(
    `SELECT asked, confirmed, source, network, wording, newsletters FROM requests
WHERE subscriber = $1 AND purpose = 'subscribe' AND confirmed IS NOT NULL ORDER BY id`,
    [id],
  )
  return rows.map(row => ({ ...row, newsletters: JSON.parse(row.newsletters) as Record<string, string[]> }))
}

function bouncesOf(db: Database, id: number): Promise<About['bounces']> {
  return db.query(
    `SELECT e.name AS edition, b.kind, b.status, b.at FROM bounces b LEFT JOIN editions e ON e.id = b.edition
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
