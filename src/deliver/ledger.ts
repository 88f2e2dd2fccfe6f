// What all connections have to write into the ledger → few transactions: all that came while the last one was being
// committed goes into the next.

import { type Database, markHanded, type Settlement, settleDeliveries } from '../store/index.ts'

export interface LedgerWriter {
  /** Resolves once it is durable that this reader's last byte may leave; false when it may not. */
  handed(subscriber: number): Promise<boolean>
  /** Resolves once it is durable. Nobody need wait: it goes with, or before, the next that is handed. */
  settle(settlement: Settlement): Promise<void>
  /** Resolves once everything is durable; rejects with what first went wrong, after which nothing is written any more. */
  flushed(): Promise<void>
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
  let running: Promise<void> | undefined
  let failed: { readonly error: unknown } | undefined

  async function write(): Promise<void> {
    while (handing.length + settling.length > 0) {
      const [hands, settles] = [handing, settling]
      handing = []
      settling = []
      try {
        if (failed) throw failed.error
        const allowed = await db.transaction(async tx => {
          const subscribers = hands.map(({ value }) => value)
          const marked = hands.length ? await markHanded(tx, { edition, owner, subscribers, now: now() }) : []
          const settlements = settles.map(({ value }) => value)
          if (settles.length) await settleDeliveries(tx, { edition, owner, settlements, now: now() })
          return new Set(marked)
        })
        for (const { value, resolve } of hands) resolve(allowed.has(value))
        for (const { resolve } of settles) resolve()
      } catch (error) {
        failed ??= { error }
        for (const { reject } of [...hands, ...settles]) reject(error)
      }
    }
    // Here and not a turn later: what is added from now on needs a new start.
    running = undefined
  }

  /** Whatever the other connections have to say in this turn of the event loop comes along. */
  function start(): Promise<void> {
    running ??= new Promise<void>(resolve => setImmediate(resolve)).then(write)
    return running
  }

  function add<Value, Result>(list: Waiting<Value, Result>[], value: Value): Promise<Result> {
    return new Promise((resolve, reject) => {
      list.push({ value, resolve, reject })
    })
  }

  return {
    handed(subscriber) {
      const written = add(handing, subscriber)
      void start()
      return written
    },
    settle(settlement) {
      const written = add(settling, settlement)
      // Who does not wait learns of a failure by `flushed`.
      written.catch(() => {})
      void start()
      return written
    },
    async flushed() {
      while (handing.length + settling.length > 0 || running) await start()
      if (failed) throw failed.error
    },
  }
}
