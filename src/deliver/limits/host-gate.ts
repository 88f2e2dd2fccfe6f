// Host trouble reported by any connection → all of them pause, one goes ahead to probe, and the rest follow when it came
// through. The circuit breaker of one relay.

import type { Clock } from '../clock.ts'

/** How many failures were known when the attempt started: attempts from before the last one bring old news. */
export interface Ticket {
  readonly failures: number
}

const PAUSES_MS = [250, 1000, 2000, 4000, 8000, 15_000, 30_000]

/** While one is out to probe, the others look again so often, unless its news wakes them. */
const PROBE_MS = 1000

interface Options {
  readonly clock: Clock
  readonly random: () => number
  /** How long trouble may last before the host is given up, in ms. */
  readonly patience: number
}

export class HostGate {
  readonly #options: Options
  #failures = 0
  /** Since the last success; sets the length of the pause. */
  #failuresInRow = 0
  #pausedUntil = 0
  #troubleSince: number | undefined
  #probe: Ticket | undefined
  #lastReply = ''
  #givenUp = false
  #wake = new AbortController()

  constructor(options: Options) {
    this.#options = options
  }

  /** Resolves with a ticket when an attempt may start; undefined when aborted or when the host was given up. */
  async enter(signal: AbortSignal): Promise<Ticket | undefined> {
    const { clock } = this.#options
    while (!signal.aborted && !this.#givenUp) {
      const wait = this.#pausedUntil - clock.now()
      if (wait <= 0 && !this.#probe) {
        const ticket = { failures: this.#failures }
        if (this.#troubleSince !== undefined) this.#probe = ticket
        return ticket
      }
      await clock.sleep(wait > 0 ? wait : PROBE_MS, AbortSignal.any([signal, this.#wake.signal]))
    }
    return undefined
  }

  /** Did nothing fail since the ticket was given? */
  isOpen(ticket: Ticket): boolean {
    return !this.#givenUp && ticket.failures === this.#failures
  }

  /** The host answered for a message, whatever it said. */
  succeeded(ticket: Ticket): void {
    if (this.#troubleSince === undefined) return
    if (ticket === this.#probe) this.#probe = undefined
    if (ticket.failures < this.#failures) return
    this.#troubleSince = undefined
    this.#failuresInRow = 0
    this.#wakeAll()
  }

  /** Connection refused or lost, 421, wrong time: at fault is the host. Failures of one moment count as one. */
  failed(ticket: Ticket, reply: string): void {
    if (ticket === this.#probe) this.#probe = undefined
    this.#lastReply = reply
    if (ticket.failures === this.#failures) this.#pause()
    this.#wakeAll()
  }

  /** The attempt told nothing about the host. */
  leave(ticket: Ticket): void {
    if (ticket !== this.#probe) return
    this.#probe = undefined
    this.#wakeAll()
  }

  /** The last reply of a host that was given up. */
  givenUp(): string | undefined {
    return this.#givenUp ? this.#lastReply : undefined
  }

  #pause(): void {
    const { clock, random, patience } = this.#options
    const now = clock.now()
    this.#troubleSince ??= now
    const pause = PAUSES_MS[Math.min(this.#failuresInRow, PAUSES_MS.length - 1)]! * (1 + random() / 4)
    this.#failures += 1
    this.#failuresInRow += 1
    if (now + pause - this.#troubleSince > patience) this.#givenUp = true
    this.#pausedUntil = now + pause
  }

  #wakeAll(): void {
    this.#wake.abort()
    this.#wake = new AbortController()
  }
}
