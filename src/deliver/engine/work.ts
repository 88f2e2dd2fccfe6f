// The engine and the ledger → one sender more: takes share after share until it is told to stop.

import { type Database, editionsToSend, openDeliveries } from '../../store/index.ts'
import type { Clock } from '../clock.ts'
import type { Delivered } from '../deliver.ts'
import type { Engine } from './engine.ts'

export interface Working {
  readonly db: Database
  readonly engine: Engine
  /** The database's. */
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Is an edition frozen then, ms since epoch, to be let alone unless somebody asks for it? */
  isStale(frozenAt: number): boolean
  /** End when nothing is left that could be done now. */
  readonly once: boolean
  /** Takes part in an edition; undefined when this machine cannot. */
  send(edition: string, share: number): Promise<Delivered | undefined>
}

/** How often we look into the ledger for what no task speaks of: a queue that was lost, a worker that died, in ms. */
const LOOK = 20_000

/** From one question for a task to the next while there is none, in ms. */
const POLL = 500

/** The longest time until an edition with something left is looked at again, in ms: who holds the rest may die. */
const FARTHEST = 60_000

/** How soon a server that was given up is tried again, in ms. */
const AFTER_TROUBLE = 60_000

/** @throws UserError when the database is gone for good */
export async function work(working: Working): Promise<void> {
  const { engine, clock, signal } = working
  let looked = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    if (clock.now() - looked >= LOOK) {
      looked = clock.now()
      await lookAround(working)
    }
    const task = await engine.take()
    if (!task) {
      if (working.once && (await nothingLeft(working))) return
      await clock.sleep(POLL, signal)
      continue
    }
    await joinShares(working, task.edition, task.share)
    const delivered = await working.send(task.edition, task.share)
    await task.done()
    await followUp(working, task.edition, delivered)
  }
}

/** The ledger is the truth: what is open there gets a task, whatever became of the last one. */
async function lookAround({ db, engine, isStale }: Working): Promise<void> {
  for (const { edition, frozenAt } of await editionsToSend(db)) {
    if (!isStale(frozenAt)) await engine.later(edition, 0)
  }
}

/** More to do than one can: let the others take part. */
async function joinShares({ db, engine }: Working, edition: string, share: number): Promise<void> {
  const { pending } = await openDeliveries(db, edition)
  if (pending > 2 * share && (await engine.waiting()) === 0) await engine.enqueue(edition, pending - share)
}

async function followUp(
  { db, engine, clock }: Working,
  edition: string,
  delivered: Delivered | undefined,
): Promise<void> {
  if (delivered?.ended === 'paused' || delivered?.ended === 'cancelled') return
  const { pending, dueAt, leasedUntil } = await openDeliveries(db, edition)
  if (!delivered || delivered.ended === 'host-trouble') return engine.later(edition, AFTER_TROUBLE)
  if (pending > 0) {
    if ((await engine.waiting()) === 0) await engine.later(edition, 0)
    return
  }
  const next = [dueAt, leasedUntil].filter(time => time !== undefined)
  if (next.length > 0)
    await engine.later(edition, Math.min(FARTHEST, Math.max(1000, Math.min(...next) - clock.now())))
}

async function nothingLeft({ db, isStale }: Working): Promise<boolean> {
  for (const { edition, frozenAt } of await editionsToSend(db)) {
    if (isStale(frozenAt)) continue
    const { pending, dueAt, leasedUntil } = await openDeliveries(db, edition)
    if (pending > 0 || dueAt !== undefined || leasedUntil !== undefined) return false
  }
  return true
}
