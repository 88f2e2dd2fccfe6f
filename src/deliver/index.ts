// A frozen edition and a transport → every reader's delivery settled, or put off, or given back. DESIGN.md section 8.
// Any number of connections; a few messages in memory, however many readers there are.

import type { Delivery, LedgerCounts, Message } from '../model.ts'

import { countDeliveries, type Database, nextDue, releaseLeases } from '../store/index.ts'
import { createAttempts } from './attempts.ts'
import { createClaims } from './claims.ts'
import type { Clock } from './clock.ts'
import { createHostGate } from './host-gate.ts'
import { createLedgerWriter } from './ledger-writer.ts'
import { createRate } from './rate.ts'
import type { Transport } from './transport.ts'

export interface Delivering {
  readonly db: Database
  /** '<newsletter>/<id>', frozen. */
  readonly edition: string
  /** One reader's message; may throw for one whose row is bad. */
  compose(delivery: Delivery): Message
  readonly transport: Transport
  /** Messages a second; undefined for no limit. */
  readonly rate: number | undefined
  readonly connections: number
  /** How long to wait here, in ms, for deferred readers and for a host in trouble. */
  readonly wait: number
  /** From here on nobody is tried again, ms since epoch. */
  readonly staleAt: number
  readonly clock: Clock
  readonly random: () => number
  /** Finish what is in flight, save, return. */
  readonly signal: AbortSignal
  /** Who we are in the ledger. */
  readonly owner: string
  /** Says that we are still at it; false when another has taken over. */
  beat?(): Promise<boolean>
  onProgress?(settled: number): void
}

export interface Delivered {
  readonly counts: LedgerCounts
  /** waiting: some are due later than we wait; host-trouble: the server was given up; taken-over: another sends now. */
  readonly ended: 'done' | 'waiting' | 'interrupted' | 'host-trouble' | 'taken-over'
  /** When the next is due, if we ended waiting; ms since epoch. */
  readonly nextAt?: number | undefined
  /** What the server said last, if it was given up. */
  readonly reply?: string | undefined
}

/** After an interruption: how long what is in flight may take to end by itself, in ms. */
const GRACE = 10_000

const BEAT = 10_000

/** @throws UserError when the ledger cannot be written; nothing is lost, what was in flight is unknown at the next start */
export async function deliver(options: Delivering): Promise<Delivered> {
  const { db, edition, owner, clock, random, wait, connections, transport } = options
  const halt = new AbortController()
  const finished = new AbortController()
  let failure: { readonly error: unknown } | undefined
  let takenOver = false
  const interrupted = () => {
    halt.abort()
    void clock.sleep(GRACE, finished.signal).then(async () => {
      if (!finished.signal.aborted) await transport.close('cut')
    })
  }

  const gate = createHostGate({ clock, random, patience: wait })
  const writer = createLedgerWriter(db, { edition, owner, now: clock.now })
  const claims = createClaims({ db, edition, owner, now: clock.now, batch: connections })
  const attempt = createAttempts({
    ...options,
    gate,
    halt: halt.signal,
    pace: createRate(options.rate, clock),
    writer: { ...writer, handed: async subscriber => !takenOver && writer.handed(subscriber) },
  })

  async function lane(): Promise<void> {
    try {
      for (;;) {
        const delivery = halt.signal.aborted ? undefined : await claims.next()
        if (!delivery || !(await attempt(delivery))) return
      }
    } catch (error) {
      failure ??= { error }
      halt.abort()
    }
  }

  async function heartbeat(): Promise<void> {
    while (options.beat && !finished.signal.aborted) {
      await clock.sleep(BEAT, finished.signal)
      if (finished.signal.aborted || (await options.beat())) continue
      takenOver = true
      halt.abort()
      return
    }
  }

  /** Everything that is due now; then, as long as we wait, what becomes due. */
  async function rounds(): Promise<number | undefined> {
    for (;;) {
      await Promise.all(Array.from({ length: connections }, lane))
      await writer.flushed()
      if (halt.signal.aborted || gate.givenUp() !== undefined) return undefined
      const due = await nextDue(db, edition)
      if (due === undefined || due - clock.now() > wait) return due
      await clock.sleep(Math.max(0, due - clock.now()), halt.signal)
    }
  }

  if (options.signal.aborted) interrupted()
  options.signal.addEventListener('abort', interrupted, { once: true })
  const beating = heartbeat().catch(error => {
    failure ??= { error }
    halt.abort()
  })
  try {
    const nextAt = await rounds()
    if (failure) throw failure.error
    if (!takenOver) await releaseLeases(db, { edition, owner })
    const counts = await countDeliveries(db, edition)
    const reply = gate.givenUp()
    if (takenOver) return { counts, ended: 'taken-over' }
    if (options.signal.aborted && counts.pending + counts.deferred > 0)
      return { counts, ended: 'interrupted' }
    if (reply !== undefined) return { counts, ended: 'host-trouble', reply }
    return { counts, ended: nextAt === undefined ? 'done' : 'waiting', nextAt }
  } finally {
    finished.abort()
    options.signal.removeEventListener('abort', interrupted)
    await beating
  }
}
