// Text → quoted-printable (RFC 2045 §6.7): ASCII lines of at most 76 characters with CRLF between them.

/** Lines that need nothing: short, printable ASCII without '=', not beginning with '.' or 'From ', no space at the end. */
const PLAIN = /^(?!\.|From )[ -<>-~]*(?<! )$/
/** Long ones of the same kind, without a space and without two dots in a row. */
const UNBROKEN = /^(?:[!--/-<>-~]\.?)+$/
const UNSAFE = /[^\t -<>-~]/gu
/** Characters to a line, with one left for the '=' of a soft break. */
const ROOM = 75

/**
 * A character is never split between two lines, and no line begins with a dot or with 'From ' (RFC 2049 §3 (3)): nothing
 * on the way has a reason to touch the bytes. The text's own line ends become CRLF; the first line begins at column 0.
 */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|[\r\n]/)
    .map(line =>
      line.length <= ROOM && PLAIN.test(line) ? line : UNBROKEN.test(line) ? cutLine(line) : encodeLine(line),
    )
    .join('\r\n')
}

/** A reader's links, mostly. Where a row would begin with a dot, the one before it is a character shorter. */
function cutLine(line: string): string {
  const rows: string[] = []
  let at = 0
  while (line.length - at > ROOM) {
    const end = line[at + ROOM] === '.' ? at + ROOM - 1 : at + ROOM
    rows.push(line.slice(at, end))
    at = end
  }
  rows.push(line.slice(at))
  return rows.join('=\r\n')
}

function encodeLine(line: string): string {
  const whole = line.replace(UNSAFE, octets)
  if (whole.length <= ROOM && !/^\.|^From |[ \t]$/.test(whole)) return whole

  const rows: string[] = []
  let row = ''
  let at = 0
  for (const character of line) {
    at += character.length
    let word = encode(character, at === line.length)
    if (row.length + word.length > ROOM) {
      rows.push(row)
      row = ''
    }
    if (row === '' && (word === '.' || (word === 'F' && line.startsWith('rom ', at)))) word = octets(word)
    row += word
  }
  rows.push(row)
  return rows.join('=\r\n')
}

function encode(character: string, last: boolean): string {
  if (character === ' ' || character === '\t') return last ? octets(character) : character
  return /^[!-<>-~]$/.test(character) ? character : octets(character)
}

const OCTETS = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
)

/** '…' → '=E2=80=A6' */
export function octets(character: string): string {
  let text = ''
  for (const byte of Buffer.from(character)) text += OCTETS[byte]
  return text
}
