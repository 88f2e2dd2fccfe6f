// What `send` was asked for, the folder, the ledger and the time → the editions to send, and why not the others.

import { STALE_AFTER } from '../../deliver/index.ts'
import { UserError } from '../../errors.ts'
import type { Edition, Letter, Loaded, Newsletter } from '../../model.ts'
import type { Database, EditionRecord } from '../../store/index.ts'
import type { SendOptions } from '../send-options.ts'

export interface NewEdition {
  readonly kind: 'new'
  readonly newsletter: Newsletter
  readonly edition: Edition
}

/** Frozen by an earlier send, and not finished; or finished, and asked for again. */
export interface FrozenEdition {
  readonly kind: 'frozen'
  readonly newsletter: Newsletter
  readonly record: EditionRecord & { readonly letter: Letter }
}

export interface NoEdition {
  readonly kind: 'none'
  readonly newsletter: Newsletter
  readonly why: string
  /** The edition that waits for somebody's word. */
  readonly paused?: string | undefined
  /** To be recorded as skipped, so that everybody knows that it was looked at. */
  readonly skipped?: { readonly id: string; readonly from: number; readonly until: number } | undefined
}

export type Chosen = NewEdition | FrozenEdition | NoEdition

interface Desk {
  readonly loaded: Loaded
  readonly newsletter: Newsletter
  readonly options: SendOptions
  /** Undefined where there is no ledger yet, and none is to be made. */
  readonly db: Database | undefined
  readonly now: number
}

export async function chooseEditions(desk: Desk): Promise<Chosen[]> {
  const { options, newsletter } = desk
  if (options.id !== undefined) return [await named(desk, options.id)]
  if (options.resend) return unanswered(desk)
  const held = await pausedOf(desk)
  const unfinished = await frozenWhere(
    desk,
    ({ state, edition }) => state === 'sending' && !held.some(one => one.paused === edition),
  )
  if (options.due) {
    return [...held, ...unfinished.map(chosen => unlessStale(chosen, desk.now)), ...(await due(desk))]
  }
  if (unfinished.length > 0) return unfinished.slice(-1)
  if (held.length > 0) return held
  const { newestSlot } = await import('../../edition/index.ts')
  const slot = newestSlot(desk.loaded, newsletter, desk.now)
  return slot ? [await named(desk, slot.id)] : [{ kind: 'none', newsletter, why: 'nothing is due' }]
}

/** What somebody has paused waits for somebody's word, and for no schedule. */
async function pausedOf({ db, newsletter }: Desk): Promise<NoEdition[]> {
  if (!db) return []
  const { listPaused } = await import('../../store/index.ts')
  const paused = [...(await listPaused(db))].filter(name => name.startsWith(`${newsletter.id}/`)).sort()
  return paused.map(edition => ({ kind: 'none', newsletter, why: `${edition} is paused`, paused: edition }))
}

/** The schedule's word, and the ledger's. */
async function due({ loaded, newsletter, db, now }: Desk): Promise<Chosen[]> {
  const { dueEditions } = await import('../../edition/index.ts')
  const { history, records } = await ledgerOf(db, newsletter)
  const settled = new Set(records.map(({ edition }) => edition))
  const { editions, passed } = dueEditions(loaded, newsletter, now, { ...history, settled })
  const { findSlot } = await import('../../edition/index.ts')
  return [
    ...editions.map(edition => ({ kind: 'new', newsletter, edition }) as const),
    ...passed.map(({ id, why }) => {
      const skipped = why === 'nothing new' ? findSlot(loaded, newsletter, id) : undefined
      return { kind: 'none', newsletter, why, skipped } as const
    }),
  ]
}

/** The one that a person names, whatever the schedule thinks of its age; but not before its time. */
async function named({ loaded, newsletter, db, now }: Desk, id: string): Promise<Chosen> {
  const { findSlot, newestSlot, planEdition } = await import('../../edition/index.ts')
  const name = `${newsletter.id}/${id}`
  const frozen = await readFrozen(db, newsletter, name)
  if (frozen) return frozen
  const slot = findSlot(loaded, newsletter, id)
  if (!slot) {
    const example = newestSlot(loaded, newsletter, now)?.id
    throw new UserError(
      `${newsletter.id} has no edition ${id}`,
      example ? `The newest is ${newsletter.id}/${example}.` : 'There is none yet.',
    )
  }
  const { history } = await ledgerOf(db, newsletter)
  const edition = planEdition(loaded, newsletter, slot, history)
  const begins = Math.max(slot.until, edition.sendAt)
  if (begins > now) {
    throw new UserError(
      `${name} is not due before ${new Date(begins).toISOString()}`,
      'Wait until then, send a test with --to, or take send_at out of its note.',
    )
  }
  if (edition.hold) return { kind: 'none', newsletter, why: 'on hold' }
  if (edition.articles.length === 0) return { kind: 'none', newsletter, why: 'nothing new', skipped: slot }
  return { kind: 'new', newsletter, edition }
}

/** The newest edition that has readers of whom we do not know whether they have it. */
async function unanswered(desk: Desk): Promise<Chosen[]> {
  const { countDeliveries } = await import('../../store/index.ts')
  const frozen = await frozenWhere(desk, ({ state }) => state === 'sending' || state === 'sent')
  for (const chosen of frozen.reverse()) {
    const { unknown } = await countDeliveries(desk.db!, chosen.record.edition)
    // One that was not finished may have some that only recovery will find.
    if (unknown > 0 || chosen.record.state === 'sending') return [chosen]
  }
  return [{ kind: 'none', newsletter: desk.newsletter, why: 'no delivery is unknown' }]
}

/** Nobody watches `--due`: what was left lying for three days is not sent by it. */
function unlessStale(chosen: FrozenEdition, now: number): Chosen {
  if (now - chosen.record.frozenAt <= STALE_AFTER) return chosen
  const { newsletter, record } = chosen
  return { kind: 'none', newsletter, why: `${record.edition} is unfinished for more than three days` }
}

/** Oldest first. */
async function frozenWhere(
  { db, newsletter }: Desk,
  wanted: (record: EditionRecord) => boolean,
): Promise<FrozenEdition[]> {
  const { records } = await ledgerOf(db, newsletter)
  const found = records.filter(wanted).map(({ edition }) => readFrozen(db, newsletter, edition))
  return (await Promise.all(found)).filter(chosen => chosen !== undefined).reverse()
}

async function readFrozen(
  db: Database | undefined,
  newsletter: Newsletter,
  name: string,
): Promise<FrozenEdition | undefined> {
  if (!db) return undefined
  const { frozenEdition } = await import('../../store/index.ts')
  const record = await frozenEdition(db, name)
  if (record?.state === 'cancelled') throw new UserError(`${name} was cancelled`, 'It is not sent any more.')
  if (record?.state === 'sending' && (await isPaused(db, name)))
    throw new UserError(`${name} is paused`, `Go on: broadsheet send ${name} --resume`)
  const letter = record?.letter
  if (!record || !letter || record.state === 'skipped') return undefined
  return { kind: 'frozen', newsletter, record: { ...record, letter } }
}

async function isPaused(db: Database, name: string): Promise<boolean> {
  const { listPaused } = await import('../../store/index.ts')
  return (await listPaused(db)).has(name)
}

async function ledgerOf(db: Database | undefined, newsletter: Newsletter) {
  if (!db) return { history: { carried: new Set<string>() }, records: [] as EditionRecord[] }
  const { listEditions, sentHistory } = await import('../../store/index.ts')
  return { history: await sentHistory(db, newsletter.id), records: await listEditions(db, newsletter.id) }
}
