// Text → ASCII for mail: quoted-printable for a body, encoded-words for a header.

/** Printable ASCII without '=', not beginning with '.' or 'From ', without a space at the end: needs no encoding. */
const PLAIN_LINE = /^(?!\.|From )[ -<>-~]*(?<! )$/
/** The same without spaces and without two dots in a row: can be cut anywhere. */
const UNBROKEN_LINE = /^(?:[!--/-<>-~]\.?)+$/
const UNSAFE = /[^\t -<>-~]/gu
/** Characters of a line, without the '=' of a soft line break. */
const LINE_ROOM = 75

/**
 * Quoted-printable (RFC 2045 §6.7): ASCII lines of at most 76 characters with CRLF between them.
 *
 * A character is never split between two lines, and no line begins with a dot or with 'From ' (RFC 2049 §3 (3)), so that no
 * server on the way changes the bytes. Line ends become CRLF.
 */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|[\r\n]/)
    .map(line =>
      line.length <= LINE_ROOM && PLAIN_LINE.test(line)
        ? line
        : UNBROKEN_LINE.test(line)
          ? cutLine(line)
          : encodeLine(line),
    )
    .join('\r\n')
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

function encodeLine(line: string): string {
  const whole = line.replace(UNSAFE, octets)
  if (whole.length <= LINE_ROOM && !/^\.|^From |[ \t]$/.test(whole)) return whole

  const rows: string[] = []
  let row = ''
  let at = 0
  for (const character of line) {
    at += character.length
    let word = encodeCharacter(character, at === line.length)
    if (row.length + word.length > LINE_ROOM) {
      rows.push(row)
      row = ''
    }
    if (row === '' && (word === '.' || (word === 'F' && line.startsWith('rom ', at)))) word = octets(word)
    row += word
  }
  rows.push(row)
  return rows.join('=\r\n')
}

function encodeCharacter(character: string, last: boolean): string {
  if (character === ' ' || character === '\t') return last ? octets(character) : character
  return /^[!-<>-~]$/.test(character) ? character : octets(character)
}

const OCTETS = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
)

/** '…' → '=E2=80=A6' */
function octets(character: string): string {
  let text = ''
  for (const byte of Buffer.from(character)) text += OCTETS[byte]
  return text
}

// ─── Headers ───────────────────────────────────────────────────────────────────────────────────────────────────────

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
export function encodedWords(text: string, first = MAX_WORD_LENGTH): string[] {
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
