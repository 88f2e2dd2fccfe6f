// The interfaces of the subscription service: what it is opened with, and what a route is and is given. And its counters, for
// Prometheus.

import type { WebhookKeys } from '../inbound/index.ts'
import type { Publication } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Templates } from '../templates/index.ts'
import type { FeedReaders } from './publication-figures.ts'
import type { Network, SignUpLimit } from './visitors.ts'

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
