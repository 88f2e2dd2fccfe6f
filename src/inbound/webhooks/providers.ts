// The call of Mailgun, Postmark or SendGrid → verified, and what it reports. The nouns of webhooks, which Amazon's share.

import { createHmac, createPublicKey, createVerify, timingSafeEqual } from 'node:crypto'
import { isSameSecret } from '../../base/index.ts'
import type { Notice } from '../apply.ts'

/** What was agreed with each provider; calls of the others are refused. */
export interface WebhookKeys {
  /** Amazon SNS: the ARN of the topic, as in 'arn:aws:sns:eu-west-1:123456789012:bounces'. */
  readonly ses?: string | undefined
  /** Postmark signs nothing: 'user:password' of the webhook's basic authentication. */
  readonly postmark?: string | undefined
  /** Mailgun: the HTTP webhook signing key. */
  readonly mailgun?: string | undefined
  /** SendGrid: the verification key of the signed event webhook, base64. */
  readonly sendgrid?: string | undefined
}

/** Something that happened to one message. `status` may be a word of the provider's own. */
export interface ProviderNotice extends Notice {
  /** The provider's own number for it. */
  readonly id: string
  readonly address: string
}

/** What one call reports, or why it is not to be believed. */
export type VerifiedCall =
  | { readonly notices: readonly ProviderNotice[] }
  | { readonly refused: string }
  /** Amazon asks whether the topic was really meant for us. */
  | { readonly confirm: string }

export interface WebhookCall {
  readonly body: Uint8Array
  readonly headers: Headers
  /** What was agreed. */
  readonly key: string
  /** ms since epoch */
  readonly now: number
  fetchText(url: string): Promise<string>
}

/** One provider: verifies the call and reads what it reports. May throw on a body that is not of its form. */
export type Webhook = (call: WebhookCall) => Promise<VerifiedCall> | VerifiedCall

/** How old a signed time may be. */
const MAX_SIGNED_AGE_MS = 15 * 60_000

// Mailgun: HMAC-SHA256 over a time and a number that is used once.
// https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks

interface MailgunCall {
  readonly signature: { readonly timestamp: string; readonly token: string; readonly signature: string }
  readonly 'event-data': {
    readonly event: string
    readonly severity?: string
    readonly reason?: string
    readonly recipient: string
    readonly 'delivery-status'?: {
      readonly code?: number | string
      readonly 'enhanced-code'?: string
      readonly 'bounce-type'?: string
    }
  }
}

export function mailgun({ body, key, now }: WebhookCall): VerifiedCall {
  const { signature: signed, 'event-data': event } = JSON.parse(
    Buffer.from(body).toString('utf8'),
  ) as MailgunCall
  const { timestamp, token, signature } = signed
  const right = createHmac('sha256', key).update(`${timestamp}${token}`).digest()
  const given = Buffer.from(String(signature), 'hex')
  if (given.length !== right.length || !timingSafeEqual(given, right)) return { refused: 'signature' }
  if (!(Math.abs(now - Number(timestamp) * 1000) < MAX_SIGNED_AGE_MS)) return { refused: 'time' }
  const kind = mailgunKind(event)
  const status = event['delivery-status']
  return {
    notices: kind
      ? [
          {
            id: String(token),
            kind,
            address: event.recipient,
            status: status?.['enhanced-code'] || String(status?.code ?? ''),
          },
        ]
      : [],
  }
}

/** A message that was refused because Mailgun itself suppressed the address says nothing new. */
function mailgunKind({
  event,
  severity,
  reason,
}: MailgunCall['event-data']): ProviderNotice['kind'] | undefined {
  if (event === 'complained') return 'complaint'
  if (event === 'unsubscribed') return 'unsubscribe'
  if (event !== 'failed' || reason?.startsWith('suppress-')) return undefined
  return severity === 'permanent' && reason !== 'old' ? 'hard' : 'soft'
}

// Postmark: not signed, so the address that Postmark calls contains a user and a password.
// https://postmarkapp.com/developer/webhooks/webhooks-overview

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
const POSTMARK_KINDS: Readonly<Record<string, ProviderNotice['kind']>> = {
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
  const notice = postmarkNotice(event)
  return { notices: notice ? [notice] : [] }
}

function postmarkNotice(event: PostmarkEvent): ProviderNotice | undefined {
  const address = event.Email ?? event.Recipient ?? ''
  if (event.RecordType === 'SubscriptionChange') {
    if (event.SuppressSending !== true || event.SuppressionReason !== 'ManualSuppression') return undefined
    const id = `${event.MessageID} ${event.ChangedAt}`
    return { id, kind: 'unsubscribe', address, status: '' }
  }
  const kind = Object.hasOwn(POSTMARK_KINDS, event.Type ?? '') ? POSTMARK_KINDS[event.Type!] : undefined
  if (!kind || !['Bounce', 'SpamComplaint'].includes(event.RecordType)) return undefined
  return { id: `${event.ID ?? event.MessageID} ${event.Type}`, kind, address, status: event.Type! }
}

// SendGrid: ECDSA over a time and the body as it came; many events in one call.
// https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features

interface SendgridEvent {
  readonly event: string
  readonly email: string
  readonly sg_event_id: string
  readonly status?: string
  readonly type?: string
}

export function sendgrid({ body, headers, key, now }: WebhookCall): VerifiedCall {
  const signature = headers.get('x-twilio-email-event-webhook-signature') ?? ''
  const timestamp = headers.get('x-twilio-email-event-webhook-timestamp') ?? ''
  const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' })
  const signed = createVerify('sha256').update(timestamp).update(body).verify(publicKey, signature, 'base64')
  if (!signed) return { refused: 'signature' }
  if (!(Math.abs(now - Number(timestamp) * 1000) < MAX_SIGNED_AGE_MS)) return { refused: 'time' }
  const events = JSON.parse(Buffer.from(body).toString('utf8')) as readonly SendgridEvent[]
  return {
    notices: events.flatMap(event => {
      const kind = sendgridKind(event)
      return kind ? [{ id: event.sg_event_id, kind, address: event.email, status: event.status ?? '' }] : []
    }),
  }
}

/** `dropped` is SendGrid's own list at work; a block is the server's mood, not the mailbox's end. */
function sendgridKind({ event, type }: SendgridEvent): ProviderNotice['kind'] | undefined {
  if (event === 'bounce') return type === 'blocked' ? 'soft' : 'hard'
  if (event === 'spamreport') return 'complaint'
  return event === 'unsubscribe' || event === 'group_unsubscribe' ? 'unsubscribe' : undefined
}
