// Host trouble reported by any connection → all of them pause, one goes ahead to see, and the rest follow when it came
// through. The circuit breaker of one relay.

import type { Clock } from '../clock.ts'

export interface HostGate {
  /** Resolves with a ticket when an attempt may start; undefined when aborted or when the host was given up. */
  enter(signal: AbortSignal): Promise<Ticket | undefined>
  /** Is what let the attempt in still so? */
  open(ticket: Ticket): boolean
  /** The host answered for a message, whatever it said. */
  well(ticket: Ticket): void
  /** Connection refused or lost, 421, wrong time: at fault is the host. */
  trouble(ticket: Ticket, reply: string): void
  /** The attempt told nothing about the host. */
  leave(ticket: Ticket): void
  /** The last trouble, once it has lasted longer than `patience`. */
  givenUp(): string | undefined
}

/** How many troubles were known when the attempt started: attempts from before the last one bring old news. */
export interface Ticket {
  readonly troubles: number
}

const PAUSES = [250, 1000, 2000, 4000, 8000, 15_000, 30_000]

interface Options {
  readonly clock: Clock
  readonly random: () => number
  /** How long a trouble may last before the host is given up, in ms. */
  readonly patience: number
}

export function createHostGate({ clock, random, patience }: Options): HostGate {
  let troubles = 0
  let failures = 0
  let until = 0
  let since: number | undefined
  let scout: Ticket | undefined
  let last = ''
  let over = false
  let wake = new AbortController()

  const changed = () => {
    wake.abort()
    wake = new AbortController()
  }

  return {
    async enter(signal) {
      while (!signal.aborted && !over) {
        const wait = until - clock.now()
        if (wait <= 0 && !scout) {
          const ticket = { troubles }
          if (since !== undefined) scout = ticket
          return ticket
        }
        // While one is out to see, the others wait for its news.
        await clock.sleep(wait > 0 ? wait : 1000, AbortSignal.any([signal, wake.signal]))
      }
      return undefined
    },
    open: ticket => !over && ticket.troubles === troubles,
    well(ticket) {
      if (since === undefined) return
      if (ticket === scout) scout = undefined
      if (ticket.troubles < troubles) return
      since = undefined
      failures = 0
      changed()
    },
    trouble(ticket, reply) {
      if (ticket === scout) scout = undefined
      last = reply
      if (ticket.troubles === troubles) {
        const now = clock.now()
        since ??= now
        const length = PAUSES[Math.min(failures, PAUSES.length - 1)]! * (1 + random() / 4)
        troubles += 1
        failures += 1
        if (now + length - since > patience) over = true
        until = now + length
      }
      changed()
    },
    leave(ticket) {
      if (ticket !== scout) return
      scout = undefined
      changed()
    },
    givenUp: () => (over ? last : undefined),
  }
}
