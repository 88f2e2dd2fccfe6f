// A header's name and what it says → the field as it stands in a mail: folded, encoded, ending in CRLF.
//
// Whatever the text, the result is one field: control characters and line ends are gone before it is written.

import type { Mailbox } from '../model.ts'
import { encodedWords } from './encoded-words.ts'
import { cleanValue } from './reader-values.ts'
import { sendableLine } from './sendable.ts'

const FOLD = '\r\n '
/** RFC 5322 §2.1.1 recommends 78; RFC 2047 §2 wants 76 where an encoded-word stands. */
const LINE = 76

/** Subject and other unstructured text. RFC 5322 §3.6.5. */
export function textField(name: string, text: string): string {
  const line = sendableLine(text)
  const folded = isPlain(line) ? foldWords(line, LINE - name.length - 2) : undefined
  return `${name}: ${folded ?? encodedWords(line, LINE - name.length - 2).join(FOLD)}\r\n`
}

/**
 * From, To, Reply-To: one mailbox. RFC 5322 §3.4. An address that is not ASCII stands in UTF-8 (RFC 6532).
 *
 * @param address as `parseAddress` gives it
 */
export function mailboxField(field: string, { name, address }: Mailbox): string {
  const phrase = phraseOf(name, LINE - field.length - 2)
  if (phrase === '') return `${field}: ${address}\r\n`
  const last = field.length + 2 + phrase.length + address.length + 3
  return `${field}: ${phrase}${phrase.includes('\r\n') || last > LINE ? FOLD : ' '}<${address}>\r\n`
}

/** A display name: words, a quoted-string, or encoded-words. @param first characters that its first line has */
export function phraseOf(name: string, first: number): string {
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
    const room = rows.length === 1 ? first : LINE - 1
    if (row !== undefined && row.length + 1 + word.length <= room) rows[rows.length - 1] = `${row} ${word}`
    else if (word.length <= (rows.length === 0 ? first : LINE - 1)) rows.push(word)
    else return undefined
  }
  return rows.join(FOLD)
}
