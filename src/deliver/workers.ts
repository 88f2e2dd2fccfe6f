// A ledger on PostgreSQL and its job queue → many senders that share out the deliveries of each edition.

import type PgBoss from 'pg-boss'
import { isReplaced } from '../base/index.ts'
import { replacedProgram, UserError } from '../errors.ts'
import {
  type ClaimPlace,
  countDeliveries,
  type Database,
  editionsToSend,
  engineVersion,
  explainPostgres,
  finishEdition,
  frozenEdition,
  isAnybodyLeft,
  isConnectionLost,
  KEEP_ALIVE,
  newerProgramAt,
  openDeliveries,
  recoverDeliveries,
  renewLeases,
  withEngineSetupLock,
} from '../store/index.ts'
import { databaseClock } from './clock.ts'
import {
  type Delivered,
  type Delivering,
  deliverShare,
  deliveryOptions,
  type Ended,
  type FrozenLetter,
  type SendingMeans,
} from './deliver.ts'
import { STALE_AFTER_MS } from './ledger.ts'
import { recordRefusals, warmUpSettings, warmUpToday } from './sender-reputation.ts'

// The tasks: take a share of this edition, look at it again later. What was sent is in the ledger alone; a task that is lost, or done twice, changes nothing.

/** Take part in sending this edition. */
interface Task {
  readonly edition: string
  /** How many readers to take on at most. */
  readonly share: number
  done(): Promise<void>
}

interface Engine {
  /** As many tasks as there are shares, so that as many workers can take part. */
  enqueue(edition: string, readers: number): Promise<void>
  /** One task for an edition, in so many ms; only one waits at a time. */
  later(edition: string, ms: number): Promise<void>
  /** Shares that nobody has taken yet, of all editions. */
  waiting(): Promise<number>
  /** Undefined when there is nothing to do now. */
  take(): Promise<Task | undefined>
  close(): Promise<void>
}

const SCHEMA = 'broadsheet_jobs'

/** The tables of pg-boss 10.4. */
export const ENGINE_VERSION = 24

const SHARES = 'send-share'
const RETRIES = 'send-retry'

/** @throws UserError when a newer program has made the engine's tables, or they cannot be made */
export async function openEngine(address: string, db: Database): Promise<Engine> {
  const version = (await engineVersion(db, SCHEMA)) ?? 0
  if (version > ENGINE_VERSION) {
    throw new UserError(
      `the engine's tables were made by a newer Broadsheet (their version is ${version}, this program's ${ENGINE_VERSION})`,
      'Install the newer program on every machine that sends: npm install broadsheet@latest',
    )
  }
  const { default: Boss } = await import('pg-boss')
  const boss = new Boss({
    connectionString: address,
    // Its statements are short; one without an answer is on a line that has died without a word.
    ...{ ...KEEP_ALIVE, query_timeout: 20_000 },
    schema: SCHEMA,
    max: 2,
    application_name: 'broadsheet-engine',
    schedule: false,
    maintenanceIntervalSeconds: 60,
    archiveCompletedAfterSeconds: 3600,
    deleteAfterDays: 1,
  })
  // Whoever asks hears of it; without a listener it would end the process.
  boss.on('error', () => {})
  try {
    await withEngineSetupLock(db, async () => {
      await boss.start()
      await makeQueue(boss, SHARES, 'standard')
      // No more than one waits for an edition.
      await makeQueue(boss, RETRIES, 'short')
    })
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {})
    throw explainPostgres(error, address)
  }
  return new PgBossEngine(boss)
}

/** A task that was cut off is not repeated by the queue: the ledger knows better what is left. */
async function makeQueue(boss: PgBoss, name: string, policy: PgBoss.QueuePolicy): Promise<void> {
  if (await boss.getQueue(name)) return
  await boss.createQueue(name, { name, policy, retryLimit: 0, expireInHours: 1 })
}

class PgBossEngine implements Engine {
  readonly #boss: PgBoss

  constructor(boss: PgBoss) {
    this.#boss = boss
  }

  async enqueue(edition: string, readers: number): Promise<void> {
    const share = shareOf(readers)
    // A small edition need not wait for a large one.
    const priority = -Math.ceil(Math.log10(readers + 1))
    const tasks = Array.from({ length: Math.ceil(readers / share) }, () => ({
      name: SHARES,
      data: { edition, share },
      priority,
    }))
    if (tasks.length > 0) await unlessLost(this.#boss.insert(tasks), undefined)
  }

  async later(edition: string, ms: number): Promise<void> {
    const startAfter = Math.max(0, Math.ceil(ms / 1000))
    const options = { singletonKey: edition, ...(startAfter > 0 ? { startAfter } : {}) }
    await unlessLost(this.#boss.send(RETRIES, { edition, share: shareOf(1) }, options), null)
  }

  waiting(): Promise<number> {
    return unlessLost(this.#boss.getQueueSize(SHARES), 0)
  }

  async take(): Promise<Task | undefined> {
    return (await this.#fetch(RETRIES)) ?? (await this.#fetch(SHARES))
  }

  close(): Promise<void> {
    return this.#boss.stop({ graceful: false })
  }

  async #fetch(queue: string): Promise<Task | undefined> {
    const [job] = await this.#boss.fetch<{ edition: string; share: number }>(queue)
    return job && { ...job.data, done: () => unlessLost(this.#boss.complete(queue, job.id), undefined) }
  }
}

/** Small enough that several workers get one, large enough that asking for the next costs nothing. */
function shareOf(readers: number): number {
  return Math.min(10_000, Math.max(250, Math.ceil(readers / 32)))
}

/** What cannot be queued now is found at the next check of the ledger. */
async function unlessLost<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (isConnectionLost(error)) return otherwise
    throw error
  }
}

// One worker takes share after share, of whichever edition, until a signal stops it. `send` takes part in its own edition in
// the same way.

interface Working extends SendingMeans {
  readonly engine: Engine
  /** End when nothing is left that could be done now. */
  readonly once: boolean
  /** A share of an edition was worked off. @param settled how many readers' deliveries @param ms that it took */
  onShare?(edition: string, settled: number, ms: number): void
  /** This folder has no newsletter of that name. */
  onUnknownNewsletter?(edition: string, newsletter: string): void
  /** A sender was cut off while so many were handed over. */
  onRecovered?(edition: string, unknown: number): void
  /** The mail server was given up. @param reply what it said last */
  onHostTrouble?(reply: string | undefined): void
}

export interface Worked {
  readonly tasks: number
  readonly settled: number
  readonly editions: readonly string[]
}

/** How often we look into the ledger for what no task speaks of: a queue that was lost, a worker that died. */
const LEDGER_CHECK_MS = 20_000

/** From one question for a task to the next while there is none. */
const POLL_MS = 500

/** The longest time until an edition with something left is checked again: the worker with the rest may die. */
const MAX_RETRY_MS = 60_000

/** How soon a server that was given up is tried again. */
const AFTER_TROUBLE_MS = 60_000

/** How long a mail server in trouble is waited for before its readers go back to the others. */
const PATIENCE_MS = 120_000

/** @throws UserError when the database is gone for good, or a newer program has changed it or was installed here */
export async function work(working: Working): Promise<Worked> {
  const { db, engine, signal } = working
  const clock = await databaseClock(db, working.clock)
  const total = { tasks: 0, settled: 0, editions: new Set<string>() }
  let checked = Number.NEGATIVE_INFINITY
  const places = new Map<string, ClaimPlace>()
  while (!signal.aborted) {
    // Before anything that it does for the first time.
    if (isReplaced()) throw replacedProgram()
    if (clock.now() - checked >= LEDGER_CHECK_MS) {
      checked = clock.now()
      const outdated = await newerProgramAt(db)
      if (outdated) throw outdated
      await enqueueOpen(working)
    }
    const task = await engine.take()
    if (!task) {
      if (working.once && (await nothingLeft(working, clock.now()))) break
      await clock.sleep(POLL_MS, signal)
      continue
    }
    await offerShares(working, task, clock.now())
    const place = places.get(task.edition) ?? { after: 0 }
    places.set(task.edition, place)
    const share = await workOff(working, task, place)
    if (share) {
      total.tasks++
      total.settled += share.settled
      if (share.settled > 0) total.editions.add(task.edition)
    }
    await task.done()
    await followUp(working, task.edition, share?.delivered, clock.now())
  }
  return { ...total, editions: [...total.editions] }
}

/** The ledger is the truth: what is open there gets a task, whatever became of the last one. */
async function enqueueOpen(working: Working): Promise<void> {
  for (const edition of await openEditions(working)) await working.engine.later(edition, 0)
}

/** Those that were frozen too long ago are let alone unless somebody asks for them. */
async function openEditions({ db, clock }: Working): Promise<string[]> {
  const now = clock.now()
  const editions = await editionsToSend(db)
  return editions.filter(({ frozenAt }) => now - frozenAt < STALE_AFTER_MS).map(({ edition }) => edition)
}

/** Readers in shares that wait at the same time; by when those are taken, more are offered. */
const MOST_OFFERED = 320_000

/** More to do than one can: let the others take part. */
async function offerShares(working: Working, { edition, share }: Task, now: number): Promise<void> {
  const { db, engine } = working
  if ((await isSpent(working, now)) || (await engine.waiting()) > 0) return
  const { pending } = await openDeliveries(db, edition, MOST_OFFERED)
  if (pending > 2 * share) await engine.enqueue(edition, pending - share)
}

/** @returns undefined when this machine cannot send it */
async function workOff(
  working: Working,
  { edition, share }: Task,
  place: ClaimPlace,
): Promise<{ readonly delivered: Ended; readonly settled: number } | undefined> {
  const { db, clock, publication } = working
  const record = await frozenEdition(db, edition)
  if (!record?.letter) return undefined
  const newsletter = publication.newsletters.find(({ id }) => id === record.newsletter)
  if (!newsletter) {
    working.onUnknownNewsletter?.(edition, record.newsletter)
    return undefined
  }
  const { letter, frozenAt } = record
  const began = clock.now()
  let settled = 0
  const delivered = await takeShare({ edition, newsletter, letter, frozenAt }, working, {
    place,
    wait: 0,
    patience: PATIENCE_MS,
    limit: share,
    stay: false,
    onProgress: done => {
      settled = done
    },
    onRecovered: unknown => working.onRecovered?.(edition, unknown),
  })
  if (settled > 0) working.onShare?.(edition, settled, clock.now() - began)
  if (delivered.ended === 'host-trouble') working.onHostTrouble?.(delivered.reply)
  return { delivered, settled }
}

/** @param now the database's */
async function followUp(
  { db, engine }: Working,
  edition: string,
  delivered: Ended | undefined,
  now: number,
): Promise<void> {
  if (delivered?.ended === 'paused' || delivered?.ended === 'cancelled') return
  const { pending, dueAt, leasedUntil } = await openDeliveries(db, edition)
  if (!delivered || delivered.ended === 'host-trouble') return engine.later(edition, AFTER_TROUBLE_MS)
  if (pending > 0 && delivered.warmUp) return engine.later(edition, MAX_RETRY_MS)
  if (pending > 0) {
    if ((await engine.waiting()) === 0) await engine.later(edition, 0)
    return
  }
  const next = [dueAt, leasedUntil].filter(time => time !== undefined)
  if (next.length > 0)
    await engine.later(edition, Math.min(MAX_RETRY_MS, Math.max(1000, Math.min(...next) - now)))
}

/** Nobody may be mailed for the first time before tomorrow. @param now the database's */
async function isSpent({ db, publication }: Working, now: number): Promise<boolean> {
  const today = await warmUpToday(db, warmUpSettings(publication), now)
  return today !== undefined && today.sent >= today.allowed
}

async function nothingLeft(working: Working, now: number): Promise<boolean> {
  const isWaiting = await isSpent(working, now)
  for (const edition of await openEditions(working)) {
    const open = await openDeliveries(working.db, edition)
    if (isAnybodyLeft(isWaiting ? { ...open, pending: 0 } : open)) return false
  }
  return true
}

interface Part extends Pick<Delivering, 'wait' | 'patience' | 'limit' | 'place' | 'onProgress'> {
  /** Stay until nobody else has any in hand either, and take over what they leave. */
  readonly stay: boolean
  /** A sender was cut off while so many were handed over. */
  onRecovered?(unknown: number): void
  /** So many addresses were refused that none was recorded: a person must look at them. */
  onManyRefused?(): void
}

/** A sender that was not heard of for so long has lost its claims; six heartbeats. */
const LEASE_MS = 60_000

/** How soon we look again whether the others have ended. */
const CHECK_MS = 500

/**
 * One edition, sent as far as one of many senders can.
 *
 * @param means whose clock is this machine's, which may have been set with --now; leases, pauses and rates go by the
 *   database's
 */
export async function takePart(frozen: FrozenLetter, means: SendingMeans, part: Part): Promise<Delivered> {
  const ended = await takeShare(frozen, means, { place: { after: 0 }, ...part })
  return { counts: await countDeliveries(means.db, frozen.edition), ...ended }
}

async function takeShare(frozen: FrozenLetter, means: SendingMeans, part: Part): Promise<Ended> {
  const { edition } = frozen
  const { db, clock: local, signal, sender } = means
  const owner = `${sender.host} ${sender.pid} ${sender.newId()}`
  const clock = await databaseClock(db, local)
  const staleAt = clock.now() + (frozen.frozenAt + STALE_AFTER_MS - local.now())
  const options = await deliveryOptions(frozen, means)
  for (;;) {
    const recovered = await recoverDeliveries(db, { edition, now: clock.now(), expired: true })
    if (recovered.unknown > 0) part.onRecovered?.(recovered.unknown)
    const delivered = await deliverShare({
      ...options,
      ...part,
      owner,
      clock,
      staleAt,
      lease: LEASE_MS,
      async heartbeat() {
        await clock.adjust()
        await renewLeases(db, { edition, owner, leaseUntil: clock.now() + LEASE_MS })
        return true
      },
    })
    const open = await openDeliveries(db, edition)
    // Also those that others hold: nobody is done before they are.
    if (!isAnybodyLeft(open)) {
      const { rejected } = await countDeliveries(db, edition)
      if (rejected > 0 && !(await recordRefusals(db, edition, local.now()))) part.onManyRefused?.()
      await finishEdition(db, edition, local.now())
      return delivered
    }
    if (!['done', 'waiting'].includes(delivered.ended) || !part.stay || delivered.warmUp) return delivered
    if (open.pending === 0 && open.leasedUntil === undefined) {
      if (delivered.ended === 'waiting') return delivered
      continue
    }
    if (open.pending === 0) await clock.sleep(CHECK_MS, signal)
  }
}
