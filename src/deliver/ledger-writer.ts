// What all connections have to write into the ledger → few transactions: all that came while the last one was being
// committed goes into the next.

import { type Database, markHanded, type Settlement, settleDeliveries } from '../store/index.ts'

export interface LedgerWriter {
  /** Resolves once it is durable that this reader's last byte may leave; false when it may not. */
  handed(subscriber: number): Promise<boolean>
  /** Resolves once it is durable. */
  settle(settlement: Settlement): Promise<void>
}

interface Waiting<Value, Result> {
  readonly value: Value
  resolve(result: Result): void
  reject(error: unknown): void
}

interface Options {
  readonly edition: string
  readonly owner: string
  now(): number
}

export function createLedgerWriter(db: Database, { edition, owner, now }: Options): LedgerWriter {
  let handing: Waiting<number, boolean>[] = []
  let settling: Waiting<Settlement, void>[] = []
  let running = false

  async function write(): Promise<void> {
    while (handing.length + settling.length > 0) {
      const [hands, settles] = [handing, settling]
      handing = []
      settling = []
      try {
        const allowed = await db.transaction(async tx => {
          // In this order: a message may be handed and come back within one transaction.
          const subscribers = hands.map(({ value }) => value)
          const marked = hands.length ? await markHanded(tx, { edition, owner, subscribers, now: now() }) : []
          const settlements = settles.map(({ value }) => value)
          if (settles.length) await settleDeliveries(tx, { edition, owner, settlements, now: now() })
          return new Set(marked)
        })
        for (const { value, resolve } of hands) resolve(allowed.has(value))
        for (const { resolve } of settles) resolve()
      } catch (error) {
        for (const { reject } of [...hands, ...settles]) reject(error)
      }
    }
    running = false
  }

  function add<Value, Result>(list: Waiting<Value, Result>[], value: Value): Promise<Result> {
    return new Promise((resolve, reject) => {
      list.push({ value, resolve, reject })
      if (running) return
      running = true
      // Whatever the other connections have to say in this turn of the event loop comes along.
      setImmediate(write)
    })
  }

  return {
    handed: subscriber => add(handing, subscriber),
    settle: settlement => add(settling, settlement),
  }
}
