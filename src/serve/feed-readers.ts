// User-Agents of those who fetch feeds → how many subscribers they say they fetch for: asked of `serve`, or read from the
// access log of another server. What a single person's program sends says nothing of the kind, and is not kept.

import { decodePath } from '../base/index.ts'
import { type Database, type FeedSubscribers, recordFeedSubscribers } from '../store/index.ts'

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
