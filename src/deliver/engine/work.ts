// The engine and a ledger on PostgreSQL → one more sender, none of whom holds an edition alone: takes share after share, of
// whichever edition, until it is told to stop. `send` takes part in its own edition in the same way.

import {
  editionsToSend,
  finishEdition,
  frozenEdition,
  openDeliveries,
  recordRefused,
  recoverDeliveries,
  renewLeases,
} from '../../store/index.ts'
import { databaseClock } from '../clock.ts'
import { type Delivered, type Delivering, deliver } from '../deliver.ts'
import { deliveryOptions, type FrozenLetter, type SendingMeans } from '../editions/delivery-options.ts'
import { STALE_AFTER_MS } from '../settlement.ts'
import type { Engine, Task } from './engine.ts'

export interface Working extends SendingMeans {
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

/** The longest time until an edition with something left is looked at again: who holds the rest may die. */
const MAX_RETRY_MS = 60_000

/** How soon a server that was given up is tried again. */
const AFTER_TROUBLE_MS = 60_000

/** How long a mail server in trouble is waited for before its readers go back to the others. */
const PATIENCE_MS = 120_000

/** @throws UserError when the database is gone for good */
export async function work(working: Working): Promise<Worked> {
  const { db, engine, signal } = working
  const clock = await databaseClock(db, working.clock)
  const total = { tasks: 0, settled: 0, editions: new Set<string>() }
  let checked = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    if (clock.now() - checked >= LEDGER_CHECK_MS) {
      checked = clock.now()
      await enqueueOpen(working)
    }
    const task = await engine.take()
    if (!task) {
      if (working.once && (await nothingLeft(working))) break
      await clock.sleep(POLL_MS, signal)
      continue
    }
    await offerShares(working, task)
    const share = await workOff(working, task)
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

/** More to do than one can: let the others take part. */
async function offerShares({ db, engine }: Working, { edition, share }: Task): Promise<void> {
  const { pending } = await openDeliveries(db, edition)
  if (pending > 2 * share && (await engine.waiting()) === 0) await engine.enqueue(edition, pending - share)
}

/** @returns undefined when this machine cannot send it */
async function workOff(
  working: Working,
  { edition, share }: Task,
): Promise<{ readonly delivered: Delivered; readonly settled: number } | undefined> {
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
  const delivered = await takePart({ edition, newsletter, letter, frozenAt }, working, {
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
  delivered: Delivered | undefined,
  now: number,
): Promise<void> {
  if (delivered?.ended === 'paused' || delivered?.ended === 'cancelled') return
  const { pending, dueAt, leasedUntil } = await openDeliveries(db, edition)
  if (!delivered || delivered.ended === 'host-trouble') return engine.later(edition, AFTER_TROUBLE_MS)
  if (pending > 0) {
    if ((await engine.waiting()) === 0) await engine.later(edition, 0)
    return
  }
  const next = [dueAt, leasedUntil].filter(time => time !== undefined)
  if (next.length > 0)
    await engine.later(edition, Math.min(MAX_RETRY_MS, Math.max(1000, Math.min(...next) - now)))
}

async function nothingLeft(working: Working): Promise<boolean> {
  for (const edition of await openEditions(working)) {
    const { pending, dueAt, leasedUntil } = await openDeliveries(working.db, edition)
    if (pending > 0 || dueAt !== undefined || leasedUntil !== undefined) return false
  }
  return true
}

export interface Part extends Pick<Delivering, 'wait' | 'patience' | 'limit' | 'onProgress'> {
  /** Stay until nobody else has any in hand either, and take over what they leave. */
  readonly stay: boolean
  /** A sender was cut off while so many were handed over. */
  onRecovered?(unknown: number): void
}

/** A sender that was not heard of for so long has lost what it holds; six heartbeats. */
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
  const { edition } = frozen
  const { db, clock: local, signal, sender } = means
  const owner = `${sender.host} ${sender.pid} ${sender.newId()}`
  const clock = await databaseClock(db, local)
  const staleAt = clock.now() + (frozen.frozenAt + STALE_AFTER_MS - local.now())
  const options = await deliveryOptions(frozen, means)
  for (;;) {
    const recovered = await recoverDeliveries(db, { edition, now: clock.now(), expired: true })
    if (recovered.unknown > 0) part.onRecovered?.(recovered.unknown)
    const delivered = await deliver({
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
    const { pending, deferred } = delivered.counts
    // Pending are also those that others hold: nobody is done before they are.
    if (pending + deferred === 0) {
      if (delivered.counts.rejected > 0) await recordRefused(db, edition, local.now())
      await finishEdition(db, edition, local.now())
      return delivered
    }
    if (!['done', 'waiting'].includes(delivered.ended) || !part.stay) return delivered
    const { pending: free, leasedUntil } = await openDeliveries(db, edition)
    if (free === 0 && leasedUntil === undefined) {
      if (delivered.ended === 'waiting') return delivered
      continue
    }
    if (free === 0) await clock.sleep(CHECK_MS, signal)
  }
}
