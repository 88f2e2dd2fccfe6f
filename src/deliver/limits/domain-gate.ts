// A reader's domain → may her message be tried now, or later, and why. A domain that refuses for policy pauses, and not
// the edition; a domain with a rate of its own gets its readers spread over time.

import type { Outcome } from '../../model.ts'
import type { Clock } from '../clock.ts'

/** Domain in lower case → most messages a second. */
export type DomainRates = Readonly<Record<string, number>>

export interface DomainGate {
  /** When to try instead, and what the ledger says till then; undefined for now. */
  later(reader: Waiting): { readonly nextAt: number; readonly reply: string } | undefined
  heard(email: string, outcome: Outcome): void
}

/** The reader as the ledger has her. */
export interface Waiting {
  readonly email: string
  /** What she was told to wait for. */
  readonly reply?: string | undefined
}

interface Trouble {
  refused: number
  heard: number
  until: number
  pauses: number
  reply: string
}

const MINUTE = 60_000
/** Then one more try, and at the next refusal the next pause. */
const PAUSES = [15 * MINUTE, 60 * MINUTE, 240 * MINUTE]
/** Ten of the last fifty at most, and three in ten: fewer are single readers’ own rules. */
const REFUSED = 10
const SHARE = 0.3
const WINDOW = 50
const TURN = 'not tried yet: its turn among those of'

export function createDomainGate(clock: Pick<Clock, 'now'>, rates: DomainRates = {}): DomainGate {
  /** Only domains that have refused: the others cost nothing. */
  const troubles = new Map<string, Trouble>()
  const slots = new Map<string, number>()

  function paused(domain: string): ReturnType<DomainGate['later']> {
    const trouble = troubles.get(domain)
    if (!trouble || trouble.until <= clock.now()) return undefined
    return { nextAt: trouble.until, reply: `not tried: ${domain} refuses for policy: ${trouble.reply}` }
  }

  function turn(domain: string, before: string): ReturnType<DomainGate['later']> {
    const rate = rateOf(domain)
    const reply = `${TURN} ${domain}`
    // Whoever was given a time has her place already.
    if (rate === undefined || before === reply) return undefined
    const now = clock.now()
    const slot = Math.max(slots.get(domain) ?? now, now)
    slots.set(domain, slot + 1000 / rate)
    return slot <= now ? undefined : { nextAt: Math.ceil(slot), reply }
  }

  function rateOf(domain: string): number | undefined {
    return Object.hasOwn(rates, domain) ? rates[domain] : undefined
  }

  return {
    later({ email, reply = '' }) {
      const domain = domainOf(email)
      return paused(domain) ?? turn(domain, reply)
    },
    heard(email, outcome) {
      const domain = domainOf(email)
      const refusal = isPolicy(outcome)
      if (outcome.kind === 'host-trouble' || outcome.kind === 'unknown') return
      let trouble = troubles.get(domain)
      if (!trouble && !refusal) return
      if (!trouble) {
        trouble = { refused: 0, heard: 0, until: 0, pauses: 0, reply: '' }
        troubles.set(domain, trouble)
      }
      const now = clock.now()
      if (trouble.until > now) return
      trouble.heard++
      if (refusal) {
        trouble.refused++
        trouble.reply = outcome.reply
      }
      const again = trouble.pauses > 0 && refusal
      if (again || (trouble.refused >= REFUSED && trouble.refused >= trouble.heard * SHARE)) {
        trouble.until = now + PAUSES[Math.min(trouble.pauses, PAUSES.length - 1)]!
        trouble.pauses++
        trouble.refused = 0
        trouble.heard = 0
      } else if (trouble.pauses > 0 || trouble.heard >= WINDOW) troubles.delete(domain)
    },
  }
}

/** RFC 3463 §3.8: security or policy; it speaks of us and not of the reader. */
function isPolicy(outcome: Outcome): boolean {
  return outcome.kind === 'rejected' && /^5\.7\./.test(outcome.enhanced ?? '')
}

/** In lower case. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase()
}
