// SendGrid's signed event webhook: ECDSA over a time and the body as it came; many events in one call.
// https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features

import { createPublicKey, createVerify } from 'node:crypto'
import { MAX_SIGNED_AGE_MS, type ProviderNotice, type VerifiedCall, type WebhookCall } from './notice.ts'

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
      const kind = kindOf(event)
      return kind ? [{ id: event.sg_event_id, kind, address: event.email, status: event.status ?? '' }] : []
    }),
  }
}

/** `dropped` is SendGrid's own list at work; a block is the server's mood, not the mailbox's end. */
function kindOf({ event, type }: SendgridEvent): ProviderNotice['kind'] | undefined {
  if (event === 'bounce') return type === 'blocked' ? 'soft' : 'hard'
  if (event === 'spamreport') return 'complaint'
  return event === 'unsubscribe' || event === 'group_unsubscribe' ? 'unsubscribe' : undefined
}
