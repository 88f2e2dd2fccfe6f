// A batch of newcomers → the list, in one transaction. It never brings back somebody who is suppressed or has left.

import { addressHash } from '../base/index.ts'
import type { SubscriberState } from '../model.ts'
import { type Database, jsonRows, jsonText } from './database.ts'
import { groupBySubscriber } from './subscribers.ts'

export interface Newcomer {
  /** Both of parseAddress: the address as given, and the key that says who it is. */
  readonly email: string
  readonly key: string
  readonly name: string
  /** Newsletter ids, all of them with `topics`; or newsletter id → topics. */
  readonly newsletters: readonly string[] | Readonly<Record<string, readonly string[]>>
  readonly topics: readonly string[]
  readonly fields: Readonly<Record<string, string>>
  readonly language: string
  /** 'unsubscribed' records somebody who left elsewhere; on a list that knows the address it changes nothing. */
  readonly state: SubscriberState
  /** Where consent came from: 'import readers.csv', 'add'. */
  readonly source: string
  /** When consent was given, ms since epoch; `now` if left out. */
  readonly since?: number | undefined
  readonly now: number
}

/**
 * 'suppressed' and 'unsubscribed' were left alone. 'updated' got a new name, field or language (what is empty changes
 * nothing), a further newsletter or other topics; nobody loses a newsletter by an import.
 */
export type Added = 'added' | 'updated' | 'unchanged' | 'suppressed' | 'unsubscribed'

interface Known {
  readonly place: number
  readonly id: number | null
  readonly name: string | null
  readonly language: string | null
  readonly fields: string | null
  readonly state: SubscriberState | null
  readonly suppressed: string | null
}

interface Membership {
  readonly subscriber: number
  readonly newsletter: string
  readonly topics: string
  readonly state: string
}

export async function addSubscriber(db: Database, newcomer: Newcomer): Promise<Added> {
  return (await importSubscribers(db, [newcomer]))[0]!
}

/**
 * @param newcomers with different keys; 500 to 1,000 make a good batch
 * @returns what became of each, in the same order
 */
export function importSubscribers(db: Database, newcomers: readonly Newcomer[]): Promise<Added[]> {
  return db.transaction(async tx => {
    const known = await lookUp(tx, newcomers)
    const memberships = await lookUpMemberships(tx, known)
    const added: Added[] = newcomers.map(() => 'unchanged')
    const inserts: [number, Newcomer][] = []
    const changes: [number, unknown][] = []
    const joins: Joining[] = []
    for (const [place, newcomer] of newcomers.entries()) {
      const row = known.get(place)
      if (row?.suppressed) added[place] = 'suppressed'
      else if (row?.id == null) {
        inserts.push([place, newcomer])
      } else if (row.state === 'unsubscribed' || newcomer.state === 'unsubscribed')
        added[place] = 'unsubscribed'
      else {
        const change = changeOf(row, newcomer)
        const { joining, left } = joiningOf(row.id, newcomer, memberships.get(row.id) ?? [])
        if (change) changes.push([row.id, change])
        joins.push(...joining)
        if (change || joining.length > 0) added[place] = 'updated'
        else if (left) added[place] = 'unsubscribed'
      }
    }
    for (const [place, id] of await insertSubscribers(tx, inserts)) {
      const newcomer = newcomers[place]!
      added[place] = newcomer.state === 'unsubscribed' ? 'unsubscribed' : 'added'
      if (newcomer.state !== 'unsubscribed') joins.push(...joiningOf(id, newcomer, []).joining)
    }
    if (changes.length > 0) await updateSubscribers(tx, changes)
    if (joins.length > 0) await insertSubscriptions(tx, joins)
    return added
  })
}

async function lookUp(db: Database, newcomers: readonly Newcomer[]): Promise<Map<number, Known>> {
  const rows = newcomers.map(({ key }, place) => [place, { key, hash: addressHash(key) }] as const)
  const known = await db.query<Known>(
    `SELECT CAST(j.key AS INTEGER) AS place, s.id, s.name, s.language, s.fields, s.state, x.reason AS suppressed
FROM json_each($1) j
LEFT JOIN subscribers s ON s.key = j.value->>'key'
LEFT JOIN suppressions x ON x.hash = j.value->>'hash'`,
    [jsonRows(rows)],
  )
  return new Map(known.map(row => [row.place, row]))
}

async function lookUpMemberships(
  db: Database,
  known: ReadonlyMap<number, Known>,
): Promise<Map<number, Membership[]>> {
  const ids = [...known.values()].flatMap(({ id }) => (id === null ? [] : [[id, 0] as const]))
  if (ids.length === 0) return new Map()
  const rows = await db.query<Membership>(
    `SELECT n.subscriber, n.newsletter, n.topics, n.state
FROM json_each($1) j CROSS JOIN subscriptions n WHERE n.subscriber = CAST(j.key AS BIGINT)`,
    [jsonRows(ids)],
  )
  return groupBySubscriber(rows)
}

/** The columns as they shall be, or nothing when that is how they are. Who vouches for consent also confirms. */
function changeOf(row: Known, { name, language, fields, state, now }: Newcomer): unknown {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
  const before = JSON.parse(row.fields ?? '{}') as Record<string, string>
  const after = {
    name: name || row.name,
    language: language || row.language,
    fields: jsonText({ ...before, ...given }),
    state: state === 'active' ? 'active' : row.state,
  }
  const same =
    after.name === row.name &&
    after.language === row.language &&
    after.state === row.state &&
    after.fields === jsonText(before)
  return same ? undefined : { ...after, changed: now }
}

interface Joining {
  readonly subscriber: number
  readonly newsletter: string
  readonly topics: string
  readonly since: number
}

function joiningOf(subscriber: number, newcomer: Newcomer, own: readonly Membership[]) {
  const { newsletters, topics, now, since = now } = newcomer
  const asked = isList(newsletters)
    ? newsletters.map(id => [id, topics] as const)
    : Object.entries(newsletters)
  const joining: Joining[] = []
  let left = false
  for (const [newsletter, wanted] of asked) {
    const membership = own.find(known => known.newsletter === newsletter)
    const text = jsonText(wanted)
    if (membership?.state === 'unsubscribed') left = true
    else if (!membership || (wanted.length > 0 && membership.topics !== text)) {
      joining.push({ subscriber, newsletter, topics: text, since })
    }
  }
  return { joining, left }
}

function isList(value: Newcomer['newsletters']): value is readonly string[] {
  return Array.isArray(value)
}

async function insertSubscribers(
  db: Database,
  newcomers: readonly (readonly [place: number, newcomer: Newcomer])[],
): Promise<(readonly [place: number, id: number])[]> {
  if (newcomers.length === 0) return []
  const rows = newcomers.map(([place, { email, key, name, language, fields, state, source, now, since }]) => {
    const text = {
      email,
      key,
      hash: addressHash(key),
      name,
      language,
      fields: jsonText(fields),
      state,
      source,
    }
    return [place, { ...text, since: since ?? now, changed: now }] as const
  })
  const inserted = await db.query<{ id: number; key: string }>(
    `INSERT INTO subscribers (email, key, hash, name, language, fields, state, source, since, changed)
SELECT value->>'email', value->>'key', value->>'hash', value->>'name', value->>'language', value->>'fields',
  value->>'state', value->>'source', CAST(value->>'since' AS BIGINT), CAST(value->>'changed' AS BIGINT)
FROM json_each($1) WHERE true
ON CONFLICT (key) DO NOTHING RETURNING id, key`,
    [jsonRows(rows)],
  )
  const places = new Map(newcomers.map(([place, { key }]) => [key, place]))
  return inserted.map(({ id, key }) => [places.get(key)!, id] as const)
}

async function updateSubscribers(
  db: Database,
  changes: readonly (readonly [number, unknown])[],
): Promise<void> {
  await db.query(
    `UPDATE subscribers SET name = j.value->>'name', language = j.value->>'language', fields = j.value->>'fields',
  state = j.value->>'state', changed = CAST(j.value->>'changed' AS BIGINT)
FROM json_each($1) j WHERE subscribers.id = CAST(j.key AS BIGINT)`,
    [jsonRows(changes)],
  )
}

async function insertSubscriptions(db: Database, joins: readonly Joining[]): Promise<void> {
  await db.query(
    `INSERT INTO subscriptions (newsletter, subscriber, topics, state, since)
SELECT value->>'newsletter', CAST(value->>'subscriber' AS BIGINT), value->>'topics', 'active',
  CAST(value->>'since' AS BIGINT)
FROM json_each($1) WHERE true
ON CONFLICT (newsletter, subscriber) DO UPDATE SET topics = excluded.topics
WHERE subscriptions.state = 'active'`,
    [jsonRows(joins.entries())],
  )
}
