// Limits that protect the reputation of a sender. On complaints: how many of each provider's readers complained
// lately; where it is too many, the others are held until a person has looked, for providers turn away a sender whom too many
// report. The ramp of a new sender: how many readers may be mailed for the first time today, and when the next day begins. And
// how many may be suppressed at once for what servers said of them.

import { DAY_MS, domainOf, isoTime, openZone, providerOf, type Zone } from '../base/index.ts'
import type { Publication, WarmUp } from '../model.ts'
import {
  complaintsAccepted,
  countAtDomain,
  countReaders,
  type Database,
  editionNumbers,
  failureText,
  HELD_REPLY,
  type NumberedEdition,
  readersAmong,
  readWarmUp,
  recordBounce,
  refusedDeliveries,
  reserveWarmUp,
  returnedByDomain,
  returnWarmUp,
  type WarmUpDay,
} from '../store/index.ts'
import { classifyRefusal } from './classify-refusal.ts'
import type { Clock } from './clock.ts'

export interface ComplaintRate {
  readonly provider: string
  readonly accepted: number
  readonly complaints: number
  /** Of those accepted, 0 to 1. */
  readonly rate: number
  readonly verdict: 'well' | 'warning' | 'held'
}

export const COMPLAINT_DAYS = 30

/** Google and Yahoo: keep below 0.1 %, never reach 0.3 %. */
const WARNING_RATE = 0.001
const HELD_RATE = 0.003
/** One or two are single readers, however small the list is. */
const MIN_COMPLAINTS_TO_HOLD = 3

/**
 * Providers whose readers complained of the editions of the last 30 days, the worst first. Domains of few readers are one
 * group, under the name '', and never held: one of their readers must not be known by it.
 *
 * @param counted the editions of those days, where they are at hand
 */
export async function complaintRates(
  db: Database,
  now: number,
  counted?: readonly NumberedEdition[],
): Promise<ComplaintRate[]> {
  const since = now - COMPLAINT_DAYS * DAY_MS
  const found = await returnedByDomain(db, since, 'complaint')
  if (found.length === 0) return []
  const editions = counted ?? (await editionNumbers(db, since))
  const accepted = sumByProvider(editions.flatMap(({ numbers }) => Object.entries(numbers.accepted)))
  const complaints = sumByProvider(
    found.map(({ domain, count }) => [accepted.has(providerOf(domain)) ? domain : '', count]),
  )
  return [...complaints]
    .map(([provider, count]) => rateOf(provider, accepted.get(provider) ?? 0, count))
    .sort((a, b) => b.rate - a.rate || (a.provider < b.provider ? -1 : 1))
}

function rateOf(provider: string, accepted: number, complaints: number): ComplaintRate {
  const rate = complaints / Math.max(1, accepted)
  const isHeld = provider !== '' && rate >= HELD_RATE && complaints >= MIN_COMPLAINTS_TO_HOLD
  const verdict = isHeld ? 'held' : rate >= WARNING_RATE ? 'warning' : 'well'
  return { provider, accepted, complaints, rate, verdict }
}

export function sumByProvider(
  counts: Iterable<readonly [domain: string, count: number]>,
): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [domain, count] of counts) {
    const provider = providerOf(domain)
    sums.set(provider, (sums.get(provider) ?? 0) + count)
  }
  return sums
}

/** How long whoever is held is left alone; then the rate is looked at again. */
const HOLD_MS = DAY_MS

/** As one sender knows it: `look` asks the ledger, in which other processes write what readers reported. */
export class ComplaintGate {
  readonly #db: Database
  readonly #edition: string
  readonly #clock: Pick<Clock, 'now'>
  /** Provider → what its deliveries say. */
  #held: ReadonlyMap<string, string> = new Map()

  constructor(db: Database, edition: string, clock: Pick<Clock, 'now'>) {
    this.#db = db
    this.#edition = edition
    this.#clock = clock
  }

  async look(): Promise<void> {
    const rates = (await complaintRates(this.#db, this.#clock.now())).filter(
      ({ verdict }) => verdict === 'held',
    )
    const isAccepted = rates.length > 0 && (await complaintsAccepted(this.#db, this.#edition))
    this.#held = new Map(isAccepted ? [] : rates.map(rate => [rate.provider, replyOf(rate)]))
  }

  /** Undefined for who may be mailed. */
  postponed(email: string): { readonly nextAt: number; readonly reply: string } | undefined {
    if (this.#held.size === 0) return undefined
    const reply = this.#held.get(providerOf(domainOf(email)))
    return reply === undefined ? undefined : { nextAt: this.#clock.now() + HOLD_MS, reply }
  }
}

function replyOf({ provider, complaints, accepted }: ComplaintRate): string {
  return `${HELD_REPLY} ${complaints} of ${accepted} readers at ${provider}`
}

// ─── The ramp of a new sender ────────────────────────────────────────────────────────────────────────────────────────

export interface WarmUpSettings extends WarmUp {
  /** Whose days they are: an IANA name. */
  readonly timezone: string
}

/** Of a publication; undefined where it has no ramp. */
export function warmUpSettings({
  mail,
  timezone,
}: Pick<Publication, 'mail' | 'timezone'>): WarmUpSettings | undefined {
  return mail.warmUp && { ...mail.warmUp, timezone }
}

/** '2026-01-30' */
function dayAt(at: number, zone: Zone): string {
  return isoTime(at, zone).slice(0, 10)
}

function nextDayAfter(at: number, zone: Zone): number {
  const wall = Date.parse(`${dayAt(at, zone)}T00:00:00Z`)
  return zone.fromWall(wall + DAY_MS).at
}

/** What a day of the ramp allows, for who only looks. */
export interface WarmUpToday extends WarmUpDay {
  /** ms since epoch */
  readonly nextAt: number
}

/** @returns undefined where there is no ramp, or none any more */
export async function warmUpToday(
  db: Database,
  settings: WarmUpSettings | undefined,
  now: number,
): Promise<WarmUpToday | undefined> {
  if (!settings) return undefined
  const zone = openZone(settings.timezone)
  const day = await readWarmUp(db, { warmUp: settings, day: dayAt(now, zone) })
  return day && { ...day, nextAt: nextDayAfter(now, zone) }
}

/**
 * One sender's share of the day. A place is reserved in the ledger before a reader is claimed, and given back when she was
 * not mailed after all; of a sender that dies, what it had reserved is lost to the day. Who has been tried before needs no
 * place: a server that asks to come again counts once.
 */
export class WarmUpGate {
  readonly #db: Database
  readonly #settings: WarmUpSettings
  readonly #clock: Pick<Clock, 'now'>
  readonly #zone: Zone
  #day = ''
  #reserved = 0
  #claimed = 0
  #used = 0
  #spentAt: number | undefined

  constructor(db: Database, settings: WarmUpSettings, clock: Pick<Clock, 'now'>) {
    this.#db = db
    this.#settings = settings
    this.#clock = clock
    this.#zone = openZone(settings.timezone)
  }

  /** @returns how many readers who were not tried before may be claimed, at most `count` */
  async reserve(count: number): Promise<number> {
    const now = this.#clock.now()
    const day = dayAt(now, this.#zone)
    // What is in hand of yesterday's is not today's.
    if (day !== this.#day) {
      await this.giveBack()
      this.#day = day
    }
    const free = this.#reserved - this.#claimed
    if (free >= count) return count
    const more = await reserveWarmUp(this.#db, { warmUp: this.#settings, day }, count - free)
    if (more === undefined) return count
    this.#reserved += more
    this.#spentAt = free + more === 0 ? now : undefined
    return free + more
  }

  /** So many of those that were reserved have been claimed. */
  claim(count: number): void {
    this.#claimed += count
  }

  /** One of them has been mailed, whatever came of it. */
  use(): void {
    this.#used += 1
  }

  /** Once nobody is claimed any more: what was not used is for others, and for later. */
  async giveBack(): Promise<void> {
    const left = this.#reserved - this.#used
    if (left > 0 && this.#day !== '') await returnWarmUp(this.#db, this.#day, left)
    this.#reserved = 0
    this.#claimed = 0
    this.#used = 0
  }

  /** When there will be more; undefined while there is some left of today. ms since epoch */
  nextAt(): number | undefined {
    return this.#spentAt === undefined ? undefined : nextDayAfter(this.#spentAt, this.#zone)
  }
}

// ─── Refusals of an edition ──────────────────────────────────────────────────────────────────────────────────────────
//
// Refusals in the ledger of an edition → bounces of its readers, judged as those that come by mail. And the limit: how many
// may be suppressed at once before a person must say that it is right.

/** A reader who is suppressed in this run, and the words that did it. */
export interface Suppressed {
  readonly subscriber: number
  readonly text: string
}

interface RecordedRefusals {
  /** Readers with a new bounce, hard or soft. */
  readonly refused: number
  readonly suppressed: readonly Suppressed[]
}

/** For within a transaction: see `recordWithinLimit`. */
export async function recordRefusalsIn(
  db: Database,
  edition: string,
  now: number,
): Promise<RecordedRefusals> {
  const suppressed: Suppressed[] = []
  let refused = 0
  for (const { subscriber, status, text } of await refusedDeliveries(db, edition)) {
    const kind = classifyRefusal({ status, text })
    if (kind === 'policy' || kind === 'deferred') continue
    const recorded = await recordBounce(db, {
      subscriber,
      edition,
      kind,
      status,
      text: text.slice(0, 500),
      now,
    })
    if (recorded !== 'gone') refused += 1
    if (recorded === 'suppressed') suppressed.push({ subscriber, text })
  }
  return { refused, suppressed }
}

/** @returns false when so many would be suppressed that nothing was recorded: `broadsheet bounces` shows them */
export async function recordRefusals(db: Database, edition: string, now: number): Promise<boolean> {
  return !('excess' in (await recordWithinLimit(db, tx => recordRefusalsIn(tx, edition, now))))
}

/**
 * Our own name server, a mail server's bad day or a forger must not cost the list: all of it is recorded, or, when too many
 * would be suppressed at once, nothing.
 *
 * @returns what was recorded, or what is beyond the limit, a sentence each
 */
export async function recordWithinLimit<Recorded extends { readonly suppressed: readonly Suppressed[] }>(
  db: Database,
  record: (tx: Database) => Promise<Recorded>,
): Promise<Recorded | { readonly excess: readonly string[] }> {
  try {
    return await db.transaction(async tx => {
      const recorded = await record(tx)
      const excess = await findExcess(tx, recorded.suppressed)
      if (excess.length > 0) throw new TooMany(excess)
      return recorded
    })
  } catch (error) {
    if (error instanceof TooMany) return { excess: error.excess }
    throw error
  }
}

class TooMany extends Error {
  readonly excess: readonly string[]

  constructor(excess: readonly string[]) {
    super()
    this.excess = excess
  }
}

/** Of a newsletter's readers; never fewer than twenty. */
const MAX_SHARE_OF_READERS = 0.02
const MAX_READERS = 20
/** Of the readers at one domain, with one text; never fewer than ten. */
const MAX_SHARE_AT_DOMAIN = 0.01
const MAX_READERS_AT_DOMAIN = 10

/** @returns what is beyond the limit, a sentence each */
async function findExcess(db: Database, suppressed: readonly Suppressed[]): Promise<string[]> {
  if (suppressed.length <= Math.min(MAX_READERS, MAX_READERS_AT_DOMAIN)) return []
  const textOf = new Map(suppressed.map(({ subscriber, text }) => [subscriber, failureText(text)]))
  const readers = await readersAmong(db, [...textOf.keys()])
  const excess: string[] = []
  const totals = await countReaders(db)
  for (const [newsletter, count] of counted(readers.map(reader => reader.newsletter))) {
    const total = totals[newsletter] ?? 0
    if (count <= Math.max(MAX_READERS, total * MAX_SHARE_OF_READERS)) continue
    excess.push(`${count} of the ${total} readers of ${newsletter}`)
  }
  const addresses = new Map(readers.map(({ subscriber, email }) => [subscriber, email]))
  const alike = [...addresses].map(([subscriber, email]) => {
    return `${domainOf(email)} ${textOf.get(subscriber)}`
  })
  for (const [key, count] of counted(alike)) {
    if (count <= MAX_READERS_AT_DOMAIN) continue
    const [domain = ''] = key.split(' ')
    if (count <= (await countAtDomain(db, domain)) * MAX_SHARE_AT_DOMAIN) continue
    excess.push(`${count} at ${domain}, all with: ${key.slice(domain.length + 1) || 'no reply'}`)
  }
  return excess
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
