// A mail that came to the bounce address → what it reports or asks for, and about whom. Anybody can write such a mail, so
// who it is about comes only from what we signed: the address it came to, the letter that it returns, or a token.

import { parseAddress, readBounceAddress, readPass, readToken } from '../base/index.ts'
import { classifyRefusal } from '../deliver/index.ts'
import { allParts, decodeWords, type Fields, type MimePart, readFields, readMime } from './read-mime.ts'

/** Whose it is: by the envelope sender, or by the link in the letter. */
export interface About {
  readonly subscriber: number
  /** '<newsletter>/<id>', or `tag`, the short form of an envelope sender. */
  readonly edition?: string | undefined
  readonly tag?: string | undefined
}

/** What a person asks for by mail, besides to leave. */
export type MailCommand =
  /** Anybody can write a From field: it is good for one mail that asks, and for nothing else. */
  | {
      readonly kind: 'subscribe'
      readonly email: string
      readonly key: string
      /** As the subject names them; known or not. */
      readonly newsletters: readonly string[]
    }
  | { readonly kind: 'confirm'; readonly request: number }

export type Report =
  | {
      readonly kind: 'hard' | 'soft' | 'complaint' | 'unsubscribe'
      readonly about: About
      readonly status: string
    }
  /** Understood, and nothing to do: a delay, an automatic reply, a refusal of the message and not of the person. */
  | {
      readonly kind: 'nothing'
      readonly why: 'delayed' | 'delivered' | 'automatic reply' | 'policy' | 'deferred' | 'not a complaint'
    }
  | { readonly kind: 'unknown'; readonly why: string }
  | MailCommand

export interface Received {
  readonly bytes: Uint8Array
  /** The address that the mail was delivered to, when its own fields do not say. */
  readonly recipient?: string | undefined
  readonly now: number
}

const NOT_OURS = { kind: 'unknown', why: 'its token is not one of ours' } as const

export async function readReport(secret: string, { bytes, recipient = '', now }: Received): Promise<Report> {
  const mail = await readMime(bytes)
  const asked = await readSubject(secret, mail, now)
  if (asked) return asked
  const about = aboutWhom(secret, mail, recipient)
  const parts = [...allParts(mail)]
  const status = parts.find(({ type }) => /^message\/(global-)?delivery-status$/.test(type))
  if (status) return deliveryReport(status, about)
  const feedback = parts.find(({ type }) => type === 'message/feedback-report')
  if (feedback) return feedbackReport(feedback, about)
  return freeText(mail, parts, about)
}

/** RFC 3464 §2.3. A letter has one recipient, so the first that failed is the one. */
function deliveryReport(part: MimePart, about: About | undefined): Report {
  const groups = part.text.split(/\n[ \t]*\n/).map(readFields)
  const recipients = groups.filter(group => group.has('final-recipient') || group.has('action'))
  const failed = recipients.find(group => actionOf(group) === 'failed')
  if (!failed) {
    const action = recipients.map(actionOf)[0]
    if (action === 'delayed') return { kind: 'nothing', why: 'delayed' }
    if (['delivered', 'relayed', 'expanded'].includes(action ?? ''))
      return { kind: 'nothing', why: 'delivered' }
    return { kind: 'unknown', why: 'a delivery report that says of nobody what became of it' }
  }
  const status = /[245]\.\d{1,3}\.\d{1,3}/.exec(failed.get('status')?.[0] ?? '')?.[0] ?? ''
  return bounced(status, failed.get('diagnostic-code')?.[0] ?? '', about)
}

function actionOf(group: Fields): string {
  return (group.get('action')?.[0] ?? '').toLowerCase().split(/[\s(]/)[0]!
}

/** RFC 5965 §3.1, §7.3; RFC 6591 §3.1 */
function feedbackReport(part: MimePart, about: About | undefined): Report {
  const type = (readFields(part.text).get('feedback-type')?.[0] ?? '').toLowerCase()
  if (['not-spam', 'auth-failure', 'virus'].includes(type)) return { kind: 'nothing', why: 'not a complaint' }
  if (!['abuse', 'fraud', 'other', 'opt-out', 'opt-out-list'].includes(type)) {
    return { kind: 'unknown', why: `a feedback report of type '${type.slice(0, 40)}'` }
  }
  if (!about) return { kind: 'unknown', why: 'a complaint that holds nothing signed by us' }
  return { kind: type.startsWith('opt-out') ? 'unsubscribe' : 'complaint', about, status: '' }
}

/** Old servers write prose. With the signed address and a code in it, it is enough. */
function freeText(mail: MimePart, parts: readonly MimePart[], about: About | undefined): Report {
  const fields = mail.fields
  const automatic = (fields.get('auto-submitted')?.[0] ?? 'no').toLowerCase()
  const text = parts.find(({ type }) => type === 'text/plain')?.text.slice(0, 20_000) ?? ''
  const daemon = /mailer-daemon|postmaster|mail delivery/i.test(fields.get('from')?.[0] ?? '')
  const line = text.split('\n').find(one => /(^|[\s#(])5\.\d{1,3}\.\d{1,3}\b|(^|[\s(])55[0-4][\s-]/.test(one))
  if (about && daemon && line) {
    return bounced(/[245]\.\d{1,3}\.\d{1,3}/.exec(line)?.[0] ?? '', line.trim().slice(0, 500), about)
  }
  const replies =
    fields.has('x-autoreply') ||
    fields.has('x-autorespond') ||
    /auto.?reply/i.test(fields.get('precedence')?.[0] ?? '')
  // RFC 3834 §5
  if ((automatic !== 'no' && !daemon) || replies) return { kind: 'nothing', why: 'automatic reply' }
  return { kind: 'unknown', why: 'no report, no request to unsubscribe' }
}

function bounced(status: string, diagnostic: string, about: About | undefined): Report {
  const kind = classifyRefusal({ status, text: diagnostic })
  if (kind === 'policy' || kind === 'deferred') return { kind: 'nothing', why: kind }
  if (!about) return { kind: 'unknown', why: 'a bounce that holds nothing signed by us' }
  return { kind, about, status }
}

const ADDRESSED = ['x-original-to', 'delivered-to', 'envelope-to', 'to', 'cc']

function aboutWhom(secret: string, mail: MimePart, recipient: string): About | undefined {
  const addresses = [recipient, ...ADDRESSED.flatMap(name => mail.fields.get(name) ?? [])]
  for (const address of addresses) {
    const claim = readBounceAddress(secret, address)
    if (claim) return claim
  }
  for (const part of allParts(mail)) {
    const returned =
      part.type === 'text/rfc822-headers' ? readFields(part.text) : part === mail ? undefined : part.fields
    const claim = returned && inLetter(secret, returned)
    if (claim) return claim
  }
  return undefined
}

/** The letter's own fields, returned: its envelope sender, or the link in List-Unsubscribe. */
function inLetter(secret: string, fields: Fields): About | undefined {
  for (const address of [...(fields.get('return-path') ?? []), ...(fields.get('original-mail-from') ?? [])]) {
    const claim = readBounceAddress(secret, address)
    if (claim) return claim
  }
  for (const field of fields.get('list-unsubscribe') ?? []) {
    for (const [, token] of field.matchAll(/(?:\/u\/|unsubscribe(?:%20|\s|\+))([\w-]+\.[\w-]+)/gi)) {
      const claim = readToken(secret, 'unsubscribe', token!)
      if (claim) return claim
    }
  }
  return undefined
}

/**
 * A mail that a person sent by a link of ours: its subject says what she asks for.
 *
 * @returns undefined when it is no such mail
 */
async function readSubject(secret: string, { fields }: MimePart, now: number): Promise<Report | undefined> {
  const subject = (await decodeWords(fields.get('subject')?.[0] ?? '')).slice(0, 1000)
  const [, verb = '', rest = ''] = /^\s*(unsubscribe|subscribe|confirm)(?:\s+(\S.*))?$/i.exec(subject) ?? []
  const token = /^[\w-]+\.[\w-]+$/.exec(rest.trim())?.[0]
  switch (verb.toLowerCase()) {
    case 'unsubscribe': {
      // A mail client that cannot do one-click sends it. Its From proves nothing; the token does.
      const about = token && readToken(secret, 'unsubscribe', token)
      return about ? { kind: 'unsubscribe', about, status: '' } : token ? NOT_OURS : undefined
    }
    case 'confirm': {
      const pass = token && readPass(secret, 'confirm', token, now)
      if (!pass) return token ? NOT_OURS : undefined
      return isAutomatic(fields)
        ? { kind: 'nothing', why: 'automatic reply' }
        : { kind: 'confirm', request: pass.id }
    }
    case 'subscribe': {
      if (isAutomatic(fields)) return { kind: 'nothing', why: 'automatic reply' }
      const from = sender(fields)
      if (!from) return { kind: 'unknown', why: 'it asks to subscribe, but not for one address' }
      const newsletters = rest.split(/[\s,]+/).filter(Boolean)
      return { kind: 'subscribe', email: from.address, key: from.key, newsletters }
    }
    default:
      return undefined
  }
}

/** RFC 3834 §2: nothing that a machine sent is answered, or counts as what a person asks for. */
function isAutomatic(fields: Fields): boolean {
  const first = (name: string) => fields.get(name)?.[0]?.trim().toLowerCase() ?? ''
  return (
    !['', 'no'].includes(first('auto-submitted')) ||
    /^(bulk|junk|list|auto.?reply)/.test(first('precedence')) ||
    ['x-autoreply', 'x-autorespond', 'list-id'].some(name => fields.has(name)) ||
    first('return-path') === '<>'
  )
}

/** RFC 5322 §3.6.2; one address, or none. */
function sender(fields: Fields) {
  const [from, ...others] = fields.get('from') ?? []
  if (from === undefined || others.length > 0) return undefined
  const [, bracketed] = /^[^<>]*<([^<>\s]+)>$/.exec(from) ?? []
  return parseAddress(bracketed ?? from)
}
