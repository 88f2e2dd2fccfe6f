// A reader's domain → may her message be tried now, or later, and why. A domain that refuses for policy pauses, and not
// the edition; a domain with a rate of its own gets its readers spread over time.

import type { Outcome } from '../../model.ts'
import type { Clock } from '../clock.ts'

/** Domain in lower case → most messages a second. */
export type DomainRates = Readonly<Record<string, number>>

/** The reader as the ledger has her. */
export interface Waiting {
  readonly email: string
  /** What she was told to wait for. */
  readonly reply?: string | undefined
}

export interface Postponement {
  /** When to try instead, ms since epoch. */
  readonly nextAt: number
  /** What the ledger says until then. */
  readonly reply: string
}

/** What a domain that has refused for policy answered since its last pause. */
interface Refusals {
  refused: number
  answered: number
  pausedUntil: number
  pauses: number
  reply: string
}

const MINUTE_MS = 60_000
/** After each pause one more try, and at the next refusal the next pause. */
const PAUSES_MS = [15 * MINUTE_MS, 60 * MINUTE_MS, 240 * MINUTE_MS]
/** Three in ten, and ten at least, of the last fifty: fewer are single readers’ own rules. */
const MIN_REFUSED = 10
const MIN_REFUSED_SHARE = 0.3
const ANSWERS_COUNTED = 50

export class DomainGate {
  readonly #clock: Pick<Clock, 'now'>
  readonly #rates: DomainRates
  /** Only domains that have refused: the others cost nothing. */
  readonly #refusals = new Map<string, Refusals>()
  /** When the next message to a domain with a rate may go, ms since epoch. */
  readonly #slots = new Map<string, number>()

  constructor(clock: Pick<Clock, 'now'>, rates: DomainRates = {}) {
    this.#clock = clock
    this.#rates = rates
  }

  /** Undefined for now. */
  postponed({ email, reply = '' }: Waiting): Postponement | undefined {
    const domain = domainOf(email)
    return this.#whilePaused(domain) ?? this.#untilItsTurn(domain, reply)
  }

  record(email: string, outcome: Outcome): void {
    if (outcome.kind === 'host-trouble' || outcome.kind === 'unknown') return
    const domain = domainOf(email)
    const isRefusal = isPolicyRefusal(outcome)
    const refusals = this.#refusals.get(domain) ?? (isRefusal ? this.#firstRefusal(domain) : undefined)
    if (!refusals || refusals.pausedUntil > this.#clock.now()) return
    refusals.answered++
    if (isRefusal) {
      refusals.refused++
      refusals.reply = outcome.reply
    }
    const again = refusals.pauses > 0 && isRefusal
    const many = refusals.refused >= MIN_REFUSED && refusals.refused >= refusals.answered * MIN_REFUSED_SHARE
    if (again || many) this.#pause(refusals)
    else if (refusals.pauses > 0 || refusals.answered >= ANSWERS_COUNTED) this.#refusals.delete(domain)
  }

  #whilePaused(domain: string): Postponement | undefined {
    const refusals = this.#refusals.get(domain)
    if (!refusals || refusals.pausedUntil <= this.#clock.now()) return undefined
    return {
      nextAt: refusals.pausedUntil,
      reply: `not tried: ${domain} refuses for policy: ${refusals.reply}`,
    }
  }

  #untilItsTurn(domain: string, before: string): Postponement | undefined {
    const rate = Object.hasOwn(this.#rates, domain) ? this.#rates[domain] : undefined
    const reply = `not tried yet: its turn among those of ${domain}`
    // Whoever was given a time has her place already.
    if (rate === undefined || before === reply) return undefined
    const now = this.#clock.now()
    const slot = Math.max(this.#slots.get(domain) ?? now, now)
    this.#slots.set(domain, slot + 1000 / rate)
    return slot <= now ? undefined : { nextAt: Math.ceil(slot), reply }
  }

  #firstRefusal(domain: string): Refusals {
    const refusals = { refused: 0, answered: 0, pausedUntil: 0, pauses: 0, reply: '' }
    this.#refusals.set(domain, refusals)
    return refusals
  }

  #pause(refusals: Refusals): void {
    refusals.pausedUntil = this.#clock.now() + PAUSES_MS[Math.min(refusals.pauses, PAUSES_MS.length - 1)]!
    refusals.pauses++
    refusals.refused = 0
    refusals.answered = 0
  }
}

/** RFC 3463 §3.8: security or policy; it speaks of us and not of the reader. */
function isPolicyRefusal(outcome: Outcome): boolean {
  return outcome.kind === 'rejected' && /^5\.7\./.test(outcome.enhanced ?? '')
}

/** In lower case. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase()
}
