// What Amazon SES, Postmark, Mailgun or SendGrid says happened to one message → a bounce, a complaint or a request to leave.
// By webhook, or as JSON in a mail. Whether an address is dead is judged by the server's words, as everywhere.

import { classifyRefusal } from '../../deliver/index.ts'
import type { Notice } from '../apply.ts'

/** Something that happened to one message. */
export interface ProviderNotice extends Notice {
  /** The provider's own number for it. */
  readonly id: string
  readonly address: string
  readonly text: string
}

interface Bounced {
  readonly id: string
  readonly address: string
  readonly status: string
  readonly text: string
  /** What the provider takes it for. */
  readonly presumed: 'hard' | 'soft'
}

/** Refusals of the sender, of the letter or of the rate say nothing of the reader. */
function bounce({ id, address, status, text, presumed }: Bounced): ProviderNotice[] {
  const judged = classifyRefusal({ status, text, presumed })
  if (judged === 'policy' || judged === 'deferred') return []
  const kind = presumed === 'soft' ? 'soft' : judged
  return [{ id, address, status, text: text.slice(0, 500), kind }]
}

interface SesEvent {
  readonly notificationType?: string
  readonly eventType?: string
  readonly mail?: { readonly messageId?: string }
  readonly bounce?: {
    readonly bounceType: string
    readonly bounceSubType?: string
    readonly feedbackId?: string
    readonly bouncedRecipients: readonly {
      readonly emailAddress: string
      readonly status?: string
      readonly diagnosticCode?: string
    }[]
  }
  readonly complaint?: {
    readonly complaintSubType?: string | null
    readonly complaintFeedbackType?: string | null
    readonly complainedRecipients: readonly { readonly emailAddress: string }[]
  }
}

/** https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html */
export function sesNotices(event: SesEvent, id: string): ProviderNotice[] {
  const { bounce: bounced, complaint } = event
  const kind = event.notificationType ?? event.eventType
  if (kind === 'Bounce' && bounced) {
    const { bounceType, bounceSubType = '', bouncedRecipients } = bounced
    // Amazon's own list refused it: that says nothing new of the mailbox.
    if (bounceSubType === 'OnAccountSuppressionList') return []
    return bouncedRecipients.flatMap(({ emailAddress, status = '', diagnosticCode = '' }) => {
      // Out-of-office answers come as Transient/General, without a server's words.
      const isVacation = bounceType === 'Transient' && bounceSubType === 'General' && diagnosticCode === ''
      if (isVacation || /^(?:MessageTooLarge|ContentRejected|AttachmentRejected)$/.test(bounceSubType))
        return []
      return bounce({
        id: `${id} ${emailAddress}`,
        address: emailAddress,
        status,
        text: diagnosticCode,
        presumed: bounceType === 'Permanent' ? 'hard' : 'soft',
      })
    })
  }
  if (kind !== 'Complaint' || !complaint) return []
  if (complaint.complaintSubType === 'OnAccountSuppressionList') return []
  if (complaint.complaintFeedbackType === 'not-spam') return []
  return complaint.complainedRecipients.map(({ emailAddress }) =>
    plain(`${id} ${emailAddress}`, 'complaint', emailAddress),
  )
}

function plain(id: string, kind: 'complaint' | 'unsubscribe', address: string): ProviderNotice {
  return { id, kind, address, status: '', text: '' }
}

export interface MailgunEvent {
  readonly id?: string
  readonly event: string
  readonly severity?: string
  readonly reason?: string
  readonly recipient: string
  readonly 'delivery-status'?: {
    readonly code?: number | string
    readonly 'enhanced-code'?: string
    readonly message?: string
    readonly description?: string
  }
}

/** https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure */
export function mailgunNotices(event: MailgunEvent, id: string): ProviderNotice[] {
  const { severity, reason = '', recipient } = event
  if (event.event === 'complained') return [plain(id, 'complaint', recipient)]
  if (event.event === 'unsubscribed') return [plain(id, 'unsubscribe', recipient)]
  // A message that was refused because Mailgun itself suppressed the address says nothing new.
  if (event.event !== 'failed' || reason.startsWith('suppress-') || reason === 'espblock') return []
  const {
    code,
    'enhanced-code': status = '',
    message = '',
    description = '',
  } = event['delivery-status'] ?? {}
  const text = [/^\d{3}$/.test(String(code)) ? code : '', message || description].filter(Boolean).join(' ')
  const presumed = severity === 'permanent' && reason !== 'old' ? 'hard' : 'soft'
  return bounce({ id, address: recipient, status, text, presumed })
}

export interface PostmarkEvent {
  readonly RecordType: string
  readonly ID?: number
  readonly MessageID?: string
  readonly Type?: string
  readonly Email?: string
  readonly Recipient?: string
  readonly Description?: string
  readonly Details?: string
  readonly SuppressSending?: boolean
  readonly SuppressionReason?: string
  readonly ChangedAt?: string
}

/** The other types, automatic replies and blocks among them, say nothing of the mailbox. */
const POSTMARK_KINDS: Readonly<Record<string, ProviderNotice['kind']>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  SoftBounce: 'soft',
  Transient: 'soft',
  DnsError: 'soft',
  SpamComplaint: 'complaint',
  Unsubscribe: 'unsubscribe',
}

/** https://postmarkapp.com/developer/api/bounce-api#bounce-types */
export function postmarkNotices(event: PostmarkEvent): ProviderNotice[] {
  const address = event.Email ?? event.Recipient ?? ''
  if (event.RecordType === 'SubscriptionChange') {
    if (event.SuppressSending !== true || event.SuppressionReason !== 'ManualSuppression') return []
    return [plain(`${event.MessageID} ${event.ChangedAt}`, 'unsubscribe', address)]
  }
  const type = event.Type ?? (event.RecordType === 'SpamComplaint' ? 'SpamComplaint' : '')
  const kind = Object.hasOwn(POSTMARK_KINDS, type) ? POSTMARK_KINDS[type] : undefined
  if (!kind || !['Bounce', 'SpamComplaint'].includes(event.RecordType)) return []
  const id = `${event.ID ?? event.MessageID} ${type}`
  if (kind === 'complaint' || kind === 'unsubscribe') return [plain(id, kind, address)]
  return bounce({ id, address, status: '', text: event.Details ?? '', presumed: kind })
}

export interface SendgridEvent {
  readonly event: string
  readonly email: string
  readonly sg_event_id: string
  readonly status?: string
  readonly type?: string
  readonly reason?: string
}

/** `dropped` is SendGrid's own list at work; a block is the server's mood, not the mailbox's end. */
export function sendgridNotices(event: SendgridEvent): ProviderNotice[] {
  const { sg_event_id: id, email, status = '', type, reason = '' } = event
  if (event.event === 'spamreport') return [plain(id, 'complaint', email)]
  if (event.event === 'unsubscribe' || event.event === 'group_unsubscribe') {
    return [plain(id, 'unsubscribe', email)]
  }
  if (event.event !== 'bounce') return []
  return bounce({ id, address: email, status, text: reason, presumed: type === 'blocked' ? 'soft' : 'hard' })
}

/** @returns what a mail in JSON reports; undefined when it is no event of a provider */
export function eventsIn(text: string): ProviderNotice[] | undefined {
  // Amazon SNS writes how to unsubscribe below.
  const json = text.split(/\n--\s*\n/)[0]!.trim()
  try {
    return noticesOf(JSON.parse(json))
  } catch {
    return undefined
  }
}

function noticesOf(value: unknown): ProviderNotice[] | undefined {
  if (Array.isArray(value)) {
    const all = value.map(noticesOf)
    return all.length > 0 && all.every(found => found !== undefined) ? all.flat() : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const event = value as Record<string, unknown>
  if (event.Type === 'Notification' && typeof event.Message === 'string') return eventsIn(event.Message)
  if ('notificationType' in event || 'eventType' in event) return sesNotices(event, 'mail')
  if ('event-data' in event) return mailgunNotices(event['event-data'] as MailgunEvent, 'mail')
  if ('RecordType' in event) return postmarkNotices(event as unknown as PostmarkEvent)
  if ('sg_event_id' in event) return sendgridNotices(event as unknown as SendgridEvent)
  return undefined
}
