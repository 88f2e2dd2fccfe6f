// The ledger → deliveries one by one, claimed by the batch, so that every connection can ask for its next.

import type { Delivery } from '../model.ts'

import { claimDeliveries, type Database } from '../store/index.ts'

/** Longer than the longest that one message may take; an owner that died is noticed by its lock, not by this. */
const LEASE = 30 * 60_000

interface Options {
  readonly db: Database
  readonly edition: string
  readonly owner: string
  now(): number
  /** How many at a time: as many as there are connections, so that at most twice as many are in memory. */
  readonly batch: number
}

export interface Claims {
  /** Undefined when nothing is due at this moment. */
  next(): Promise<Delivery | undefined>
}

export function createClaims({ db, edition, owner, now, batch }: Options): Claims {
  let claimed: Delivery[] = []
  let claiming: Promise<number> | undefined

  async function claim(): Promise<number> {
    const time = now()
    claimed = await claimDeliveries(db, { edition, owner, limit: batch, now: time, leaseUntil: time + LEASE })
    return claimed.length
  }

  return {
    async next() {
      for (;;) {
        const delivery = claimed.shift()
        if (delivery) return delivery
        // Whoever comes while the others' batch is being claimed waits for it, and may find it shared out already.
        claiming ??= claim().finally(() => {
          claiming = undefined
        })
        if ((await claiming) === 0) return undefined
      }
    },
  }
}
