// Who runs it asks: is it well? The database is asked too.

import { isSameSecret } from '../../base/index.ts'
import { countSubscribers, isSuppressed } from '../../store/index.ts'
import { GUARDS, json } from '../page.ts'
import type { Answer, Route } from '../service.ts'

const well: Answer = async (_visit, { db }) => {
  try {
    await isSuppressed(db, '')
    return json({ status: 'ok' })
  } catch {
    return json({ status: 'the database does not answer' }, { status: 503 })
  }
}

/** Counts only; to this machine, or to who has the key. Behind a proxy everybody seems to be on this machine. */
const count: Answer = async (visit, service) => {
  const { metricsKey, counters, db } = service
  const given = visit.request.headers.get('authorization') ?? ''
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
