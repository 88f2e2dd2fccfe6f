// What machines ask: a provider's webhook → its bounces and complaints, applied to the list once; is it well; counts.

import { isSameSecret } from '../../base/index.ts'
import { agreedProvider, processWebhook } from '../../inbound/index.ts'
import { countSubscribers, isSuppressed } from '../../store/index.ts'
import { GUARDS, json, readBytes } from '../page.ts'
import type { Answer, Route } from '../service.ts'

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
