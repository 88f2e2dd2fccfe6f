// Refusals in the ledger of an edition → bounces of its readers, judged as those that come by mail. And the limit: how many
// may be suppressed at once before a person must say that it is right.

import { domainOf } from '../base/index.ts'
import {
  countAtDomain,
  countReaders,
  type Database,
  failureText,
  readersAmong,
  recordBounce,
  refusedDeliveries,
} from '../store/index.ts'
import { classifyRefusal } from './classify-refusal.ts'

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
const MAX_AT_DOMAIN = 10

/** @returns what is beyond the limit, a sentence each */
async function findExcess(db: Database, suppressed: readonly Suppressed[]): Promise<string[]> {
  if (suppressed.length <= Math.min(MAX_READERS, MAX_AT_DOMAIN)) return []
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
    if (count <= MAX_AT_DOMAIN) continue
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
