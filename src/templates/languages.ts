// Catalogues of words → what a language says, how it writes dates, numbers and lists, and in which direction it is read.

import { UserError } from '../errors.ts'
import type { Direction } from '../model.ts'
import type { Catalogue } from './template-files.ts'

/**
 * The word for `key` in one language, with `{name}` replaced by `values.name`; numbers are written as that language
 * writes them. Throws on a key that no catalogue has.
 */
export type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string

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
    const words = openWords(
      () => Object.assign({}, ...chain.map(this.#catalogue)),
      value => this.number(language)(value),
    )
    this.#words.set(language, words)
    return words
  }

  date(language: string, style: Intl.DateTimeFormatOptions): (at: number) => string {
    const key = `date ${language} ${JSON.stringify(style)}`
    const formatter = this.#formatter(key, () => new Intl.DateTimeFormat(language, style))
    return at => formatter.format(at)
  }

  number(language: string): (value: number) => string {
    const formatter = this.#formatter(`number ${language}`, () => new Intl.NumberFormat(language))
    return value => formatter.format(value)
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

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm', 'Rohg', 'Mand', 'Samr'])

/**
 * The direction in which a language's script is written.
 *
 * @param language BCP 47; what is no language tag reads from left to right
 */
export function directionOf(language: string): Direction {
  try {
    const { script } = new Intl.Locale(language).maximize()
    return script && RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr'
  } catch {
    return 'ltr'
  }
}
