// The ledger → a publication in numbers: its list, its editions, the providers of its readers, its feeds. And the User-Agents
// of those who fetch feeds → how many subscribers they say they fetch for. Nothing is about one person: groups of fewer than
// five are named together, and what a single person's program sends says nothing of the kind and is not kept.

import { DAY_MS, decodePath, providerOf } from '../base/index.ts'
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
  recordFeedSubscribers,
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

// ─── Subscribers of feeds: asked of `serve`, or read from the access log of another server ───────────────────────────

type Report = Pick<FeedSubscribers, 'reader' | 'number' | 'subscribers'>

const MAX_SUBSCRIBERS = 1e9

/**
 * 'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher-Google)' → Feedly, 12. There is no
 * specification; readers have written it like this since 2005.
 */
export function readFeedAgent(agent: string): Report | undefined {
  const text = agent.slice(0, 400)
  const subscribers = Number(
    /(?<![\w.,])(\d{1,10})\s+(?:subscribers?|readers?|users?)\b/i.exec(text)?.[1] ?? Number.NaN,
  )
  if (!(subscribers <= MAX_SUBSCRIBERS)) return undefined
  const named = text.replace(/^Mozilla\/\S+\s*\((?:compatible;\s*)?/i, '')
  const reader =
    /^[^/;()+:]*?(?=\s*(?:[/;()+:]|\s-\s|\bfeed[-_ ]?id\b|\bv?\d+\.\d|$))/i.exec(named)?.[0] ?? ''
  const name = reader
    .replace(/[^\w .!&'-]+/g, ' ')
    .replace(/^https?\b|\.(?:com|net|org|io)$/g, '')
    .trim()
    .slice(0, 40)
  const number = /\bfeed[-_ ]?id[:=]\s*([\w-]{1,40})/i.exec(text)?.[1] ?? ''
  return !/^\p{L}/u.test(name) ? undefined : { reader: name, number, subscribers }
}

/** More of them were made up by somebody. */
const MAX_REPORTS = 2000
const FLUSH_MS = 60_000

/** What was heard last of each, written at most once a minute. */
export class FeedReaders {
  readonly #db: Database
  readonly #now: () => number
  readonly #heard = new Map<string, FeedSubscribers>()
  #unsaved = new Map<string, FeedSubscribers>()
  #savedAt: number

  constructor(db: Database, now: () => number) {
    this.#db = db
    this.#now = now
    this.#savedAt = now()
  }

  /** @param path of a feed that was there, as it was asked for @returns whether it is time to save */
  hear(path: string, agent: string | null): boolean {
    const found = agent === null ? undefined : readFeedAgent(agent)
    if (!found) return false
    const feed = plainPath(path)
    const at = this.#now()
    const key = `${feed}\n${found.reader}\n${found.number}`
    if (!this.#heard.has(key) && this.#heard.size >= MAX_REPORTS) return false
    const report = { feed, ...found, at }
    this.#heard.set(key, report)
    this.#unsaved.set(key, report)
    return at - this.#savedAt >= FLUSH_MS
  }

  /** What could not be saved is saved with what comes next. */
  async save(): Promise<void> {
    const saving = this.#unsaved
    this.#unsaved = new Map()
    this.#savedAt = this.#now()
    try {
      await recordFeedSubscribers(this.#db, [...saving.values()])
    } catch (error) {
      this.#unsaved = new Map([...saving, ...this.#unsaved])
      throw error
    }
  }
}

/** One feed has many spellings: '//%72ss.xml' is '/rss.xml'. */
function plainPath(path: string): string {
  const isFolder = path.endsWith('/') && /[^/]/.test(path)
  const names = decodePath(path).split('/').filter(Boolean)
  return `/${names.join('/')}${isFolder ? '/' : ''}`.slice(0, 200)
}

/**
 * Lines of an access log (Common Log Format with User-Agent, as Apache, nginx and Caddy's `transform` write it) → what each
 * reader said last. Lines of any other form are left out.
 */
export async function readAccessLog(lines: AsyncIterable<string>): Promise<FeedSubscribers[]> {
  const last = new Map<string, FeedSubscribers>()
  for await (const line of lines) {
    const match = line.length > MAX_LINE_LENGTH ? undefined : LOG_LINE.exec(line)
    if (!match) continue
    const [, day, month, rest, path = '', agent = ''] = match
    const found = readFeedAgent(agent)
    // A private feed's path names its reader.
    if (!found || /\/f\//.test(path)) continue
    const at = Date.parse(`${day} ${month} ${rest!.replace(':', ' ')}`)
    if (Number.isNaN(at)) continue
    const feed = plainPath(path.replace(/[?#].*$/, ''))
    const key = `${feed}\n${found.reader}\n${found.number}`
    if ((last.get(key)?.at ?? 0) <= at) last.set(key, { feed, ...found, at })
    if (last.size > MAX_REPORTS) last.delete(last.keys().next().value!)
  }
  return [...last.values()]
}

const MAX_LINE_LENGTH = 8192

/** … [30/Jan/2026:07:00:00 +0530] "GET /rss.xml HTTP/1.1" 200 1234 "-" "Feedly/1.0 (…)" */
const LOG_LINE =
  /\[(\d{1,2})\/(\w{3})\/(\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "GET (\S{1,2000})[^"]{0,20}" (?:200|304) \S+ "(?:[^"\\]|\\.)*" "((?:[^"\\]|\\.)*)"/
