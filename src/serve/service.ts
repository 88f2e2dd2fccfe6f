// The interfaces of the subscription service: what it is opened with, and what a route is and is given. Its counters, for Prometheus.
// And a request → the network that it comes from, how often that may subscribe, and the language of its pages.

import { isIP } from 'node:net'
import { HOUR_MS } from '../base/index.ts'
import type { WebhookKeys } from '../inbound/index.ts'
import type { Publication } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Templates } from '../templates/index.ts'
import type { FeedReaders } from './publication-figures.ts'

/** What a service is opened with. */
export interface AppOptions {
  readonly publication: Publication
  readonly db: Database
  readonly templates: Templates
  /** BROADSHEET_SECRET: one key or several. */
  readonly secret: string
  /** Where readers reach it, ending in a slash: `service` of the settings. */
  readonly address: string
  /** Absolute path of out/. */
  readonly out: string
  /** The accent as it can be read on a light and on a dark page, '#rrggbb'. */
  readonly accent: { readonly light: string; readonly dark: string }
  /** ms since epoch */
  now(): number
  /** A monotonic clock in ms, for how long answers take. */
  elapsed(): number
  /** Called when a mail is due. */
  wake(): void
  readonly counters?: Counters | undefined
  readonly feedReaders?: FeedReaders | undefined
  /** How many reverse proxies of ours are in front. */
  readonly proxies?: number | undefined
  /** Whether consent is recorded with the network it came from. */
  readonly keepNetwork?: boolean | undefined
  /** How many mails that ask to confirm an hour are sent at most, for forms of our own page and for all others each. */
  readonly signUps?: number | undefined
  readonly webhooks?: WebhookKeys | undefined
  /** What /metrics asks for from outside this machine; undefined: nobody outside may see it. */
  readonly metricsKey?: string | undefined
  /** GET of an https address that a provider names: its certificate, its confirmation. */
  fetchText?(url: string): Promise<string>
  /** A bug: reported to who runs it. No token or address is in it. */
  failed(route: string, error: unknown): void
}

/** The same with everything filled in, and what lasts from request to request. */
export interface Service extends AppOptions {
  readonly counters: Counters
  readonly proxies: number
  readonly keepNetwork: boolean
  readonly webhooks: WebhookKeys
  fetchText(url: string): Promise<string>
  /** A certificate of Amazon's. */
  certificateAt(url: string): Promise<string>
  /** Languages that pages can be in, the publication's first. */
  readonly languages: readonly string[]
  readonly files: StaticFiles
  readonly feedReaders: FeedReaders
  /** For forms that our own page showed, and for all others. */
  readonly limits: { readonly shown: SignUpLimit; readonly elsewhere: SignUpLimit }
}

export interface StaticFiles {
  /** @returns undefined when there is no such file */
  answer(request: Request, path: string): Promise<Response | undefined>
}

export interface Visit extends Network {
  readonly request: Request
  /** After the service's own path: '/subscribe'. */
  readonly path: string
  readonly query: URLSearchParams
  /** The part of the path that is a token; empty where there is none. Never logged. */
  readonly token: string
  /** There is no proxy between the visitor and us, and she is on this machine. */
  readonly local: boolean
  /** BCP 47 */
  readonly language: string
}

export type Answer = (visit: Visit, service: Service) => Promise<Response> | Response

/** GET also answers HEAD; neither changes anything. A method that is not there is 405. */
export interface Route {
  /** As Hono reads it: '/confirm/:token'. */
  readonly path: string
  readonly get?: Answer
  readonly post?: Answer
  /** Fields of the answer to OPTIONS, where scripts of other sites may ask. */
  readonly preflight?: (service: Service) => Readonly<Record<string, string>>
}

// What happened, counted → the text that Prometheus reads (exposition format 0.0.4).

export interface Counters {
  /** @param labels in a fixed order; never an address, a token or a path */
  add(name: string, labels?: Readonly<Record<string, string>>): void
  /** Seconds that an answer took. */
  took(seconds: number): void
  /** @param gauges name → value, read when asked */
  text(gauges: Readonly<Record<string, number>>): string
}

const HELP: Readonly<Record<string, string>> = {
  broadsheet_answers_total: 'Answers by route, method and status.',
  broadsheet_requests_total: 'Subscriptions and data asked for by form or API.',
  broadsheet_confirmations_total: 'Subscriptions confirmed.',
  broadsheet_unsubscribes_total: 'Newsletters left, by way.',
  broadsheet_erasures_total: 'People who erased their data.',
  broadsheet_bounces_total: 'Bounces and complaints by kind.',
  broadsheet_mails_total: 'Confirmation mails by outcome.',
  broadsheet_refused_total: 'Requests refused, by reason.',
}

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createCounters(): Counters {
  const counts = new Map<string, Map<string, number>>()
  const buckets = BOUNDS.map(() => 0)
  let sum = 0
  let count = 0

  function lines(): string[] {
    return [...counts]
      .sort()
      .flatMap(([name, series]) => [
        `# HELP ${name} ${HELP[name] ?? name}`,
        `# TYPE ${name} counter`,
        ...[...series].sort().map(([labels, value]) => `${name}${labels} ${value}`),
      ])
  }

  return {
    add(name, labels = {}) {
      const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`)
      const key = pairs.length > 0 ? `{${pairs.join(',')}}` : ''
      const series = counts.get(name) ?? new Map<string, number>()
      counts.set(name, series.set(key, (series.get(key) ?? 0) + 1))
    },
    took(seconds) {
      sum += seconds
      count += 1
      for (const [index, bound] of BOUNDS.entries()) if (seconds <= bound) buckets[index]! += 1
    },
    text(gauges) {
      const name = 'broadsheet_answer_seconds'
      return [
        ...lines(),
        `# HELP ${name} How long answers took.`,
        `# TYPE ${name} histogram`,
        ...BOUNDS.map((bound, index) => `${name}_bucket{le="${bound}"} ${buckets[index]}`),
        `${name}_bucket{le="+Inf"} ${count}`,
        `${name}_sum ${sum}`,
        `${name}_count ${count}`,
        ...Object.entries(gauges).flatMap(([gauge, value]) => [`# TYPE ${gauge} gauge`, `${gauge} ${value}`]),
        '',
      ].join('\n')
    },
  }
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, mark => (mark === '\n' ? '\\n' : `\\${mark}`))
}

// ─── Who asks ────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A request → the network that it comes from, how often that may ask, and the language that the visitor reads.

export interface Peer {
  /** Of the socket; empty when unknown. */
  readonly address: string
}

/**
 * @param forwarded the X-Forwarded-For field
 * @param proxies how many reverse proxies of ours are in front; only what the outermost of them wrote is trusted
 */
export function networkOf({ address }: Peer, forwarded: string | null, proxies: number): Network {
  const chain = proxies > 0 && forwarded ? forwarded.slice(-1000).split(',') : []
  const claimed = chain
    .at(-proxies)
    ?.trim()
    .replace(/^\[|\]$/g, '')
  return network(claimed !== undefined && isIP(claimed) ? claimed : address)
}

/** Enough to count by, too little to know somebody by. */
interface Network {
  /** '203.0.113.0/24', '2001:db8:0:5600::/56' */
  readonly network: string
  /** What one customer of a host may have: '2001:db8::/48'; of IPv4 the same as `network`. */
  readonly site: string
}

export function isLoopback({ address }: Peer): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}

function network(address: string): Network {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIP(plain) !== 6) {
    const network = isIP(plain) === 4 ? `${plain.split('.').slice(0, 3).join('.')}.0/24` : 'unknown'
    return { network, site: network }
  }
  const [head = '', tail] = plain.split('::')
  const groups = head.split(':').filter(Boolean)
  if (tail !== undefined) {
    const rest = tail.split(':').filter(Boolean)
    while (groups.length + rest.length < 8) groups.push('0')
    groups.push(...rest)
  }
  const words = groups.slice(0, 4).map(group => Number.parseInt(group, 16))
  words[3] = (words[3] ?? 0) & 0xff00
  const [first, second, third, fourth] = words.map(word => word.toString(16))
  return { network: `${first}:${second}:${third}:${fourth}::/56`, site: `${first}:${second}:${third}::/48` }
}

interface RateLimit {
  /** Takes one; false when the bucket is empty. */
  take(key: string): boolean
  /** Seconds until one may be taken. */
  wait(key: string): number
}

const MAX_NETWORKS = 20_000

/**
 * @param burst how many at once
 * @param perHour how many come back in an hour
 */
function createRateLimit(burst: number, perHour: number, now: () => number): RateLimit {
  const rate = perHour / HOUR_MS
  /** In the order of their last use. */
  const buckets = new Map<string, { level: number; at: number }>()

  function level(key: string): number {
    const bucket = buckets.get(key)
    return bucket ? Math.min(burst, bucket.level + (now() - bucket.at) * rate) : burst
  }

  return {
    take(key) {
      const left = level(key)
      if (left < 1) return false
      buckets.delete(key)
      buckets.set(key, { level: left - 1, at: now() })
      // The oldest is the fullest: forgetting it gives away the least.
      if (buckets.size > MAX_NETWORKS) buckets.delete(buckets.keys().next().value!)
      return true
    },
    wait: key => Math.ceil(Math.max(0, 1 - level(key)) / rate / 1000),
  }
}

/** How often somebody, her neighbours and everybody together may ask to subscribe. */
interface SignUpLimit {
  /** Seconds until this visitor may ask; 0 when she may, and then it counts. */
  ask(visitor: Network): number
  /** The same for all together, once it is certain that a mail would be sent. */
  mail(): number
}

/** Of a /48 how many /56 may use all that they have. */
const NETWORKS_PER_SITE = 2

/**
 * @param burst how many at once from one network @param perHour how many come back in an hour
 * @param total how many in any hour from all networks together
 */
export function createSignUpLimit(
  burst: number,
  perHour: number,
  total: number,
  now: () => number,
): SignUpLimit {
  const networks = createRateLimit(burst, perHour, now)
  const sites = createRateLimit(burst * NETWORKS_PER_SITE, perHour * NETWORKS_PER_SITE, now)
  const mailed: number[] = []
  return {
    ask({ network, site }) {
      const wait = Math.max(networks.wait(network), sites.wait(site))
      if (wait > 0) return wait
      networks.take(network)
      sites.take(site)
      return 0
    },
    mail() {
      const time = now()
      while (mailed.length > 0 && mailed[0]! <= time - HOUR_MS) mailed.shift()
      if (mailed.length >= total) return Math.max(1, Math.ceil((mailed[0]! + HOUR_MS - time) / 1000))
      mailed.push(time)
      return 0
    },
  }
}

/** Languages that Broadsheet ships words for; a publication's own catalogue adds its language. */
const SHIPPED = ['en', 'es', 'fr', 'de', 'pt', 'hi', 'ar', 'ja']

/** @param own the publication's and its newsletters', the first being the publication's */
export function pageLanguages(own: readonly string[], speaks: (language: string) => boolean): string[] {
  const known = new Map<string, string>()
  for (const language of [...own.filter(speaks), ...SHIPPED.filter(speaks)]) {
    const base = baseOf(language)
    if (!known.has(base)) known.set(base, language)
  }
  return known.size > 0 ? [...known.values()] : ['en']
}

/** @param accepted the Accept-Language field; only its first 20 languages count */
export function chooseLanguage(languages: readonly string[], accepted: string | null): string {
  const ranges = (accepted ?? '')
    .slice(0, 500)
    .split(',')
    .slice(0, 20)
    .map(range => {
      const [tag = '', ...parameters] = range.split(';').map(part => part.trim())
      const quality = Number(/^q=([\d.]+)$/i.exec(parameters[0] ?? '')?.[1] ?? 1)
      return { base: baseOf(tag), quality: Number.isFinite(quality) ? quality : 0 }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { base } of ranges) {
    if (base === '*') return languages[0]!
    const found = languages.find(language => baseOf(language) === base)
    if (found) return found
  }
  return languages[0]!
}

/** The page language for a subscriber's own, when there are words for it. */
export function ownLanguage(languages: readonly string[], own: string): string | undefined {
  return own === '' ? undefined : languages.find(language => baseOf(language) === baseOf(own))
}

function baseOf(tag: string): string {
  return tag.split('-')[0]!.toLowerCase()
}
