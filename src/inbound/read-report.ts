// A mail that came to the bounce address → what it reports or asks for, and about whom.

import { classifyRefusal, type RefusalKind } from '../deliver/index.ts'
import type { DomainReport } from '../store/index.ts'
import { readDomainReport } from './domain-reports.ts'
import {
  type About,
  aboutByAddress,
  aboutByQuote,
  isAutomatic,
  type MailCommand,
  ownMailbox,
  readCommand,
  seemsToLeave,
} from './mail-commands.ts'
import { allParts, decodeWords, type Fields, type MimePart, readFields, readMime } from './read-mime.ts'
import { eventsIn } from './webhooks/events.ts'

type Report =
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
  /** What a receiver reports of one of our domains. */
  | { readonly kind: 'domain'; readonly report: DomainReport }
  | MailCommand

interface Received {
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
  const ofDomain = await readDomainReport(mail, now)
  if (ofDomain && 'report' in ofDomain) return { kind: 'domain', report: ofDomain.report }
  if (ofDomain) return { kind: 'unknown', why: ofDomain.problem, leaving: false }
  const complaint = complaintType(parts, fields)
  if (complaint) return complained(complaint, about)
  const asked = await readCommand(secret, { mail, recipient, about, now })
  if (asked?.kind === 'automatic') return AUTOMATIC_REPLY
  if (asked?.kind === 'unreadable') return { kind: 'unknown', why: asked.why, leaving: asked.leaving }
  if (asked) return asked.kind === 'unsubscribe' ? { ...asked, status: '', text: '' } : asked
  const event = eventOf(parts, about)
  if (event) return event
  const subject = await decodeWords(fields.get('subject')?.[0] ?? '')
  if (isVacation(fields, subject, parts) || isChallenge(fields, parts)) return AUTOMATIC_REPLY
  if (parts.some(({ type }) => type === 'message/disposition-notification')) {
    return { kind: 'nothing', why: 'delivered' }
  }
  const failure = readProse(mail, subject)
  if (failure) return bounced(failure, about, fields)
  if (isAutomatic(fields)) return AUTOMATIC_REPLY
  if (seemsToLeave(subject, mail))
    return { kind: 'unknown', why: 'it may ask to unsubscribe, in words of its own: read it', leaving: true }
  return { kind: 'unknown', why: 'no report, no request to unsubscribe', leaving: false }
}

const AUTOMATIC_REPLY = { kind: 'nothing', why: 'automatic reply' } as const

function bounced(failure: Failure, about: About | undefined, fields: Fields): Report {
  const { outcome, status, text, prose } = failure
  if (outcome === 'delayed' || outcome === 'delivered') return { kind: 'nothing', why: outcome }
  // Set by two Japanese carriers where the customer's filter refused the mail.
  const filtered = fields.get('x-spasign')?.[0] === 'NG'
  const sender = ownMailbox(fields)
  const kind = filtered ? 'policy' : classifyRefusal({ status, text, prose, sender })
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
  /^\s*(?:re:\s*|aw:\s*)?(?:auto(?:mat\w*|mated)?[ :_-]*(?:re(?:ply|sponse|sponder|turn)|answer|antwort|svar|generated)|auto:|out[- ]of[- ](?:the )?office|ooo\b|vacation|on (?:\S+ )?leave\b|(?:on )?holiday\b|i am (?:away|out)|away\b|absen[ct]|abwesen|réponse automatique|absence|respuesta automática|fuera de|risposta automatica|fuori (?:sede|ufficio)|assente|resposta autom|ausência|ausencia|afwezig|frånvar|poza biurem|autoodpowied|автоответ|自動(?:応答|返信)|不在|自动(?:回复|答复)|自動回覆)/iu
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

/** A program that holds our letter until a person proves that she wrote it. It may come from anybody, a daemon too. */
function isChallenge(fields: Fields, parts: readonly MimePart[]): boolean {
  if (
    ['x-delivery-agent', 'x-tmda-fingerprint', 'x-boxtrapper', 'x-asg-tag'].some(name =>
      /tmda|boxtrapper|active spam/i.test(fields.get(name)?.[0] ?? ''),
    )
  )
    return true
  const text = parts.find(({ type }) => type === 'text/plain')?.text.slice(0, 2000) ?? ''
  return CHALLENGE.test(text)
}

const CHALLENGE =
  /challenge[- ]response|boxtrapper|spam ?arrest|(?:click|follow|use|visit) (?:\S+ ){0,6}(?:link|below|here)\b[^.]{0,80}(?:to (?:be )?(?:approve|verif|confirm|deliver|release|authenticat)|(?:approved|delivered|verified) (?:sender|to))|(?:reply|respond) to this (?:message|mail|e-?mail) (?:\S+ ){0,4}(?:to (?:have|be|confirm|release|verify|deliver)|so that)|(?:prove|confirm|verify) (?:that )?(?:you are|you're|yourself as) (?:a )?(?:human|person|real|legitimate)/i

// ─── What became of a letter ─────────────────────────────────────────────────────────────────────────────────────────
//
// The parts of a mail that a server or its daemon sent → what became of the letter, and in which words. With the report of
// RFC 3464, or in prose as Exim, qmail, Exchange, Notes and many others write it.

interface Failure {
  readonly outcome: 'failed' | 'delayed' | 'delivered' | 'unclear'
  /** RFC 3463; empty when unknown. */
  readonly status: string
  /** What the receiving server replied. */
  readonly text: string
  /** What the mail says to people, without the letter that it returns. */
  readonly prose: string
  /** The server that writes the report, as it names itself; empty when it does not. */
  readonly reporter: string
}

/** RFC 3464 §2.3. A letter has one recipient, so the first that failed is the one. */
function readStatusPart(part: MimePart, mail: MimePart): Failure {
  const groups = part.text.split(/\n[ \t]*\n/).map(readFields)
  const reporter = groups.flatMap(group => group.get('reporting-mta') ?? [])[0] ?? ''
  return { ...ofRecipients(groups, proseOf(mail)), reporter }
}

function ofRecipients(groups: readonly Fields[], prose: string): Failure {
  const recipients = groups.filter(group =>
    ['final-recipient', 'action', 'status'].some(name => group.has(name)),
  )
  const chosen = recipients.find(group => outcomeOf(group) === 'failed') ?? recipients[0]
  if (!chosen) return { outcome: 'unclear', status: '', text: repliesIn(prose), prose, reporter: '' }
  const diagnostic = [...(chosen.get('diagnostic-code') ?? []), ...(chosen.get('x-diagnostic-code') ?? [])]
  return {
    outcome: outcomeOf(chosen),
    status: statusIn(chosen.get('status')?.[0] ?? ''),
    text: diagnostic.join(' '),
    prose: `${repliesIn(prose)}\n\n${prose}`,
    reporter: '',
  }
}

function outcomeOf(group: Fields): Failure['outcome'] {
  const action = (group.get('action')?.[0] ?? '').toLowerCase().split(/[\s(]/)[0]!
  if (/^(?:failed|failure|expired|error)/.test(action)) return 'failed'
  if (action === 'delayed') return 'delayed'
  if (['delivered', 'relayed', 'expanded', 'deliverable'].includes(action)) return 'delivered'
  const status = statusIn(group.get('status')?.[0] ?? '')
  if (status.startsWith('5')) return 'failed'
  return status.startsWith('2') ? 'delivered' : 'unclear'
}

function statusIn(text: string): string {
  return /[245]\.\d{1,3}\.\d{1,3}/.exec(text)?.[0] ?? ''
}

/** @returns undefined for a mail that is neither from a daemon nor in the words of one */
function readProse(mail: MimePart, subject: string): Failure | undefined {
  const prose = proseOf(mail)
  const whole = prose.slice(0, 3000)
  if (DELIVERED_SUBJECT.test(subject) || DELIVERED.test(whole)) return nothing('delivered', prose)
  if (!isFromDaemon(mail.fields) && !FAILED_SUBJECT.test(subject) && !FAILED.test(whole)) return undefined
  // Reports whose parts were flattened to one text.
  const block = /^[ \t]*(?:final-recipient|action|status|diagnostic-code)[ \t]*:[^\n]*(?:\n[^\n]+)*/im.exec(
    prose,
  )?.[0]
  if (block && /(?:action[ \t]*:|status[ \t]*:[ \t]*[245]\.)/i.test(block)) {
    const found = ofRecipients([readFields(block.replace(/^[ \t]+(?=[\w-]+[ \t]*:)/gm, ''))], prose)
    if (found.outcome !== 'unclear') return found
  }
  const failed = FAILED_FOR_GOOD.test(whole)
  if ((DELAYED_SUBJECT.test(subject) || DELAYED.test(whole)) && !failed) return nothing('delayed', prose)
  return { outcome: 'failed', status: '', text: repliesIn(prose), prose, reporter: '' }
}

function nothing(outcome: 'delayed' | 'delivered', prose: string): Failure {
  return { outcome, status: '', text: '', prose, reporter: '' }
}

/** Programs that tell what became of mail, by the name that they write under. */
function isFromDaemon(fields: Fields): boolean {
  const from = fields.get('from')?.[0] ?? ''
  if (from === '' || /^\s*<>\s*$/.test(from)) return true
  return (
    /\b(?:mail(?:er|ler)?[-_. ]?daemon|post[-_]?master|m?daemon|mail[-_. ]?(?:delivery|system|gateway|administrator|router)|mailsystem|bounces?|double-bounce|sysadmin|mdaemon|majordomo|autonotify|mail delivery (?:sub)?system|(?:lotus notes|domino) server|system administrator|internet mail (?:delivery|service)|delivery (?:subsystem|service|agent)|smtpgate|courier)\b/i.test(
      from,
    ) ||
    // Mailing list managers, fml among them.
    ['x-failed-recipients', 'x-mlserver'].some(name => fields.has(name))
  )
}

const FAILED_SUBJECT =
  /undeliver|non-?deliver|delivery (?:status|failure|failed|error|problem|has failed|report|notification|unsuccess)|(?:mail|message|e-?mail) (?:delivery|system error|failure|failed)|failure (?:notice|notification|delivering)|return(?:ed|ing) (?:mail|message|to sender)|(?:not|could(?: not|n't)) (?:be )?deliver|cannot be delivered|\bbounce|problem delivering|user unknown|unzustellbar|zustell(?:ung|fehler)|nicht zugestellt|non remis|échec (?:de|d')|non (?:distribu|délivr)|no (?:se )?(?:puede|pudo|ha podido) entregar|no entregad|devuelto|devolvid|não (?:pôde|foi|entregue)|mancat[ao] (?:consegna|recapito)|non recapitat|impossibile (?:recapitare|consegnare)|onbestelbaar|niet (?:afgeleverd|bezorgd)|kunde inte levereras|недоставл|не доставлен|niedostarcz|配信(?:不能|エラー|(?:に)?失敗|できません)|送信に失敗|送信できません|送信(?:エラー|失敗)|返送|不達|退信|无法(?:投递|送达)|投递失败|退件|無法(?:投遞|傳遞)/iu
const FAILED =
  /(?:could not|couldn'?t|cannot|can'?t|was ?n[o']t|unable to|failed to|wasn'?t able to|not be) (?:be )?deliver|delivery (?:to the following|has failed|failed|failure|error)|did not reach the following|(?:following|these) (?:address|recipient|user)\S* (?:\S+ ){0,4}(?:failed|fatal|problem|undeliverable|not|affected|rejected)|undeliver(?:able|ed)|permanent (?:fatal )?error|had delivery problems|returned to (?:the )?sender|failure reasons|konnte nicht zugestellt|n'a (?:pas )?pu être (?:remis|distribué|délivré)|no (?:se )?(?:pudo|ha podido) (?:ser )?entrega|não (?:pôde|foi) (?:ser )?entregue|impossibile (?:recapitare|consegnare)|не (?:может|удалось)[^.]{0,20} доставлен|配信できません|送信できません|届けられません|无法投递|無法投遞/iu
const FAILED_FOR_GOOD =
  /permanent(?:ly)? (?:fatal )?(?:error|fail)|failed permanently|giving up|giv(?:en|es?) up|(?:^|[\s(#;])5\.\d{1,3}\.\d{1,3}(?!\.?\d)|(?:^|[\s(#:])55\d[ -]/im

const DELAYED_SUBJECT = /\bdelay|warning:|verzöger|retard|deferred|still being retried/iu
const DELAYED =
  /this is a warning message only|do not need to resend|(?:will|to) be retried|will continue (?:to (?:try|attempt)|trying|for)|delivery attempts will continue|no action is required on your part|has (?:not )?(?:yet )?been delayed|not yet been delivered|still (?:in|on) the (?:mail )?queue|(?:will|shall) (?:keep|continue) (?:on )?trying|delay reason|message is delayed|only a temporary failure report/i

const DELIVERED_SUBJECT =
  /^\s*(?:delivered|relayed|expanded|read|not read|gelesen|zugestellt|remis|lu|leído|letto|lida|lido|return receipt|successful mail delivery|delivery status notification \((?:relay|success)\w*\)|delivery receipt|read receipt|lesebestätigung|開封確認)\b/iu
const DELIVERED =
  /(?:was|has been|have been) (?:successfully (?:delivered|relayed)|relayed to)|successfully delivered to (?:the )?(?:following|recipient)|this is a (?:delivery|read|return) receipt|your message was (?:read|displayed) on/i

/** Where a returned letter begins within the text that returns it. */
const RETURNED =
  /^[-\s>*#_+|=]*(?:below this line is|original (?:message|mail)|this is (?:a|the) copy of|(?:the )?(?:message |mail )?headers? (?:of the original message )?(?:follows?|is following)|unsent message|returned (?:message|mail)|copy of (?:the )?(?:original )?(?:message|your)|the header of the original|undelivered message|message (?:text|body|header)s? follows?|forwarded message|your (?:original )?message (?:reads|follows|is (?:attached|included))|non-?delivered (?:message|mail)|first \d+ (?:lines|bytes|characters)|included is a copy|here is (?:a copy of )?(?:the|your))|^>? ?(?:received: (?:from|by)|return-path:|message-id:|list-unsubscribe:|mime-version:|dkim-signature:|x-mailer:)/im

/** The words of the mail itself: its own text parts, up to the letter that they may quote. */
function proseOf(mail: MimePart): string {
  const own = [...ownParts(mail)]
  const plain = own.filter(({ type, text }) => type === 'text/plain' && text.trim() !== '')
  const shown = plain.length > 0 ? plain : own.filter(({ type }) => type.startsWith('text/'))
  const text = shown
    .map(part => (part.type === 'text/html' ? htmlText(part.text) : part.text))
    .join('\n\n')
    .slice(0, 40_000)
  const begun = RETURNED.exec(text)
  // A report that has nothing before it is all there is.
  const before = text.slice(0, begun?.index ?? text.length)
  const kept = before.trim().length > 10 ? before : text
  return kept
    .replace(/^[ \t>]*(?:subject|betreff|objet|asunto|oggetto|assunto|件名|主题|主旨)[ \t]*[:：].*$/gimu, '')
    .slice(0, 8000)
    .trim()
}

/** All parts but those of the letter that came back. */
function* ownParts(part: MimePart): Generator<MimePart> {
  if (/^(?:message\/|text\/rfc822)/.test(part.type)) return
  yield part
  for (const inner of part.parts) yield* ownParts(inner)
}

function htmlText(html: string): string {
  return html
    .slice(0, 200_000)
    .replace(/<(style|script|head)\b[^>]*>[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<(?:br|\/?p|\/?div|\/?tr|\/?h\d|\/?table|\/?li)\b[^>]*>/gi, '\n')
    .replace(/<\/?[a-z][^>]{0,2000}>/gi, ' ')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&quot;/gi, '"')
    .replace(/&#0?39;|&apos;/gi, "'")
    .replace(/&amp;/gi, '&')
}

const REPLY =
  /(?:^|[\s:;>(#<'"])[45]\d\d[\s_-]|[45]\.\d{1,2}\.\d{1,3}\b|\bsaid:|^[ \t]*<<< |\breason\b|diagnostic|(?:response|error)[^\n]{0,60}:|\bmsexch:|failed|because/i

/** The lines that look like a server's reply, each with what goes on after it. */
function repliesIn(prose: string): string {
  const lines = prose.split('\n')
  const kept: string[] = []
  for (let at = 0; at < lines.length; at++) {
    if (!REPLY.test(lines[at]!)) continue
    const start = at
    while (at + 1 < lines.length && lines[at + 1]!.trim() !== '' && at - start < 8) at++
    kept.push(lines.slice(start, at + 1).join('\n'))
    // 'The error that the other server returned was:', and then the error.
    if (/:\s*$/.test(lines[at]!) && lines[at + 1]?.trim() === '' && lines[at + 2] !== undefined) {
      kept.push(lines[at + 2]!)
    }
  }
  return kept.join('\n\n').slice(0, 4000)
}
