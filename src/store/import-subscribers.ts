// A batch of new subscribers, or of people who left elsewhere → the list, in one transaction. Nobody who is suppressed or
// has left comes back by it.

import { addressHash } from '../base/index.ts'
import type { SubscriberState, Suppression } from '../model.ts'
import { type Database, jsonRows, jsonText } from './database.ts'
import { type SubscriptionRow, subscriptionsBySubscriber } from './subscribers.ts'
import { suppressAll } from './suppressions.ts'

export interface NewSubscriber {
  /** Both of parseAddress: the address as it was written, and the key by which it is found. */
  readonly email: string
  readonly key: string
  readonly name: string
  /** Newsletter ids, all of them with `topics`; or newsletter id → topics. */
  readonly newsletters: readonly string[] | Readonly<Record<string, readonly string[]>>
  readonly topics: readonly string[]
  readonly fields: Readonly<Record<string, string>>
  readonly language: string
  /** 'unsubscribed' records somebody who left elsewhere; an address that is on the list already stays as it is. */
  readonly state: SubscriberState
  /** Where consent came from: 'import readers.csv', 'add'. */
  readonly source: string
  /** When consent was given, ms since epoch; `now` if left out. */
  readonly since?: number | undefined
  readonly now: number
}

/**
 * 'suppressed' and 'unsubscribed' were left alone. 'updated' got a new name, field or language (empty values change
 * nothing), a further newsletter or other topics; an import takes no newsletter away.
 */
export type ImportResult = 'added' | 'updated' | 'unchanged' | 'suppressed' | 'unsubscribed'

export async function addSubscriber(db: Database, newcomer: NewSubscriber): Promise<ImportResult> {
  return (await importSubscribers(db, [newcomer]))[0]!
}

/**
 * @param newcomers with different keys; 500 to 1,000 make a good batch
 * @returns what became of each, in the same order
 */
export function importSubscribers(
  db: Database,
  newcomers: readonly NewSubscriber[],
): Promise<ImportResult[]> {
  return db.transaction(async tx => {
    const { results, changes } = planImport(newcomers, await lookUp(tx, newcomers))
    for (const [place, id] of await insertSubscribers(tx, newcomers, changes.inserts)) {
      const newcomer = newcomers[place]!
      if (newcomer.state === 'unsubscribed') results[place] = 'unsubscribed'
      else {
        results[place] = 'added'
        changes.joins.push(...newSubscriptions(id, newcomer, []).joins)
      }
    }
    if (changes.updates.length > 0) await updateSubscribers(tx, changes.updates)
    if (changes.joins.length > 0) await insertSubscriptions(tx, changes.joins)
    return results
  })
}

/** What the list has about one newcomer. */
interface Known {
  readonly place: number
  readonly id: number | null
  readonly name: string | null
  readonly language: string | null
  readonly fields: string | null
  readonly state: SubscriberState | null
  readonly suppressed: string | null
  readonly subscriptions: readonly SubscriptionRow[]
}

async function lookUp(db: Database, newcomers: readonly NewSubscriber[]): Promise<Map<number, Known>> {
  const keys = newcomers.map(({ key }, place) => [place, { key, hash: addressHash(key) }] as const)
  const rows = await db.query<Omit<Known, 'subscriptions'>>(
    `SELECT CAST(j.key AS INTEGER) AS place, s.id, s.name, s.language, s.fields, s.state, x.reason AS suppressed
FROM json_each($1) j
LEFT JOIN subscribers s ON s.key = j.value->>'key'
LEFT JOIN suppressions x ON x.hash = j.value->>'hash'`,
    [jsonRows(keys)],
  )
  const ids = rows.flatMap(({ id }) => (id === null ? [] : [id]))
  const subscriptions = await subscriptionsBySubscriber(db, ids)
  return new Map(
    rows.map(row => [row.place, { ...row, subscriptions: subscriptions.get(row.id ?? 0) ?? [] }]),
  )
}

/** What has to be written; newcomers by their place in the batch. */
interface Changes {
  readonly inserts: number[]
  readonly updates: [id: number, columns: unknown][]
  readonly joins: NewSubscription[]
}

function planImport(
  newcomers: readonly NewSubscriber[],
  known: ReadonlyMap<number, Known>,
): { readonly results: ImportResult[]; readonly changes: Changes } {
  const changes: Changes = { inserts: [], updates: [], joins: [] }
  const results = newcomers.map((newcomer, place): ImportResult => {
    const row = known.get(place)
    if (row?.suppressed) return 'suppressed'
    if (row?.id == null) {
      changes.inserts.push(place)
      return 'unchanged'
    }
    if (row.state === 'unsubscribed' || newcomer.state === 'unsubscribed') return 'unsubscribed'
    const columns = changedColumns(row, newcomer)
    const { joins, hasLeft } = newSubscriptions(row.id, newcomer, row.subscriptions)
    if (columns) changes.updates.push([row.id, columns])
    changes.joins.push(...joins)
    if (columns || joins.length > 0) return 'updated'
    return hasLeft ? 'unsubscribed' : 'unchanged'
  })
  return { results, changes }
}

/** All columns with their new values; undefined when none changes. An import that vouches for consent also confirms. */
function changedColumns(row: Known, { name, language, fields, state, now }: NewSubscriber): unknown {
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

interface NewSubscription {
  readonly subscriber: number
  readonly newsletter: string
  readonly topics: string
  readonly since: number
}

/** Newsletters that the subscriber does not get yet, or gets with other topics; not those that they have left. */
function newSubscriptions(subscriber: number, newcomer: NewSubscriber, own: readonly SubscriptionRow[]) {
  const { newsletters, topics, now, since = now } = newcomer
  const asked = isList(newsletters)
    ? newsletters.map(id => [id, topics] as const)
    : Object.entries(newsletters)
  const joins: NewSubscription[] = []
  let hasLeft = false
  for (const [newsletter, wanted] of asked) {
    const before = own.find(known => known.newsletter === newsletter)
    const text = jsonText(wanted)
    if (before?.state === 'unsubscribed') hasLeft = true
    else if (!before || (wanted.length > 0 && before.topics !== text)) {
      joins.push({ subscriber, newsletter, topics: text, since })
    }
  }
  return { joins, hasLeft }
}

function isList(value: NewSubscriber['newsletters']): value is readonly string[] {
  return Array.isArray(value)
}

/** @returns the place and the id of each; without those that another import has added meanwhile */
async function insertSubscribers(
  db: Database,
  newcomers: readonly NewSubscriber[],
  places: readonly number[],
): Promise<(readonly [place: number, id: number])[]> {
  if (places.length === 0) return []
  const placeOf = new Map(places.map(place => [newcomers[place]!.key, place]))
  const rows = places.map(place => {
    const { email, key, name, language, fields, state, source, now, since = now } = newcomers[place]!
    const hash = addressHash(key)
    const row = {
      email,
      key,
      hash,
      name,
      language,
      fields: jsonText(fields),
      state,
      source,
      since,
      changed: now,
    }
    return [place, row] as const
  })
  const inserted = await db.query<{ id: number; key: string }>(
    `INSERT INTO subscribers (email, key, hash, name, language, fields, state, source, since, changed)
SELECT value->>'email', value->>'key', value->>'hash', value->>'name', value->>'language', value->>'fields',
  value->>'state', value->>'source', CAST(value->>'since' AS BIGINT), CAST(value->>'changed' AS BIGINT)
FROM json_each($1) WHERE true
ON CONFLICT (key) DO NOTHING RETURNING id, key`,
    [jsonRows(rows)],
  )
  return inserted.map(({ id, key }) => [placeOf.get(key)!, id] as const)
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

async function insertSubscriptions(db: Database, joins: readonly NewSubscription[]): Promise<void> {
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

// ─── Those who left elsewhere ────────────────────────────────────────────────────────────────────────────────────────
//
// Rows of a list that say their reader is gone → unsubscribed here, suppressed here; whoever has confirmed here since stays.

export interface Leaver {
  /** As they are recorded, if they are not on the list. */
  readonly newcomer: NewSubscriber
  readonly hasLeft: boolean
  readonly suppression: Suppression['reason'] | undefined
  /** When; ms since epoch. */
  readonly ended: number | undefined
  /** Those that they left; without it, all. */
  readonly newsletters: readonly string[] | undefined
}

interface Left {
  readonly result: 'unsubscribed' | 'suppressed' | 'kept'
  /** Whether they were mailed until now. */
  readonly hasEnded: boolean
}

/** @param leavers with different keys */
export function recordLeavers(db: Database, leavers: readonly Leaver[], now: number): Promise<Left[]> {
  if (leavers.length === 0) return Promise.resolve([])
  return db.transaction(async tx => {
    const known = await lookUpLeavers(tx, leavers)
    const judged = leavers.map((leaver, place) => {
      const row = known.get(place)
      return { ...leaver, row, stays: isConfirmedSince(row, leaver) }
    })
    const gone = judged.filter(({ stays }) => !stays)
    const left = gone.filter(({ hasLeft }) => hasLeft)
    await importSubscribers(
      tx,
      left.map(({ newcomer }) => newcomer),
    )
    await unsubscribeLeavers(tx, left, now)
    await suppressAll(
      tx,
      gone.flatMap(({ newcomer: { key }, suppression: reason, ended: since = now }) =>
        reason ? [{ hash: addressHash(key), reason, since }] : [],
      ),
    )
    return judged.map(({ suppression, row, stays }): Left => {
      if (stays) return { result: 'kept', hasEnded: false }
      const hasEnded = row?.state === 'active' && row.suppressed === null
      return { result: suppression || row?.suppressed ? 'suppressed' : 'unsubscribed', hasEnded }
    })
  })
}

interface KnownLeaver {
  readonly place: number
  readonly id: number | null
  readonly state: string | null
  readonly suppressed: string | null
  /** When they last proved that they want it; ms since epoch. */
  readonly confirmed: number | null
}

async function lookUpLeavers(db: Database, leavers: readonly Leaver[]): Promise<Map<number, KnownLeaver>> {
  const keys = leavers.map(
    ({ newcomer: { key } }, place) => [place, { key, hash: addressHash(key) }] as const,
  )
  const rows = await db.query<KnownLeaver>(
    `SELECT CAST(j.key AS INTEGER) AS place, s.id, s.state, x.reason AS suppressed,
  (SELECT MAX(r.confirmed) FROM requests r WHERE r.subscriber = s.id AND r.purpose = 'subscribe') AS confirmed
FROM json_each($1) j
LEFT JOIN subscribers s ON s.key = j.value->>'key'
LEFT JOIN suppressions x ON x.hash = j.value->>'hash'`,
    [jsonRows(keys)],
  )
  return new Map(rows.map(row => [row.place, row]))
}

/** A confirmation of one's own counts for more than what another system said at a time that nobody knows. */
function isConfirmedSince(row: KnownLeaver | undefined, { ended }: Leaver): boolean {
  if (row?.state !== 'active' || row.suppressed !== null || row.confirmed === null) return false
  return ended === undefined || ended < row.confirmed
}

async function unsubscribeLeavers(
  db: Database,
  left: readonly (Leaver & { readonly row: KnownLeaver | undefined })[],
  now: number,
): Promise<void> {
  const rows = left.flatMap(({ row, newsletters, ended = now }) =>
    row?.id == null ? [] : [{ subscriber: row.id, newsletters, ended }],
  )
  if (rows.length === 0) return
  const whole = rows.filter(({ newsletters }) => newsletters === undefined)
  await db.query(
    `UPDATE subscriptions SET state = 'unsubscribed', ended = CAST(j.value->>'ended' AS BIGINT)
FROM json_each($1) j
WHERE subscriptions.subscriber = CAST(j.value->>'subscriber' AS BIGINT) AND subscriptions.state = 'active'`,
    [jsonRows(whole.map(({ subscriber, ended }, place) => [place, { subscriber, ended }]))],
  )
  const parts = rows.flatMap(({ subscriber, newsletters = [], ended }) =>
    newsletters.map(newsletter => ({ subscriber, newsletter, ended })),
  )
  // A newsletter that they never had here is left, too, so that no other list brings it.
  await db.query(
    `INSERT INTO subscriptions (newsletter, subscriber, topics, state, since, ended)
SELECT value->>'newsletter', CAST(value->>'subscriber' AS BIGINT), '[]', 'unsubscribed',
  CAST(value->>'ended' AS BIGINT), CAST(value->>'ended' AS BIGINT)
FROM json_each($1) WHERE true
ON CONFLICT (newsletter, subscriber) DO UPDATE SET state = 'unsubscribed', ended = excluded.ended
WHERE subscriptions.state = 'active'`,
    [jsonRows(parts.entries())],
  )
  await db.query(
    `UPDATE subscribers SET state = 'unsubscribed', changed = $2
WHERE id IN (SELECT CAST(value->>'subscriber' AS BIGINT) FROM json_each($1)) AND state <> 'unsubscribed'
  AND NOT EXISTS (SELECT 1 FROM subscriptions n WHERE n.subscriber = subscribers.id AND n.state = 'active')`,
    [jsonRows(rows.map(({ subscriber }, place) => [place, { subscriber }])), now],
  )
}
