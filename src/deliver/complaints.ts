// Complaints that are known → how many of each provider's readers complained lately; and the brake: where it is too many,
// their readers are held until a person has looked. Providers turn away a sender whom too many report.

import { DAY_MS, domainOf, providerOf } from '../base/index.ts'
import {
  complaintsAccepted,
  type Database,
  editionNumbers,
  HELD_REPLY,
  type NumberedEdition,
  returnedByDomain,
} from '../store/index.ts'
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
export class ComplaintBrake {
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
