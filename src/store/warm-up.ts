// How many messages a new sender may still begin on a day, over all senders together; and how far the limit has grown.

import type { WarmUp } from '../model.ts'
import type { Database } from './database.ts'

/** One day of it. */
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
