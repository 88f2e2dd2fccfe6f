// The nouns of serving: what every route is given, and what a route is.

import type { WebhookKeys } from '../inbound/index.ts'
import type { Publication } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Templates } from '../templates/index.ts'
import type { Counters } from './counters.ts'
import type { RateLimit } from './visitor.ts'

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
  /** How many proxies of ours stand in front. */
  readonly proxies?: number | undefined
  /** Whether consent is recorded with the network it came from. */
  readonly keepNetwork?: boolean | undefined
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
  /** Languages that pages can be in, the publication's first. */
  readonly languages: readonly string[]
  readonly files: StaticFiles
  /** For forms that our own page showed, and for all others. */
  readonly limits: { readonly shown: RateLimit; readonly elsewhere: RateLimit }
}

export interface StaticFiles {
  /** @returns undefined when there is no such file */
  answer(request: Request, path: string): Promise<Response | undefined>
}

export interface Visit {
  readonly request: Request
  /** After the service's own path: '/subscribe'. */
  readonly path: string
  readonly query: URLSearchParams
  /** The part of the path that is a token; empty where there is none. Never logged. */
  readonly token: string
  /** The visitor's network, '203.0.113.0/24': enough to count by, too little to know somebody by. */
  readonly network: string
  /** Nothing stands between the visitor and us, and she is on this machine. */
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
