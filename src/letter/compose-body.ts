// Letter → its MIME body, composed once, and a function that writes a whole message with one reader's values in it.

import type { Letter } from '../model.ts'
import { escapeHtml, splitAtSlots } from './letter-slots.ts'
import { quotedPrintable } from './quoted-printable.ts'
import type { Values } from './reader-values.ts'

interface Blank {
  /** Of its name among the letter's. */
  readonly number: number
  /** Quoted-printable already. */
  readonly fallback: string
  readonly html: boolean
}

export interface Body {
  readonly boundary: string
  /**
   * @param head the header fields and the empty line, CRLF line ends
   * @param room memory that may be written over; where it is long enough, its beginning is what is returned
   */
  write(head: string, values: Values, room?: Uint8Array): Uint8Array
}

/**
 * Plain text first, HTML last: the last is the one that a mail program prefers (RFC 2046 §5.1.4).
 *
 * @param hash of the letter, hex; the boundary follows from it
 */
export function composeBody(letter: Letter, hash: string): Body {
  // '=_' cannot occur in quoted-printable, where a '=' is followed by two hex digits or a line end: no part, and no
  // reader's value, can hold the boundary (RFC 2045 §6.7, last note).
  const boundary = `=_${hash.slice(0, 32)}`
  const names: string[] = []
  const blanks: Blank[] = []
  const texts = ['']
  const add = (text: string) => {
    texts[texts.length - 1] += text
  }

  function addPart(type: string, source: string, html: boolean): void {
    add(`--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\n`)
    add('Content-Transfer-Encoding: quoted-printable\r\n\r\n')
    const split = splitAtSlots(source.replace(/\r\n?/g, '\n'), letter.marker)
    for (const [at, text] of split.texts.entries()) {
      const encoded = quotedPrintable(text)
      const follows = split.slots[at]
      // A value has lines of its own, with soft breaks around it, so that none is longer than 76 whatever it is.
      if (at > 0 && !text.startsWith('\n') && (text !== '' || follows)) add('=\r\n')
      add(encoded)
      if (!follows) continue
      if (encoded !== '' && !encoded.endsWith('\r\n')) add('=\r\n')
      if (!names.includes(follows.name)) names.push(follows.name)
      blanks.push({ number: names.indexOf(follows.name), fallback: quotedPrintable(follows.fallback), html })
      texts.push('')
    }
    add('\r\n')
  }

  addPart('text/plain', letter.text, false)
  addPart('text/html', letter.html, true)
  add(`--${boundary}--\r\n`)

  const shared = texts.map(text => Buffer.from(text, 'latin1'))
  const sharedLength = shared.reduce((sum, text) => sum + text.length, 0)

  function write(head: string, values: Values, room?: Uint8Array): Uint8Array {
    const raw = names.map(name => values(name) ?? '')
    const text = raw.map(quotedPrintable)
    const html = raw.map((value, number) => {
      const escaped = escapeHtml(value)
      return escaped === value ? text[number]! : quotedPrintable(escaped)
    })
    const filled = blanks.map(blank => (blank.html ? html : text)[blank.number] || blank.fallback)
    const length = filled.reduce((sum, value) => sum + value.length, sharedLength + Buffer.byteLength(head))
    const bytes =
      room && room.length >= length
        ? Buffer.from(room.buffer, room.byteOffset, length)
        : Buffer.allocUnsafe(length)
    let at = bytes.write(head, 0, 'utf8')
    for (const [number, part] of shared.entries()) {
      bytes.set(part, at)
      at += part.length
      const value = filled[number]
      if (value) at += bytes.write(value, at, 'latin1')
    }
    return bytes
  }

  return { boundary, write }
}
