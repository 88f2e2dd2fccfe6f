// Any text → the same without what breaks a mail: control characters, half surrogates, noncharacters; direction marks
// that were opened are closed, so that a title cannot turn what follows it around.

/** C0 and C1 but tab and line feed, and the noncharacters: Gmail cuts a mail at some of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const UNSENDABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]|[\u{1fffe}\u{1ffff}]/gu

/** Of one line or many; line feeds and tabs stay. */
export function sendableText(text: string): string {
  return closeDirections(
    text
      .replace(/\r\n?/g, '\n')
      .replace(/[\p{Cs}\ufffd]/gu, '')
      .replace(UNSENDABLE, ''),
  )
}

/** For subjects, titles, names: every run of white space is one space. */
export function sendableLine(text: string): string {
  return closeDirections(
    sendableText(text.replace(/[\u2028\u2029]/g, ' '))
      .replace(/\s+/g, ' ')
      .trim(),
  )
}

/** UAX #9: embeddings and overrides end with PDF, isolates with PDI. */
function closeDirections(text: string): string {
  if (!/[\u202a-\u202e\u2066-\u2069]/.test(text)) return text
  const open: string[] = []
  for (const [mark] of text.matchAll(/[\u202a-\u202e\u2066-\u2069]/g)) {
    if (mark === '\u202c' || mark === '\u2069') {
      if (open.at(-1) === mark) open.pop()
    } else open.push(mark >= '\u2066' ? '\u2069' : '\u202c')
  }
  return text + open.reverse().join('')
}
