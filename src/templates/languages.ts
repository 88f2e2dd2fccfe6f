// Catalogues of words → what a language says, how it writes dates, numbers and lists; and the helpers that templates may call.

import { escapeHtml } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Timestamp, WordLink } from '../model.ts'
import { handlebarsRuntime } from './handlebars.ts'
import type { Catalogue } from './template-files.ts'

/**
 * The word for `key` in one language, with `{name}` replaced by `values.name`; numbers are written as that language
 * writes them. Throws on a key that no catalogue has.
 */
export type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string

/** How minutes and counts are written is asked for once: it takes longer than all else that a word needs. */
const MAX_SMALL_NUMBER = 30

export class Languages {
  readonly #catalogue: (language: string) => Catalogue
  readonly #words = new Map<string, Words>()
  readonly #spoken = new Map<string, boolean>()
  /** Each is made once, for that is slow. */
  readonly #formatters = new Map<string, unknown>()

  /** @param catalogue of a language; empty where there is none */
  constructor(catalogue: (language: string) => Catalogue) {
    this.#catalogue = catalogue
  }

  /** Whether there is a catalogue for this language, or for the language it is a variety of. */
  speaks(language: string): boolean {
    const known = this.#spoken.get(language)
    if (known !== undefined) return known
    const names = [language, language.split('-')[0]!]
    const is = names.some(name => Object.keys(this.#catalogue(name)).length > 0)
    this.#spoken.set(language, is)
    return is
  }

  /** Keys of English words that neither its catalogue nor that of the language it is a variety of has. */
  missing(language: string, prefix: string): string[] {
    const own = [language.split('-')[0]!, language].map(this.#catalogue)
    const has = (key: string) => own.some(catalogue => Object.hasOwn(catalogue, key))
    return Object.keys(this.#catalogue('en')).filter(key => key.startsWith(prefix) && !has(key))
  }

  /** en-IN → en-IN, en, then English: a missing word is an English one, and an error in the tests. */
  words(language: string): Words {
    const known = this.#words.get(language)
    if (known) return known
    const chain = ['en', language.split('-')[0]!, language]
    const words = openWords(() => Object.assign({}, ...chain.map(this.#catalogue)), this.number(language))
    this.#words.set(language, words)
    return words
  }

  date(language: string, style: Intl.DateTimeFormatOptions): (at: number) => string {
    const key = `date ${language} ${JSON.stringify(style)}`
    const formatter = this.#formatter(key, () => new Intl.DateTimeFormat(language, style))
    return at => formatter.format(at)
  }

  number(language: string): (value: number) => string {
    return this.#formatter(`number ${language}`, () => {
      const formatter = new Intl.NumberFormat(language)
      const small = Array.from({ length: MAX_SMALL_NUMBER + 1 }, (_, value) => formatter.format(value))
      return (value: number) => small[value] ?? formatter.format(value)
    })
  }

  /** 'A, B and C' */
  list(language: string): (names: readonly string[]) => string {
    const make = () => new Intl.ListFormat(language, { type: 'conjunction' })
    const formatter = this.#formatter(`list ${language}`, make)
    return names => formatter.format(names)
  }

  #formatter<Formatter>(key: string, make: () => Formatter): Formatter {
    const known = this.#formatters.get(key) ?? make()
    this.#formatters.set(key, known)
    return known as Formatter
  }
}

/** @param catalogue reads the words when the first is asked for */
function openWords(catalogue: () => Catalogue, writeNumber: (value: number) => string): Words {
  let words: Catalogue | undefined
  /** Of each word, the text around its placeholders, and between the texts their names. */
  const known = new Map<string, readonly string[]>()

  function partsOf(key: string): readonly string[] {
    words ??= catalogue()
    const word = words[key]
    if (word === undefined) throw new UserError(`no word for "${key}" in strings/en.yaml`)
    const parts = word.split(/\{(\w+)\}/)
    known.set(key, parts)
    return parts
  }

  return (key, values = {}) => {
    const parts = known.get(key) ?? partsOf(key)
    let text = parts[0]!
    for (let at = 1; at < parts.length; at += 2) {
      const name = parts[at]!
      const value = values[name] ?? `{${name}}`
      text += (typeof value === 'number' ? writeNumber(value) : value) + parts[at + 1]!
    }
    return text
  }
}

// ─── What templates may call ─────────────────────────────────────────────────────────────────────────────────────────
//
// Languages, and one of them with a zone → the helpers that templates may call. `language=` on any of them speaks another one.

export interface RenderOptions {
  /** BCP 47: of words, dates and numbers. */
  language: string
  /** IANA zone in which times are shown. */
  timezone: string
}

type Options = import('handlebars').HelperOptions & { loc?: { start: { line: number } } }
type Helper = (...args: never[]) => unknown

/** Every helper there is, and what it does; `checkNames` and the function below agree on it. */
export const HELPERS = {
  t: 'words of a catalogue: {{t "letter.by" names=author.name}}; a publication’s own are in templates/strings/',
  date: 'a day: {{date article.date}} → 30 January 2026',
  weekday: 'a day with its weekday: {{weekday edition.sendAt}} → Friday, 30 January 2026',
  datetime: 'a day and a time: {{datetime article.updated}} → 30 January 2026 at 5:06 am IST',
  number: 'a number: {{number 1234.5}} → 1,234.5',
  list: 'names in a sentence: {{list names}} → A, B and C',
  iso: 'a time for machines: {{iso article.date}} → 2026-01-29T23:36:00.000Z',
  url: 'an address, escaped for an attribute: href="{{url article.url}}"',
  eq: 'whether two values are the same: {{#if (eq layout "cards")}}',
  gap: 'what separates a text from what follows: {{caption}}{{gap caption}}{{credit}}, a space behind a full stop, else a dot',
  linked:
    'a caption or credit with its links: {{linked picture.caption picture.links}}; `color` and `class` are those of the links',
  reader:
    'a column of the subscriber, with a fallback: {{reader "name" "there"}}; in letters and their subjects',
  slot: 'an address of the subscriber’s own: {{slot "unsubscribe_url"}}, {{slot "preferences_url"}}; in letters',
} as const satisfies Readonly<Record<string, string>>

type HelperName = keyof typeof HELPERS

const LONG: Intl.DateTimeFormatOptions = { dateStyle: 'long' }
const FULL: Intl.DateTimeFormatOptions = { dateStyle: 'full' }
const MOMENT: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
}

export function templateFunctions(
  languages: Languages,
  { language, timezone }: RenderOptions,
): Record<HelperName, Helper> {
  const languageOf = (options: Options): string => options.hash.language || language
  const dates = (style: Intl.DateTimeFormatOptions) => {
    const known = new Map<string, (at: number) => string>()
    return (moment: Timestamp | number, options: Options) => {
      const name = languageOf(options)
      const write = known.get(name) ?? languages.date(name, { timeZone: timezone, ...style })
      known.set(name, write)
      return write(millis(moment))
    }
  }
  const slot = (name: string, fallback: string, options: Options): string => {
    const marker = options.data?.root?.marker
    return typeof marker === 'string' ? slotMark(marker, name, fallback) : fallback
  }
  return located({
    /** {{t "by" name=author.name}} */
    t: (key: string, options: Options) => {
      try {
        return languages.words(languageOf(options))(key, options.hash)
      } catch (error) {
        // Not a UserError: the caller adds the template and the line.
        throw new Error((error as Error).message)
      }
    },
    /** {{date article.date}} → 30 January 2026 */
    date: dates(LONG),
    /** {{weekday edition.sendAt}} → Friday, 30 January 2026 */
    weekday: dates(FULL),
    /** {{datetime article.updated}} → 30 January 2026 at 5:06 am IST */
    datetime: dates(MOMENT),
    number: (value: number, options: Options) => languages.number(languageOf(options))(value),
    /** {{list names}} → A, B and C */
    list: (names: string[], options: Options) => languages.list(languageOf(options))(names),
    iso: (moment: Timestamp | number) => new Date(millis(moment)).toISOString(),
    /** Without Handlebars' `=` → `&#x3D;`, which breaks click trackers. */
    url: (value: string) => ready(escapeHtml(value)),
    eq: (left: unknown, right: unknown) => left === right,
    /** {{gap caption}}: what separates a text from what follows it, a space behind a full stop and ' · ' elsewhere. */
    gap: (text: unknown) => {
      const last = typeof text === 'string' ? text.trim().at(-1) : undefined
      return last === undefined ? '' : /[\p{Po}…]/u.test(last) ? ' ' : ' · '
    },
    /** {{linked caption links}} */
    linked: (text: unknown, links: unknown, options: Options) =>
      ready(linkedText(String(text ?? ''), Array.isArray(links) ? links : [], options.hash)),
    /** {{reader "name" "there"}}: any column of the subscriber's row, with a fallback where she has none. */
    reader: (name: string, fallback: string | Options, options?: Options) =>
      options ? slot(name, String(fallback ?? ''), options) : slot(name, '', fallback as Options),
    /** {{slot "unsubscribe_url"}} */
    slot: (name: string, options: Options) => slot(name, '', options),
  })
}

/** Those of a caption are no links in a credit. @param look of a link; that of the page where it is left out */
function linkedText(
  text: string,
  links: readonly WordLink[],
  look: { readonly color?: unknown; readonly class?: unknown },
): string {
  const named = typeof look.class === 'string' ? ` class="${escapeHtml(look.class)}"` : ''
  const style =
    named +
    (typeof look.color === 'string'
      ? ` style="color:${escapeHtml(look.color)};text-decoration:underline"`
      : '')
  const { escapeExpression } = handlebarsRuntime()
  let out = ''
  let done = 0
  for (const { text: words, of = words, at: offset = 0, url } of links) {
    const whole = text.indexOf(of, of === words ? done : 0)
    // What is cleaned for mail may be shorter than it was.
    const at = text.startsWith(words, whole + offset)
      ? whole + offset
      : text.indexOf(words, Math.max(done, whole))
    if (words === '' || whole === -1 || at < done) continue
    out += `${escapeExpression(text.slice(done, at))}<a href="${escapeHtml(url)}"${style}>${escapeExpression(words)}</a>`
    done = at + words.length
  }
  return out + escapeExpression(text.slice(done))
}

function millis(moment: Timestamp | number): number {
  return typeof moment === 'number' ? moment : moment.at
}

/** What is not escaped again. */
function ready(html: string): { toHTML(): string; toString(): string } {
  return { toHTML: () => html, toString: () => html }
}

/** What a helper throws names the line of the call. */
function located<Name extends string>(helpers: Record<Name, Helper>): Record<Name, Helper> {
  for (const name of Object.keys(helpers) as Name[]) {
    const helper = helpers[name] as (...args: unknown[]) => unknown
    helpers[name] = (...args: unknown[]) => {
      try {
        return helper(...args)
      } catch (error) {
        if (!(error instanceof Error) || 'lineNumber' in error || 'exit' in error) throw error
        const line = (args.at(-1) as Options | undefined)?.loc?.start.line
        throw Object.assign(new Error(`{{${name}}}: ${error.message}`), { lineNumber: line })
      }
    }
  }
  return helpers
}

/** What a slot may be called: the columns of a subscriber's row and the addresses that are her own. */
const NAME = /^[\p{L}\p{N}_.-][\p{L}\p{N}_. -]*$/u

/**
 * The slot in a letter that is filled when the letter is made out to one reader.
 *
 * @param fallback what a reader without that column sees; the slot's own brackets are taken out of it
 * @returns '⟦0123456789ab:name|fallback⟧'
 * @throws Error when no column can have that name
 */
export function slotMark(marker: string, name: string, fallback = ''): string {
  if (!NAME.test(name)) throw new Error(`"${name}" cannot be a column of a reader's row`)
  const plain = fallback.replace(/[⟦⟧|]/gu, '')
  return plain ? `⟦${marker}:${name}|${plain}⟧` : `⟦${marker}:${name}⟧`
}
