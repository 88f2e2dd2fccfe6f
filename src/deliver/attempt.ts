// One claimed delivery → one attempt: wait for the host and the rate, make the message out, send it, settle it.

import type { Delivery, Message, Outcome } from '../model.ts'
import type { Attempted } from './attempt-log.ts'
import type { Clock } from './clock.ts'
import type { LedgerWriter } from './ledger.ts'
import type { DomainGate } from './limits/domain-gate.ts'
import type { HostGate, Ticket } from './limits/host-gate.ts'
import type { Pace } from './limits/rate-limits.ts'
import { settlementOf } from './settlement.ts'
import { createRooms } from './transports/buffer-pool.ts'
import { replyText } from './transports/reply.ts'
import type { Transport } from './transports/transport.ts'

interface Options {
  readonly transport: Transport
  compose(delivery: Delivery, room?: Uint8Array): Message
  composerOf?(variant: number): Promise<(delivery: Delivery, room?: Uint8Array) => Message>
  readonly gate: HostGate
  readonly domains: DomainGate
  readonly pace: Pace
  readonly writer: LedgerWriter
  readonly halt: AbortSignal
  readonly clock: Clock
  readonly random: () => number
  readonly staleAt: number
  onProgress?(settled: number): void
  onAttempt?(attempted: Attempted): void
}

/** @returns false when nothing more may be begun: stopped, or the host was given up; the lease is still held then */
export type Attempt = (delivery: Delivery) => Promise<boolean>

export function createAttempts(options: Options): Attempt {
  const { transport, compose, gate, domains, pace, writer, halt, clock, random, staleAt } = options
  /** Readers on whose message the host failed, in this run; a handful at most. */
  const troubled = new Map<number, number>()
  const rooms = createRooms()
  let settled = 0

  async function attempt(delivery: Delivery): Promise<boolean> {
    const { subscriber, attempts, variant } = delivery
    const make = variant === undefined ? compose : await composerOf(variant)
    if (await putOff(delivery)) return true
    const ticket = await admitted(delivery)
    if (!ticket) return false
    const room = rooms.take()
    const message = madeOut(delivery, make, room)
    if ('refused' in message) {
      gate.leave(ticket)
      void writer.settle({ subscriber, state: 'rejected', reply: message.refused, countAttempt: true })
      return settledOne()
    }
    let withheld = false
    const began = clock.now()
    const outcome = await transport.send(message, {
      beforeLastByte: async () => {
        const granted = await writer.handed(subscriber)
        withheld = !granted
        return granted
      },
    })
    if (withheld) {
      // She left, or was suppressed, while her message was on its way: the ledger says so already.
      gate.leave(ticket)
      return settledOne()
    }
    // The server has it whole: nobody reads these bytes again. Of any other outcome that is not as certain.
    if (outcome.kind === 'accepted') rooms.give(room, message.bytes.length)
    report(outcome, ticket)
    domains.heard(delivery.email, outcome)
    const at = clock.now()
    options.onAttempt?.({ delivery, outcome, at, took: at - began })
    const troubles = troublesOf(subscriber, outcome)
    const settlement = settlementOf(outcome, {
      subscriber,
      attempts,
      now: at,
      random,
      staleAt,
      troubles,
    })
    const saved = writer.settle(settlement)
    // What comes again must be in the ledger before we ask it for more; the rest is there before the next one of this
    // connection is handed, so that at most one of each is ever in doubt.
    if (settlement.state === 'pending' || settlement.state === 'deferred') await saved
    return outcome.kind === 'host-trouble' ? true : settledOne()
  }

  /** A domain that pauses, or has a rate of its own, gets this reader later; she has not been tried. */
  async function putOff({ subscriber, email, reply }: Delivery): Promise<boolean> {
    const later = domains.later({ email, reply })
    if (!later) return false
    const stale = later.nextAt >= staleAt
    const said = stale ? { state: 'rejected' as const, reply: `stale: ${later.reply}` } : later
    await writer.settle({ subscriber, state: 'deferred', ...said, countAttempt: false })
    if (stale) settledOne()
    return true
  }

  /** Before anything is begun: what fails here is the ledger, and no fault of the reader's. */
  function composerOf(variant: number): Promise<typeof compose> {
    if (!options.composerOf) throw new Error('this sender knows only the whole letter')
    return options.composerOf(variant)
  }

  /** Through the gate of the host and that of the rates, and the first is still open after the other. */
  async function admitted({ email }: Delivery): Promise<Ticket | undefined> {
    for (;;) {
      const ticket = await gate.enter(halt)
      if (!ticket) return undefined
      await pace(email, halt)
      if (!halt.aborted && gate.open(ticket)) return ticket
      gate.leave(ticket)
      if (halt.aborted) return undefined
    }
  }

  /** A reader's bad row, or a bug in one message, must not stop the others. */
  function madeOut(
    delivery: Delivery,
    make: typeof compose,
    room: Uint8Array | undefined,
  ): Message | { refused: string } {
    try {
      return make(delivery, room)
    } catch (error) {
      return { refused: replyText(`not sent: ${error instanceof Error ? error.message : String(error)}`) }
    }
  }

  function report(outcome: Outcome, ticket: Ticket): void {
    if (outcome.kind === 'host-trouble' || outcome.kind === 'unknown') gate.trouble(ticket, outcome.reply)
    else gate.well(ticket)
  }

  function troublesOf(subscriber: number, outcome: Outcome): number {
    const troubles = outcome.kind === 'host-trouble' ? (troubled.get(subscriber) ?? 0) + 1 : 0
    if (troubles > 0) troubled.set(subscriber, troubles)
    else troubled.delete(subscriber)
    return troubles
  }

  function settledOne(): true {
    options.onProgress?.(++settled)
    return true
  }

  return attempt
}
