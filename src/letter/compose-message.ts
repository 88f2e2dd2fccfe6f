// Letter → a function that makes it out to one reader: the bytes of one mail and its envelope.
//
// MIME is composed once: everything that all readers share is encoded when the letter is, and filling it for a reader
// copies it and writes a few short values between. Message-ID and links follow from secret, edition and subscriber.

import { createHash } from 'node:crypto'
import { bounceAddresses, messageIds, parseAddress } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Letter, Mailbox, Message, Newsletter, Publication } from '../model.ts'
import { composeBody } from './compose-body.ts'
import { mailboxField, textField } from './header-field.ts'
import { fillSlots } from './letter-slots.ts'
import { listFields } from './list-fields.ts'
import { mailDate } from './mail-date.ts'
import { type Reader, type ReaderLinks, readerLinks, readerValues, type Values } from './reader-values.ts'

export interface ComposeOptions {
  /** BROADSHEET_SECRET */
  readonly secret: string
  /** The time of the hand-over, ms since epoch; asked once for each message. */
  readonly date: () => number
}

/**
 * @param room memory of the caller's, a little more than the letter needs: where it is long enough, the message is written
 * there. For one message after another that costs a third of what memory does that is new to the process.
 */
export type MakeOut = (reader: Reader, room?: Uint8Array) => Message

/** SHA-256 of everything that the letter says, hex: what an edition freezes. */
export function letterHash(letter: Letter): string {
  const { edition, subject, preheader, language, from, replyTo, html, text, marker } = letter
  const said = [edition, subject, preheader, language, from, replyTo ?? null, html, text, marker]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}

/**
 * A reader's address whose local part is not ASCII stands in UTF-8 in envelope and To: such a message needs SMTPUTF8
 * (RFC 6531). Domains are A-labels everywhere.
 *
 * @throws UserError for a sender whose address is none; the returned function throws Error for such a reader, whom
 * `parseAddress` should have kept out
 */
export function composeLetter(
  letter: Letter,
  publication: Publication,
  newsletter: Newsletter,
  { secret, date }: ComposeOptions,
): MakeOut {
  const from = sender(letter.from)
  const replyTo = letter.replyTo && sender(letter.replyTo)
  const bounces = sender({ name: '', address: publication.mail.bounces ?? from.address }).address
  const envelopeFrom =
    publication.mail.bounces === undefined ? () => bounces : bounceAddresses(secret, letter.edition, bounces)
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  const leaving = publication.mail.bounces === undefined ? (replyTo ?? from).address : bounces
  const messageId = messageIds(secret, letter.edition, domain)
  const links = readerLinks(publication, letter.edition, secret, leaving)

  const { boundary, write } = composeBody(letter, letterHash(letter))
  const fixedSubject = letter.subject.includes(`⟦${letter.marker}:`)
    ? undefined
    : textField('Subject', letter.subject)
  const sharedFields =
    (replyTo ? mailboxField('Reply-To', replyTo) : '') +
    listFields(letter, publication, newsletter, (replyTo ?? from).address) +
    'MIME-Version: 1.0\r\n' +
    `Content-Language: ${letter.language}\r\n` +
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n`
  const fromField = mailboxField('From', from)

  function subjectField(values: Values): string {
    return fixedSubject ?? textField('Subject', fillSlots(letter.subject, letter.marker, values))
  }

  /** RFC 8058 §3.1: one https address that takes the POST, before it no other; a mail address for the rest. */
  function leaveFields({ unsubscribe, mailto }: ReaderLinks): string {
    if (!unsubscribe) return `List-Unsubscribe: <${mailto}>\r\n`
    return `List-Unsubscribe: <${unsubscribe}>,\r\n <${mailto}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`
  }

  let [second, dateField] = [Number.NaN, '']
  function dated(): string {
    const now = Math.floor(date() / 1000)
    if (now !== second) {
      second = now
      dateField = `Date: ${mailDate(now * 1000, publication.timezone)}\r\n`
    }
    return dateField
  }

  return (reader, room) => {
    const to = readerAddress(reader.email)
    const id = messageId(reader.subscriber)
    const own = links(reader)
    const values = readerValues(reader, own)
    const head =
      fromField +
      mailboxField('To', { name: reader.name, address: to }) +
      subjectField(values) +
      dated() +
      `Message-ID: ${id}\r\n` +
      leaveFields(own) +
      sharedFields
    return {
      messageId: id,
      envelope: { from: envelopeFrom(reader.subscriber), to },
      bytes: write(head, values, room),
    }
  }
}

function sender({ name, address }: Mailbox): Mailbox {
  const parsed = parseAddress(address)
  if (!parsed)
    throw new UserError(`"${address}" is not an e-mail address`, 'Write it as news@meridian.example.')
  return { name, address: parsed.address }
}

/** An ordinary address is what `parseAddress` makes of it, at a tenth of its cost. */
function readerAddress(email: string): string {
  if (/^[\w+-]{1,32}(?:\.[\w+-]{1,15}){0,2}@[a-z]{1,60}\.[a-z]{2,20}$/.test(email)) return email
  const parsed = parseAddress(email)
  if (!parsed) throw new Error(`${JSON.stringify(email)} is not an e-mail address`)
  return parsed.address
}
