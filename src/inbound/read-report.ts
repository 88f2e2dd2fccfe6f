// A mail that came to the bounce address → what it reports or asks for, and about whom.

import { classifyRefusal, type RefusalKind } from '../deliver/index.ts'
import { type About, aboutByAddress, aboutByQuote } from './about-reader.ts'
import { type Failure, isFromDaemon, readProse, readStatusPart } from './failure-text.ts'
import { isAutomatic, type MailCommand, readCommand } from './mail-commands.ts'
import { allParts, decodeWords, type Fields, type MimePart, readFields, readMime } from './read-mime.ts'
import { eventsIn } from './webhooks/events.ts'

export type Report =
  | {
      readonly kind: 'hard' | 'soft' | 'complaint' | 'unsubscribe'
      readonly about: About
      readonly status: string
      /** What the server wrote; empty for what a person asks. */
      readonly text: string
    }
  /** Understood, and nothing to do: a delay, an automatic reply, a refusal of the message and not of the person. */
  | {
      readonly kind: 'nothing'
      readonly why: 'delayed' | 'delivered' | 'automatic reply' | 'policy' | 'deferred' | 'not a complaint'
    }
  /** `leaving`: somebody seems to ask to unsubscribe, and a person must see to it. */
  | { readonly kind: 'unknown'; readonly why: string; readonly leaving: boolean }
  | MailCommand

export interface Received {
  readonly bytes: Uint8Array
  /** The address that the mail was delivered to, when its own fields do not say. */
  readonly recipient?: string | undefined
  readonly now: number
}

export async function readReport(secret: string, { bytes, recipient = '', now }: Received): Promise<Report> {
  const mail = await readMime(bytes)
  const { fields } = mail
  const parts = [...allParts(mail)]
  const addressed = aboutByAddress(secret, fields, recipient)
  const about = addressed ?? aboutByQuote(secret, mail)
  const status = parts.find(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
  if (status) return bounced(readStatusPart(status, mail), about, fields)
  const complaint = complaintType(parts, fields)
  if (complaint) return complained(complaint, about)
  const asked = await readCommand(secret, { mail, recipient, about, now })
  if (asked?.kind === 'automatic') return AUTOMATIC_REPLY
  if (asked?.kind === 'unreadable') return { kind: 'unknown', why: asked.why, leaving: asked.leaving }
  if (asked) return asked.kind === 'unsubscribe' ? { ...asked, status: '', text: '' } : asked
  const event = eventOf(parts, about)
  if (event) return event
  const subject = await decodeWords(fields.get('subject')?.[0] ?? '')
  if (isVacation(fields, subject, parts)) return AUTOMATIC_REPLY
  if (parts.some(({ type }) => type === 'message/disposition-notification')) {
    return { kind: 'nothing', why: 'delivered' }
  }
  const failure = readProse(mail, subject)
  if (failure) return bounced(failure, about, fields)
  if (isAutomatic(fields)) return AUTOMATIC_REPLY
  return { kind: 'unknown', why: 'no report, no request to unsubscribe', leaving: false }
}

const AUTOMATIC_REPLY = { kind: 'nothing', why: 'automatic reply' } as const

function bounced(failure: Failure, about: About | undefined, fields: Fields): Report {
  const { outcome, status, text, prose } = failure
  if (outcome === 'delayed' || outcome === 'delivered') return { kind: 'nothing', why: outcome }
  // Set by two Japanese carriers where the customer's filter refused the mail.
  const filtered = fields.get('x-spasign')?.[0] === 'NG'
  const kind = filtered ? 'policy' : classifyRefusal({ status, text, prose })
  return ofKind(mildForFilters(kind, failure, fields), about, status, text || prose)
}

/** Carriers whose customers' filters refuse mail with the words 'user unknown', without a code. */
const FILTERING_CARRIERS =
  /@(?:[\w-]+\.)*(?:docomo|biglobe|inacatv|tmtv|ttv|ezweb|softbank|vodafone|willcom)\.(?:ne\.jp|com)\b/i
/** Where the owner of a domain writes rules, and chooses the words with which they refuse. */
const FILTERING_SERVERS = /inbound-smtp\.\S*amazonaws\.com/i

function mildForFilters(kind: RefusalKind, { status, text, reporter }: Failure, fields: Fields): RefusalKind {
  if (kind !== 'hard') return kind
  if (FILTERING_SERVERS.test(reporter)) return 'soft'
  const carrier = FILTERING_CARRIERS.test(fields.get('from')?.[0] ?? '')
  return carrier && !/5\.1\.[12]/.test(`${status} ${text}`) ? 'soft' : 'hard'
}

function ofKind(kind: RefusalKind, about: About | undefined, status: string, text: string): Report {
  if (kind === 'policy' || kind === 'deferred') return { kind: 'nothing', why: kind }
  if (!about) return { kind: 'unknown', why: 'a bounce that contains nothing signed by us', leaving: false }
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 500)
  return { kind, about, status: status || (/\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] ?? ''), text: said }
}

/**
 * RFC 5965 §3.1, and Outlook's junk mail reports, which have no such part: from staff@hotmail.com, with the letter as
 * message/rfc822 and the reader in X-HmXmrOriginalRecipient.
 */
function complaintType(parts: readonly MimePart[], fields: Fields): string | undefined {
  const feedback = parts.find(({ type }) => type === 'message/feedback-report')
  if (feedback) return (readFields(feedback.text).get('feedback-type')?.[0] ?? 'abuse').toLowerCase()
  // A report whose part has lost its type.
  const field = parts.find(({ type, text }) => type.startsWith('text/') && /^feedback-type:/im.test(text))
  if (field) return /^feedback-type:[ \t]*([\w-]+)/im.exec(field.text)?.[1]?.toLowerCase() ?? 'abuse'
  const from = fields.get('from')?.[0] ?? ''
  const subject = fields.get('subject')?.[0] ?? ''
  const reported = parts.some(part => part.fields.has('x-hmxmroriginalrecipient'))
  const known =
    /staff@hotmail\.com|complaints@\S*amazonses\.com|\b(?:fbl|feedback(?:loop)?|abuse[-_]?report\w*|jmrp)\b[^@\s]*@/i
  if (reported) return 'abuse'
  const quoted = parts.some(({ type }) => /^(?:message\/rfc822|text\/rfc822-headers)$/.test(type))
  return quoted && known.test(from) && /complain|abuse|junk|spam|feedback/i.test(`${subject} ${from}`)
    ? 'abuse'
    : undefined
}

/** RFC 5965 §7.3, RFC 6591 §3.1 */
function complained(type: string, about: About | undefined): Report {
  if (/^(?:not-spam|auth-failure|virus|dmarc|dkim|spf)/.test(type))
    return { kind: 'nothing', why: 'not a complaint' }
  if (!about)
    return { kind: 'unknown', why: 'a complaint that contains nothing signed by us', leaving: false }
  const kind = type.startsWith('opt-out') ? 'unsubscribe' : 'complaint'
  return { kind, about, status: '', text: '' }
}

/** What a webhook would have brought, mailed as JSON: by Amazon SNS, for one. */
function eventOf(parts: readonly MimePart[], about: About | undefined): Report | undefined {
  for (const { type, text } of parts) {
    if (!/^(?:text\/plain|application\/json)$/.test(type) || !/^\s*[[{]/.test(text)) continue
    const events = eventsIn(text)
    if (!events) continue
    const [event] = events
    if (!event) return { kind: 'nothing', why: 'delivered' }
    if (event.kind === 'hard' || event.kind === 'soft')
      return ofKind(event.kind, about, event.status, event.text)
    if (about) return { kind: event.kind, about, status: '', text: '' }
    return { kind: 'unknown', why: 'a complaint that contains nothing signed by us', leaving: false }
  }
  return undefined
}

const AWAY_SUBJECT =
  /^\s*(?:re:\s*|aw:\s*)?(?:auto(?:mat\w*|mated)?[ :_-]*(?:re(?:ply|sponse|sponder|turn)|answer|antwort|svar|generated)|auto:|out[- ]of[- ](?:the )?office|ooo\b|vacation|(?:on )?(?:holiday|leave)\b|i am (?:away|out)|away\b|absen[ct]|abwesen|réponse automatique|absence|respuesta automática|fuera de|risposta automatica|fuori (?:sede|ufficio)|assente|resposta autom|ausência|ausencia|afwezig|frånvar|poza biurem|autoodpowied|автоответ|自動(?:応答|返信)|不在|自动(?:回复|答复)|自動回覆)/iu
const AWAY_TEXT =
  /(?:out of (?:the )?office|(?:i am|i'm|i will be|we are)(?: currently)? (?:\S+ ){0,3}(?:away|on (?:vacation|holiday|annual leave|leave)|travel+ing)|nicht im (?:büro|hause?)\b|im urlaub|abwesend|absent(?:e)? (?:du|jusqu)|en congés?|fuera de la oficina|de vacaciones|fuori ufficio|in ferie|休暇中|出張中|不在に)/iu

/** RFC 3834 §5, and what vacation programs wrote before it. Delivery reports say 'auto-replied' too: their words tell. */
function isVacation(fields: Fields, subject: string, parts: readonly MimePart[]): boolean {
  const value = (name: string) => fields.get(name)?.[0]?.trim().toLowerCase() ?? ''
  if (['x-autoreply', 'x-autorespond', 'x-autoreply-from', 'x-vacation'].some(name => fields.has(name)))
    return true
  if (/vacation/.test(value('x-apple-action')) || /^auto.?reply/.test(value('precedence'))) return true
  if (AWAY_SUBJECT.test(subject)) return true
  const text = parts.find(({ type }) => type === 'text/plain')?.text.slice(0, 2000) ?? ''
  const replied = value('auto-submitted').startsWith('auto-replied')
  if (AWAY_TEXT.test(text) && (replied || !isFromDaemon(fields))) return true
  return replied && fields.has('in-reply-to') && !isFromDaemon(fields)
}
