// What an attempt waits for, or is put off by, before its message may go: the mail server (HostGate), the reader's domain
// (DomainGate) and the rates (rateLimiter).

import { domainOf, MINUTE_MS } from '../base/index.ts'
import type { Outcome } from '../model.ts'
import { type Database, MAX_QUEUE_AHEAD_MS, reservePlaces, reserveTogether } from '../store/index.ts'
import type { Clock } from './clock.ts'

// Host trouble reported by any connection → all of them pause, one goes ahead to probe, and the rest follow when it came
// through. The circuit breaker of one relay.

/** How many failures were known when the attempt started: attempts from before the last one bring old news. */
export interface Ticket {
  readonly failures: number
}

const HOST_PAUSES_MS = [250, 1000, 2000, 4000, 8000, 15_000, 30_000]

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

  /** The attempt said nothing about the host. */
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
    const pause =
      HOST_PAUSES_MS[Math.min(this.#failuresInRow, HOST_PAUSES_MS.length - 1)]! * (1 + random() / 4)
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

// A reader's domain → may her message be tried now, or later, and why. A domain that refuses for policy pauses, and not
// the edition; a domain with a rate of its own gets its readers spread over time.

/** Domain in lower case → most messages a second. */
type DomainRates = Readonly<Record<string, number>>

/** The reader as the ledger has her. */
interface Waiting {
  readonly email: string
  /** How long the server asked to wait. */
  readonly reply?: string | undefined
}

interface Postponement {
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

/** After each pause one more try, and at the next refusal the next pause. */
const DOMAIN_PAUSES_MS = [15 * MINUTE_MS, 60 * MINUTE_MS, 240 * MINUTE_MS]
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
    refusals.pausedUntil =
      this.#clock.now() + DOMAIN_PAUSES_MS[Math.min(refusals.pauses, DOMAIN_PAUSES_MS.length - 1)]!
    refusals.pauses++
    refusals.refused = 0
    refusals.answered = 0
  }
}

/** RFC 3463 §3.8: security or policy; it speaks of us and not of the reader. */
function isPolicyRefusal(outcome: Outcome): boolean {
  return outcome.kind === 'rejected' && /^5\.7\./.test(outcome.enhanced ?? '')
}

// The rates that hold for an edition → a gate that each of its messages passes: the domain's, the newsletter's, and that
// of all mail, each exact for all senders together, however many they are.

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
 * Places are on a grid in the database. A message leaves within `MAX_LATE_MS` of its place: in any window of one second
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
