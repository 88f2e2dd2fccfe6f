// What senders share: the lock of an edition, who holds its deliveries, one clock, the tables of the job engine.

import { type Database, jsonText } from './database.ts'

export interface Sender {
  readonly owner: string
  readonly host: string
  readonly pid: number
  /** ms since epoch */
  readonly since: number
  readonly expires: number
}

export interface Taking {
  readonly edition: string
  readonly owner: string
  readonly host: string
  readonly pid: number
  readonly now: number
  readonly expires: number
}

/** Takes the lock when nobody has it, when its holder has let it expire, or when it is ours already. */
export function takeSender(
  db: Database,
  { edition, owner, host, pid, now, expires }: Taking,
): Promise<{ readonly taken: true } | { readonly taken: false; readonly by: Sender }> {
  return db.transaction(async tx => {
    const rows = await tx.query<{ owner: string }>(
      `INSERT INTO senders (edition, owner, host, pid, since, expires) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (edition) DO UPDATE SET owner = excluded.owner, host = excluded.host, pid = excluded.pid,
  since = excluded.since, expires = excluded.expires
WHERE senders.owner = excluded.owner OR senders.expires <= excluded.since
RETURNING owner`,
      [edition, owner, host, pid, now, expires],
    )
    if (rows.length > 0) return { taken: true }
    const by = await readSender(tx, edition)
    if (by === undefined) throw new Error(`the sender of ${edition} vanished inside a transaction`)
    return { taken: false, by }
  })
}

/** Who sends this edition, whether or not the lock has expired. */
export async function readSender(db: Database, edition: string): Promise<Sender | undefined> {
  const [row] = await db.query<Sender>(
    'SELECT owner, host, pid, since, expires FROM senders WHERE edition = $1',
    [edition],
  )
  return row
}

/**
 * Keeps the lock, also after it expired while nobody else took it (a laptop that slept).
 *
 * @returns false when it was lost: stop at once, somebody else sends
 */
export async function beatSender(
  db: Database,
  { edition, owner, expires }: Pick<Taking, 'edition' | 'owner' | 'expires'>,
): Promise<boolean> {
  const rows = await db.query<{ owner: string }>(
    'UPDATE senders SET expires = $3 WHERE edition = $1 AND owner = $2 RETURNING owner',
    [edition, owner, expires],
  )
  return rows.length > 0
}

/** Gives the lock back, when it is still this owner's. */
export async function releaseSender(
  db: Database,
  { edition, owner }: Pick<Taking, 'edition' | 'owner'>,
): Promise<void> {
  await db.query('DELETE FROM senders WHERE edition = $1 AND owner = $2', [edition, owner])
}

/** Who holds deliveries of an edition at this moment. */
export async function listOwners(db: Database, edition: string): Promise<string[]> {
  const rows = await db.query<{ owner: string }>(
    `SELECT DISTINCT owner FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state IN ('leased', 'handed') ORDER BY owner`,
    [edition],
  )
  return rows.map(({ owner }) => owner)
}

/** What PostgreSQL's own clock says: the one that all machines can ask. ms since epoch. */
export async function databaseTime(db: Database): Promise<number> {
  const [row] = await db.query<{ time: number }>(
    'SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS DOUBLE PRECISION) AS time',
  )
  return row!.time
}

/** @param schema where they lie @returns undefined when there are none */
export async function engineVersion(db: Database, schema: string): Promise<number | undefined> {
  const [found] = await db.query<{ name: string | null }>('SELECT CAST(to_regclass($1) AS TEXT) AS name', [
    `${schema}.version`,
  ])
  if (!found?.name) return undefined
  const [row] = await db.query<{ version: number }>(`SELECT version FROM ${schema}.version`)
  return row?.version
}

/** Programs that start together would be in each other's way. The number is 'Broadshf' cut to 53 bits. */
export function makeEngineAlone(db: Database, make: () => Promise<void>): Promise<void> {
  return db.transaction(async tx => {
    await tx.query('SELECT pg_advisory_xact_lock(4715000233984614)')
    await make()
  })
}

export interface Reserving {
  /** Whose rate it is. */
  readonly name: string
  /** ms since epoch, by the database's clock. */
  readonly now: number
  /** ms from one place to the next; may be a fraction. */
  readonly interval: number
  readonly count: number
}

/** A queue that reaches further ahead than this was left behind by a clock that was set back, in ms. */
export const FARTHEST = 60_000

/** @returns the time of the first place, ms since epoch; the others follow at the interval */
export async function reservePlaces(
  db: Database,
  { name, now, interval, count }: Reserving,
): Promise<number> {
  const length = Math.ceil(interval * count * 1000)
  const [row] = await db.query<{ next: number }>(
    `INSERT INTO rates (name, next) VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
ON CONFLICT (name) DO UPDATE SET next = CAST($3 AS BIGINT) + CASE
  WHEN rates.next BETWEEN CAST($2 AS BIGINT) AND CAST($4 AS BIGINT) THEN rates.next ELSE CAST($2 AS BIGINT) END
RETURNING next`,
    [name, Math.ceil(now * 1000), length, Math.ceil((now + FARTHEST + 100 * interval * count) * 1000)],
  )
  return (row!.next - length) / 1000
}

export interface ReservingTogether {
  /** Whose rates they are → ms from one place to the next; two or more. */
  readonly intervals: Readonly<Record<string, number>>
  /** The one of them that also holds for messages which the others do not hold for. */
  readonly widest: string
  readonly now: number
}

/** What the widest may lose by a place that another rate puts off, in ms. */
const LOSS = 3

/**
 * One message that several rates hold for → a place that all of them have free. Where the narrower ones have none yet,
 * none is taken: the widest would lose what others can use meanwhile.
 *
 * @returns its time, or when to ask again; ms since epoch
 */
export async function reserveTogether(
  db: Database,
  { intervals, widest, now }: ReservingTogether,
): Promise<{ readonly place: number } | { readonly again: number }> {
  const longest = Math.max(...Object.values(intervals))
  const steps = Object.entries(intervals).map(([name, ms]) => [name, Math.ceil(ms * 1000)] as const)
  const params = [
    jsonText(Object.fromEntries(steps)),
    Math.ceil(now * 1000),
    Math.ceil((now + FARTHEST + 100 * longest) * 1000),
    widest,
  ]
  const [taken] = await db.query<{ name: string; next: number }>(
    `${HELD}, place AS MATERIALIZED (
  SELECT max(free) AS place, max(CASE WHEN name = $4 THEN free END) AS earliest, count(*) AS known FROM held
)
UPDATE rates SET next = place + step FROM held, place
WHERE rates.name = held.name AND known = ${steps.length} AND place - earliest <= ${LOSS * 1000}
RETURNING rates.name AS name, next`,
    params,
  )
  if (taken) return { place: (taken.next - new Map(steps).get(taken.name)!) / 1000 }
  const [row] = await db.query<{ wait: number | null; known: number }>(
    `${HELD} SELECT max(free) - max(CASE WHEN name = $4 THEN free END) AS wait, count(*) AS known FROM held`,
    params,
  )
  // Nobody has asked for one of them before.
  if (row!.known < steps.length) await addRates(db, Object.keys(intervals))
  // The queue of the widest moves on at least as fast as time does.
  return { again: now + Math.max(1, (row!.wait ?? 0) / 1000 - LOSS + 1) }
}

const HELD = `WITH asked AS MATERIALIZED (
  SELECT key AS name, CAST(CAST(value AS TEXT) AS BIGINT) AS step FROM json_each($1)
), held AS MATERIALIZED (
  SELECT r.name, a.step,
    CASE WHEN r.next BETWEEN CAST($2 AS BIGINT) AND CAST($3 AS BIGINT) THEN r.next ELSE CAST($2 AS BIGINT) END AS free
  FROM asked a CROSS JOIN rates r WHERE r.name = a.name ORDER BY r.name {for update of r}
)`

async function addRates(db: Database, names: readonly string[]): Promise<void> {
  for (const name of names)
    await db.query('INSERT INTO rates (name, next) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING', [name])
}
