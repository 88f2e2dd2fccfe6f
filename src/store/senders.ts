// What several senders share in the database: the lock of an edition, one clock, the tables of the job engine, the rates
// that all keep, and the days of a warm-up.

import type { WarmUp } from '../model.ts'
import { type Database, jsonText } from './database.ts'
import { STAGES } from './migrations.ts'

export interface SenderLock {
  readonly owner: string
  readonly host: string
  readonly pid: number
  /** ms since epoch, as `expires`. */
  readonly since: number
  readonly expires: number
}

interface AcquireOptions {
  readonly edition: string
  readonly owner: string
  readonly host: string
  readonly pid: number
  readonly now: number
  readonly expires: number
}

/**
 * One sender per edition: takes the lock when nobody has it, when it has expired, or when it is this owner's already.
 */
export function acquireSenderLock(
  db: Database,
  { edition, owner, host, pid, now, expires }: AcquireOptions,
): Promise<{ readonly taken: true } | { readonly taken: false; readonly by: SenderLock }> {
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
    const by = await readSenderLock(tx, edition)
    if (by === undefined) throw new Error(`the sender of ${edition} vanished inside a transaction`)
    return { taken: false, by }
  })
}

/** Who holds the lock, expired or not. */
export async function readSenderLock(db: Database, edition: string): Promise<SenderLock | undefined> {
  const [row] = await db.query<SenderLock>(
    'SELECT owner, host, pid, since, expires FROM senders WHERE edition = $1',
    [edition],
  )
  return row
}

/** Those of all editions that have not expired. */
export function listSenderLocks(
  db: Database,
  now: number,
): Promise<(SenderLock & { readonly edition: string })[]> {
  return db.query('SELECT edition, owner, host, pid, since, expires FROM senders WHERE expires > $1', [now])
}

/**
 * Extends the lock, also when it has expired and nobody else took it (a laptop that slept).
 *
 * @returns false when somebody else has it: stop at once, they are sending
 */
export async function extendSenderLock(
  db: Database,
  { edition, owner, expires }: Pick<AcquireOptions, 'edition' | 'owner' | 'expires'>,
): Promise<boolean> {
  const rows = await db.query<{ owner: string }>(
    'UPDATE senders SET expires = $3 WHERE edition = $1 AND owner = $2 RETURNING owner',
    [edition, owner, expires],
  )
  return rows.length > 0
}

/** Is there a process of this number on this machine? Signal 0 asks and does nothing. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Gives the lock back if it is still this owner's. */
export async function releaseSenderLock(
  db: Database,
  { edition, owner }: Pick<AcquireOptions, 'edition' | 'owner'>,
): Promise<void> {
  await db.query('DELETE FROM senders WHERE edition = $1 AND owner = $2', [edition, owner])
}

/** Who has deliveries of an edition leased or handed over at this moment. */
export async function listOwners(db: Database, edition: string): Promise<string[]> {
  const rows = await db.query<{ owner: string }>(
    `SELECT DISTINCT owner FROM deliveries {by stage}
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND stage = ${STAGES.leased} ORDER BY owner`,
    [edition],
  )
  return rows.map(({ owner }) => owner)
}

/** PostgreSQL's own clock, the one that all machines can read. ms since epoch. */
export async function databaseTime(db: Database): Promise<number> {
  const [row] = await db.query<{ time: number }>(
    'SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS DOUBLE PRECISION) AS time',
  )
  return row!.time
}

/** 'SQLite 3.45.1', 'PostgreSQL 18.1'. */
export async function databaseVersion(db: Database): Promise<string> {
  if (db.kind === 'sqlite') {
    const [row] = await db.query<{ version: string }>('SELECT sqlite_version() AS version')
    return `SQLite ${row!.version}`
  }
  const [row] = await db.query<{ version: string }>("SELECT current_setting('server_version') AS version")
  return `PostgreSQL ${row!.version.split(' ')[0]}`
}

/** Settings of PostgreSQL that are off and without which a power failure damages all that it has: 'fsync'. */
export async function missingSafeguards(db: Database): Promise<string[]> {
  if (db.kind === 'sqlite') return []
  const rows = await db.query<{ name: string }>(
    "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name",
  )
  return rows.map(({ name }) => name)
}

/** Version of the tables of pg-boss. @param schema where they are @returns undefined when there are none */
export async function engineVersion(db: Database, schema: string): Promise<number | undefined> {
  const [found] = await db.query<{ name: string | null }>('SELECT CAST(to_regclass($1) AS TEXT) AS name', [
    `${schema}.version`,
  ])
  if (!found?.name) return undefined
  const [row] = await db.query<{ version: number }>(`SELECT version FROM ${schema}.version`)
  return row?.version
}

/** Programs that start together would collide while they make the tables. The number is 'Broadshf' cut to 53 bits. */
export function withEngineSetupLock(db: Database, make: () => Promise<void>): Promise<void> {
  return db.transaction(async tx => {
    await tx.query('SELECT pg_advisory_xact_lock(4715000233984614)')
    await make()
  })
}

interface ReserveOptions {
  /** Whose rate it is. */
  readonly name: string
  /** ms since epoch, by the database's clock. */
  readonly now: number
  /** ms from one place to the next; may be a fraction. */
  readonly interval: number
  readonly count: number
}

/** A queue that reaches further ahead than this was left behind by a clock that has been set back. */
export const MAX_QUEUE_AHEAD_MS = 60_000

/**
 * Takes places in the queue of departures that all senders with the same rate share.
 *
 * @returns the time of the first place, ms since epoch; the others follow at the interval
 */
export async function reservePlaces(
  db: Database,
  { name, now, interval, count }: ReserveOptions,
): Promise<number> {
  const length = Math.ceil(interval * count * 1000)
  const [row] = await db.query<{ next: number }>(
    `INSERT INTO rates (name, next) VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
ON CONFLICT (name) DO UPDATE SET next = CAST($3 AS BIGINT) + CASE
  WHEN rates.next BETWEEN CAST($2 AS BIGINT) AND CAST($4 AS BIGINT) THEN rates.next ELSE CAST($2 AS BIGINT) END
RETURNING next`,
    [
      name,
      Math.ceil(now * 1000),
      length,
      Math.ceil((now + MAX_QUEUE_AHEAD_MS + 100 * interval * count) * 1000),
    ],
  )
  return (row!.next - length) / 1000
}

interface ReserveTogetherOptions {
  /** Whose rates they are → ms from one place to the next; two or more. */
  readonly intervals: Readonly<Record<string, number>>
  /** The one of them that also applies to messages to which the others do not. */
  readonly widest: string
  readonly now: number
}

/** How much of the widest rate may be lost by a place that another rate puts off. */
const MAX_LOST_MS = 3

/**
 * Takes one place for a message to which several rates apply. Where the narrower ones have none free yet, none is
 * taken: the widest would lose places that other messages can use meanwhile.
 *
 * @returns its time, or when to ask again; ms since epoch
 */
export async function reserveTogether(
  db: Database,
  { intervals, widest, now }: ReserveTogetherOptions,
): Promise<{ readonly place: number } | { readonly again: number }> {
  const longest = Math.max(...Object.values(intervals))
  const steps = new Map(Object.entries(intervals).map(([name, ms]) => [name, Math.ceil(ms * 1000)]))
  const params = [
    jsonText(Object.fromEntries(steps)),
    Math.ceil(now * 1000),
    Math.ceil((now + MAX_QUEUE_AHEAD_MS + 100 * longest) * 1000),
    widest,
  ]
  const [taken] = await db.query<{ name: string; next: number }>(
    `${LOCKED_RATES}, place AS MATERIALIZED (
  SELECT max(free) AS place, max(CASE WHEN name = $4 THEN free END) AS earliest, count(*) AS known FROM held
)
UPDATE rates SET next = place + step FROM held, place
WHERE rates.name = held.name AND known = ${steps.size} AND place - earliest <= ${MAX_LOST_MS * 1000}
RETURNING rates.name AS name, next`,
    params,
  )
  if (taken) return { place: (taken.next - steps.get(taken.name)!) / 1000 }
  const [row] = await db.query<{ wait: number | null; known: number }>(
    `${LOCKED_RATES} SELECT max(free) - max(CASE WHEN name = $4 THEN free END) AS wait, count(*) AS known FROM held`,
    params,
  )
  // One of them has never been used.
  if (row!.known < steps.size) await insertRates(db, [...steps.keys()])
  // The queue of the widest advances at least as fast as time does.
  return { again: now + Math.max(1, (row!.wait ?? 0) / 1000 - MAX_LOST_MS + 1) }
}

/** The rates `$1` with the time at which each has a place free, in microseconds. Always locked in one order. */
const LOCKED_RATES = `WITH asked AS MATERIALIZED (
  SELECT key AS name, CAST(CAST(value AS TEXT) AS BIGINT) AS step FROM json_each($1)
), held AS MATERIALIZED (
  SELECT r.name, a.step,
    CASE WHEN r.next BETWEEN CAST($2 AS BIGINT) AND CAST($3 AS BIGINT) THEN r.next ELSE CAST($2 AS BIGINT) END AS free
  FROM asked a CROSS JOIN rates r WHERE r.name = a.name ORDER BY r.name {for update of r}
)`

async function insertRates(db: Database, names: readonly string[]): Promise<void> {
  for (const name of names)
    await db.query('INSERT INTO rates (name, next) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING', [name])
}

// ─── Warming up ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** One day of a warm-up: how many readers may be mailed for the first time, and how many were. */
export interface WarmUpDay {
  readonly allowed: number
  /** Begun, or reserved by a sender who is about to. */
  readonly sent: number
}

interface WarmUpAt {
  readonly warmUp: WarmUp
  /** '2026-01-30', in the publication's zone. */
  readonly day: string
}

/**
 * Takes as many as there are left of the day, and at most so many. The first who asks on a day settles its limit.
 *
 * @returns undefined once the limit has grown to its end: there is none any more
 */
export function reserveWarmUp(db: Database, at: WarmUpAt, count: number): Promise<number | undefined> {
  return db.transaction(async tx => {
    await tx.query(
      'INSERT INTO warm_up (day, allowed, sent) VALUES ($1, $2, 0) ON CONFLICT (day) DO NOTHING',
      [at.day, await allowedOn(tx, at)],
    )
    const [row] = await tx.query<WarmUpDay>(
      'SELECT r.allowed, r.sent FROM warm_up r WHERE r.day = $1 {for update of r}',
      [at.day],
    )
    const { allowed, sent } = row!
    if (allowed >= at.warmUp.end) return undefined
    const taken = Math.max(0, Math.min(count, Math.max(allowed, at.warmUp.start) - sent))
    if (taken > 0) await tx.query('UPDATE warm_up SET sent = sent + $2 WHERE day = $1', [at.day, taken])
    return taken
  })
}

/** What was reserved, and not needed. */
export async function returnWarmUp(db: Database, day: string, count: number): Promise<void> {
  await db.query('UPDATE warm_up SET sent = sent - $2 WHERE day = $1', [day, count])
}

/** The day as it is so far. @returns undefined once there is no limit any more */
export async function readWarmUp(db: Database, at: WarmUpAt): Promise<WarmUpDay | undefined> {
  const [row] = await db.query<WarmUpDay>('SELECT allowed, sent FROM warm_up WHERE day = $1', [at.day])
  const { allowed, sent } = row ?? { allowed: await allowedOn(db, at), sent: 0 }
  if (allowed >= at.warmUp.end) return undefined
  return { allowed: Math.max(allowed, at.warmUp.start), sent }
}

/** Grows only by days that used half of theirs or more: nobody comes to know a sender on days without mail. */
async function allowedOn(db: Database, { warmUp, day }: WarmUpAt): Promise<number> {
  const [last] = await db.query<WarmUpDay>(
    'SELECT allowed, sent FROM warm_up WHERE day < $1 ORDER BY day DESC LIMIT 1',
    [day],
  )
  if (!last) return warmUp.start
  const isUsed = last.sent * 2 >= last.allowed && last.allowed < warmUp.end
  return Math.max(warmUp.start, isUsed ? Math.ceil(last.allowed * warmUp.growth) : last.allowed)
}
