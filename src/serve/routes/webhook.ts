// A provider calls → its signature is verified, and what it tells is heard once.

import {
  applyNotice,
  type Heard,
  mailgun,
  type ProviderNotice,
  postmark,
  sendgrid,
  ses,
  type Webhook,
  type WebhookKeys,
} from '../../inbound/index.ts'
import { forgetNotices, hearNotice } from '../../store/index.ts'
import { json } from '../page.ts'
import { readBytes } from '../read-form.ts'
import type { Answer, Route, Service } from '../service.ts'

const providers: Readonly<Record<keyof WebhookKeys, Webhook>> = { ses, postmark, mailgun, sendgrid }

const DAY = 86_400_000

const hear: Answer = async (visit, service) => {
  const { webhooks, now, fetchText, counters } = service
  const name = visit.token as keyof WebhookKeys
  const key = Object.hasOwn(providers, name) ? webhooks[name] : undefined
  // Unknown and not agreed look the same.
  if (!key) return json({ error: 'no such webhook' }, { status: 404 })
  const body = await readBytes(visit.request, 1_048_576)
  if (!body) return json({ error: 'too large' }, { status: 413 })
  let heard: Heard
  try {
    heard = await providers[name]({ body, headers: visit.request.headers, key, now: now(), fetchText })
  } catch {
    heard = { refused: 'form' }
  }
  if ('refused' in heard) {
    counters.add('broadsheet_refused_total', { reason: `webhook ${heard.refused}` })
    return json({ error: heard.refused }, { status: 403 })
  }
  if ('confirm' in heard) {
    await fetchText(heard.confirm)
    return json({ status: 'confirmed' })
  }
  let news = 0
  for (const notice of heard.notices) if (await apply(service, name, notice)) news += 1
  return json({ status: 'heard', news })
}

/** Number and effect in one transaction: killed in between, it is told again and heard then. */
async function apply({ db, now, counters }: Service, name: string, notice: ProviderNotice): Promise<boolean> {
  const heardNow = await db.transaction(async tx => {
    if (!(await hearNotice(tx, `${name}/${notice.id}`.slice(0, 400), now()))) return false
    await forgetNotices(tx, now() - 8 * DAY)
    await applyNotice(tx, notice, now())
    return true
  })
  if (heardNow) counters.add('broadsheet_bounces_total', { kind: notice.kind })
  return heardNow
}

export const webhook: Route = { path: '/webhooks/:token', post: hear }
