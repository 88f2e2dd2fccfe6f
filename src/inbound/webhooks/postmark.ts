// Postmark's webhooks: they are not signed, so the address that Postmark calls contains a user and a password.
// https://postmarkapp.com/developer/webhooks/webhooks-overview

import { isSameSecret } from '../../base/index.ts'
import type { ProviderNotice, VerifiedCall, WebhookCall } from './notice.ts'

interface PostmarkEvent {
  readonly RecordType: string
  readonly ID?: number
  readonly MessageID?: string
  readonly Type?: string
  readonly Email?: string
  readonly Recipient?: string
  readonly SuppressSending?: boolean
  readonly SuppressionReason?: string
  readonly ChangedAt?: string
}

/** https://postmarkapp.com/developer/api/bounce-api#bounce-types */
const KINDS: Readonly<Record<string, ProviderNotice['kind']>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  SoftBounce: 'soft',
  Transient: 'soft',
  DnsError: 'soft',
  SpamComplaint: 'complaint',
  Unsubscribe: 'unsubscribe',
}

export function postmark({ body, headers, key }: WebhookCall): VerifiedCall {
  const given = /^Basic (.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? ''
  if (!isSameSecret(Buffer.from(given, 'base64').toString('utf8'), key)) return { refused: 'password' }
  const event = JSON.parse(Buffer.from(body).toString('utf8')) as PostmarkEvent
  const notice = noticeOf(event)
  return { notices: notice ? [notice] : [] }
}

function noticeOf(event: PostmarkEvent): ProviderNotice | undefined {
  const address = event.Email ?? event.Recipient ?? ''
  if (event.RecordType === 'SubscriptionChange') {
    if (event.SuppressSending !== true || event.SuppressionReason !== 'ManualSuppression') return undefined
    const id = `${event.MessageID} ${event.ChangedAt}`
    return { id, kind: 'unsubscribe', address, status: '' }
  }
  const kind = Object.hasOwn(KINDS, event.Type ?? '') ? KINDS[event.Type!] : undefined
  if (!kind || !['Bounce', 'SpamComplaint'].includes(event.RecordType)) return undefined
  return { id: `${event.ID ?? event.MessageID} ${event.Type}`, kind, address, status: event.Type! }
}
