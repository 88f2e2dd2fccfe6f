// Any text → the same fit for mail: without control characters, lone surrogates and noncharacters, and with all direction
// marks closed, so that a title cannot reverse what follows it; or shortened. And the slots of a letter → their values for one
// reader.

import { escapeHtml, once, signTokens } from '../base/index.ts'
import type { Publication } from '../model.ts'

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

const graphemes = once(() => new Intl.Segmenter('und', { granularity: 'grapheme' }))

/** As a reader counts them. Of ASCII each is one, and what ICU knows of all others takes ten milliseconds to load. */
function charactersOf(text: string): string[] {
  return /^[ -~]*$/.test(text) ? [...text] : Array.from(graphemes().segment(text), ({ segment }) => segment)
}

/**
 * Cut after a sentence where one ends late enough, else after a word.
 *
 * @param maxLength characters as a reader counts them; 0 for nothing at all
 */
export function shorten(text: string, maxLength: number): string {
  if (maxLength <= 0) return ''
  if (text.length <= maxLength) return text
  const parts = charactersOf(text)
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

// ─── Slots ───────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// The slots of a letter, `⟦<marker>:name⟧` or `⟦<marker>:name|fallback⟧`, and a reader → their values: her name, her
// address, any column of her row, and her own links.

export interface LetterSlot {
  readonly name: string
  /** For a reader without a value; escaped for its part of the mail (HTML or text). */
  readonly fallback: string
}

/** Text and slots in turn: always one text more than slots. A slot of another marker is text. */
export function splitAtSlots(text: string, marker: string): { texts: string[]; slots: LetterSlot[] } {
  const texts: string[] = []
  const slots: LetterSlot[] = []
  const opening = `⟦${marker}:`
  let done = 0
  for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, done)) {
    const begin = at + opening.length
    const end = text.indexOf('⟧', begin)
    if (end === -1) break
    const bar = text.indexOf('|', begin)
    const hasFallback = bar !== -1 && bar < end
    slots.push({
      name: text.slice(begin, hasFallback ? bar : end),
      fallback: hasFallback ? text.slice(bar + 1, end) : '',
    })
    texts.push(text.slice(done, at))
    done = end + 1
  }
  texts.push(text.slice(done))
  return { texts, slots }
}

/** @param value of a slot, escaped for that part of the mail; undefined or '' for its fallback */
export function fillSlots(text: string, marker: string, value: (name: string) => string | undefined): string {
  const { texts, slots } = splitAtSlots(text, marker)
  return texts.reduce((filled, next, at) => {
    const { name, fallback } = slots[at - 1]!
    return filled + (value(name) || fallback) + next
  })
}

/** A reader's value for HTML text or an attribute of a publication's own template, whichever quotation marks it uses. */
export function escapeValue(value: string): string {
  return escapeHtml(value).replaceAll("'", '&#39;')
}

/** The subscriber who gets a message: a row of the ledger, or somebody who gets a test. */
export interface Reader {
  readonly subscriber: number
  /** Valid for `parseAddress`. */
  readonly email: string
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
}

/** Name of a slot → value, on one line; undefined when the reader has none. Links are computed on demand. */
export type Values = (name: string) => string | undefined

/** The addresses at which one reader unsubscribes or changes what she gets. */
export interface ReaderLinks {
  /** RFC 8058: where a POST unsubscribes; undefined without `service`. */
  readonly unsubscribe: string | undefined
  readonly mailto: string
  /** The same for a person: with a text that is ready to be sent. */
  readonly byHand: string
  /** Computed on demand: most letters have no such link. */
  preferences(): string | undefined
}

/**
 * @param edition '<newsletter>/<id>'
 * @param mailbox the address that takes unsubscribe mails
 * @param text in such a mail
 */
export function readerLinks(
  { service }: Pick<Publication, 'service'>,
  edition: string,
  secret: string,
  mailbox: string,
  text?: string,
): (reader: Pick<Reader, 'subscriber'>) => ReaderLinks {
  const base = service === undefined ? undefined : new URL(service).href
  const at = mailbox.lastIndexOf('@')
  // RFC 6068.
  const leave = `mailto:${encodeURIComponent(mailbox.slice(0, at))}@${mailbox.slice(at + 1)}?subject=unsubscribe%20`
  const body = text ? `&body=${encodeURIComponent(text)}` : ''
  const tokensOf = signTokens(secret, edition)
  return ({ subscriber }) => {
    const token = tokensOf(subscriber)
    const unsubscribe = token('unsubscribe')
    return {
      unsubscribe: base && `${base}u/${unsubscribe}`,
      mailto: `${leave}${unsubscribe}`,
      byHand: `${leave}${unsubscribe}${body}`,
      preferences: () => base && `${base}p/${token('preferences')}`,
    }
  }
}

/** Columns are the reader's own words: they are cleaned here, and the caller has to escape them. */
export function readerValues(
  reader: Reader,
  { unsubscribe, mailto, byHand, preferences }: ReaderLinks,
): Values {
  return name => {
    switch (name) {
      case 'unsubscribe_url':
        return unsubscribe ?? mailto
      case 'unsubscribe_by_hand':
        return unsubscribe ?? byHand
      case 'preferences_url':
        return preferences() ?? mailto
      case 'name':
        return cleanValue(reader.name)
      case 'email':
        return cleanValue(reader.email)
      default:
        return Object.hasOwn(reader.fields, name) ? cleanValue(reader.fields[name]!) : undefined
    }
  }
}

/** The name of a slot's value in HTML: a link can have a text for the mail in it, an address to be read cannot. */
export function nameInHtml(slot: string, leaveText: string | undefined): string {
  return slot === 'unsubscribe_url' && leaveText !== undefined ? 'unsubscribe_by_hand' : slot
}

/** One line, without control characters, and without direction marks, which could reverse what follows. */
export function cleanValue(value: string): string {
  if (/^[!-~]*(?: [!-~]+)*$/.test(value)) return value
  return sendableLine(value.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''))
}
