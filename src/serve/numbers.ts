// The ledger → a publication in numbers: its list, its editions, the providers of its readers, its feeds. Nothing in them is
// about one person: groups of fewer than five are named together.

import { DAY_MS, providerOf } from '../base/index.ts'
import { COMPLAINT_DAYS, complaintRates, sumByProvider } from '../deliver/index.ts'
import type { Publication } from '../model.ts'
import {
  countReaders,
  type Database,
  type DayOfList,
  type DomainSum,
  editionNumbers,
  type FeedSubscribers,
  feedSubscribers,
  type Group,
  largeGroups,
  leavers,
  listGrowth,
  type NumberedEdition,
  readersBySource,
  returnedByDomain,
  returnedByEdition,
  sumDomainReports,
} from '../store/index.ts'

export interface Numbers {
  readonly growth: readonly DayOfList[]
  readonly newsletters: readonly Group[]
  readonly sources: readonly Group[]
  /** The newest first. */
  readonly editions: readonly EditionInNumbers[]
  /** Of the last 30 days, the one with most readers first; '' are those of few. */
  readonly providers: readonly ProviderInNumbers[]
  readonly feeds: readonly Group[]
  readonly feedReaders: readonly Group[]
  readonly reports: readonly DomainSum[]
}

export interface EditionInNumbers {
  readonly edition: string
  readonly frozenAt: number
  readonly accepted: number
  readonly hard: number
  readonly soft: number
  readonly complaint: number
  /** Left the newsletter after this edition and before the next. */
  readonly left: number
  readonly times: NumberedEdition['numbers']['times']
}

export interface ProviderInNumbers {
  readonly provider: string
  readonly accepted: number
  readonly hard: number
  readonly soft: number
  readonly complaint: number
  readonly verdict: 'well' | 'warning' | 'held'
}

const MAX_EDITIONS = 26
const MAX_REPORT_FAILURES = 5

/** @param more what another server's access log says of feeds */
export async function publicationNumbers(
  db: Database,
  { newsletters }: Pick<Publication, 'newsletters'>,
  now: number,
  more: readonly FeedSubscribers[] = [],
): Promise<Numbers> {
  const readers = await countReaders(db)
  const editions = await editionNumbers(db, 0, MAX_EDITIONS)
  const since = now - COMPLAINT_DAYS * DAY_MS
  const reachesBack = editions.length < MAX_EDITIONS || editions.at(-1)!.frozenAt < since
  const lately = reachesBack
    ? editions.filter(({ frozenAt }) => frozenAt >= since)
    : await editionNumbers(db, since)
  const feeds = [...(await feedSubscribers(db, since)), ...more.filter(({ at }) => at >= since)]
  return {
    growth: await listGrowth(db),
    newsletters: newsletters.map(({ id, title }) => ({ name: title, count: readers[id] ?? 0 })),
    sources: await readersBySource(db),
    editions: await inNumbers(db, editions),
    providers: await byProvider(db, now, lately),
    feeds: summed(feeds.map(({ feed, subscribers }) => [feed, subscribers])),
    feedReaders: summed(feeds.map(({ reader, subscribers }) => [reader, subscribers])),
    reports: await sumDomainReports(db, since, MAX_REPORT_FAILURES),
  }
}

async function inNumbers(db: Database, editions: readonly NumberedEdition[]): Promise<EditionInNumbers[]> {
  const oldest = editions.at(-1)?.frozenAt
  if (oldest === undefined) return []
  const gone = await leavers(db, oldest)
  const returned = await returnedByEdition(db, oldest)
  return editions.map(({ edition, newsletter, frozenAt, numbers }, index) => {
    const next = editions.slice(0, index).findLast(one => one.newsletter === newsletter)?.frozenAt
    const back = (kind: string) =>
      returned.find(one => one.edition === edition && one.kind === kind)?.count ?? 0
    const left = gone.filter(
      one =>
        one.newsletter === newsletter &&
        one.second >= Math.floor(frozenAt / 1000) &&
        (next === undefined || one.second < Math.floor(next / 1000)),
    )
    return {
      edition,
      frozenAt,
      accepted: Object.values(numbers.accepted).reduce((sum, count) => sum + count, 0),
      hard: back('hard'),
      soft: back('soft'),
      complaint: back('complaint'),
      left: left.reduce((sum, { count }) => sum + count, 0),
      times: numbers.times,
    }
  })
}

async function byProvider(
  db: Database,
  now: number,
  editions: readonly NumberedEdition[],
): Promise<ProviderInNumbers[]> {
  const since = now - COMPLAINT_DAYS * DAY_MS
  const groups = largeGroups(
    [...sumByProvider(editions.flatMap(({ numbers }) => Object.entries(numbers.accepted)))].map(
      ([name, count]) => ({ name, count }),
    ),
  )
  const known = new Set(groups.map(({ name }) => name))
  const returned = (await returnedByDomain(db, since)).map(one => ({
    ...one,
    provider: known.has(providerOf(one.domain)) ? providerOf(one.domain) : '',
  }))
  const rates = await complaintRates(db, now, editions)
  const all =
    known.has('') || returned.every(({ provider }) => provider !== '')
      ? groups
      : [...groups, { name: '', count: 0 }]
  return all.map(({ name: provider, count: accepted }) => {
    const back = (kind: string) =>
      returned.reduce((sum, one) => sum + (one.provider === provider && one.kind === kind ? one.count : 0), 0)
    const verdict = rates.find(rate => rate.provider === provider)?.verdict ?? 'well'
    return {
      provider,
      accepted,
      hard: back('hard'),
      soft: back('soft'),
      complaint: back('complaint'),
      verdict,
    }
  })
}

function summed(counts: readonly (readonly [name: string, count: number])[]): Group[] {
  const sums = new Map<string, number>()
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count)
  return [...sums]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
}
