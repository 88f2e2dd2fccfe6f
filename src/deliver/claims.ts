// The ledger → deliveries one by one, claimed by the batch, so that every connection can ask for its next.

import type { Delivery } from '../model.ts'
import { claimDeliveries, type Database } from '../store/index.ts'

interface Options {
  readonly db: Database
  readonly edition: string
  readonly owner: string
  now(): number
  /** How many at a time: as many as there are connections, so that at most twice as many are in memory. */
  readonly batch: number
  /** For how long what is claimed is ours, in ms. */
  readonly lease: number
  /** How many in all. */
  readonly most: number
}

export interface Claims {
  /** Undefined when nothing is due at this moment. */
  next(): Promise<Delivery | undefined>
  /** As many as were to be taken on have been. */
  spent(): boolean
}

export function createClaims({ db, edition, owner, now, batch, lease, most }: Options): Claims {
  let claimed: Delivery[] = []
  let claiming: Promise<number> | undefined
  let left = most

  async function claim(): Promise<number> {
    const limit = Math.min(batch, left)
    if (limit <= 0) return 0
    const time = now()
    claimed = await claimDeliveries(db, { edition, owner, limit, now: time, leaseUntil: time + lease })
    left -= claimed.length
    return claimed.length
  }

  return {
    spent: () => left <= 0,
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
