// A provider's call → verified, and what it reports applied to the list once. A new provider is one file and one line here.

import { type Database, deleteNotices, recordNotice } from '../../store/index.ts'
import { applyNotice } from '../apply.ts'
import type { ProviderNotice } from './events.ts'
import {
  mailgun,
  postmark,
  sendgrid,
  type VerifiedCall,
  type Webhook,
  type WebhookCall,
  type WebhookKeys,
} from './providers.ts'
import { ses } from './ses.ts'

const providers: Readonly<Record<keyof WebhookKeys, Webhook>> = { ses, postmark, mailgun, sendgrid }

/** Providers repeat a call for days when they get no answer. */
const NOTICE_MEMORY_MS = 8 * 86_400_000

export type WebhookResult =
  /** Of all that was reported, what was not known yet. */
  { readonly news: readonly ProviderNotice[] } | { readonly refused: string } | { readonly confirmed: true }

/** @returns undefined for an unknown provider as for one with which nothing was agreed */
export function agreedProvider(name: string, keys: WebhookKeys): keyof WebhookKeys | undefined {
  return Object.hasOwn(providers, name) && keys[name as keyof WebhookKeys]
    ? (name as keyof WebhookKeys)
    : undefined
}

export async function processWebhook(
  db: Database,
  provider: keyof WebhookKeys,
  call: WebhookCall,
): Promise<WebhookResult> {
  const verified = await verify(provider, call)
  if ('refused' in verified) return verified
  if ('confirm' in verified) {
    await call.fetchText(verified.confirm)
    return { confirmed: true }
  }
  const news: ProviderNotice[] = []
  for (const notice of verified.notices)
    if (await applyOnce(db, provider, notice, call.now)) news.push(notice)
  return { news }
}

async function verify(provider: keyof WebhookKeys, call: WebhookCall): Promise<VerifiedCall> {
  try {
    return await providers[provider](call)
  } catch {
    return { refused: 'form' }
  }
}

/** Number and effect in one transaction: if the process is killed in between, the provider reports it again. */
function applyOnce(db: Database, provider: string, notice: ProviderNotice, now: number): Promise<boolean> {
  return db.transaction(async tx => {
    if (!(await recordNotice(tx, `${provider}/${notice.id}`.slice(0, 400), now))) return false
    await deleteNotices(tx, now - NOTICE_MEMORY_MS)
    await applyNotice(tx, notice, now)
    return true
  })
}
