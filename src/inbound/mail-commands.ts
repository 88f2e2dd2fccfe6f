// A mail that a person sent → what she asks for: to leave, to subscribe, or to confirm that she asked. In whatever form
// mail clients and gateways bring it: with 'Re:' and '[EXTERNAL]' before it, with '+' or '%20' for spaces, folded in the
// middle, in other capitals, or as an answer to the letter.

import { parseAddress, readBounceAddress, readPass, readToken } from '../base/index.ts'
import { allParts, decodeWords, type Fields, type MimePart } from './read-mime.ts'

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

type CommandFound =
  | MailCommand
  | { readonly kind: 'unsubscribe'; readonly about: About }
  | { readonly kind: 'automatic' }
  /** It is a request, but nothing in it is signed by us, or it is not for one address. */
  | { readonly kind: 'unreadable'; readonly why: string; readonly leaving: boolean }

interface Asking {
  readonly mail: MimePart
  readonly recipient: string
  /** Whom the address or the quoted letter names. */
  readonly about: About | undefined
  readonly now: number
}

/** @returns undefined when it asks for nothing */
export async function readCommand(
  secret: string,
  { mail, recipient, about, now }: Asking,
): Promise<CommandFound | undefined> {
  const { fields } = mail
  const subject = plainSubject(await decodeWords(fields.get('subject')?.[0] ?? ''))
  const signed = bySignature(secret, subject, addressesOf(fields, recipient), now)
  if (signed?.kind === 'confirm' && isAutomatic(fields)) return { kind: 'automatic' }
  if (signed) return signed
  const [, verb = '', rest = ''] =
    /^(?:\[[^\]]*\]\s*)*(confirm|subscribe)(?:\s+(\S.*))?$/i.exec(subject) ?? []
  if (verb.toLowerCase() === 'subscribe') return subscription(fields, rest)
  if (/^\S{20,}\.\S{20,}$/.test(rest)) {
    return { kind: 'unreadable', why: 'its token is not one of ours', leaving: false }
  }
  if (isAutomatic(fields) || !wantsToLeave(subject, ownText(mail))) return undefined
  // A mail client that cannot do one-click sends it. Its From proves nothing; what we signed does.
  if (about) return { kind: 'unsubscribe', about }
  return {
    kind: 'unreadable',
    why: 'it seems to ask to unsubscribe, but contains no token of ours: remove the reader by hand',
    leaving: true,
  }
}

/** RFC 6068: some programs leave a subject as the link wrote it. */
function plainSubject(subject: string): string {
  return subject
    .slice(0, 1000)
    .replace(/%(?:20|09|0d|0a)/gi, ' ')
    .replace(/%2e/gi, '.')
    .replace(/(?<=\S)\+(?=\S)/g, ' ')
    .trim()
}

/** A token in the subject or the address is a request, whatever surrounds it: no subject or address of ours contains one. */
function bySignature(
  secret: string,
  subject: string,
  addresses: readonly string[],
  now: number,
): CommandFound | undefined {
  const confirming = /^\W*(?:\w{1,4}:\s*)*(?:\[[^\]]*\]\s*)*confirm\b/i.test(subject)
  const inAddresses = addresses.flatMap(address =>
    [...address.matchAll(/[+=]([a-z2-7]{4,400}\.[a-z2-7]{32})@/gi)].map(match => match[1]!),
  )
  for (const token of [...tokensIn(subject), ...foldedTokens(subject), ...inAddresses]) {
    const about = confirming ? undefined : readToken(secret, 'unsubscribe', token)
    if (about) return { kind: 'unsubscribe', about }
    const pass = readPass(secret, 'confirm', token, now)
    if (pass) return { kind: 'confirm', request: pass.id }
  }
  return undefined
}

/** A token with spaces in it, where a header was folded in its middle. */
function foldedTokens(subject: string): string[] {
  const match =
    /(?:unsubscribe|confirm)\s+((?:[a-z2-7]\s?){4,400}\.\s?(?:[a-z2-7]\s?){31}[a-z2-7])(?![\w-])/i.exec(
      subject,
    )
  const old = /(?:unsubscribe|confirm)\s+((?:[\w-]\s?){4,400}\.\s?(?:[\w-]\s?){42}[\w-])(?![\w-])/i.exec(
    subject,
  )
  return [match, old].flatMap(found => (found ? [found[1]!.replace(/\s/g, '')] : []))
}

function subscription(fields: Fields, rest: string): CommandFound {
  if (isAutomatic(fields)) return { kind: 'automatic' }
  const from = sender(fields)
  if (!from) {
    return { kind: 'unreadable', why: 'it asks to subscribe, but not for one address', leaving: false }
  }
  const newsletters = rest.split(/[\s,]+/).filter(Boolean)
  return { kind: 'subscribe', email: from.address, key: from.key, newsletters }
}

const PREFIXES =
  /^(?:\s*(?:\[[^\]]{0,60}\]|\*{2,}[^*]{0,60}\*{2,}|(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|r|i|odp|ynt|res|enc|回复|答复|转发)(?:\[\d+\])?\s*[:：]))+\s*/i
const COURTESY =
  /^(?:please|pls|kindly|bitte|hallo|hello|hi|dear \S+|merci de|s'il vous pla[iî]t|por favor|per favore|請|请)[\s,:!.]*/i
/** Before the request itself. */
const POLITE_START =
  /^(?:(?:i|we)(?: would|'d| really)*(?: like| want| wish| need| prefer) (?:to )?(?:be )?|how (?:do|can) (?:i|we) |(?:can|could|would) you (?:please )?|let me |ich (?:möchte|will|wünsche|würde gern\w*) (?:bitte )?(?:mich |den newsletter |das abo |die mails )?(?:bitte )?(?:vom newsletter )?|wie kann ich (?:mich )?|je (?:souhaite(?:rais)?|veux|voudrais|désire(?:rais)?|demande) (?:à )?|(?:de )?(?:me|m')\s?|comment |(?:quiero|deseo|quisiera|solicito|me gustaría) |(?:quero|desejo|gostaria de|solicito) )+/i
/** Said in the middle of a sentence, or in words that are no command: a person must read it. */
const LEAVE_WORDS =
  /(?<!(?:never|not|n't) )\bunsub(?:scri|\b)|\b(?:remove|take|delete|drop) (?:me|us|my (?:e-?mail|address|name)|this address)\b|\bopt(?:ing)? ?-?out\b|\bbe (?:removed|taken off|deleted)\b|(?:stop|quit|cease) (?:sending|mailing|e-?mailing|receiving|these|this|the (?:e-?mails|newsletter))|(?:no longer|not|n't|never) (?:wish |want |like )?(?:to )?(?:receive|get) (?:\S+ ){0,3}(?:e-?mail|mail|letter|newsletter|messages)|\babmelde|\babbestell|\baustragen|\b(?:newsletter|abo)\S* (?:\S+ ){0,2}kündig|keine(?:n)? (?:weiteren? )?(?:e-?mails?|newsletter|post|nachrichten)|d[ée]s-?abonn|d[ée]s-?inscri|ne (?:veux|souhaite|désire)\S* (?:plus|pas) (?:\S+ )?recevoir|(?:dar(?:me)?|denme|dé(?:n)?me) de baja|cancelar (?:\S+ ){0,2}(?:suscripci|inscriç|assinatura)|no (?:quiero|deseo) (?:\S+ )?recibir|descadastr|n[ãa]o (?:quero|desejo) (?:\S+ )?receber|sair da lista|配信(?:を)?(?:停止|解除|中止)|配信不要|退会|購読(?:を)?(?:解除|停止|中止)|登録(?:を)?(?:解除|削除)|送らないで|[إا]لغاء (?:ال)?[إا]?شتراك|सदस्यता (?:\S+ ){0,2}(?:रद्द|समाप्त)|अनसब्सक्राइब|ان ?سبسکرائب/iu
const LEAVE =
  /^(?:un-?subscribe|un-?sub\b|unsuscribe|remove(?=\W*$|\W+(?:me|us|my|from|address)\b|.{0,40}\blist\b)|take me off|stop(?! press)\b|opt(?:ing)?[- ]?out|cancel(?=\W*$|\W+(?:(?:my|the|this) )?(?:subscription|newsletter|membership|e-?mails?|me)\b)|sign me off|signoff|no more (?:e-?)?mails?|end subscription|abmeld|abbestell|austrag(?!ung)|ich möchte (?:mich )?(?:abmeld|austrag)|keinen? (?:weiteren? )?(?:(?:e-?)?mails?|newsletter|post)|(?:leave|quit|bye|no more)\W*$|newsletter (?:abmelden|abbestellen|kündigen)|kündig(?!ungs)|d[ée]s-?abonn|d[ée]s-?inscri|supprime[rz]|ne plus recevoir|baja\b|dar(?:me)? de baja|desuscrib|cancelar|no quiero recibir|disiscri|cancella|rimuov|annulla (?:l')?iscrizione|descadastr|remover\b|sair da lista|n[ãa]o (?:quero|desejo) (?:mais )?receber|no deseo recibir|(?:je )?ne (?:veux|souhaite) plus recevoir|anular|afmeld|uitschrijv|afmäl|avregistr|avmeld|frameld|peru(?:ut)?a tilaus|wypis|rezygn|odhl[aá][sš]|leiratkoz|отпис|скасувати|dezabon|üyelikten çık|abonelikten|配信停止|配信(?:を)?(?:停止|解除)|退会|解除|購読(?:解除|停止)|登録(?:解除|削除)|取消订阅|取消訂閱|退订|退訂|수신거부|구독 ?취소|[إا]لغاء (?:ال)?[إا]?شتراك|ان ?سبسکرائب|अनसब्सक्राइब|सदस्यता (?:रद्द|समाप्त))/iu

/** Whether the subject, or else the first words of the person's own text, asks to leave. */
function wantsToLeave(subject: string, text: string): boolean {
  const bare = subject.replace(PREFIXES, '').replace(COURTESY, '').replace(POLITE_START, '')
  if (LEAVE.test(bare)) return true
  const opening = text.trimStart().slice(0, 300)
  return LEAVE.test(opening.replace(COURTESY, '').replace(COURTESY, '').replace(POLITE_START, ''))
}

/** Whether it seems to ask that in other words; longer texts are about something else. */
export function seemsToLeave(subject: string, mail: MimePart): boolean {
  const text = ownText(mail).trim()
  return LEAVE_WORDS.test(subject) || (text.length < 1000 && LEAVE_WORDS.test(text.slice(0, 400)))
}

/** What the person wrote herself: the text up to what it quotes. */
function ownText(mail: MimePart): string {
  const stack = [mail]
  for (let part = stack.shift(); part; part = stack.shift()) {
    if (part.type === 'text/plain' && part.text.trim() !== '') {
      return part.text
        .split('\n')
        .filter(line => !line.startsWith('>'))
        .join('\n')
    }
    if (part.type.startsWith('multipart/')) stack.push(...part.parts)
  }
  return ''
}

/** RFC 3834 §2: nothing that a machine sent is answered, or counts as what a person asks for. */
export function isAutomatic(fields: Fields): boolean {
  const first = (name: string) => fields.get(name)?.[0]?.trim().toLowerCase() ?? ''
  return (
    !['', 'no'].includes(first('auto-submitted')) ||
    /^(bulk|junk|list|auto.?reply)/.test(first('precedence')) ||
    ['x-autoreply', 'x-autorespond', 'list-id', 'x-failed-recipients'].some(name => fields.has(name)) ||
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

// ─── Whom a mail is about ────────────────────────────────────────────────────────────────────────────────────────────
//
// A mail → the reader whom it is about. Anybody can write a mail, so that comes only from what we signed: the address that it
// came to, and whatever of our letter it quotes.

/** Whose it is: by the envelope sender, or by the link in the letter. */
export interface About {
  readonly subscriber: number
  /** '<newsletter>/<id>', or `tag`, the short form of an envelope sender. */
  readonly edition?: string | undefined
  readonly tag?: string | undefined
}

const ADDRESSED = ['x-original-to', 'delivered-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to', 'to', 'cc']

/** All that may say to which of our addresses it came. */
function addressesOf(fields: Fields, recipient: string): string[] {
  return [recipient, ...ADDRESSED.flatMap(name => fields.get(name) ?? [])]
}

/** By the address that it came to: nobody but a server of ours or of the reader's knows it. */
export function aboutByAddress(secret: string, fields: Fields, recipient: string): About | undefined {
  for (const address of addressesOf(fields, recipient)) {
    const claim = readBounceAddress(secret, address)
    if (claim) return claim
  }
  return undefined
}

/** The mailbox that our envelope senders are made of, as the fields name it. */
export function ownMailbox(fields: Fields): string | undefined {
  const found = /([^\s<>+,;"]+)\+[0-9a-z]{1,10}-[a-z2-7]{7}-[a-z2-7]{16}(@[\w.-]+)/i.exec(
    addressesOf(fields, '').join('\n'),
  )
  return found ? `${found[1]}${found[2]}` : undefined
}

/** So many signatures are checked in one mail: it may have been made to be a burden. */
const MAX_CHECKS = 300

/** By the letter that it quotes: returned whole, as headers, or in the middle of a text. */
export function aboutByQuote(secret: string, mail: MimePart): About | undefined {
  let checks = 0
  for (const text of quotedTexts(mail)) {
    const address = readBounceAddress(secret, text)
    if (address) return address
    for (const token of tokensIn(text)) {
      if (checks++ > MAX_CHECKS) return undefined
      const claim = readToken(secret, 'unsubscribe', token) ?? readToken(secret, 'preferences', token)
      if (claim) return claim
    }
  }
  return undefined
}

/** The fields first, where a letter has its links whole; texts also without the line breaks of quoted-printable. */
function* quotedTexts(mail: MimePart): Generator<string> {
  for (const part of allParts(mail)) {
    yield [...part.fields].flatMap(([, values]) => values).join('\n')
  }
  for (const { text } of allParts(mail)) {
    if (text === '') continue
    yield text
    if (text.includes('=\n')) yield text.replaceAll('=\n', '').replaceAll('=3D', '=')
  }
}

/** All that looks like a token of ours: in base32, or in base64url as it once was. */
function* tokensIn(text: string): Generator<string> {
  for (const [token] of text.matchAll(/(?<![\w-])[a-z2-7]{4,400}\.[a-z2-7]{32}(?![\w-])/gi)) yield token
  for (const [token] of text.matchAll(/(?<![\w-])[\w-]{4,400}\.[\w-]{43}(?![\w-])/g)) yield token
}
