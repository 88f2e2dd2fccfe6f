// A publication, its list, its secret and a way out for mail → the service, Request → Response, with all that it needs; or only
// the outbox that sends what people asked for by mail. Tests call it without a port; listen.ts gives it one.

import { join } from 'node:path'
import { Hono } from 'hono'
import { FEED_LIST, feedPaths } from '../content/index.ts'
import type { Transport } from '../deliver/index.ts'
import { contentPolicy } from '../feed/index.ts'
import { createCertificates } from '../inbound/index.ts'
import type { Publication } from '../model.ts'
import { readableAccent } from '../site/index.ts'
import { commitTogether, type Database } from '../store/index.ts'
import { openTemplates } from '../templates/index.ts'
import { createNotices, Outbox } from './outbox.ts'
import { basePath, GUARDS, noSuchLink, notice } from './page.ts'
import { FeedReaders } from './publication-figures.ts'
import { leave, undo } from './routes/leave.ts'
import { fetchText, health, metrics, status, webhook } from './routes/machines.ts'
import { data, dataFile, dataRequest, erase, preferences, privateFeed } from './routes/preferences.ts'
import { confirm, subscribe } from './routes/subscribe.ts'
import {
  type Answer,
  type AppOptions,
  createCounters,
  type Route,
  type Service,
  type Visit,
} from './service.ts'
import { createStaticFiles, isFeedType, READABLE } from './static-files.ts'
import {
  chooseLanguage,
  createSignUpLimit,
  isLoopback,
  networkOf,
  type Peer,
  pageLanguages,
} from './visitors.ts'

interface OutboxPlace {
  readonly publication: Publication
  readonly db: Database
  readonly secret: string
  /** Of the service, ending in a slash; undefined without one: then people confirm by mail. */
  readonly address: string | undefined
  /** Undefined: what people ask for waits in the database. */
  readonly transport: Transport | undefined
  now(): number
  /** @param where 'a confirmation mail', or the path of a route; no token or address is in it */
  failed(where: string, error: unknown): void
}

interface ServicePlace extends OutboxPlace {
  readonly address: string
  readonly options: Pick<AppOptions, 'proxies' | 'keepNetwork' | 'signUps' | 'metricsKey' | 'webhooks'>
}

/** `save`: once no more is answered; what was counted, and is not in the database yet. */
export function openService(place: ServicePlace): {
  readonly app: App
  readonly outbox: Outbox
  save(): Promise<void>
} {
  const { publication, db, secret, address, now, failed, options } = place
  const { outbox, counters, templates } = openParts(place)
  const feedReaders = new FeedReaders(db, now)
  const app = createApp({
    ...options,
    publication,
    db,
    templates,
    secret,
    address,
    accent: readableAccent(publication.accent),
    now,
    elapsed: now,
    counters,
    feedReaders,
    failed,
    wake: () => outbox.wake(),
    out: join(publication.dir, 'out'),
  })
  return { app, outbox, save: () => feedReaders.save() }
}

export function openOutbox(place: OutboxPlace): Outbox {
  return openParts(place).outbox
}

function openParts({ publication, db, secret, address, transport, now, failed }: OutboxPlace) {
  const templates = openTemplates(join(publication.dir, 'templates'))
  const counters = createCounters()
  const outbox = new Outbox({
    db,
    now,
    counters,
    compose: createNotices({ publication, templates, secret, address, now }),
    mailer: transport && (message => transport.send(message, { beforeLastByte: async () => true })),
    failed: error => failed('a confirmation mail', error),
  })
  return { outbox, counters, templates }
}

// ─── Request → Response ──────────────────────────────────────────────────────────────────────────────────────────────

/** A new route is one file and one word here. */
const routes: readonly Route[] = [
  subscribe,
  confirm,
  leave,
  undo,
  preferences,
  dataRequest,
  data,
  dataFile,
  erase,
  privateFeed,
  webhook,
  health,
  metrics,
  status,
]

export type App = (request: Request, peer: Peer) => Promise<Response>

export function createApp(options: AppOptions): App {
  const service = createService(options)
  const hono = new Hono<{ Bindings: { visit: Visit } }>()
  for (const route of routes) {
    hono.all(route.path, async context => {
      const visit = { ...context.env.visit, token: context.req.param('token') ?? '' }
      return answerCounted(service, route, visit)
    })
  }
  hono.all('*', async context => answerFile(context.env.visit, service))
  const answer = hono.fetch

  return async (request, peer) => {
    const visit = visitOf(request, peer, service)
    const routed = new URL(request.url)
    routed.pathname = visit.path
    // Which method it is, the route sees in `visit`; there is no Request with TRACE.
    const response = await answer(new Request(routed), { visit })
    // RFC 9110 §9.3.2
    if (request.method !== 'HEAD') return response
    await response.body?.cancel()
    return new Response(null, response)
  }
}

/** A mention in the press brings some hundreds in an hour; whoever abuses the form wants thousands. */
const SIGN_UPS_PER_HOUR = 500

/** Fields by which a proxy is known: RFC 7239, RFC 9110 §7.6.3, and what is customary. */
const PROXY_FIELDS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'cf-connecting-ip',
]

function createService(options: AppOptions): Service {
  const { publication, templates, now, signUps = SIGN_UPS_PER_HOUR } = options
  const fetchUrl = options.fetchText ?? fetchText
  const own = [publication.language, ...publication.newsletters.map(({ language }) => language)]
  return {
    ...options,
    db: commitTogether(options.db),
    languages: pageLanguages(own, templates.speaks),
    files: createStaticFiles(
      options.out,
      contentPolicy(options.publication, [new URL(options.address).origin]),
      new URL(options.publication.url).pathname,
    ),
    limits: {
      shown: createSignUpLimit(20, 40, signUps, now),
      elsewhere: createSignUpLimit(10, 20, signUps, now),
    },
    feedReaders: options.feedReaders ?? new FeedReaders(options.db, now),
    counters: options.counters ?? createCounters(),
    proxies: options.proxies ?? 0,
    keepNetwork: options.keepNetwork ?? false,
    webhooks: options.webhooks ?? {},
    metricsKey: options.metricsKey,
    fetchText: fetchUrl,
    certificateAt: createCertificates(fetchUrl, now),
  }
}

function visitOf(request: Request, peer: Peer, service: Service): Visit {
  const { pathname, searchParams } = new URL(request.url)
  const base = basePath(service)
  const forwarded = request.headers.get('x-forwarded-for')
  return {
    request,
    // A proxy may take the service's own path away, or leave it.
    path: base !== '/' && pathname.startsWith(base) ? pathname.slice(base.length - 1) : pathname,
    query: searchParams,
    token: '',
    ...networkOf(peer, forwarded, service.proxies),
    local: isLoopback(peer) && service.proxies === 0 && !PROXY_FIELDS.some(name => request.headers.has(name)),
    language: chooseLanguage(service.languages, request.headers.get('accept-language')),
  }
}

/** One route: the right method, counted, and a bug in it is a page. */
async function answerCounted(service: Service, route: Route, visit: Visit): Promise<Response> {
  const { method } = visit.request
  const began = service.elapsed()
  let response: Response
  try {
    response = await dispatch(service, route, visit)
  } catch (error) {
    service.failed(route.path, error)
    const trouble = { title: 'serve.trouble_title', text: 'serve.trouble' }
    response = notice(visit, service, trouble, { status: 503 })
  }
  service.counters.took((service.elapsed() - began) / 1000)
  const known = ['GET', 'HEAD', 'POST', 'OPTIONS'].includes(method) ? method : 'other'
  const labels = { route: route.path, method: known, status: String(response.status) }
  service.counters.add('broadsheet_answers_total', labels)
  return response
}

function dispatch(service: Service, route: Route, visit: Visit): Promise<Response> | Response {
  const answers: Readonly<Record<string, Answer | undefined>> = {
    GET: route.get,
    HEAD: route.get,
    POST: route.post,
  }
  const { method } = visit.request
  const answer = Object.hasOwn(answers, method) ? answers[method] : undefined
  if (answer) return answer(visit, service)
  const methods = [...(route.get ? ['GET', 'HEAD'] : []), ...(route.post ? ['POST'] : []), 'OPTIONS']
  return withoutContent(method === 'OPTIONS' ? 204 : 405, {
    Allow: methods.join(', '),
    ...(method === 'OPTIONS' ? route.preflight?.(service) : undefined),
  })
}

/** What a reader that runs in a browser may send with a request for a feed. https://fetch.spec.whatwg.org/#http-cors-protocol */
const PREFLIGHT = {
  ...READABLE,
  'Access-Control-Allow-Methods': 'GET, HEAD',
  'Access-Control-Allow-Headers': 'If-None-Match, If-Modified-Since, Range',
  'Access-Control-Max-Age': '86400',
}

/** Everything else is a file of out/; the home page of an empty one is the form. */
async function answerFile(visit: Visit, service: Service): Promise<Response> {
  const { request, path } = visit
  const Allow = 'GET, HEAD, OPTIONS'
  if (request.method === 'OPTIONS') return withoutContent(204, { Allow, ...PREFLIGHT })
  if (request.method !== 'GET' && request.method !== 'HEAD') return withoutContent(405, { Allow })
  const moved = movedFeed(path, service.publication)
  if (moved) return withoutContent(301, { ...READABLE, Location: moved })
  const file = await service.files.answer(request, path)
  if (file) {
    const isFeed = isFeedType(file.headers.get('content-type')) || /\.(?:xml|json|rss|atom)$/.test(path)
    if (isFeed && service.feedReaders.hear(path, request.headers.get('user-agent')))
      void service.feedReaders.save().catch(error => service.failed('the subscribers of feeds', error))
    return file
  }
  if (path === '/') return withoutContent(302, { Location: `${basePath(service)}subscribe` })
  if (isBrokenLink(path)) return noSuchLink(visit, service)
  return notice(
    visit,
    service,
    {
      title: 'serve.not_found_title',
      text: 'serve.not_found',
      links: [{ url: service.publication.url, text: 'serve.to_publication' }],
    },
    { status: 404 },
  )
}

function withoutContent(status: number, headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status, headers: { ...GUARDS, ...headers } })
}

const FEED_FILES = [...feedPaths(''), FEED_LIST]

/** Where that feed is now, when the feeds have moved to another site. RFC 9110 §15.4.2. */
export function movedFeed(path: string, { feeds }: Publication): string | undefined {
  const isFeed = FEED_FILES.some(file => path.endsWith(`/${file}`))
  return feeds.moved !== undefined && isFeed ? feeds.moved + path.replace(/^\/+/, '') : undefined
}

/** Of a link that was in a mail something is missing, or too much is there. */
function isBrokenLink(path: string): boolean {
  return routes.some(route => {
    const [folder, token] = route.path.split(':')
    return route.get && token !== undefined && path.startsWith(folder!)
  })
}
