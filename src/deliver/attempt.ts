// One claimed delivery → one attempt: wait for the host and the rate, compose the message, send it, settle it.
//
// The promise of the ledger is kept here, in `#handOver` and `#settle`. A delivery is leased to one sender. It is `handed`,
// durably, before the last byte of its message can leave, and only a reply after the final dot settles it. So whoever is
// found `leased` after a crash was not mailed, and may be tried again; whoever is found `handed` is `unknown`: the message
// may have arrived, and it is sent again only when a person says so. At most one message of each connection is in doubt.

import type { Delivery, Message, Outcome } from '../model.ts'
import type { Clock } from './clock.ts'
import type { DomainGate, HostGate, RateLimiter, Ticket } from './gates.ts'
import { type LedgerWriter, settlementOf } from './ledger.ts'
import type { ComplaintGate, WarmUpGate } from './sender-reputation.ts'
import { BufferPool, replyText, type Transport } from './transport.ts'

/** What makes a letter out to a reader. @param buffer that may be written over */
export type Compose = (delivery: Delivery, buffer?: Uint8Array) => Message

/** One attempt that has ended. */
export interface Attempted {
  readonly delivery: Pick<Delivery, 'edition' | 'subscriber' | 'email' | 'attempts'>
  readonly outcome: Outcome
  /** ms since epoch at which it ended, and how long it took in ms. */
  readonly at: number
  readonly took: number
}

export interface Attempting {
  readonly transport: Transport
  /** One reader's message; may throw for one whose row is bad. */
  readonly compose: Compose
  /** For a reader whose topics make it another letter: what makes that one out. Its failure stops the send. */
  composerOf?(variant: number): Promise<Compose>
  readonly clock: Clock
  readonly random: () => number
  /** From here on nobody is tried again, ms since epoch. */
  readonly staleAt: number
  /** @param settled how many are, in this run */
  onProgress?(settled: number): void
  /** Called after each attempt. */
  onAttempt?(attempted: Attempted): void
}

/** What is between a delivery and the wire, shared by all connections. */
export interface Gates {
  readonly host: HostGate
  readonly domains: DomainGate
  readonly rate: RateLimiter
  readonly complaints: ComplaintGate
  readonly warmUp: WarmUpGate | undefined
  /** Aborted: begin nothing more. */
  readonly halt: AbortSignal
}

export class Attempts {
  readonly #options: Attempting
  readonly #gates: Gates
  readonly #ledger: LedgerWriter
  readonly #buffers = new BufferPool()
  /** Readers on whose message the host failed, in this run, and how often; a handful at most. */
  readonly #hostFailures = new Map<number, number>()
  #settled = 0

  constructor(options: Attempting, gates: Gates, ledger: LedgerWriter) {
    this.#options = options
    this.#gates = gates
    this.#ledger = ledger
  }

  /** @returns false when nothing more may be begun: halted, or the host was given up; the lease is still held then */
  async make(delivery: Delivery): Promise<boolean> {
    const compose = await this.#composerFor(delivery)
    if (await this.#postpone(delivery)) return true
    const ticket = await this.#admit(delivery)
    if (!ticket) return false
    const buffer = this.#buffers.take()
    const message = tryToCompose(compose, delivery, buffer)
    if (typeof message === 'string') {
      this.#gates.host.leave(ticket)
      const { subscriber } = delivery
      void this.#ledger.settle({ subscriber, state: 'rejected', reply: message, countAttempt: true })
      this.#countSettled()
      return true
    }
    const began = this.#options.clock.now()
    const outcome = await this.#handOver(delivery, message)
    if (outcome === 'withheld') {
      // She left, or was suppressed, while her message was on its way: the ledger says so already.
      this.#gates.host.leave(ticket)
      this.#countSettled()
      return true
    }
    // The server has it whole: nobody reads these bytes again. Of any other outcome that is not as certain.
    if (outcome.kind === 'accepted') this.#buffers.give(buffer, message.bytes.length)
    await this.#settle(delivery, outcome, ticket, began)
    return true
  }

  /** Before anything is begun: what fails here is the ledger, and no fault of the reader's. */
  async #composerFor({ variant }: Delivery): Promise<Compose> {
    const { compose, composerOf } = this.#options
    if (variant === undefined) return compose
    if (!composerOf) throw new Error('this sender knows only the whole letter')
    return composerOf(variant)
  }

  /** A domain that pauses, has a rate of its own, or complains too much gets this reader later; she has not been tried. */
  async #postpone({ subscriber, email, reply }: Delivery): Promise<boolean> {
    const { complaints, domains } = this.#gates
    const postponed = complaints.postponed(email) ?? domains.postponed({ email, reply })
    if (!postponed) return false
    const isStale = postponed.nextAt >= this.#options.staleAt
    const how = isStale ? { state: 'rejected' as const, reply: `stale: ${postponed.reply}` } : postponed
    await this.#ledger.settle({ subscriber, state: 'deferred', ...how, countAttempt: false })
    if (isStale) this.#countSettled()
    return true
  }

  /** Through the gate of the host and that of the rates, and the first is still open after the other. */
  async #admit({ email }: Delivery): Promise<Ticket | undefined> {
    const { host, rate, halt } = this.#gates
    for (;;) {
      const ticket = await host.enter(halt)
      if (!ticket) return undefined
      await rate(email, halt)
      if (!halt.aborted && host.isOpen(ticket)) return ticket
      host.leave(ticket)
      if (halt.aborted) return undefined
    }
  }

  /** @returns 'withheld' when the ledger gave no leave: the last byte never left */
  async #handOver({ subscriber }: Delivery, message: Message): Promise<Outcome | 'withheld'> {
    let withheld = false
    const outcome = await this.#options.transport.send(message, {
      beforeLastByte: async () => {
        const granted = await this.#ledger.handed(subscriber)
        withheld = !granted
        return granted
      },
    })
    return withheld ? 'withheld' : outcome
  }

  async #settle(delivery: Delivery, outcome: Outcome, ticket: Ticket, began: number): Promise<void> {
    const { clock, random, staleAt, onAttempt } = this.#options
    const { subscriber, attempts, email } = delivery
    this.#tellHost(outcome, ticket)
    this.#gates.domains.record(email, outcome)
    const now = clock.now()
    onAttempt?.({ delivery, outcome, at: now, took: now - began })
    const hostFailures = this.#countHostFailures(subscriber, outcome)
    const settlement = settlementOf(outcome, { subscriber, attempts, now, random, staleAt, hostFailures })
    if (settlement.countAttempt && attempts === 0) this.#gates.warmUp?.use()
    const saved = this.#ledger.settle(settlement)
    // What comes again must be in the ledger before we ask it for more; the rest is there before the next one of this
    // connection is handed, so that at most one of each is ever in doubt.
    if (settlement.state === 'pending' || settlement.state === 'deferred') await saved
    if (outcome.kind !== 'host-trouble') this.#countSettled()
  }

  #tellHost(outcome: Outcome, ticket: Ticket): void {
    const { host } = this.#gates
    if (outcome.kind === 'host-trouble' || outcome.kind === 'unknown') host.failed(ticket, outcome.reply)
    else host.succeeded(ticket)
  }

  #countHostFailures(subscriber: number, outcome: Outcome): number {
    const failures = outcome.kind === 'host-trouble' ? (this.#hostFailures.get(subscriber) ?? 0) + 1 : 0
    if (failures > 0) this.#hostFailures.set(subscriber, failures)
    else this.#hostFailures.delete(subscriber)
    return failures
  }

  #countSettled(): void {
    this.#options.onProgress?.(++this.#settled)
  }
}

/** A reader's bad row, or a bug in one message, must not stop the others. @returns why not, where it cannot be composed */
function tryToCompose(
  compose: Compose,
  delivery: Delivery,
  buffer: Uint8Array | undefined,
): Message | string {
  try {
    return compose(delivery, buffer)
  } catch (error) {
    return replyText(`not sent: ${error instanceof Error ? error.message : String(error)}`)
  }
}
