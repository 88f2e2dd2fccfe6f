// The nouns of serving: what every route is given, and what a route is.

import type { WebhookKeys } from '../inbound/index.ts'
import type { Publication } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Templates } from '../templates/index.ts'
import type { Counters } from './counters.ts'
import type { RateLimit } from './rate-limit.ts'
import type { StaticFiles } from './static-files.ts'

export interface Service {
  readonly publication: Publication
  readonly db: Database
  readonly templates: Templates
  /** BROADSHEET_SECRET: one key or several. */
  readonly secret: string
  /** Where readers reach it, ending in a slash. */
  readonly address: string
  /** The accent as it can be read on light and on dark ground, '#rrggbb'. */
  readonly accent: { readonly light: string; readonly dark: string }
  /** Languages that pages can be in, the publication's first. */
  readonly languages: readonly string[]
  /** ms since epoch */
  now(): number
  /** A mail is due. */
  wake(): void
  readonly files: StaticFiles
  readonly counters: Counters
  readonly limits: { readonly shown: RateLimit; readonly elsewhere: RateLimit }
  /** Whether consent is recorded with the network it came from. */
  readonly keepNetwork: boolean
  readonly webhooks: WebhookKeys
  /** What /metrics asks for from outside this machine; undefined: nobody outside may see it. */
  readonly metricsKey: string | undefined
  /** GET of an https address that a provider names: its certificate, its confirmation. */
  fetchText(url: string): Promise<string>
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
}
