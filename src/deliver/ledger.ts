// What one sender does with an edition's ledger: claims deliveries by the batch, and writes the outcomes of all its
// connections in few transactions. attempt.ts says what is promised.

import { HOUR_MS, MINUTE_MS } from '../base/index.ts'
import type { Delivery, Outcome } from '../model.ts'
import {
  type ClaimPlace,
  claimDeliveries,
  type Database,
  markHanded,
  type Settlement,
  settleDeliveries,
} from '../store/index.ts'
import type { WarmUpGate } from './sender-reputation.ts'

/** Whose ledger, and who writes. */
interface Sender {
  readonly db: Database
  readonly edition: string
  /** Unique to this run of a sender. */
  readonly owner: string
  now(): number
}

interface Claiming extends Sender {
  /** How many at a time: as many as there are connections, so that at most twice as many are in memory. */
  readonly batch: number
  /** For how long what is claimed is ours, in ms. */
  readonly lease: number
  /** How many in all. */
  readonly limit: number
  readonly place: ClaimPlace
  /** Puts a claim where everybody finds it, before anybody of it is handed over. */
  readonly publish?: (() => Promise<void>) | undefined
  readonly warmUp: WarmUpGate | undefined
}

/**
 * The deliveries that are due, one by one, leased to this sender. Where claims are published there is one batch a round: of
 * a sender that dies, no more than that is in doubt.
 */
export class Claims {
  readonly #claiming: Claiming
  #claimed: Delivery[] = []
  #claimedInRound = 0
  #roundHasClaimed = false
  #underWay: Promise<number> | undefined
  #left: number

  constructor(claiming: Claiming) {
    this.#claiming = claiming
    this.#left = claiming.limit
  }

  /** Undefined when nothing is due at this moment. */
  async next(): Promise<Delivery | undefined> {
    for (;;) {
      const delivery = this.#claimed.shift()
      if (delivery) return delivery
      // Whoever comes while the others' batch is being claimed waits for it, and may find it shared out already.
      this.#underWay ??= this.#claim().finally(() => {
        this.#underWay = undefined
      })
      if ((await this.#underWay) === 0) return undefined
    }
  }

  /** Once everything that was claimed is settled. @returns whether the next batch may be claimed at once */
  nextRound(): boolean {
    const more = this.#claiming.publish !== undefined && this.#claimedInRound > 0
    this.#claimedInRound = 0
    this.#roundHasClaimed = false
    return more
  }

  /** As many as were to be taken on have been. */
  areSpent(): boolean {
    return this.#left <= 0
  }

  async #claim(): Promise<number> {
    const { db, edition, owner, batch, lease, publish, warmUp, place } = this.#claiming
    const most = Math.min(batch, this.#left)
    if (most <= 0 || (publish && this.#roundHasClaimed)) return 0
    const allowed = warmUp ? await warmUp.reserve(most) : most
    const triedOnly = allowed === 0
    const limit = triedOnly ? most : allowed
    const now = this.#claiming.now()
    const leaseUntil = now + lease
    const claimed = await claimDeliveries(db, { edition, owner, limit, now, leaseUntil, triedOnly, place })
    warmUp?.claim(claimed.filter(({ attempts }) => attempts === 0).length)
    this.#roundHasClaimed = true
    this.#claimedInRound = claimed.length
    if (claimed.length > 0) await publish?.()
    this.#claimed = claimed
    this.#left -= claimed.length
    return claimed.length
  }
}

interface Waiting<Value, Result> {
  readonly value: Value
  resolve(result: Result): void
  reject(error: unknown): void
}

/** How long an acceptance may wait for company, in ms. The next message of its connection is seldom that far. */
const SETTLE_WITHIN_MS = 10

/**
 * All that comes while one transaction is being committed goes into the next. An acceptance needs none of its own: it goes
 * with whoever is handed next.
 */
export class LedgerWriter {
  readonly #sender: Sender
  #handing: Waiting<number, boolean>[] = []
  #settling: Waiting<Settlement, void>[] = []
  #running: Promise<void> | undefined
  /** Somebody waits for what is in the lists. */
  #isUrgent = false
  #soon: NodeJS.Timeout | undefined
  #failed: { readonly error: unknown } | undefined
  #revoked = false

  constructor(sender: Sender) {
    this.#sender = sender
  }

  /** Resolves once it is durable that this reader's last byte may leave; false when it may not. */
  async handed(subscriber: number): Promise<boolean> {
    if (this.#revoked) return false
    const written = add(this.#handing, subscriber)
    void this.#start()
    return written
  }

  /** Resolves once it is durable. Nobody need wait: it goes with, or before, the next that is handed. */
  settle(settlement: Settlement): Promise<void> {
    const written = add(this.#settling, settlement)
    // Who does not wait learns of a failure by `flush`.
    written.catch(() => {})
    if (settlement.state !== 'accepted') void this.#start()
    else this.#soon ??= setTimeout(() => void this.#start(), SETTLE_WITHIN_MS)
    return written
  }

  /** Another has taken over: nothing is handed any more. */
  revoke(): void {
    this.#revoked = true
  }

  /** Resolves once everything is durable; rejects with what first went wrong, after which nothing is written any more. */
  async flush(): Promise<void> {
    while (this.#handing.length + this.#settling.length > 0 || this.#running) await this.#start()
    if (this.#failed) throw this.#failed.error
  }

  /** Whatever the other connections have to say in this turn of the event loop comes along. */
  #start(): Promise<void> {
    this.#isUrgent ||= this.#handing.length + this.#settling.length > 0
    this.#running ??= new Promise<void>(resolve => setImmediate(resolve)).then(() => this.#writeAll())
    return this.#running
  }

  async #writeAll(): Promise<void> {
    while (this.#isUrgent) {
      const [hands, settles] = [this.#handing, this.#settling]
      this.#handing = []
      this.#settling = []
      this.#isUrgent = false
      clearTimeout(this.#soon)
      this.#soon = undefined
      try {
        if (this.#failed) throw this.#failed.error
        const allowed = await this.#write(
          hands.map(({ value }) => value),
          settles.map(({ value }) => value),
        )
        for (const { value, resolve } of hands) resolve(allowed.has(value))
        for (const { resolve } of settles) resolve()
      } catch (error) {
        this.#failed ??= { error }
        for (const { reject } of [...hands, ...settles]) reject(error)
      }
    }
    // Here and not a turn later: what is added from now on needs a new start.
    this.#running = undefined
  }

  /** @returns those of the subscribers whose last byte may leave */
  #write(subscribers: number[], settlements: Settlement[]): Promise<Set<number>> {
    const { db, edition, owner } = this.#sender
    return db.transaction(async tx => {
      const now = this.#sender.now()
      const handed = subscribers.length ? await markHanded(tx, { edition, owner, subscribers, now }) : []
      if (settlements.length) await settleDeliveries(tx, { edition, owner, settlements, now })
      return new Set(handed)
    })
  }
}

function add<Value, Result>(list: Waiting<Value, Result>[], value: Value): Promise<Result> {
  return new Promise((resolve, reject) => {
    list.push({ value, resolve, reject })
  })
}

// The outcome of one attempt → what the ledger writes: the reader's new state, and when to try again. Pure.

interface Circumstances {
  readonly subscriber: number
  /** Attempts counted before this one. */
  readonly attempts: number
  readonly now: number
  readonly random: () => number
  /** From here on nobody is tried again; ms since epoch. */
  readonly staleAt: number
  /** How often in this run the host failed on this very message, this time included. */
  readonly hostFailures: number
}

/** A message on which the host fails again and again is deferred like any other: alone it would stop everybody. */
const MAX_HOST_FAILURES = 3

export function settlementOf(outcome: Outcome, at: Circumstances): Settlement {
  const { subscriber, now } = at
  switch (outcome.kind) {
    case 'accepted':
    case 'rejected':
    case 'unknown': {
      const { kind, ...said } = outcome
      return { subscriber, state: kind, ...said, countAttempt: true }
    }
    case 'deferred': {
      const { kind, ...said } = outcome
      const nextAt = nextAttempt(at.attempts + 1, now, at.random)
      if (nextAt >= at.staleAt) return stale(subscriber, said)
      return { subscriber, state: kind, ...said, nextAt, countAttempt: true }
    }
    case 'host-trouble': {
      const { reply } = outcome
      const countAttempt = at.hostFailures >= MAX_HOST_FAILURES
      const nextAt = nextAttempt(countAttempt ? at.attempts + 1 : 1, now, at.random)
      if (countAttempt && nextAt >= at.staleAt) return stale(subscriber, { reply })
      // The second time it steps back, so that the next one to try the host carries another message.
      if (at.hostFailures > 1) return { subscriber, state: 'deferred', reply, nextAt, countAttempt }
      return { subscriber, state: 'pending', reply, countAttempt: false }
    }
  }
}

function stale(subscriber: number, said: { code?: number | undefined; reply: string }): Settlement {
  return { subscriber, state: 'rejected', ...said, reply: `stale: ${said.reply}`, countAttempt: true }
}

const SECOND_MS = 1000

// RFC 5321 §4.5.4.1 asks for growing intervals. The first two are short, for a server that was only busy; greylisting,
// usually five minutes, is met by the third.
const PAUSES_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
]

/** News that is three days old is not sent any more: a reader deferred for so long is given up. */
export const STALE_AFTER_MS = 72 * HOUR_MS

/**
 * When to try again: growing pauses, jittered so that they do not come back together.
 *
 * @param attempts made so far, at least 1
 * @param now ms since epoch
 * @param random chance in [0, 1)
 * @returns ms since epoch: the pause, and up to a quarter of it more
 */
export function nextAttempt(attempts: number, now: number, random: () => number): number {
  const pause = PAUSES_MS[Math.min(Math.max(attempts, 1), PAUSES_MS.length) - 1]!
  return now + Math.round(pause * (1 + random() / 4))
}
