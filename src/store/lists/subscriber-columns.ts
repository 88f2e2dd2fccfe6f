// The header of a list of subscribers → which column means what.

import { parseAddress } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import { type Dialect, dialectOf } from './list-dialects.ts'

export type Meaning =
  | 'email'
  | 'name'
  | 'newsletters'
  | 'topics'
  | 'language'
  | 'subscription'
  | 'consent_source'
  | 'consent_since'

/** Spellings, in the form of `fieldName`. The first of each is what an export writes. */
const SPELLINGS: Readonly<Record<Meaning, readonly string[]>> = {
  email: ['email', 'e_mail', 'mail', 'email_address', 'e_mail_address', 'mail_address'],
  name: ['name', 'full_name'],
  newsletters: ['newsletters', 'newsletter', 'lists', 'list'],
  topics: ['topics', 'topic'],
  language: ['language', 'lang', 'locale'],
  // Not 'state': that is where people live.
  subscription: ['subscription'],
  consent_source: ['consent_source'],
  consent_since: ['consent_since'],
}

export interface Columns {
  readonly count: number
  /** Meaning → number of the column. */
  readonly known: Readonly<Partial<Record<Meaning, number>>>
  /** Every other named column: the field it becomes, and its number. */
  readonly fields: readonly (readonly [field: string, column: number])[]
  /** The system whose export it is, where the header tells. */
  readonly dialect: Dialect | undefined
  /** Every column by its name. */
  readonly names: ReadonlyMap<string, number>
}

/** 'First Name' → 'first_name', so that a template can ask for it. */
export function fieldName(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}

/** @throws UserError when there is no column of addresses, or two columns mean the same */
export function readColumns(header: readonly string[], file: string): Columns {
  const known: Partial<Record<Meaning, number>> = {}
  const fields = new Map<string, number>()
  const names = new Map(header.map((title, column) => [fieldName(title), column]))
  const dialect = dialectOf([...names.keys()])
  for (const [column, title] of header.entries()) {
    const name = fieldName(title)
    if (name === '' || dialect?.drops.includes(name)) continue
    const meaning = (Object.keys(SPELLINGS) as Meaning[]).find(key => SPELLINGS[key].includes(name))
    const before = meaning ? known[meaning] : fields.get(name)
    if (before !== undefined) {
      throw new UserError(
        `${file}: columns ${before + 1} and ${column + 1} of the header, '${header[before]}' and '${title}', mean the same`,
        'Rename or remove one of them.',
      )
    }
    if (meaning) known[meaning] = column
    else fields.set(name, column)
  }
  if (known.email === undefined) {
    const without = header.some(cell => parseAddress(cell) !== undefined)
    throw new UserError(
      without ? `${file} has no header` : `${file} has no column 'email' in its first line`,
      'The first line names the columns: email,name,newsletters',
    )
  }
  return { count: header.length, known, fields: [...fields], dialect, names }
}
