// What machines ask, and who runs them: a provider's webhook → its bounces and complaints, applied to the list once; is it
// well; counts; the publication in numbers, as a page.

import { createHash } from 'node:crypto'
import { isSameSecret } from '../../base/index.ts'
import { agreedProvider, processWebhook } from '../../inbound/index.ts'
import { countSubscribers, isSuppressed } from '../../store/index.ts'
import { GUARDS, json, readBytes } from '../page.ts'
import { publicationNumbers } from '../publication-figures.ts'
import type { Answer, Route, Service, Visit } from '../service.ts'
import { statusPage } from '../status-page.ts'

const MAX_BODY_BYTES = 1_048_576
const MAX_FETCHED_BYTES = 65_536
const FETCH_TIMEOUT_MS = 10_000

const hear: Answer = async (visit, service) => {
  const { db, webhooks, now, fetchText, certificateAt, counters } = service
  const provider = agreedProvider(visit.token, webhooks)
  if (!provider) return json({ error: 'no such webhook' }, { status: 404 })
  const body = await readBytes(visit.request, MAX_BODY_BYTES)
  if (!body) return json({ error: 'too large' }, { status: 413 })
  const { headers } = visit.request
  const result = await processWebhook(db, provider, {
    body,
    headers,
    key: webhooks[provider]!,
    now: now(),
    fetchText,
    certificateAt,
  })
  if ('refused' in result) {
    counters.add('broadsheet_refused_total', { reason: `webhook ${result.refused}` })
    return json({ error: result.refused }, { status: 403 })
  }
  if ('confirmed' in result) return json({ status: 'confirmed' })
  for (const { kind } of result.news) counters.add('broadsheet_bounces_total', { kind })
  if (result.held > 0) {
    // The provider reports it again, for hours: time for a person to look.
    counters.add('broadsheet_refused_total', { reason: 'webhook limit' })
    return json({ error: 'more dead addresses than usual', held: result.held }, { status: 503 })
  }
  return json({ status: 'heard', news: result.news.length })
}

export const webhook: Route = { path: '/webhooks/:token', post: hear }

/**
 * The text at an https address that a provider named: its certificate, its confirmation. Short, soon, no redirects.
 *
 * @throws when there is nothing of that kind
 */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) })
  if (!response.ok || !response.body) throw new Error(`${new URL(url).host} answered ${response.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > MAX_FETCHED_BYTES) throw new Error(`${new URL(url).host} answered more than a certificate`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** For whoever runs it; the database is asked too. */
const well: Answer = async (_visit, { db }) => {
  try {
    await isSuppressed(db, '')
    return json({ status: 'ok' })
  } catch {
    return json({ status: 'the database does not answer' }, { status: 503 })
  }
}

/**
 * Counts only; to this machine, or to who has the key. Behind a proxy everybody seems to be on this machine; one that
 * keeps /metrics to itself must not be got around by /%6detrics.
 */
const count: Answer = async (visit, service) => {
  const { metricsKey, counters, db } = service
  const given = visit.request.headers.get('authorization') ?? ''
  if (visit.path !== '/metrics') return json({ error: 'no such page' }, { status: 404 })
  const allowed = visit.local || (metricsKey ? isSameSecret(given, `Bearer ${metricsKey}`) : false)
  if (!allowed) return json({ error: 'not for you' }, { status: 403 })
  const { active, unsubscribed } = await countSubscribers(db)
  const text = counters.text({
    broadsheet_subscribers_active: active,
    broadsheet_subscribers_unsubscribed: unsubscribed,
  })
  return new Response(text, {
    headers: {
      ...GUARDS,
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      'Cache-Control': 'no-store',
    },
  })
}

export const health: Route = { path: '/health', get: well }
export const metrics: Route = { path: '/metrics', get: count }

// ─── The publication in numbers: a page, to this machine or to who has the key ───────────────────────────────────────

/** All deliveries of an edition under way are counted for it: not at every click. */
const PAGE_KEPT_MS = 60_000

const pages = new WeakMap<Service, { readonly made: number; readonly html: Promise<string> }>()

/** A proxy that keeps /status to itself must not be got around by /%73tatus. */
const showNumbers: Answer = async (visit, service) => {
  if (visit.path !== '/status') return json({ error: 'no such page' }, { status: 404 })
  if (!isAllowed(visit, service)) {
    // RFC 7617: a browser asks for the key, which is in no address then.
    const headers = { 'WWW-Authenticate': 'Basic realm="status", charset="UTF-8"' }
    return service.metricsKey
      ? json({ error: 'the key is the password' }, { status: 401, headers })
      : json({ error: 'not for you' }, { status: 403 })
  }
  const html = await pageOf(service)
  return new Response(html, {
    headers: {
      ...GUARDS,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': 'en',
      'Content-Security-Policy': `default-src 'none'; style-src '${hashOfStyle(html)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'X-Frame-Options': 'DENY',
      'X-Robots-Tag': 'noindex, nofollow',
      'Cache-Control': 'no-store',
    },
  })
}

/** The key as a bearer's token, or as the password of any user. */
function isAllowed({ local, request }: Visit, { metricsKey }: Service): boolean {
  if (local) return true
  if (!metricsKey) return false
  const given = request.headers.get('authorization') ?? ''
  const [scheme = '', value = ''] = given.slice(0, 2000).split(' ')
  const key = /^basic$/i.test(scheme)
    ? Buffer.from(value, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, '')
    : value
  return isSameSecret(key, metricsKey)
}

async function pageOf(service: Service): Promise<string> {
  const known = pages.get(service)
  if (known && service.now() - known.made < PAGE_KEPT_MS) return known.html
  const html = makePage(service)
  pages.set(service, { made: service.now(), html })
  html.catch(() => pages.delete(service))
  return html
}

async function makePage({ db, publication, templates, feedReaders, now }: Service): Promise<string> {
  await feedReaders.save()
  const at = now()
  const numbers = await publicationNumbers(db, publication, at)
  const { title, timezone } = publication
  return statusPage({ numbers }, { title, timezone, now: at }, templates)
}

function hashOfStyle(html: string): string {
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  return `sha256-${createHash('sha256').update(style).digest('base64')}`
}

export const status: Route = { path: '/status', get: showNumbers }
