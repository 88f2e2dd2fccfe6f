// One edition in PostgreSQL → sent as far as one of many senders can, none of whom holds it alone.

import {
  finishEdition,
  openDeliveries,
  recordRefused,
  recoverDeliveries,
  renewLeases,
} from '../../store/index.ts'
import { databaseClock } from '../clock.ts'
import { type Delivered, type Delivering, deliver } from '../deliver.ts'
import { deliveryOptions, type FrozenLetter, type SendingMeans } from '../editions/delivery-options.ts'
import { STALE_AFTER_MS } from '../settlement.ts'

export interface Part extends Pick<Delivering, 'wait' | 'patience' | 'limit' | 'onProgress'> {
  /** Stay until nobody else has any in hand either, and take over what they leave. */
  readonly stay: boolean
  /** A sender was cut off while so many were handed over. */
  onRecovered?(unknown: number): void
}

/** A sender that was not heard of for so long has lost what it holds; six heartbeats. */
const LEASE_MS = 60_000

/** How soon we look again whether the others have ended. */
const CHECK_MS = 500

/** @param means whose clock is this machine's, which may have been set with --now; leases, pauses and rates go by the database's */
export async function takePart(frozen: FrozenLetter, means: SendingMeans, part: Part): Promise<Delivered> {
  const { edition } = frozen
  const { db, clock: local, signal, sender } = means
  const owner = `${sender.host} ${sender.pid} ${sender.newId()}`
  const clock = await databaseClock(db, local)
  const staleAt = clock.now() + (frozen.frozenAt + STALE_AFTER_MS - local.now())
  const options = await deliveryOptions(frozen, means)
  for (;;) {
    const recovered = await recoverDeliveries(db, { edition, now: clock.now(), expired: true })
    if (recovered.unknown > 0) part.onRecovered?.(recovered.unknown)
    const delivered = await deliver({
      ...options,
      ...part,
      owner,
      clock,
      staleAt,
      lease: LEASE_MS,
      async heartbeat() {
        await clock.adjust()
        await renewLeases(db, { edition, owner, leaseUntil: clock.now() + LEASE_MS })
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
    if (free === 0) await clock.sleep(CHECK_MS, signal)
  }
}
