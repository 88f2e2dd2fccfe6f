// Many senders, one rate → each reserves its places in a queue of departures that all of them share.

import type { Database } from './database.ts'
import { jsonText } from './json-text.ts'

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
