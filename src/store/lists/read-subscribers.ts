// CSV with a header → subscribers, one at a time; a line that cannot be used gives the reason instead.

import { parseAddress } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { SubscriberState } from '../../model.ts'
import { parseCsv, unguardFormula } from './csv.ts'
import { type Dialect, dialectOf } from './list-dialects.ts'

export interface SubscriberRow {
  readonly line: number
  readonly email: string
  readonly key: string
  readonly name: string
  /** Newsletter id → topics. */
  readonly newsletters: Readonly<Record<string, readonly string[]>>
  readonly fields: Readonly<Record<string, string>>
  readonly language: string
  readonly state: SubscriberState
  /** How and when consent was given, if the file says so (our own export does). */
  readonly source?: string | undefined
  readonly since?: number | undefined
}

export interface BadLine {
  readonly line: number
  readonly email?: string | undefined
  readonly why: string
}

interface ListSettings {
  /** The name of the file in messages. */
  readonly file: string
  /** Ids of the publication's newsletters: if the file has no column for them, everybody gets all. */
  readonly newsletters: readonly string[]
}

/** @throws UserError when the file has no usable header */
export async function* readSubscribersCsv(
  chunks: AsyncIterable<string>,
  settings: ListSettings,
): AsyncGenerator<SubscriberRow | BadLine> {
  let columns: Columns | undefined
  for await (const record of parseCsv(chunks, likelyDelimiter)) {
    if (!('cells' in record)) {
      if (columns) yield record
      else throw new UserError(`${settings.file}, line ${record.line}: ${record.why}`, 'Mend the header.')
    } else if (columns) yield readRow(record.line, record.cells.map(unguardFormula), columns, settings)
    // A first line 'sep=;' tells Excel the delimiter, and is not the header.
    else if (!(record.line === 1 && /^sep=/i.test(record.cells[0]!))) {
      columns = readColumns(record.cells.map(unguardFormula), settings.file)
    }
  }
  if (!columns)
    throw new UserError(`${settings.file} is empty`, 'The first line names the columns: email,name')
}

/** The one that occurs most often in the header, outside quotes; or what `sep=;` says. */
function likelyDelimiter(firstLine: string): string {
  const named = /^sep=(.)/i.exec(firstLine)?.[1]
  if (named) return named
  const unquoted = firstLine.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => unquoted.split(delimiter).length
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best))
}

function readRow(
  line: number,
  cells: readonly string[],
  columns: Columns,
  settings: ListSettings,
): SubscriberRow | BadLine {
  const cell = (meaning: Meaning) => cells[columns.known[meaning] ?? -1]?.trim() ?? ''
  const bad = (why: string): BadLine => ({ line, email: cell('email'), why })
  if (cells.length !== columns.count)
    return bad(`it has ${cells.length} cell${cells.length === 1 ? '' : 's'}, and the header ${columns.count}`)
  const address = parseAddress(cell('email'))
  if (!address) return bad(cell('email') === '' ? 'no e-mail address' : 'not an e-mail address')
  const named = (column: string) => cells[columns.names.get(column) ?? -1]?.trim() ?? ''
  const { dialect } = columns
  const state = dialect ? dialect.state(named) : cell('subscription') || 'active'
  if (!isState(state)) return bad(`subscription is '${state}': active, pending or unsubscribed`)
  const newsletters = readNewsletters(cell('newsletters'), cell('topics'), columns, settings)
  if (typeof newsletters === 'string') return bad(newsletters)
  if (state !== 'unsubscribed' && Object.keys(newsletters).length === 0) return bad('it names no newsletter')
  const since = Date.parse(dialect ? dialect.since(named) : cell('consent_since'))
  if (cell('consent_since') !== '' && Number.isNaN(since)) {
    return bad(`consent_since is '${cell('consent_since')}': write 2026-01-30T07:00:00Z`)
  }
  return {
    line,
    email: address.address,
    key: address.key,
    name: nameOf(cell('name'), cells, columns),
    newsletters,
    fields: {
      ...Object.fromEntries(columns.fields.map(([field, column]) => [field, cells[column]!.trim()])),
      ...jsonFields((dialect?.json ?? []).map(named)),
    },
    language: cell('language'),
    state,
    source: cell('consent_source') || (dialect && `${dialect.name} export`),
    since: Number.isNaN(since) ? undefined : since,
  }
}

/** On one line, without control characters: it becomes part of a mail header. */
function nameOf(name: string, cells: readonly string[], { fields }: Columns): string {
  const part = (field: string) => cells[fields.find(([known]) => known === field)?.[1] ?? -1] ?? ''
  const whole = name || `${part('first_name')} ${part('last_name')}`
  return whole.replace(/[\p{Cc}\s]+/gu, ' ').trim()
}

/** The plain values of another system's JSON columns; anything else in them is left out. */
function jsonFields(cells: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const cell of cells) {
    let record: unknown
    try {
      record = JSON.parse(cell || '{}')
    } catch {
      continue
    }
    for (const [name, value] of Object.entries(record ?? {})) {
      if (['string', 'number', 'boolean'].includes(typeof value)) fields[fieldName(name)] = String(value)
    }
  }
  return fields
}

function isState(text: string): text is SubscriberState {
  return text === 'active' || text === 'pending' || text === 'unsubscribed'
}

/** Newsletter → topics, or what is wrong. A topic is for every newsletter, unless it names one: 'weekly=world'. */
function readNewsletters(
  ids: string,
  topics: string,
  columns: Columns,
  { newsletters }: ListSettings,
): Record<string, string[]> | string {
  const wanted = columns.known.newsletters === undefined ? newsletters : split(ids)
  const unknown = wanted.find(id => !newsletters.includes(id))
  if (unknown !== undefined) return `there is no newsletter '${unknown}': ${newsletters.join(', ')}`
  const result: Record<string, string[]> = Object.fromEntries(wanted.map(id => [id, []]))
  for (const topic of split(topics)) {
    const [, id, named] = /^([^=]+)=(.+)$/.exec(topic) ?? []
    if (id !== undefined && result[id] === undefined)
      return `topic '${topic}': '${id}' is not one of its newsletters`
    for (const list of id === undefined ? Object.values(result) : [result[id]!]) list.push(named ?? topic)
  }
  return result
}

function split(cell: string): string[] {
  const parts = cell.split(/[;|,]/).map(part => part.trim())
  return [...new Set(parts.filter(part => part !== ''))]
}

/** Names of columns, in the form of `fieldName`. An export writes the first of each, in this order. */
const COLUMN_NAMES = {
  email: ['email', 'e_mail', 'mail', 'email_address', 'e_mail_address', 'mail_address'],
  name: ['name', 'full_name'],
  newsletters: ['newsletters', 'newsletter', 'lists', 'list'],
  topics: ['topics', 'topic'],
  language: ['language', 'lang', 'locale'],
  // Not 'state': in many lists that is where people live.
  subscription: ['subscription'],
  consent_source: ['consent_source'],
  consent_since: ['consent_since'],
} satisfies Record<string, readonly string[]>

/** What a column is for. */
export type Meaning = keyof typeof COLUMN_NAMES

export const MEANINGS = Object.keys(COLUMN_NAMES) as readonly Meaning[]

interface Columns {
  readonly count: number
  /** Meaning → number of the column. */
  readonly known: Readonly<Partial<Record<Meaning, number>>>
  /** Every other column that has a name: the field that it becomes, and its number. */
  readonly fields: readonly (readonly [field: string, column: number])[]
  /** The system whose export this is, if the header shows it. */
  readonly dialect: Dialect | undefined
  /** Every column by its name. */
  readonly names: ReadonlyMap<string, number>
}

/** @throws UserError when there is no column of addresses, or two columns mean the same */
function readColumns(header: readonly string[], file: string): Columns {
  const known: Partial<Record<Meaning, number>> = {}
  const fields = new Map<string, number>()
  const names = new Map(header.map((title, column) => [fieldName(title), column]))
  const dialect = dialectOf([...names.keys()])
  for (const [column, title] of header.entries()) {
    const name = fieldName(title)
    if (name === '' || dialect?.drops.includes(name)) continue
    const meaning = MEANINGS.find(key => COLUMN_NAMES[key].includes(name))
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
    const hasAddress = header.some(cell => parseAddress(cell) !== undefined)
    throw new UserError(
      hasAddress ? `${file} has no header` : `${file} has no column 'email' in its first line`,
      'The first line names the columns: email,name,newsletters',
    )
  }
  return { count: header.length, known, fields: [...fields], dialect, names }
}

/** 'First Name' → 'first_name', so that a template can ask for it. */
function fieldName(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}
