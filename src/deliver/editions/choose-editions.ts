// What was asked for, the folder, the ledger and the time → the editions to send, and why not the others.

import { readableTime } from '../../base/index.ts'
import {
  articleEdition,
  articleFinder,
  comingEdition,
  dueEditions,
  editionAt,
  findSlot,
  type History,
  isExtra,
  newestSlot,
  planEdition,
  slotOfSchedule,
} from '../../edition/index.ts'
import { UserError } from '../../errors.ts'
import type { Edition, Letter, Loaded, Newsletter } from '../../model.ts'
import {
  countDeliveries,
  type Database,
  type EditionRecord,
  editionStatus,
  frozenEdition,
  listEditions,
  listPaused,
  recordSkipped,
  type Segment,
  sentHistory,
} from '../../store/index.ts'
import { STALE_AFTER_MS } from '../ledger.ts'

export interface NewEdition {
  readonly kind: 'new'
  readonly newsletter: Newsletter
  readonly edition: Edition
  /** Only to be looked at: it is due then, in ms since epoch, and holds what is in the folder for it so far. */
  readonly dueAt?: number | undefined
  /** Outside the schedule. */
  readonly extra?: boolean | undefined
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
  /** The edition that waits until a person resumes it. */
  readonly paused?: string | undefined
  /** To be recorded as skipped, so that everybody knows that it was looked at. */
  readonly skipped?: { readonly id: string; readonly from: number; readonly until: number } | undefined
}

export type Chosen = NewEdition | FrozenEdition | NoEdition

/** Which edition of a newsletter: the one of this id, one with unknown deliveries, all that are due, or the newest. */
export interface Asked {
  readonly id: string | undefined
  readonly due: boolean
  /** Once more to those of whom nobody knows whether they have it. */
  readonly resendUnknown: boolean
  /** The edition that is named is outside the schedule. */
  readonly extra?: boolean | undefined
  /** Of an extra edition: only these readers. */
  readonly segment?: Segment | undefined
}

interface Choosing {
  readonly loaded: Loaded
  readonly newsletter: Newsletter
  readonly asked: Asked
  /** Undefined where there is no ledger yet, and none is to be made. */
  readonly db: Database | undefined
  readonly now: number
  /** Nothing is sent: what is due later may be looked at. */
  readonly dryRun?: boolean | undefined
}

/** @throws UserError for an edition that is named and cannot be sent */
export async function chooseEditions(choosing: Choosing): Promise<Chosen[]> {
  const { asked, newsletter, loaded, now } = choosing
  if (asked.id !== undefined) return [await named(choosing, asked.id)]
  const ledger = await ledgerOf(choosing.db, newsletter)
  if (asked.resendUnknown) return withUnknown(choosing, ledger)
  const paused = await pausedEditions(choosing)
  const unfinished = await frozenWhere(
    choosing,
    ledger,
    ({ state, edition }) => state === 'sending' && !paused.some(one => one.paused === edition),
  )
  const planned = due(choosing, ledger)
  if (asked.due) return [...paused, ...unfinished.map(chosen => unlessStale(chosen, now)), ...planned]
  // Somebody asks by name: what is unfinished is finished, whatever its age, and what is due goes out as well.
  const isDue = planned.some(({ kind }) => kind === 'new')
  if (unfinished.length > 0 || isDue) return [...paused, ...unfinished, ...planned]
  if (paused.length > 0) return paused
  const slot = newestSlot(loaded, newsletter, now)
  return slot ? [await named(choosing, slot.id)] : [{ kind: 'none', newsletter, why: 'nothing is due' }]
}

/** The one that a person names, whatever the schedule thinks of its age; but not before its time. */
async function named(choosing: Choosing, asked: string): Promise<Chosen> {
  const { loaded, newsletter, db, now, dryRun, asked: how } = choosing
  const history = await historyOf(db, newsletter)
  const id = extraNameOf(choosing, asked)
  const name = `${newsletter.id}/${id}`
  const frozen = await readFrozen(db, newsletter, name)
  if (frozen && how.segment)
    throw new UserError(
      `${name} has begun to be sent: its readers are fixed`,
      'To finish it, leave --for out. The next edition brings its articles to all readers.',
    )
  if (frozen) return frozen
  const slot = findSlot(loaded, newsletter, id)
  const extra = how.extra === true || (slot !== undefined && isExtra(loaded, newsletter, slot))
  const edition = slot
    ? planEdition(loaded, newsletter, slot, history)
    : how.extra && articleEdition(loaded, newsletter, asked, history)
  if (!edition) throw unknownEdition(choosing, asked)
  if (extra && edition.articles.length === 0 && !edition.hold)
    return { kind: 'none', newsletter, why: whyEmpty(edition) }
  const begins = Math.max(edition.until, edition.sendAt)
  if (begins > now && dryRun && slot)
    return { ...ahead(newsletter, editionAt(loaded, newsletter, slot, history)), ...(extra ? { extra } : {}) }
  if (begins > now) {
    throw new UserError(
      `${name} is due on ${readableTime(begins, loaded.publication.timezone)}: nothing was sent`,
      `Send it then, or a test now: broadsheet send ${name} --to you@example.org${edition.sendAt > edition.until ? '\nThe time is set by send_at in its note.' : ''}`,
    )
  }
  if (edition.hold) return { kind: 'none', newsletter, why: 'on hold' }
  if (edition.articles.length === 0)
    return { kind: 'none', newsletter, why: 'nothing new', skipped: slot || undefined }
  return { kind: 'new', newsletter, edition, ...(extra ? { extra } : {}) }
}

/**
 * With --extra an article may be named in any way: the edition has its slug.
 *
 * @throws UserError for --extra with an edition of the schedule
 */
function extraNameOf({ loaded, newsletter, asked }: Choosing, name: string): string {
  if (!asked.extra) return name
  if (slotOfSchedule(loaded, newsletter, name))
    throw new UserError(
      `${newsletter.id}/${name} is an edition of the schedule`,
      `Leave --extra out: broadsheet send ${newsletter.id}/${name}`,
    )
  if (findSlot(loaded, newsletter, name)) return name
  return articleEdition(loaded, newsletter, name, { carried: new Set() })?.id ?? name
}

function unknownEdition({ loaded, newsletter, now, asked }: Choosing, id: string): UserError {
  const newest = newestSlot(loaded, newsletter, now)?.id
  const there = newest ? `The newest is ${newsletter.id}/${newest}.` : 'There is none yet.'
  if (asked.extra)
    return new UserError(
      `${id} is neither an article nor an editor's note with extra: true`,
      `Name an article by its file: broadsheet send ${newsletter.id}/flood.md --extra`,
    )
  const isArticle = articleFinder(loaded.articles)(id) !== undefined
  const hint = `To send that article outside the schedule: broadsheet send ${newsletter.id}/${id} --extra`
  return new UserError(`${newsletter.id} has no edition ${id}`, isArticle ? hint : there)
}

/** Of an extra edition: what keeps its articles out of it. */
function whyEmpty({ leftOut }: Edition): string {
  const [first] = leftOut
  if (!first) return 'it picks no article'
  return first.why === 'already sent' ? 'its article was sent before' : `its article is not out: ${first.why}`
}

/** The edition that comes next, to be looked at. @returns undefined where no slot is to come */
export async function chooseComing({ loaded, newsletter, db, now }: Omit<Choosing, 'asked'>) {
  const edition = comingEdition(loaded, newsletter, now, await historyOf(db, newsletter))
  return edition && ahead(newsletter, edition)
}

function ahead(newsletter: Newsletter, edition: Edition): NewEdition | NoEdition {
  if (edition.articles.length === 0) return { kind: 'none', newsletter, why: 'nothing new' }
  return { kind: 'new', newsletter, edition, dueAt: Math.max(edition.until, edition.sendAt) }
}

/** The newest edition that has readers of whom nobody knows whether they have it. */
async function withUnknown(choosing: Choosing, ledger: Ledger): Promise<Chosen[]> {
  const frozen = await frozenWhere(choosing, ledger, ({ state }) => state === 'sending' || state === 'sent')
  for (const chosen of frozen.reverse()) {
    const { unknown } = await countDeliveries(choosing.db!, chosen.record.edition)
    // One that was not finished may have some that only recovery will find.
    if (unknown > 0 || chosen.record.state === 'sending') return [chosen]
  }
  return [{ kind: 'none', newsletter: choosing.newsletter, why: 'no delivery is unknown' }]
}

/** What somebody has paused waits until somebody resumes it, and for no schedule. */
async function pausedEditions({ db, newsletter }: Choosing): Promise<NoEdition[]> {
  if (!db) return []
  const paused = [...(await listPaused(db))].filter(name => name.startsWith(`${newsletter.id}/`)).sort()
  return paused.map(edition => ({ kind: 'none', newsletter, why: `${edition} is paused`, paused: edition }))
}

/** What the schedule says is due, less what the ledger knows already. */
function due({ loaded, newsletter, now }: Choosing, { history, records }: Ledger): Chosen[] {
  const settled = new Set(records.map(({ edition }) => edition))
  const { editions, passed } = dueEditions(loaded, newsletter, now, { ...history, settled })
  return [
    ...editions.map(edition => ({ kind: 'new', newsletter, edition }) as const),
    ...passed.map(({ id, why }) => {
      const skipped = why === 'nothing new' ? findSlot(loaded, newsletter, id) : undefined
      return { kind: 'none', newsletter, why, skipped } as const
    }),
  ]
}

/** Nobody watches `--due`: what was left lying for three days is not sent by it. */
function unlessStale(chosen: FrozenEdition, now: number): Chosen {
  if (now - chosen.record.frozenAt <= STALE_AFTER_MS) return chosen
  const { newsletter, record } = chosen
  return {
    kind: 'none',
    newsletter,
    why: `${record.edition} has been unfinished for more than three days; to finish it: broadsheet send ${record.edition}`,
  }
}

/** Oldest first. */
async function frozenWhere(
  { db, newsletter }: Choosing,
  { records }: Ledger,
  wanted: (record: EditionRecord) => boolean,
): Promise<FrozenEdition[]> {
  const found = records.filter(wanted).map(({ edition }) => readFrozen(db, newsletter, edition))
  return (await Promise.all(found)).filter(chosen => chosen !== undefined).reverse()
}

async function readFrozen(
  db: Database | undefined,
  newsletter: Newsletter,
  name: string,
): Promise<FrozenEdition | undefined> {
  if (!db) return undefined
  const record = await frozenEdition(db, name)
  if (record?.state === 'cancelled') throw new UserError(`${name} was cancelled`, 'It will not be sent.')
  if (record?.state === 'sending' && (await listPaused(db)).has(name))
    throw new UserError(`${name} is paused`, `To continue: broadsheet send ${name} --resume`)
  const letter = record?.letter
  if (!record || !letter || record.state === 'skipped') return undefined
  return { kind: 'frozen', newsletter, record: { ...record, letter } }
}

/** Of one newsletter. */
interface Ledger {
  readonly history: History
  /** The newest first. */
  readonly records: readonly EditionRecord[]
}

async function ledgerOf(db: Database | undefined, newsletter: Newsletter): Promise<Ledger> {
  const records = db ? await listEditions(db, newsletter.id) : []
  return { history: await historyOf(db, newsletter), records }
}

/** What the ledger says was sent; nothing, where there is none. */
export async function historyOf(db: Database | undefined, { id }: Newsletter): Promise<History> {
  return db ? sentHistory(db, id) : { carried: new Set() }
}

/** What a person may do to an edition that is being sent. */
export type Steering = 'pause' | 'resume' | 'cancel'

/**
 * The edition that was named, or the only one there is.
 *
 * @param asked '<newsletter>' and the edition's id, as far as they were named
 * @throws UserError when there is none to which that can be done, or more than one
 */
export async function editionToSteer(
  db: Database,
  { newsletter, id }: { readonly newsletter: string | undefined; readonly id: string | undefined },
  steering: Steering,
): Promise<string> {
  const paused = await listPaused(db)
  const fits = (edition: string) => (steering === 'resume') === paused.has(edition) || steering === 'cancel'
  if (newsletter !== undefined && id !== undefined) {
    const edition = `${newsletter}/${id}`
    const standing = await editionStatus(db, edition)
    if ((standing === 'sending' || standing === 'paused') && fits(edition)) return edition
    throw new UserError(
      `There is nothing to ${steering}: ${edition} is ${standing === undefined ? 'not in the ledger' : standing}`,
      `See its state: broadsheet status ${standing === undefined ? '' : edition}`.trim(),
    )
  }
  const open = (await listEditions(db, newsletter))
    .filter(({ state, edition }) => state === 'sending' && fits(edition))
    .map(({ edition }) => edition)
  if (open.length === 1) return open[0]!
  throw new UserError(
    open.length === 0 ? `There is nothing to ${steering}` : `Which one? ${open.join(', ')}`,
    open.length === 0
      ? 'See its state: broadsheet status'
      : `Name it: broadsheet send ${open[0]} --${steering}`,
  )
}

/** So that the ledger knows that a slot without news was looked at. */
export async function recordSkips(db: Database, none: readonly NoEdition[], now: number): Promise<void> {
  for (const { newsletter, skipped, why } of none) {
    if (!skipped) continue
    const { id, from, until } = skipped
    const edition = `${newsletter.id}/${id}`
    await recordSkipped(db, { edition, newsletter: newsletter.id, from, until, why, now })
  }
}
