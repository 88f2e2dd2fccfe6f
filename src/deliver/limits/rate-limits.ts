// The rates that hold for an edition → a gate that each of its messages passes: the domain's, the newsletter's, and that
// of all mail, each exact for all senders together.

import { type Database, reserveTogether } from '../../store/index.ts'
import type { Clock } from '../clock.ts'
import { type DomainRates, domainOf } from './domain-gate.ts'
import { departAt, intervalOf, type Rate, sharedRate } from './shared-rate.ts'

/** Messages a second; undefined or left out for no limit. */
export interface Limits {
  /** Of whatever is sent. */
  readonly rate?: number | undefined
  /** Of the newsletter. */
  readonly newsletterRate?: number | undefined
  readonly domains?: DomainRates | undefined
}

/** Resolves when one more message to that address may start; at once when the signal is aborted. */
export type Pace = (email: string, signal?: AbortSignal) => Promise<void>

/** @param newsletter its id @param clock the same for all senders */
export function createPaces(db: Database, newsletter: string, limits: Limits, clock: Clock): Pace {
  const { rate, newsletterRate, domains = {} } = limits
  const gates = new Map<string, Rate>()
  const always = { all: rate, [`newsletter ${newsletter}`]: newsletterRate }

  function gateOf(domain: string): Rate {
    const own = Object.hasOwn(domains, domain) ? domains[domain] : undefined
    const key = own === undefined ? '' : domain
    const gate = gates.get(key) ?? gateFor({ ...always, [`domain ${domain}`]: own })
    gates.set(key, gate)
    return gate
  }

  /** @param rates the widest first */
  function gateFor(rates: Readonly<Record<string, number | undefined>>): Rate {
    const given = Object.entries(rates).filter((each): each is [string, number] => each[1] !== undefined)
    const [widest] = given
    if (!widest) return async () => {}
    return given.length === 1 ? sharedRate(db, ...widest, clock) : joint(given, widest[0])
  }

  function joint(given: readonly (readonly [string, number])[], widest: string): Rate {
    const intervals = Object.fromEntries(given.map(([name, perSecond]) => [name, intervalOf(perSecond)]))
    let last: Promise<number | undefined> = Promise.resolve(undefined)

    async function reserve(signal?: AbortSignal): Promise<number | undefined> {
      while (!signal?.aborted) {
        const found = await reserveTogether(db, { intervals, widest, now: clock.now() })
        if ('place' in found) return found.place
        await clock.sleep(Math.ceil(found.again - clock.now()), signal)
      }
      return undefined
    }

    return async signal => {
      for (;;) {
        // One connection at a time asks; those that have a place wait for it side by side.
        last = last.catch(() => {}).then(() => reserve(signal))
        const place = await last
        if (place === undefined || (await departAt(place, clock, signal)) || signal?.aborted) return
      }
    }
  }

  return (email, signal) => gateOf(domainOf(email))(signal)
}
