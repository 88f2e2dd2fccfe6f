// Amazon SES by way of SNS: an HTTPS notification, signed with a certificate that Amazon publishes → what happened.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html

import { createVerify, X509Certificate } from 'node:crypto'
import { sesNotices } from './events.ts'
import type { VerifiedCall, WebhookCall } from './providers.ts'

interface SnsMessage {
  readonly Type: string
  readonly MessageId: string
  readonly TopicArn: string
  readonly Message: string
  readonly Timestamp: string
  readonly SignatureVersion: string
  readonly Signature: string
  readonly SigningCertURL: string
  readonly SubscribeURL?: string
  readonly Subject?: string
  readonly Token?: string
}

const AMAZON = /^https:\/\/sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//
/** Only Amazon's own certificates count, and nothing else that Amazon would say at an address that somebody made up. */
const CERTIFICATE = new RegExp(`${AMAZON.source}SimpleNotificationService-[A-Za-z0-9]+\\.pem$`)
/** SNS tries for an hour and longer; what is older than a day is a replay whose number we have forgotten. */
const MAX_AGE_MS = 24 * 3_600_000

const SIGNED: Readonly<Record<string, readonly (keyof SnsMessage)[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
}

export async function ses({ body, key, now, certificateAt }: WebhookCall): Promise<VerifiedCall> {
  const message = JSON.parse(Buffer.from(body).toString('utf8')) as SnsMessage
  const fields = Object.hasOwn(SIGNED, message.Type) ? SIGNED[message.Type] : undefined
  if (!fields || message.TopicArn !== key) return { refused: 'topic' }
  if (!(Math.abs(now - Date.parse(message.Timestamp)) < MAX_AGE_MS)) return { refused: 'time' }
  if (!CERTIFICATE.test(message.SigningCertURL)) return { refused: 'certificate' }
  if (!(await isSigned(message, fields, now, certificateAt))) return { refused: 'signature' }
  if (message.Type === 'SubscriptionConfirmation') {
    const url = message.SubscribeURL ?? ''
    return AMAZON.test(url) ? { confirm: url } : { refused: 'confirmation' }
  }
  return { notices: sesNotices(JSON.parse(message.Message), message.MessageId) }
}

async function isSigned(
  message: SnsMessage,
  fields: readonly (keyof SnsMessage)[],
  now: number,
  certificateAt: WebhookCall['certificateAt'],
): Promise<boolean> {
  const text = fields
    .filter(field => message[field] !== undefined)
    .map(field => `${field}\n${message[field]}\n`)
    .join('')
  try {
    const certificate = new X509Certificate(await certificateAt(message.SigningCertURL))
    const valid = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo)
    const verify = createVerify(message.SignatureVersion === '2' ? 'sha256' : 'sha1').update(text, 'utf8')
    return valid && verify.verify(certificate.publicKey, message.Signature, 'base64')
  } catch {
    return false
  }
}

/** What one service has fetched, and how much more it may. */
const MAX_CERTIFICATES = 20
const MAX_FETCHES_PER_HOUR = 20
const HOUR_MS = 3_600_000
const CERTIFICATE_LIFE_MS = 24 * HOUR_MS

/**
 * Anybody can name a certificate of Amazon's in a forged call. Each is fetched once a day, and no more than a few an hour
 * in all, so that nobody makes us a source of requests.
 */
export function createCertificates(
  fetchText: (url: string) => Promise<string>,
  now: () => number,
): (url: string) => Promise<string> {
  const known = new Map<string, { readonly text: Promise<string>; readonly at: number }>()
  let fetches: number[] = []
  return url => {
    const remembered = known.get(url)
    if (remembered && now() - remembered.at < CERTIFICATE_LIFE_MS) return remembered.text
    fetches = fetches.filter(at => now() - at < HOUR_MS)
    if (fetches.length >= MAX_FETCHES_PER_HOUR)
      return Promise.reject(new Error('too many certificates were asked for'))
    fetches.push(now())
    const text = fetchText(url)
    known.delete(url)
    known.set(url, { text, at: now() })
    if (known.size > MAX_CERTIFICATES) known.delete(known.keys().next().value!)
    // One that could not be fetched is asked for again.
    text.catch(() => known.delete(url))
    return text
  }
}
