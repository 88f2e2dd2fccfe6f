// Languages, and one of them with a zone → the helpers that templates may call. `language=` on any of them speaks another one.

import type { Timestamp } from '../model.ts'
import type { Languages } from './languages.ts'

export interface RenderOptions {
  /** BCP 47: of words, dates and numbers. */
  language: string
  /** IANA zone in which times are shown. */
  timezone: string
}

type Options = import('handlebars').HelperOptions & { loc?: { start: { line: number } } }
type Helper = (...args: never[]) => unknown

/** Every helper there is; `checkNames` and the function below agree on it. */
export const HELPERS = [
  't',
  'date',
  'weekday',
  'datetime',
  'number',
  'list',
  'iso',
  'url',
  'eq',
  'reader',
  'slot',
] as const

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
): Record<(typeof HELPERS)[number], Helper> {
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
    /** Escapes an address for an attribute. */
    url: (value: string) => ready(escapeUrl(value)),
    eq: (left: unknown, right: unknown) => left === right,
    /** {{reader "name" "there"}}: any column of the subscriber's row, with a fallback where she has none. */
    reader: (name: string, fallback: string | Options, options?: Options) =>
      options ? slot(name, String(fallback ?? ''), options) : slot(name, '', fallback as Options),
    /** {{slot "unsubscribe_url"}} */
    slot: (name: string, options: Options) => slot(name, '', options),
  })
}

function millis(moment: Timestamp | number): number {
  return typeof moment === 'number' ? moment : moment.at
}

/** What is not escaped again. */
function ready(html: string): { toHTML(): string; toString(): string } {
  return { toHTML: () => html, toString: () => html }
}

/** Without Handlebars' `=` → `&#x3D;`, which breaks click trackers. */
function escapeUrl(url: string): string {
  return url.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
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
