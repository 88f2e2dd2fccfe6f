// Mailgun's webhooks: HMAC-SHA256 over a time and a number that is used once.
// https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks

import { createHmac, timingSafeEqual } from 'node:crypto'
import { MAX_SIGNED_AGE_MS, type ProviderNotice, type VerifiedCall, type WebhookCall } from './notice.ts'

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
  const kind = kindOf(event)
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
function kindOf({ event, severity, reason }: MailgunCall['event-data']): ProviderNotice['kind'] | undefined {
  if (event === 'complained') return 'complaint'
  if (event === 'unsubscribed') return 'unsubscribe'
  if (event !== 'failed' || reason?.startsWith('suppress-')) return undefined
  return severity === 'permanent' && reason !== 'old' ? 'hard' : 'soft'
}
