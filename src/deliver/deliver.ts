// A frozen edition and a transport → every reader's delivery settled, or put off, or given back.
// Any number of connections; a few messages in memory, however many readers there are.

import type { Delivery, LedgerCounts, Message } from '../model.ts'
import {
  countDeliveries,
  type Database,
  type EditionStanding,
  editionStanding,
  failureText,
  giveUpEdition,
  nextDue,
  releaseLeases,
} from '../store/index.ts'
import { createAttempts } from './attempt.ts'
import type { Attempted } from './attempt-log.ts'
import { createClaims } from './claims.ts'
import type { Clock } from './clock.ts'
import { createLedgerWriter } from './ledger.ts'
import { createDomainGate } from './limits/domain-gate.ts'
import { createHostGate } from './limits/host-gate.ts'
import { createPaces, type Limits } from './limits/rate-limits.ts'
import type { Transport } from './transports/transport.ts'

export interface Delivering extends Limits {
  readonly db: Database
  /** '<newsletter>/<id>', frozen. */
  readonly edition: string
  /** One reader's message; may throw for one whose row is bad. @param room memory that may be written over */
  compose(delivery: Delivery, room?: Uint8Array): Message
  /** For a reader whose topics make it another letter: what makes that one out. Its failure stops the send. */
  composerOf?(variant: number): Promise<(delivery: Delivery, room?: Uint8Array) => Message>
  readonly transport: Transport
  readonly connections: number
  /** How long to wait here, in ms, for deferred readers and for a host in trouble. */
  readonly wait: number
  /** How long a host in trouble is waited for when that is not `wait`, in ms. */
  readonly patience?: number | undefined
  /** From here on nobody is tried again, ms since epoch. */
  readonly staleAt: number
  readonly clock: Clock
  readonly random: () => number
  /** Finish what is in flight, save, return. */
  readonly signal: AbortSignal
  /** Who we are in the ledger. */
  readonly owner: string
  /** For how long what we claim is ours unless we say that we are still at it, in ms. */
  readonly lease?: number | undefined
  /** How many readers to take on at most; all of them if left out. */
  readonly most?: number | undefined
  /** Says that we are still at it; false when another has taken over. */
  beat?(): Promise<boolean>
  onProgress?(settled: number): void
  /** Called after each attempt. */
  onAttempt?(attempted: Attempted): void
}

export interface Delivered {
  readonly counts: LedgerCounts
  /**
   * waiting: some are due later than we wait; host-trouble: the server was given up; taken-over: another sends now;
   * paused, cancelled: at a person's word; enqueued: left to the workers, nothing was tried here.
   */
  readonly ended:
    | 'done'
    | 'waiting'
    | 'interrupted'
    | 'host-trouble'
    | 'taken-over'
    | 'paused'
    | 'cancelled'
    | 'enqueued'
  /** When the next is due, if we ended waiting; ms since epoch. */
  readonly nextAt?: number | undefined
  /** What the server said last, if it was given up; without addresses. */
  readonly reply?: string | undefined
}

/** After an interruption: how long what is in flight may take to end by itself, in ms. */
const GRACE = 10_000

/** Longer than the longest that one message may take; a lone sender that died is noticed by its lock, not by this. */
const LEASE = 30 * 60_000

const BATCH = 100

/** How soon we notice that a person has paused or cancelled the edition, in ms; what is handed over is asked anyway. */
const LOOK = 1000

/** Looks from one heartbeat to the next. */
const BEAT = 10

/** @throws UserError when the ledger cannot be written; nothing is lost, what was in flight is unknown at the next start */
export async function deliver(options: Delivering): Promise<Delivered> {
  const { db, edition, owner, clock, random, wait, connections, transport } = options
  const halt = new AbortController()
  const finished = new AbortController()
  let failure: { readonly error: unknown } | undefined
  let takenOver = false
  let held: 'paused' | 'cancelled' | undefined
  const interrupted = () => {
    halt.abort()
    void clock.sleep(GRACE, finished.signal).then(async () => {
      if (!finished.signal.aborted) await transport.close('cut')
    })
  }

  const gate = createHostGate({ clock, random, patience: options.patience ?? wait })
  const writer = createLedgerWriter(db, { edition, owner, now: clock.now })
  const claims = createClaims({
    db,
    edition,
    owner,
    now: clock.now,
    batch: batchOf(options),
    lease: options.lease ?? LEASE,
    most: options.most ?? Number.POSITIVE_INFINITY,
  })
  const attempt = createAttempts({
    ...options,
    gate,
    domains: createDomainGate(clock, options.domains),
    halt: halt.signal,
    pace: createPaces(db, edition.slice(0, edition.indexOf('/')), options, clock),
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
    for (let look = 1; ; look++) {
      await clock.sleep(LOOK, finished.signal)
      if (finished.signal.aborted) return
      held = heldBy(await editionStanding(db, edition))
      if (!held && options.beat && look % BEAT === 0) takenOver = !(await options.beat())
      if (!held && !takenOver) continue
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
      // Withheld by a pause that is over already: still ours, and not sent.
      if ((await releaseLeases(db, { edition, owner })) > 0 && !claims.spent() && !(await isHeld())) continue
      const due = await nextDue(db, edition)
      if (due === undefined || due - clock.now() > wait || claims.spent() || (await isHeld())) return due
      // One that is due and cannot be claimed is being claimed by another at this moment.
      await clock.sleep(Math.max(50, due - clock.now()), halt.signal)
    }
  }

  async function isHeld(): Promise<boolean> {
    held ??= heldBy(await editionStanding(db, edition))
    return held !== undefined
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
    // Whoever was told to come later while the edition was being cancelled will not get it either.
    if ((await isHeld()) && held === 'cancelled') await giveUpEdition(db, edition, clock.now())
    const counts = await countDeliveries(db, edition)
    const reply = gate.givenUp()
    if (takenOver) return { counts, ended: 'taken-over' }
    if ((await isHeld()) && held) return { counts, ended: held }
    if (options.signal.aborted && counts.pending + counts.deferred > 0)
      return { counts, ended: 'interrupted' }
    // It may repeat the address of the reader whose turn it was.
    if (reply !== undefined) return { counts, ended: 'host-trouble', reply: failureText(reply) }
    return { counts, ended: nextAt === undefined ? 'done' : 'waiting', nextAt }
  } finally {
    finished.abort()
    options.signal.removeEventListener('abort', interrupted)
    await beating
  }
}

function heldBy(standing: EditionStanding | undefined): 'paused' | 'cancelled' | undefined {
  return standing === 'paused' || standing === 'cancelled' ? standing : undefined
}

/**
 * How many are claimed at a time: each claim waits for the disk, and what is claimed and not yet made out is small. Where
 * there is a rate, which others may have a share in, no more than are needed soon.
 */
function batchOf({ connections, rate, newsletterRate }: Delivering): number {
  return rate === undefined && newsletterRate === undefined ? Math.max(connections, BATCH) : connections
}
