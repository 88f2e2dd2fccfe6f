// A publication, its list and its secret → Request → Response. Tests call it without a port; listen.ts gives it one.

import { Hono } from 'hono'
import type { WebhookKeys } from '../inbound/index.ts'
import type { Publication } from '../model.ts'
import { commitTogether, type Database } from '../store/index.ts'
import type { Templates } from '../templates/index.ts'
import { chooseLanguage, pageLanguages } from './choose-language.ts'
import { type Counters, createCounters } from './counters.ts'
import { GUARDS } from './guards.ts'
import { movedFeed } from './moved-feed.ts'
import { isLoopback, networkOf, type Peer } from './network-of.ts'
import { basePath, noSuchLink, notice } from './page.ts'
import { createRateLimit } from './rate-limit.ts'
import { crossOrigin } from './routes/subscribe.ts'
import { routes } from './routes.ts'
import type { Answer, Route, Service, Visit } from './service.ts'
import { createStaticFiles } from './static-files.ts'

export { createNotices } from './compose-notice.ts'
export { type Counters, createCounters } from './counters.ts'
export { createOutbox, type Mailer, type Outbox } from './outbox.ts'

export interface AppOptions {
  readonly publication: Publication
  readonly db: Database
  readonly templates: Templates
  readonly secret: string
  /** Where readers reach it, ending in a slash: `service` of the settings. */
  readonly address: string
  /** Absolute path of out/. */
  readonly out: string
  readonly accent: { readonly light: string; readonly dark: string }
  now(): number
  /** A monotonic clock in ms, for how long answers take. */
  elapsed(): number
  /** Called when a mail is due. */
  wake(): void
  readonly counters?: Counters | undefined
  /** How many proxies of ours stand in front. */
  readonly proxies?: number | undefined
  readonly keepNetwork?: boolean | undefined
  readonly webhooks?: WebhookKeys | undefined
  readonly metricsKey?: string | undefined
  fetchText?(url: string): Promise<string>
  /** A bug: told to who runs it. No token or address is in it. */
  failed(route: string, error: unknown): void
}

export type App = (request: Request, peer: Peer) => Promise<Response>

export function createApp(options: AppOptions): App {
  const { publication, templates, now, proxies = 0 } = options
  const own = [publication.language, ...publication.newsletters.map(({ language }) => language)]
  const service: Service = {
    ...options,
    db: commitTogether(options.db),
    languages: pageLanguages(own, templates.speaks),
    files: createStaticFiles(options.out, [new URL(options.address).origin]),
    counters: options.counters ?? createCounters(),
    limits: { shown: createRateLimit(20, 40, now), elsewhere: createRateLimit(10, 20, now) },
    keepNetwork: options.keepNetwork ?? false,
    webhooks: options.webhooks ?? {},
    metricsKey: options.metricsKey,
    fetchText: options.fetchText ?? (() => Promise.reject(new Error('nothing is fetched'))),
  }
  const base = basePath(service)
  const hono = new Hono<{ Bindings: { visit: Visit } }>()
  for (const route of routes) {
    hono.all(route.path, async context => {
      const visit = { ...context.env.visit, token: context.req.param('token') ?? '' }
      return counted(service, options, route, visit)
    })
  }
  hono.all('*', async context => files(context.env.visit, service))
  const answer = hono.fetch

  return async (request, peer) => {
    const url = new URL(request.url)
    // A proxy may take the service's own path away, or leave it.
    const path =
      base !== '/' && url.pathname.startsWith(base) ? url.pathname.slice(base.length - 1) : url.pathname
    const forwarded = request.headers.get('x-forwarded-for')
    const visit: Visit = {
      request,
      path,
      query: url.searchParams,
      token: '',
      network: networkOf(peer, forwarded, proxies),
      local: isLoopback(peer) && forwarded === null && !request.headers.has('forwarded'),
      language: chooseLanguage(service.languages, request.headers.get('accept-language')),
    }
    const routed = new URL(url)
    routed.pathname = path
    // Which method it is, the route sees in `visit`; there is no Request with TRACE.
    const response = await answer(new Request(routed), { visit })
    // RFC 9110 §9.3.2
    if (request.method !== 'HEAD') return response
    await response.body?.cancel()
    return new Response(null, response)
  }
}

/** One route: the right method, counted, and a bug in it is a page. */
async function counted(
  service: Service,
  { elapsed, failed }: AppOptions,
  route: Route,
  visit: Visit,
): Promise<Response> {
  const { method } = visit.request
  const began = elapsed()
  let response: Response
  try {
    response = await dispatch(service, route, visit)
  } catch (error) {
    failed(route.path, error)
    response = notice(
      visit,
      service,
      { title: 'serve.trouble_title', text: 'serve.trouble' },
      { status: 503 },
    )
  }
  service.counters.took((elapsed() - began) / 1000)
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
  const allow = [...(route.get ? ['GET', 'HEAD'] : []), ...(route.post ? ['POST'] : []), 'OPTIONS'].join(', ')
  const headers = { ...GUARDS, Allow: allow }
  if (method !== 'OPTIONS') return new Response(null, { status: 405, headers })
  const preflight =
    route.path === '/subscribe'
      ? {
          ...crossOrigin(service),
          'Access-Control-Allow-Methods': 'POST',
          'Access-Control-Allow-Headers': 'Content-Type',
        }
      : {}
  return new Response(null, { status: 204, headers: { ...headers, ...preflight } })
}

/** Everything else is a file of out/; the home page of an empty one is the form. */
async function files(visit: Visit, service: Service): Promise<Response> {
  const { request, path } = visit
  if (request.method === 'OPTIONS') {
    return new Response(null, { status: 204, headers: { ...GUARDS, Allow: 'GET, HEAD, OPTIONS' } })
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { ...GUARDS, Allow: 'GET, HEAD, OPTIONS' } })
  }
  const moved = movedFeed(path, service.publication)
  if (moved) return new Response(null, { status: 301, headers: { ...GUARDS, Location: moved } })
  const file = await service.files.answer(request, path)
  if (file) return file
  if (path === '/') {
    return new Response(null, {
      status: 302,
      headers: { ...GUARDS, Location: `${basePath(service)}subscribe` },
    })
  }
  if (/^\/(u|p|confirm|undo|data|erase)\//.test(path)) return noSuchLink(visit, service)
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
