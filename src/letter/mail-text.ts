// Any text → the same fit for mail: without control characters, lone surrogates and noncharacters, and with all direction
// marks closed, so that a title cannot reverse what follows it; or shortened.

/** C0 and C1 except tab and line feed, and the noncharacters: Gmail cuts a mail off at some of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const UNSENDABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]|[\u{1fffe}\u{1ffff}]/gu

/** Line feeds and tabs stay. */
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
  // Nearly every line is printable ASCII without two spaces together.
  if (!/[^\x20-\x7e]| {2}|^ | $/.test(text)) return text
  return sendableText(text.replace(/[\u2028\u2029]/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
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

/**
 * All strings of a view, however deep.
 *
 * @param spaced names of the fields whose white space stays; every other string becomes one line
 */
export function sendableView<View>(view: View, spaced: ReadonlySet<string>): View {
  return sendableValue(view, spaced, false) as View
}

function sendableValue(value: unknown, spaced: ReadonlySet<string>, isSpaced: boolean): unknown {
  if (typeof value === 'string') return isSpaced ? sendableText(value) : sendableLine(value)
  if (Array.isArray(value)) {
    const sendable = value.map(each => sendableValue(each, spaced, isSpaced))
    return sendable.every((each, at) => each === value[at]) ? value : sendable
  }
  // Values of front matter may be dates and the like.
  if (typeof value !== 'object' || value === null || !isRecord(value)) return value
  let sendable: Record<string, unknown> = value
  for (const name of Object.keys(value)) {
    const was = value[name]
    const is = sendableValue(was, spaced, isSpaced || spaced.has(name))
    // Nearly everything stays as it is, and a copy is for the first that does not.
    if (is === was) continue
    if (sendable === value) sendable = { ...value }
    sendable[name] = is
  }
  return sendable
}

function isRecord(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Letters: a longer word gets places where it may break. */
const MAX_WHOLE_WORD = 24
const LONG_WORD = new RegExp(`\\p{Script=Latin}{${MAX_WHOLE_WORD + 1},}`, 'gu')
const VOWELS = 'aeiouyäöüàáâãåæèéêëìíîïòóôõøœùúûý'
/** A vowel, then consonants of which the last, with its letters, begins the next syllable. */
const SYLLABLE = new RegExp(
  `(?<=[${VOWELS}][^${VOWELS}]*)(?=(?:sch|ch|ck|ph|th|qu|[^${VOWELS}])[${VOWELS}])(?<!s(?=ch))(?<![scpt](?=h))(?<!c(?=k))`,
  'giu',
)
/** Letters before the first such place, after the last and between two. */
const MIN_SYLLABLES = 4

/**
 * With soft hyphens in long words, because Gmail and Outlook neither hyphenate nor break words, and a German compound is
 * wider than a telephone.
 */
export function softened(text: string): string {
  return text.replace(/\S{20,}/g, token =>
    ADDRESS.test(token) ? token : token.replace(LONG_WORD, softenedWord),
  )
}

/** What is copied and pasted: an address, a path, a name with underscores. */
const ADDRESS = /[/@_\\]|\.\p{L}/u

function softenedWord(word: string): string {
  let last = 0
  let made = ''
  for (const { index } of word.matchAll(SYLLABLE)) {
    if (index - last < MIN_SYLLABLES || word.length - index < MIN_SYLLABLES) continue
    made += `${word.slice(last, index)}\u00ad`
    last = index
  }
  return made + word.slice(last)
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * Cut after a sentence where one ends late enough, else after a word.
 *
 * @param maxLength characters as a reader counts them; 0 for nothing at all
 */
export function shorten(text: string, maxLength: number): string {
  if (maxLength <= 0) return ''
  if (text.length <= maxLength) return text
  const parts = Array.from(graphemes.segment(text), ({ segment }) => segment)
  if (parts.length <= maxLength) return text
  const head = parts.slice(0, maxLength).join('')
  const sentence = Math.max(
    ...[...head.matchAll(/[.!?](?=\s)|[।。！？؟۔]/gu)].map(end => end.index + end[0].length),
    0,
  )
  if (sentence > head.length * 0.6) return head.slice(0, sentence)
  const word = parts
    .slice(0, maxLength - 1)
    .join('')
    .replace(/[\s,;:–—-]+\S*$/u, '')
  return `${word.length > head.length * 0.5 ? word : parts.slice(0, maxLength - 1).join('')}…`
}
