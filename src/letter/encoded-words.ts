// Text that a header cannot hold as it is → RFC 2047 encoded-words: ASCII, each at most 75 characters, no character split.

import { octets } from './quoted-printable.ts'

/** RFC 2047 §5 (3): what may stand in the Q encoding of a phrase; every other place allows at least this. */
const Q_PLAIN = /^[A-Za-z0-9!*+/-]$/
const Q_OTHERS = /[^A-Za-z0-9!*+/-]/gu
const OPEN = '=?UTF-8?'
/** What encloses an encoded-word: '=?UTF-8?Q?' and '?='. */
const FRAME = OPEN.length + 4

/**
 * @param first characters that the line has left for the first word; each other word gets a line of 76 of its own
 * @returns to be joined by CRLF and a space
 */
export function encodedWords(text: string, first = 75): string[] {
  const whole = `${OPEN}Q?${text.replace(Q_OTHERS, encodeQ)}?=`
  if (whole.length <= Math.min(first, 75)) return [whole]

  const characters = [...text]
  const q = pack(characters, first, 'Q')
  const b = pack(characters, first, 'B')
  const length = (words: readonly string[]) => words.reduce((sum, word) => sum + word.length, 0)
  return length(b) < length(q) ? b : q
}

function pack(characters: readonly string[], first: number, kind: 'Q' | 'B'): string[] {
  const words: string[] = []
  let held = ''
  let size = 0
  const close = () => {
    words.push(`${OPEN}${kind}?${kind === 'Q' ? held : Buffer.from(held).toString('base64')}?=`)
    held = ''
    size = 0
  }
  for (const character of characters) {
    const word = kind === 'Q' ? encodeQ(character) : character
    const grown = size + (kind === 'Q' ? word.length : Buffer.byteLength(character))
    const length = kind === 'Q' ? grown : Math.ceil(grown / 3) * 4
    const room = Math.min(75, words.length === 0 ? first : 75) - FRAME
    if (length > room && held !== '') close()
    held += word
    size += kind === 'Q' ? word.length : Buffer.byteLength(character)
  }
  if (held !== '') close()
  return words
}

function encodeQ(character: string): string {
  if (character === ' ') return '_'
  if (Q_PLAIN.test(character)) return character
  return octets(character)
}
