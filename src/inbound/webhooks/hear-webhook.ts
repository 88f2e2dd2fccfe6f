// A provider's call → verified, and what it reports applied to the list once. A new provider is one file and one line here.

import { type Database, forgetNotices, hearNotice } from '../../store/index.ts'
import { applyNotice } from '../apply.ts'
import { mailgun } from './mailgun.ts'
import type { Heard, ProviderNotice, Webhook, WebhookCall, WebhookKeys } from './notice.ts'
import { postmark } from './postmark.ts'
import { sendgrid } from './sendgrid.ts'
import { ses } from './ses.ts'

const providers: Readonly<Record<keyof WebhookKeys, Webhook>> = { ses, postmark, mailgun, sendgrid }

/** Providers repeat a call for days when they get no answer. */
const NOTICE_MEMORY_MS = 8 * 86_400_000

export type WebhookResult =
  /** Of all that was reported, what was not known yet. */
  { readonly news: readonly ProviderNotice[] } | { readonly refused: string } | { readonly confirmed: true }

/** Unknown and not agreed look the same. */
export function agreedProvider(name: string, keys: WebhookKeys): keyof WebhookKeys | undefined {
  return Object.hasOwn(providers, name) && keys[name as keyof WebhookKeys]
    ? (name as keyof WebhookKeys)
    : undefined
}

export async function hearWebhook(
  db: Database,
  provider: keyof WebhookKeys,
  call: WebhookCall,
): Promise<WebhookResult> {
  const heard = await verify(provider, call)
  if ('refused' in heard) return heard
  if ('confirm' in heard) {
    await call.fetchText(heard.confirm)
    return { confirmed: true }
  }
  const news: ProviderNotice[] = []
  for (const notice of heard.notices) if (await applyOnce(db, provider, notice, call.now)) news.push(notice)
  return { news }
}

async function verify(provider: keyof WebhookKeys, call: WebhookCall): Promise<Heard> {
  try {
    return await providers[provider](call)
  } catch {
    return { refused: 'form' }
  }
}

/** Number and effect in one transaction: killed in between, it is reported again and heard then. */
function applyOnce(db: Database, provider: string, notice: ProviderNotice, now: number): Promise<boolean> {
  return db.transaction(async tx => {
    if (!(await hearNotice(tx, `${provider}/${notice.id}`.slice(0, 400), now))) return false
    await forgetNotices(tx, now - NOTICE_MEMORY_MS)
    await applyNotice(tx, notice, now)
    return true
  })
}
