// Many senders, one rate → each reserves its places in a queue of departures that all of them share.

import type { Database } from './database.ts'

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
const FARTHEST = 60_000

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
