// Texts and addresses → the header fields of a mail: folded, encoded, ending in CRLF.
//
// Whatever the text, the result is one field: control characters and line ends are removed first.

import { domainToASCII } from 'node:url'
import { isoTime, openZone } from '../base/index.ts'
import type { Letter, Mailbox, Newsletter, Publication } from '../model.ts'
import { cleanValue, sendableLine } from './mail-text.ts'

const FOLDED_LINE_END = '\r\n '
/** RFC 5322 §2.1.1 recommends 78, but RFC 2047 §2 limits a line with an encoded-word to 76. */
const MAX_LINE_LENGTH = 76

/** Subject and other unstructured text. RFC 5322 §3.6.5. */
export function textField(name: string, text: string): string {
  const line = sendableLine(text)
  const folded = isPlain(line) ? foldWords(line, MAX_LINE_LENGTH - name.length - 2) : undefined
  return `${name}: ${folded ?? encodedWords(line, MAX_LINE_LENGTH - name.length - 2).join(FOLDED_LINE_END)}\r\n`
}

/**
 * From, To, Reply-To: one mailbox. RFC 5322 §3.4. An address that is not ASCII is written in UTF-8 (RFC 6532).
 *
 * @param address as `parseAddress` gives it
 */
export function mailboxField(field: string, { name, address }: Mailbox): string {
  const phrase = phraseOf(name, MAX_LINE_LENGTH - field.length - 2)
  if (phrase === '') return `${field}: ${address}\r\n`
  const last = field.length + 2 + phrase.length + address.length + 3
  return `${field}: ${phrase}${phrase.includes('\r\n') || last > MAX_LINE_LENGTH ? FOLDED_LINE_END : ' '}<${address}>\r\n`
}

/** A display name: words, a quoted-string, or encoded-words. @param first characters that the first line has room for */
function phraseOf(name: string, first: number): string {
  const line = cleanValue(name)
  if (!isPlain(line) || line.length > Math.min(first, 60)) {
    return line === '' ? '' : encodedWords(line, first).join(FOLDED_LINE_END)
  }
  // RFC 5322 §3.2.3: atoms, which have no dots.
  if (/^[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*$/.test(line) || line === '') return line
  return `"${line.replace(/["\\]/g, '\\$&')}"`
}

/** Printable ASCII that cannot be taken for an encoded-word. */
function isPlain(line: string): boolean {
  return /^[ -~]*$/.test(line) && !line.includes('=?')
}

/** @returns undefined when a word is longer than a line */
function foldWords(line: string, first: number): string | undefined {
  const rows: string[] = []
  for (const word of line.split(' ')) {
    const row = rows.at(-1)
    const available = rows.length === 1 ? first : MAX_LINE_LENGTH - 1
    if (row !== undefined && row.length + 1 + word.length <= available)
      rows[rows.length - 1] = `${row} ${word}`
    else if (word.length <= (rows.length === 0 ? first : MAX_LINE_LENGTH - 1)) rows.push(word)
    else return undefined
  }
  return rows.join(FOLDED_LINE_END)
}

// ─── The list ───────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The fields by which mail programs recognise a list, the same for all its readers. List-Unsubscribe is not among them: it
 * differs from reader to reader.
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
    // RFC 2919 §3: it must never change, hence the host that is in ids, not the one that the site has today.
    `List-Id: ${name ? `${quote(name)}\r\n ` : ''}<${list}.${domain}>`,
    // RFC 2369 §3.4: readers cannot post.
    'List-Post: NO',
    `List-Owner: <mailto:${encodeURIComponent(mailbox).replace('%40', '@')}>`,
    `List-Help: <${new URL(publication.service ?? publication.url).href}>`,
    // Gmail's feedback loop: at most four parts, the last always the same for a sender.
    `Feedback-ID: ${token(edition)}:${list}:newsletter:${domain}`,
    'Precedence: bulk',
    '',
  ].join('\r\n')
}

/** Some receivers accept only a quoted-string or an encoded-word before the list's identifier. */
function quote(phrase: string): string {
  return /^["=]/.test(phrase) ? phrase : `"${phrase}"`
}

/** Letters, digits and hyphens: a label of a domain, a part of Feedback-ID. RFC 1035 §2.3.1. */
function token(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '')
  return plain.slice(0, 63) || 'list'
}

// ─── The date ───────────────────────────────────────────────────────────────────────────────────────────────────────

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** RFC 5322 §3.3: 'Fri, 30 Jan 2026 07:00:00 +0530'. @param at ms since epoch */
export function mailDate(at: number, timezone: string): string {
  const [date, clock] = isoTime(at, openZone(timezone)).split('T') as [string, string]
  const day = new Date(date)
  const named = `${WEEKDAYS[day.getUTCDay()]}, ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`
  return `${named} ${date.slice(0, 4)} ${clock.slice(0, 8)} ${clock.slice(8).replace(':', '')}`
}

// ─── Quoted-printable, for bodies ───────────────────────────────────────────────────────────────────────────────────

/** Printable ASCII without '=', not beginning with '.' or 'From ', without a space at the end: needs no encoding. */
const PLAIN_LINE = /^(?!\.|From )[ -<>-~]*(?<! )$/
/** The same without spaces and without two dots in a row: can be cut anywhere. */
const UNBROKEN_LINE = /^(?:[!--/-<>-~]\.?)+$/
/** Characters of a line, without the '=' of a soft line break. */
const LINE_ROOM = 75

/**
 * Quoted-printable (RFC 2045 §6.7): ASCII lines of at most 76 characters with CRLF between them.
 *
 * A character is never split between two lines, and no line begins with a dot or with 'From ' (RFC 2049 §3 (3)), so that no
 * server on the way changes the bytes. Line ends become CRLF.
 */
export function quotedPrintable(text: string): string {
  if (text.length <= LINE_ROOM && PLAIN_LINE.test(text)) return text
  return UNBROKEN_LINE.test(text) ? cutLine(text) : encodeLines(text)
}

/** Mostly for a reader's links. Where a row would begin with a dot, the row before it is one character shorter. */
function cutLine(line: string): string {
  const rows: string[] = []
  let at = 0
  while (line.length - at > LINE_ROOM) {
    const end = line[at + LINE_ROOM] === '.' ? at + LINE_ROOM - 1 : at + LINE_ROOM
    rows.push(line.slice(at, end))
    at = end
  }
  rows.push(line.slice(at))
  return rows.join('=\r\n')
}

/** Byte by byte: a letter has a thousand '=' in it. */
function encodeLines(given: string): string {
  const text = given.includes('\r') ? given.replace(/\r\n?/g, '\n') : given
  const bytes = scratchFor(text.length * MAX_GROWTH)
  let [at, to, space] = [0, 0, -1]
  for (;;) {
    const found = text.indexOf('\n', at)
    const end = found === -1 ? text.length : found
    if (space < at) space = indexOr(text.indexOf(' ', at), text.length)
    const line = space < end || end - at <= LINE_ROOM ? '' : text.slice(at, end)
    if (UNBROKEN_LINE.test(line)) to += bytes.write(cutLine(line), to, 'latin1')
    else to = encodeLine(text, at, end, bytes, to)
    if (found === -1) return bytes.toString('latin1', 0, to)
    bytes[to++] = CR
    bytes[to++] = LF
    at = end + 1
  }
}

function indexOr(found: number, end: number): number {
  return found === -1 ? end : found
}

const [TAB, LF, CR, SPACE, DOT, EQUALS, BIG_F] = [9, 10, 13, 32, 46, 61, 70]
/** Needs no encoding within a line. */
const PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(code === TAB || (code >= SPACE && code < 127 && code !== EQUALS)),
)
/** Bytes of a character of three octets, and of a soft line break before it. */
const MAX_GROWTH = 12
const HEX = Buffer.from('0123456789ABCDEF')

/** Kept for the next: new memory takes longer than all that is written into it. */
let scratch = Buffer.alloc(0)
const MAX_SCRATCH = 4_000_000

function scratchFor(length: number): Buffer {
  if (length <= scratch.length) return scratch
  const made = Buffer.allocUnsafeSlow(length)
  if (length <= MAX_SCRATCH) scratch = made
  return made
}

/** @returns where the next line is written */
function encodeLine(text: string, begin: number, end: number, bytes: Buffer, start: number): number {
  let [to, row] = [start, start]
  for (let at = begin; at < end; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 128 && PLAIN[unit] === 1 && to > row && to - row < LINE_ROOM && at < end - 1) {
      bytes[to++] = unit
      continue
    }
    const code = text.codePointAt(at)!
    const isLast = at === end - 1
    const isPlain = unit < 128 && PLAIN[unit] === 1 && !(isLast && (code === SPACE || code === TAB))
    const width = isPlain ? 1 : code < 0x80 ? 3 : code < 0x800 ? 6 : code < 0x10000 ? 9 : 12
    if (to - row + width > LINE_ROOM) {
      bytes[to++] = EQUALS
      bytes[to++] = CR
      bytes[to++] = LF
      row = to
    }
    const isHeld =
      to === row && (code === DOT || (code === BIG_F && text.startsWith('rom ', at + 1) && at + 4 < end))
    if (isPlain && !isHeld) bytes[to++] = code
    else to = writeOctets(code, bytes, to)
    if (code > 0xffff) at++
  }
  return to
}

/** UTF-8; half of a pair is U+FFFD. */
function writeOctets(code: number, bytes: Buffer, to: number): number {
  if (code < 0x80) return writeOctet(code, bytes, to)
  if (code < 0x800) return writeOctet(0x80 | (code & 63), bytes, writeOctet(0xc0 | (code >> 6), bytes, to))
  if (code >= 0xd800 && code < 0xe000) return writeOctets(0xfffd, bytes, to)
  const high =
    code < 0x10000
      ? writeOctet(0xe0 | (code >> 12), bytes, to)
      : writeOctet(0x80 | ((code >> 12) & 63), bytes, writeOctet(0xf0 | (code >> 18), bytes, to))
  return writeOctet(0x80 | (code & 63), bytes, writeOctet(0x80 | ((code >> 6) & 63), bytes, high))
}

function writeOctet(byte: number, bytes: Buffer, to: number): number {
  bytes[to] = EQUALS
  bytes[to + 1] = HEX[byte >> 4]!
  bytes[to + 2] = HEX[byte & 15]!
  return to + 3
}

const OCTETS = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
)

/** '…' → '=E2=80=A6' */
function octets(character: string): string {
  if (character === '=') return '=3D'
  let text = ''
  for (const byte of Buffer.from(character)) text += OCTETS[byte]
  return text
}

// ─── Encoded-words, for header fields ───────────────────────────────────────────────────────────────────────────────

/** RFC 2047 §2. */
const MAX_WORD_LENGTH = 75
/** RFC 2047 §5 (3): the characters allowed in a phrase, which has the narrowest set. */
const Q_PLAIN = /^[A-Za-z0-9!*+/-]$/
const Q_OTHERS = /[^A-Za-z0-9!*+/-]/gu
const WORD_START = '=?UTF-8?'
/** Characters of '=?UTF-8?Q?' and '?='. */
const WORD_FRAME = WORD_START.length + 4

/**
 * RFC 2047 encoded-words, for text that a header cannot have as it is. No character is split between two words.
 *
 * @param first characters that are left on the line for the first word; each other word gets a line of its own
 * @returns words to be joined by CRLF and a space
 */
function encodedWords(text: string, first = MAX_WORD_LENGTH): string[] {
  const whole = `${WORD_START}Q?${text.replace(Q_OTHERS, encodeQ)}?=`
  if (whole.length <= Math.min(first, MAX_WORD_LENGTH)) return [whole]

  const characters = [...text]
  const q = pack(characters, first, 'Q')
  const b = pack(characters, first, 'B')
  const length = (words: readonly string[]) => words.reduce((sum, word) => sum + word.length, 0)
  return length(b) < length(q) ? b : q
}

function pack(characters: readonly string[], first: number, kind: 'Q' | 'B'): string[] {
  const words: string[] = []
  let content = ''
  let size = 0
  const close = () => {
    words.push(`${WORD_START}${kind}?${kind === 'Q' ? content : Buffer.from(content).toString('base64')}?=`)
    content = ''
    size = 0
  }
  for (const character of characters) {
    const word = kind === 'Q' ? encodeQ(character) : character
    const grown = size + (kind === 'Q' ? word.length : Buffer.byteLength(character))
    const length = kind === 'Q' ? grown : Math.ceil(grown / 3) * 4
    const available = Math.min(MAX_WORD_LENGTH, words.length === 0 ? first : MAX_WORD_LENGTH) - WORD_FRAME
    if (length > available && content !== '') close()
    content += word
    size += kind === 'Q' ? word.length : Buffer.byteLength(character)
  }
  if (content !== '') close()
  return words
}

function encodeQ(character: string): string {
  if (character === ' ') return '_'
  if (Q_PLAIN.test(character)) return character
  return octets(character)
}
