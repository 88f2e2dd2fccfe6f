// The rates that hold for an edition → a gate that each of its messages passes: the domain's, the newsletter's, and that
// of all mail, each exact for all senders together, however many they are.

import { type Database, MAX_QUEUE_AHEAD_MS, reservePlaces, reserveTogether } from '../../store/index.ts'
import type { Clock } from '../clock.ts'
import { type DomainRates, domainOf } from './domain-gate.ts'

/** Messages a second; undefined or left out for no limit. */
export interface RateLimits {
  /** Of whatever is sent. */
  readonly rate?: number | undefined
  /** Of the newsletter. */
  readonly newsletterRate?: number | undefined
  readonly domains?: DomainRates | undefined
}

/** Resolves when one more message to that address may start; at once when the signal is aborted. */
export type RateLimiter = (email: string, signal?: AbortSignal) => Promise<void>

/**
 * Places stand on a grid in the database. A message leaves within `MAX_LATE_MS` of its place: in any window of one second
 * there are at most as many as the rate says, whoever sends them (below 1 and between whole numbers, the whole number below
 * in the time that it takes: 2.5 is two in any 800 ms). Time that was not used is not made up for.
 *
 * @param newsletter its id @param clock the same for all senders: the database's
 */
export function rateLimiter(
  db: Database,
  newsletter: string,
  { rate, newsletterRate, domains = {} }: RateLimits,
  clock: Clock,
): RateLimiter {
  /** By domain; those without a rate of their own share one. */
  const gates = new Map<string, RateGate>()

  function gateOf(domain: string): RateGate {
    const own = Object.hasOwn(domains, domain) ? domains[domain] : undefined
    const rates = { all: rate, [`newsletter ${newsletter}`]: newsletterRate, [`domain ${domain}`]: own }
    const key = own === undefined ? '' : domain
    const gate = gates.get(key) ?? rateGate(db, rates, clock)
    gates.set(key, gate)
    return gate
  }

  return (email, signal) => gateOf(domainOf(email))(signal)
}

type RateGate = (signal?: AbortSignal) => Promise<void>

/** @param rates name → messages a second, the widest first */
function rateGate(db: Database, rates: Readonly<Record<string, number | undefined>>, clock: Clock): RateGate {
  const given = Object.entries(rates).filter((each): each is [string, number] => each[1] !== undefined)
  const [widest] = given
  if (!widest) return async () => {}
  return given.length === 1 ? singleRate(db, ...widest, clock) : jointRates(db, given, clock)
}

/** How late a departure may be; later ones give their place up and take another. */
const MAX_LATE_MS = 20

/** How far two senders may differ on what time it is, and how early a timer may wake, together. */
const GRAIN_MS = 5

/** How far ahead places are reserved: what a sender that stops does not use is lost to the others. */
const AHEAD_MS = 250

/** From one place to the next, in ms: wider than the rate by as much as late and early departures can add up to in a second. */
function intervalOf(perSecond: number): number {
  return 1000 / perSecond + (MAX_LATE_MS + GRAIN_MS) / Math.max(1, Math.floor(perSecond))
}

/** One rate: each sender reserves a few places at a time. */
function singleRate(db: Database, name: string, perSecond: number, clock: Clock): RateGate {
  const interval = intervalOf(perSecond)
  const limit = Math.max(1, Math.floor(AHEAD_MS / interval))
  let waiting = 0
  let places: number[] = []
  let last: Promise<void> = Promise.resolve()

  async function depart(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const place = places.shift()
      if (place === undefined) {
        // No more than are wanted here: a slow sender must not keep the others from going faster.
        const count = Math.min(limit, Math.max(1, waiting))
        const first = await reservePlaces(db, { name, now: clock.now(), interval, count })
        places = Array.from({ length: count }, (_, i) => first + i * interval)
        continue
      }
      // A clock that was set back would hold everybody until it has caught up.
      if (place - clock.now() > MAX_QUEUE_AHEAD_MS + 100 * interval) continue
      if (await departAt(place, clock, signal)) return
    }
  }

  return signal => {
    waiting++
    const mine = last.then(() => depart(signal)).finally(() => waiting--)
    last = mine.catch(() => {})
    return mine
  }
}

/** Several rates: a place that is free in all of them. One connection at a time asks; those that have one wait side by side. */
function jointRates(db: Database, given: readonly (readonly [string, number])[], clock: Clock): RateGate {
  const intervals = Object.fromEntries(given.map(([name, perSecond]) => [name, intervalOf(perSecond)]))
  const widest = given[0]![0]
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
      last = last.catch(() => {}).then(() => reserve(signal))
      const place = await last
      if (place === undefined || (await departAt(place, clock, signal)) || signal?.aborted) return
    }
  }
}

/** @returns false when it came too late for that place */
async function departAt(place: number, clock: Clock, signal?: AbortSignal): Promise<boolean> {
  const ahead = place - clock.now()
  if (ahead > 0) await clock.sleep(Math.ceil(ahead), signal)
  return clock.now() <= place + MAX_LATE_MS
}
