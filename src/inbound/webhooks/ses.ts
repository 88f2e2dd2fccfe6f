// Amazon SES by way of SNS: an HTTPS notification, signed with a certificate that Amazon publishes → what happened.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html

import { createVerify, X509Certificate } from 'node:crypto'
import type { ProviderNotice, VerifiedCall, WebhookCall } from './providers.ts'

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

export async function ses({ body, key, now, fetchText }: WebhookCall): Promise<VerifiedCall> {
  const message = JSON.parse(Buffer.from(body).toString('utf8')) as SnsMessage
  const fields = Object.hasOwn(SIGNED, message.Type) ? SIGNED[message.Type] : undefined
  if (!fields || message.TopicArn !== key) return { refused: 'topic' }
  if (!(Math.abs(now - Date.parse(message.Timestamp)) < MAX_AGE_MS)) return { refused: 'time' }
  if (!CERTIFICATE.test(message.SigningCertURL)) return { refused: 'certificate' }
  if (!(await isSigned(message, fields, now, fetchText))) return { refused: 'signature' }
  if (message.Type === 'SubscriptionConfirmation') {
    const url = message.SubscribeURL ?? ''
    return AMAZON.test(url) ? { confirm: url } : { refused: 'confirmation' }
  }
  return { notices: noticesOf(message) }
}

async function isSigned(
  message: SnsMessage,
  fields: readonly (keyof SnsMessage)[],
  now: number,
  fetchText: WebhookCall['fetchText'],
): Promise<boolean> {
  const text = fields
    .filter(field => message[field] !== undefined)
    .map(field => `${field}\n${message[field]}\n`)
    .join('')
  try {
    const certificate = new X509Certificate(await fetchText(message.SigningCertURL))
    const valid = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo)
    const verify = createVerify(message.SignatureVersion === '2' ? 'sha256' : 'sha1').update(text, 'utf8')
    return valid && verify.verify(certificate.publicKey, message.Signature, 'base64')
  } catch {
    return false
  }
}

interface SesEvent {
  readonly notificationType?: string
  readonly eventType?: string
  readonly bounce?: {
    readonly bounceType: string
    readonly bounceSubType?: string
    readonly bouncedRecipients: readonly { readonly emailAddress: string; readonly status?: string }[]
  }
  readonly complaint?: {
    readonly complaintSubType?: string | null
    readonly complainedRecipients: readonly { readonly emailAddress: string }[]
  }
}

function noticesOf({ Message, MessageId }: SnsMessage): ProviderNotice[] {
  const event = JSON.parse(Message) as SesEvent
  const kind = event.notificationType ?? event.eventType
  if (kind === 'Bounce' && event.bounce) {
    const { bounceType, bounceSubType, bouncedRecipients } = event.bounce
    // Amazon's own list refused it: that says nothing new of the mailbox.
    if (bounceSubType === 'OnAccountSuppressionList') return []
    return bouncedRecipients.map(({ emailAddress, status }) => ({
      id: `${MessageId} ${emailAddress}`,
      kind: bounceType === 'Permanent' ? 'hard' : 'soft',
      address: emailAddress,
      status: status ?? '',
    }))
  }
  if (kind === 'Complaint' && event.complaint) {
    if (event.complaint.complaintSubType === 'OnAccountSuppressionList') return []
    return event.complaint.complainedRecipients.map(({ emailAddress }) => ({
      id: `${MessageId} ${emailAddress}`,
      kind: 'complaint',
      address: emailAddress,
      status: '',
    }))
  }
  return []
}
