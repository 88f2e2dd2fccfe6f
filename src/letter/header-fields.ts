// What a header says → its fields as they stand in a mail: folded, encoded, ending in CRLF.
//
// Whatever the text, the result is one field: control characters and line ends are gone before it is written.

import { domainToASCII } from 'node:url'
import { isoTime, openZone } from '../base/index.ts'
import type { Letter, Mailbox, Newsletter, Publication } from '../model.ts'
import { sendableLine } from './mail-text.ts'
import { encodedWords } from './mime-encoding.ts'
import { cleanValue } from './reader-slots.ts'

const FOLD = '\r\n '
/** RFC 5322 §2.1.1 recommends 78; RFC 2047 §2 wants 76 where an encoded-word stands. */
const MAX_LINE_LENGTH = 76

/** Subject and other unstructured text. RFC 5322 §3.6.5. */
export function textField(name: string, text: string): string {
  const line = sendableLine(text)
  const folded = isPlain(line) ? foldWords(line, MAX_LINE_LENGTH - name.length - 2) : undefined
  return `${name}: ${folded ?? encodedWords(line, MAX_LINE_LENGTH - name.length - 2).join(FOLD)}\r\n`
}

/**
 * From, To, Reply-To: one mailbox. RFC 5322 §3.4. An address that is not ASCII stands in UTF-8 (RFC 6532).
 *
 * @param address as `parseAddress` gives it
 */
export function mailboxField(field: string, { name, address }: Mailbox): string {
  const phrase = phraseOf(name, MAX_LINE_LENGTH - field.length - 2)
  if (phrase === '') return `${field}: ${address}\r\n`
  const last = field.length + 2 + phrase.length + address.length + 3
  return `${field}: ${phrase}${phrase.includes('\r\n') || last > MAX_LINE_LENGTH ? FOLD : ' '}<${address}>\r\n`
}

/** A display name: words, a quoted-string, or encoded-words. @param first characters that its first line has */
function phraseOf(name: string, first: number): string {
  const line = cleanValue(name)
  if (!isPlain(line) || line.length > Math.min(first, 60)) {
    return line === '' ? '' : encodedWords(line, first).join(FOLD)
  }
  // RFC 5322 §3.2.3: atoms; a dot is none.
  if (/^[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*$/.test(line) || line === '') return line
  return `"${line.replace(/["\\]/g, '\\$&')}"`
}

/** Printable ASCII that nobody could take for an encoded-word. */
function isPlain(line: string): boolean {
  return /^[ -~]*$/.test(line) && !line.includes('=?')
}

/** @returns undefined when a word is longer than a line */
function foldWords(line: string, first: number): string | undefined {
  const rows: string[] = []
  for (const word of line.split(' ')) {
    const row = rows.at(-1)
    const room = rows.length === 1 ? first : MAX_LINE_LENGTH - 1
    if (row !== undefined && row.length + 1 + word.length <= room) rows[rows.length - 1] = `${row} ${word}`
    else if (word.length <= (rows.length === 0 ? first : MAX_LINE_LENGTH - 1)) rows.push(word)
    else return undefined
  }
  return rows.join(FOLD)
}

// ─── The list ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The fields by which mail programs know a list: the same for all its readers. List-Unsubscribe, which is each reader's own,
 * is not among them.
 *
 * @param mailbox of a person who answers for the list, as `parseAddress` gives it
 */
export function listFields(
  letter: Letter,
  publication: Publication,
  newsletter: Newsletter,
  mailbox: string,
): string {
  const domain = domainToASCII(publication.articles.idHost) || 'localhost'
  const list = token(newsletter.id)
  const [, edition = ''] = letter.edition.split('/')
  const name = phraseOf(newsletter.title, 60)
  return [
    // RFC 2919 §3: stable for ever, hence under the host that ids are under and not the one that the site is on today.
    `List-Id: ${name ? `${quote(name)}\r\n ` : ''}<${list}.${domain}>`,
    // RFC 2369 §3.4: nobody but the publication posts.
    'List-Post: NO',
    `List-Owner: <mailto:${encodeURIComponent(mailbox).replace('%40', '@')}>`,
    `List-Help: <${new URL(publication.service ?? publication.url).href}>`,
    // Gmail's feedback loop: at most four parts, the last one always the same for one sender.
    `Feedback-ID: ${token(edition)}:${list}:newsletter:${domain}`,
    'Precedence: bulk',
    '',
  ].join('\r\n')
}

/** Some receivers take only a quoted-string or an encoded-word before the list's identifier. */
function quote(phrase: string): string {
  return /^["=]/.test(phrase) ? phrase : `"${phrase}"`
}

/** Letters, digits and hyphens: a label of a domain, a part of Feedback-ID. RFC 1035 §2.3.1. */
function token(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '')
  return plain.slice(0, 63) || 'list'
}

// ─── The date ──────────────────────────────────────────────────────────────────────────────────────────────────────

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** RFC 5322 §3.3: 'Fri, 30 Jan 2026 07:00:00 +0530'. @param at ms since epoch */
export function mailDate(at: number, timezone: string): string {
  const [date, clock] = isoTime(at, openZone(timezone)).split('T') as [string, string]
  const day = new Date(date)
  const named = `${WEEKDAYS[day.getUTCDay()]}, ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`
  return `${named} ${date.slice(0, 4)} ${clock.slice(0, 8)} ${clock.slice(8).replace(':', '')}`
}
