// One edition in PostgreSQL → sent as far as one of many senders can, none of whom holds it alone.

import {
  finishEdition,
  openDeliveries,
  type Recovered,
  recordRefused,
  recoverDeliveries,
  renewLeases,
} from '../../store/index.ts'
import type { Clock } from '../clock.ts'
import { databaseClock } from '../database-clock.ts'
import { type Delivered, type Delivering, deliver } from '../deliver.ts'

export interface TakingPart extends Omit<Delivering, 'beat' | 'staleAt' | 'lease'> {
  /** This machine's, which may have been set with --now; leases, pauses and the rate go by the database's own. */
  readonly clock: Clock
  /** ms since epoch at which the edition was frozen. */
  readonly frozenAt: number
  /** ms after which nobody is tried again. */
  readonly staleAfter: number
  /** Stay until nobody else has any in hand either, and take over what they leave. */
  readonly stay: boolean
  onRecovered?(recovered: Recovered): void
}

/** A sender that was not heard of for so long has lost what it holds; six heartbeats, in ms. */
export const LEASE = 60_000

export async function takePart(part: TakingPart): Promise<Delivered> {
  const { db, edition, owner, clock: local, signal } = part
  const clock = await databaseClock(db, local)
  const staleAt = clock.now() + (part.frozenAt + part.staleAfter - local.now())
  for (;;) {
    const recovered = await recoverDeliveries(db, { edition, now: clock.now(), expired: true })
    if (recovered.pending + recovered.unknown > 0) part.onRecovered?.(recovered)
    const delivered = await deliver({
      ...part,
      clock,
      staleAt,
      lease: LEASE,
      async beat() {
        await clock.adjust()
        await renewLeases(db, { edition, owner, leaseUntil: clock.now() + LEASE })
        return true
      },
    })
    const { pending, deferred } = delivered.counts
    // Pending are also those that others hold: nobody is done before they are.
    if (pending + deferred === 0) {
      if (delivered.counts.rejected > 0) await recordRefused(db, edition, local.now())
      await finishEdition(db, edition, local.now())
      return delivered
    }
    if (!['done', 'waiting'].includes(delivered.ended) || !part.stay) return delivered
    const { pending: free, leasedUntil } = await openDeliveries(db, edition)
    if (free === 0 && leasedUntil === undefined) {
      if (delivered.ended === 'waiting') return delivered
      continue
    }
    if (free === 0) await clock.sleep(500, signal)
  }
}
