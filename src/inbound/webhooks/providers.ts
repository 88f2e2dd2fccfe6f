// A provider's call → verified, and what it reports applied to the list once. A new provider is one function and one word in
// the table.

import { createHmac, createPublicKey, createVerify, timingSafeEqual, X509Certificate } from 'node:crypto'
import { DAY_MS, HOUR_MS, isSameSecret, parseAddress } from '../../base/index.ts'
import { recordWithinLimit, type Suppressed } from '../../deliver/index.ts'
import {
  type Database,
  deleteNotices,
  recentlySuppressed,
  recordNotice,
  subscriberByKey,
} from '../../store/index.ts'
import { applyNotice } from '../apply.ts'
import {
  type MailgunEvent,
  mailgunNotices,
  type PostmarkEvent,
  type ProviderNotice,
  postmarkNotices,
  type SendgridEvent,
  sendgridNotices,
  sesNotices,
} from './events.ts'

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

/** What one call reports, or why it is not to be believed. */
type VerifiedCall =
  | { readonly notices: readonly ProviderNotice[] }
  | { readonly refused: string }
  /** Amazon asks whether the topic was really meant for us. */
  | { readonly confirm: string }

interface WebhookCall {
  readonly body: Uint8Array
  readonly headers: Headers
  /** What was agreed. */
  readonly key: string
  /** ms since epoch */
  readonly now: number
  fetchText(url: string): Promise<string>
  /** A certificate of Amazon's, remembered; rejects when too many have been asked for. */
  certificateAt(url: string): Promise<string>
}

/** One provider: verifies the call and reads what it reports. May throw on a body that is not of its form. */
type Webhook = (call: WebhookCall) => Promise<VerifiedCall> | VerifiedCall

const providers: Readonly<Record<keyof WebhookKeys, Webhook>> = { ses, postmark, mailgun, sendgrid }

/** Providers repeat a call for days when they get no answer. */
const NOTICE_MEMORY_MS = 8 * DAY_MS

type WebhookResult =
  /** Of all that was reported, what was not known yet; and how many would have been more dead addresses than is usual. */
  | { readonly news: readonly ProviderNotice[]; readonly held: number }
  | { readonly refused: string }
  | { readonly confirmed: true }

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
  const { now } = call
  const news: ProviderNotice[] = []
  const suppressed = await recentlySuppressed(db, now - LIMIT_WINDOW_MS)
  let held = 0
  for (const notice of verified.notices) {
    const result = await applyOnce(db, provider, notice, { now, suppressed })
    if (result === 'held') held += 1
    else if (result === 'new') news.push(notice)
  }
  return { news, held }
}

/** Providers report one by one: what they report within this time is judged together, as a mailbox is. */
const LIMIT_WINDOW_MS = 6 * HOUR_MS

async function verify(provider: keyof WebhookKeys, call: WebhookCall): Promise<VerifiedCall> {
  try {
    return await providers[provider](call)
  } catch {
    return { refused: 'form' }
  }
}

/**
 * Number and effect in one transaction: if the process is killed in between, the provider reports it again, as it does with
 * what is beyond the limit.
 *
 * @param suppressed lately; whoever is suppressed now is added
 */
async function applyOnce(
  db: Database,
  provider: string,
  notice: ProviderNotice,
  { now, suppressed }: { readonly now: number; readonly suppressed: Suppressed[] },
): Promise<'new' | 'known' | 'held'> {
  const done = await recordWithinLimit(db, async tx => {
    if (!(await recordNotice(tx, `${provider}/${notice.id}`.slice(0, 400), now)))
      return { isNew: false, suppressed: [] }
    await deleteNotices(tx, now - NOTICE_MEMORY_MS)
    const key = notice.address === undefined ? undefined : parseAddress(notice.address)?.key
    const subscriber =
      notice.subscriber ?? (key === undefined ? undefined : (await subscriberByKey(tx, key))?.id)
    const result = await applyNotice(tx, notice, now)
    const counts = result === 'suppressed' && notice.kind !== 'complaint' && subscriber !== undefined
    if (!counts) return { isNew: true, suppressed: [] }
    return { isNew: true, suppressed: [...suppressed, { subscriber, text: notice.text ?? '' }] }
  })
  if ('excess' in done) return 'held'
  const last = done.suppressed.at(-1)
  if (last) suppressed.push(last)
  return done.isNew ? 'new' : 'known'
}

// ─── The calls of Mailgun, Postmark and SendGrid ─────────────────────────────────────────────────────────────────────

/** How old a signed time may be. */
const MAX_SIGNED_AGE_MS = 15 * 60_000

function isRecent(timestamp: string, now: number): boolean {
  return Math.abs(now - Number(timestamp) * 1000) < MAX_SIGNED_AGE_MS
}

function jsonOf(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body).toString('utf8'))
}

interface MailgunCall {
  readonly signature: { readonly timestamp: string; readonly token: string; readonly signature: string }
  readonly 'event-data': MailgunEvent
}

/**
 * HMAC-SHA256 over a time and a number that is used once. Nothing divides the two, so the time must have its ten digits:
 * otherwise a digit of the number, moved to the time, would be another call under the same signature.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
function mailgun({ body, key, now }: WebhookCall): VerifiedCall {
  const { signature: signed, 'event-data': event } = jsonOf(body) as MailgunCall
  const [timestamp, token] = [String(signed.timestamp), String(signed.token)]
  const right = createHmac('sha256', key).update(`${timestamp}${token}`).digest()
  const given = Buffer.from(String(signed.signature), 'hex')
  if (given.length !== right.length || !timingSafeEqual(given, right)) return { refused: 'signature' }
  if (!/^\d{10}$/.test(timestamp) || !isRecent(timestamp, now)) return { refused: 'time' }
  return { notices: mailgunNotices(event, token) }
}

/**
 * Not signed, so the address that Postmark calls contains a user and a password.
 * https://postmarkapp.com/developer/webhooks/webhooks-overview
 */
function postmark({ body, headers, key }: WebhookCall): VerifiedCall {
  const given = /^Basic (.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? ''
  if (!isSameSecret(Buffer.from(given, 'base64').toString('utf8'), key)) return { refused: 'password' }
  return { notices: postmarkNotices(jsonOf(body) as PostmarkEvent) }
}

/**
 * ECDSA over a time and the body as it came; many events in one call.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
function sendgrid({ body, headers, key, now }: WebhookCall): VerifiedCall {
  const signature = headers.get('x-twilio-email-event-webhook-signature') ?? ''
  const timestamp = headers.get('x-twilio-email-event-webhook-timestamp') ?? ''
  const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' })
  const signed = createVerify('sha256').update(timestamp).update(body).verify(publicKey, signature, 'base64')
  if (!signed) return { refused: 'signature' }
  if (!isRecent(timestamp, now)) return { refused: 'time' }
  return { notices: (jsonOf(body) as readonly SendgridEvent[]).flatMap(sendgridNotices) }
}

// ─── Amazon SES ──────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Amazon SES by way of SNS: an HTTPS notification, signed with a certificate that Amazon publishes → what happened.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html

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
const MAX_AGE_MS = 24 * HOUR_MS

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

async function ses({ body, key, now, certificateAt }: WebhookCall): Promise<VerifiedCall> {
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
