// A frozen edition and a transport → every reader's delivery settled, or put off, or given back.
// Any number of connections; a few messages in memory, however many readers there are.

import type { UserError } from '../errors.ts'
import type { LedgerCounts, Letter, Newsletter, Publication } from '../model.ts'
import {
  type ClaimPlace,
  cancelEdition,
  countDeliveries,
  countHeld,
  type Database,
  type EditionStatus,
  editionStatus,
  failureText,
  isAnybodyLeft,
  newerProgramAt,
  nextDue,
  openDeliveries,
  releaseLeases,
  type SharedLedger,
  storedLetter,
} from '../store/index.ts'
import { type Attempting, Attempts, type Compose } from './attempt.ts'
import { DomainGate, HostGate, type RateLimits, rateLimiter } from './gates.ts'
import { Claims, LedgerWriter } from './ledger.ts'
import { ComplaintGate, WarmUpGate, type WarmUpSettings, warmUpSettings } from './sender-reputation.ts'
import type { Transport } from './transport.ts'

export interface Delivering extends Attempting, RateLimits {
  readonly db: Database
  /** '<newsletter>/<id>', frozen. */
  readonly edition: string
  readonly connections: number
  readonly warmUp?: WarmUpSettings | undefined
  /** How long to wait here, in ms, for deferred readers and for a host in trouble. */
  readonly wait: number
  /** How long a host in trouble is waited for when that is not `wait`, in ms. */
  readonly patience?: number | undefined
  /** Finish what is in flight, save, return. */
  readonly signal: AbortSignal
  /** Who we are in the ledger. */
  readonly owner: string
  /** For how long what we claim is ours unless we say that we are still at it, in ms. */
  readonly lease?: number | undefined
  /** How many readers to take on at most; all of them if left out. */
  readonly limit?: number | undefined
  /** Where to go on in the list, for a sender that has claimed of this edition before. */
  readonly place?: ClaimPlace | undefined
  /** Where the ledger is found by others only when it is saved: each claim is, before anybody of it is handed over. */
  readonly shared?: SharedLedger | undefined
  /** Says that we are still at it; false when another has taken over. */
  heartbeat?(): Promise<boolean>
}

/** How a run ended. */
export interface Ended {
  /**
   * waiting: some are due later than we wait; host-trouble: the server was given up; taken-over: another sends now;
   * paused, cancelled: at a person's word; enqueued: left to the workers, nothing was tried here.
   */
  readonly ended:
    | 'done'
    | 'waiting'
    | 'interrupted'
    | 'host-trouble'
    | 'taken-over'
    | 'paused'
    | 'cancelled'
    | 'enqueued'
  /** When the next is due, if we ended waiting; ms since epoch. */
  readonly nextAt?: number | undefined
  /** So many are held, since too many at their provider complained. */
  readonly held?: number | undefined
  /** So many were not tried: today's limit of the warm-up is reached, and the next day begins then, in ms since epoch. */
  readonly warmUp?: { readonly waiting: number; readonly nextAt: number } | undefined
  /** What the server said last, if it was given up; without addresses. */
  readonly reply?: string | undefined
}

export interface Delivered extends Ended {
  readonly counts: LedgerCounts
}

/** @throws UserError when the ledger cannot be written; nothing is lost, what was in flight is unknown at the next start */
export async function deliver(options: Delivering): Promise<Delivered> {
  const ended = await deliverShare(options)
  return { counts: await countDeliveries(options.db, options.edition), ...ended }
}

/** The same for who has only a share of it: counting millions after each would take longer than sending it. */
export function deliverShare(options: Delivering): Promise<Ended> {
  return new DeliveryRun(options).run()
}

/** After an interruption: how long what is in flight may take to end by itself. */
const GRACE_MS = 10_000

/** Longer than the longest that one message may take; a lone sender that died is noticed by its lock, not by this. */
const LEASE_MS = 30 * 60_000

/** Each claim waits for the disk, and what is claimed and not yet composed is small. */
const READERS_PER_CLAIM = 100

/** How soon we notice that a person has paused or cancelled the edition; what is handed over is asked anyway. */
const CHECK_MS = 1000

/** Checks from one heartbeat to the next. */
const CHECKS_PER_HEARTBEAT = 10

/** Checks from one look at the complaints to the next: what is accepted so far must be counted for it. */
const CHECKS_PER_LOOK = 300

class DeliveryRun {
  readonly #options: Delivering
  readonly #host: HostGate
  readonly #claims: Claims
  readonly #ledger: LedgerWriter
  readonly #attempts: Attempts
  readonly #warmUp: WarmUpGate | undefined
  readonly #complaints: ComplaintGate
  /** Aborted: begin nothing more. */
  readonly #halt = new AbortController()
  /** Aborted: all connections have ended. */
  readonly #finished = new AbortController()
  #failure: { readonly error: unknown } | undefined
  #takenOver = false
  #outdated: UserError | undefined
  /** At a person's word. */
  #stopped: 'paused' | 'cancelled' | undefined

  constructor(options: Delivering) {
    const { db, edition, owner, clock, random, wait, patience = wait } = options
    const sender = { db, edition, owner, now: clock.now }
    const newsletter = edition.slice(0, edition.indexOf('/'))
    this.#options = options
    this.#host = new HostGate({ clock, random, patience })
    this.#complaints = new ComplaintGate(db, edition, clock)
    this.#warmUp = options.warmUp && new WarmUpGate(db, options.warmUp, clock)
    this.#claims = new Claims({
      ...sender,
      batch: batchOf(options),
      lease: options.lease ?? LEASE_MS,
      limit: options.limit ?? Number.POSITIVE_INFINITY,
      place: options.place ?? { after: 0 },
      publish: options.shared && (() => this.#publish()),
      warmUp: this.#warmUp,
    })
    this.#ledger = new LedgerWriter(sender)
    const gates = {
      host: this.#host,
      domains: new DomainGate(clock, options.domains),
      rate: rateLimiter(db, newsletter, options, clock),
      complaints: this.#complaints,
      warmUp: this.#warmUp,
      halt: this.#halt.signal,
    }
    this.#attempts = new Attempts(options, gates, this.#ledger)
  }

  async run(): Promise<Ended> {
    const { signal } = this.#options
    const interrupt = () => this.#interrupt()
    if (signal.aborted) interrupt()
    signal.addEventListener('abort', interrupt, { once: true })
    await this.#complaints.look()
    const beating = this.#beat().catch(error => this.#fail(error))
    try {
      const nextAt = await this.#rounds()
      if (this.#failure) throw this.#failure.error
      return await this.#conclude(nextAt)
    } finally {
      this.#finished.abort()
      signal.removeEventListener('abort', interrupt)
      await beating
    }
  }

  /** Everything that is due now; then, as long as we wait, what becomes due. @returns when the next is due */
  async #rounds(): Promise<number | undefined> {
    const { db, edition, owner, clock, wait, connections } = this.#options
    const halt = this.#halt.signal
    for (;;) {
      await Promise.all(Array.from({ length: connections }, () => this.#connection()))
      await this.#ledger.flush()
      await this.#warmUp?.giveBack()
      if (halt.aborted || this.#host.givenUp() !== undefined) return undefined
      if (this.#claims.nextRound()) continue
      // Withheld by a pause that is over already: still ours, and not sent.
      const released = await releaseLeases(db, { edition, owner })
      if (released > 0 && !this.#claims.areSpent() && !(await this.#isStopped())) continue
      const due = earliest(await nextDue(db, edition), (await this.#waiting())?.nextAt)
      const beyond = due === undefined || due - clock.now() > wait
      if (beyond || this.#claims.areSpent() || (await this.#isStopped())) return due
      await this.#publish()
      // One that is due and cannot be claimed is being claimed by another at this moment.
      await clock.sleep(Math.max(50, due - clock.now()), halt)
    }
  }

  /** Who is left for another day of the warm-up. */
  async #waiting(): Promise<Ended['warmUp']> {
    const nextAt = this.#warmUp?.nextAt()
    if (nextAt === undefined) return undefined
    const { db, edition } = this.#options
    const { pending: waiting } = await openDeliveries(db, edition, Number.MAX_SAFE_INTEGER)
    return waiting > 0 ? { waiting, nextAt } : undefined
  }

  /** One delivery after the other, until nothing is due or nothing more may be begun. */
  async #connection(): Promise<void> {
    try {
      for (;;) {
        const delivery = this.#halt.signal.aborted ? undefined : await this.#claims.next()
        if (!delivery || !(await this.#attempts.make(delivery))) return
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  async #beat(): Promise<void> {
    const { db, edition, clock, heartbeat } = this.#options
    for (let check = 1; ; check++) {
      await clock.sleep(CHECK_MS, this.#finished.signal)
      if (this.#finished.signal.aborted) return
      this.#stopped = stoppedBy(await editionStatus(db, edition))
      if (!this.#stopped && heartbeat && check % CHECKS_PER_HEARTBEAT === 0 && !(await heartbeat())) {
        this.#takenOver = true
        this.#ledger.revoke()
      }
      if (check % CHECKS_PER_HEARTBEAT === 0) this.#outdated = await newerProgramAt(db)
      if (check % CHECKS_PER_LOOK === 0) await this.#complaints.look()
      if (!this.#stopped && !this.#takenOver && !this.#outdated) continue
      this.#halt.abort()
      return
    }
  }

  async #publish(): Promise<void> {
    const { edition, shared, wait } = this.#options
    await shared?.save(`sending ${edition}`, wait)
  }

  async #isStopped(): Promise<boolean> {
    const { db, edition } = this.#options
    this.#stopped ??= stoppedBy(await editionStatus(db, edition))
    return this.#stopped !== undefined
  }

  #interrupt(): void {
    const { clock, transport } = this.#options
    this.#halt.abort()
    void clock.sleep(GRACE_MS, this.#finished.signal).then(async () => {
      if (!this.#finished.signal.aborted) await transport.close('cut')
    })
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#halt.abort()
  }

  async #conclude(nextAt: number | undefined): Promise<Ended> {
    const { db, edition, owner, clock, signal } = this.#options
    if (!this.#takenOver) await releaseLeases(db, { edition, owner })
    if (this.#outdated) throw this.#outdated
    // Whoever was deferred while the edition was being cancelled will not get it either.
    if ((await this.#isStopped()) && this.#stopped === 'cancelled')
      await cancelEdition(db, edition, clock.now())
    const reply = this.#host.givenUp()
    if (this.#takenOver) return { ended: 'taken-over' }
    if ((await this.#isStopped()) && this.#stopped) return { ended: this.#stopped }
    const open = await openDeliveries(db, edition)
    if (signal.aborted && isAnybodyLeft(open)) return { ended: 'interrupted' }
    // It may repeat the address of the reader whose turn it was.
    if (reply !== undefined) return { ended: 'host-trouble', reply: failureText(reply) }
    return {
      ended: nextAt === undefined ? 'done' : 'waiting',
      nextAt,
      warmUp: await this.#waiting(),
      held: open.dueAt === undefined ? 0 : await countHeld(db, edition),
    }
  }
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

function stoppedBy(standing: EditionStatus | undefined): 'paused' | 'cancelled' | undefined {
  return standing === 'paused' || standing === 'cancelled' ? standing : undefined
}

/** How many are claimed at a time: where there is a rate, which others may have a share in, no more than are needed soon. */
function batchOf({ connections, rate, newsletterRate, shared }: Delivering): number {
  const slowest = Math.min(rate ?? Number.POSITIVE_INFINITY, newsletterRate ?? Number.POSITIVE_INFINITY)
  const isLimited = slowest < Number.POSITIVE_INFINITY
  if (shared)
    return isLimited ? Math.max(1, Math.ceil(slowest * SHARED_BATCH_SECONDS)) : READERS_PER_SHARED_CLAIM
  return isLimited ? connections : Math.max(connections, READERS_PER_CLAIM)
}

/** Saving a claim takes a second or two, and so many are in doubt when the sender dies. */
const READERS_PER_SHARED_CLAIM = 200
const SHARED_BATCH_SECONDS = 30

/** As the ledger has it: nothing is rendered here. */
export interface FrozenLetter {
  /** '<newsletter>/<id>' */
  readonly edition: string
  readonly newsletter: Newsletter
  readonly letter: Letter
  /** ms since epoch */
  readonly frozenAt: number
}

/** The process that wants to send. */
export interface SenderProcess {
  readonly host: string
  readonly pid: number
}

/** What one process sends with, whichever edition it sends. */
export interface SendingMeans extends Pick<Attempting, 'clock' | 'random' | 'onAttempt'> {
  readonly publication: Publication
  readonly db: Database
  readonly transport: Transport
  /** Signs the links of messages. */
  readonly secret: string
  /** Finish what is in flight, save, return. */
  readonly signal: AbortSignal
  /** Where other machines change the ledger as well, and find it only when it is saved. */
  readonly shared?: SharedLedger | undefined
  /** `newId`: another one each time. */
  readonly sender: SenderProcess & { newId(): string }
}

export async function deliveryOptions(
  { edition, newsletter, letter }: FrozenLetter,
  { publication, db, transport, secret, clock, random, signal, shared, onAttempt }: SendingMeans,
): Promise<Omit<Delivering, 'owner' | 'wait' | 'staleAt'>> {
  const { composeLetter } = await import('../letter/index.ts')
  const { rate, domains, connections } = publication.mail
  const compose = (one: Letter) => composeLetter(one, publication, newsletter, { secret, date: clock.now })
  return {
    db,
    edition,
    transport,
    compose: compose(letter),
    composerOf: composersOf(variant => storedLetter(db, edition, variant), compose),
    rate,
    newsletterRate: newsletter.rate,
    domains,
    connections,
    warmUp: warmUpSettings(publication),
    clock,
    random,
    signal,
    shared,
    ...(onAttempt ? { onAttempt } : {}),
  }
}

/** Of some 200 kB each. */
const LETTERS_IN_MEMORY = 40

/** Those that were asked for last are kept, however many selections of topics there are. */
function composersOf(
  stored: (variant: number) => Promise<Letter | undefined>,
  compose: (letter: Letter) => Compose,
): (variant: number) => Promise<Compose> {
  const composers = new Map<number, Promise<Compose>>()

  async function load(variant: number): Promise<Compose> {
    const letter = await stored(variant)
    if (!letter) throw new Error(`the ledger has no letter ${variant} of this edition`)
    return compose(letter)
  }

  return variant => {
    const composer = composers.get(variant) ?? load(variant)
    composers.delete(variant)
    composers.set(variant, composer)
    if (composers.size > LETTERS_IN_MEMORY) composers.delete(composers.keys().next().value!)
    return composer
  }
}
