// The rows of a list whose columns are known → subscribers, one at a time; a line that cannot be used gives the reason instead.

import { parseAddress } from '../../base/index.ts'
import type { SubscriberState, Suppression } from '../../model.ts'
import { readTime, type Standing } from './cell-values.ts'
import { fieldName, type Meaning, splitList } from './columns.ts'
import { parseList } from './list-file.ts'
import { type Columns, type ListSettings, worst } from './survey-list.ts'

export interface SubscriberRow {
  readonly line: number
  readonly email: string
  readonly key: string
  readonly name: string
  /** Newsletter id → topics. */
  readonly newsletters: Readonly<Record<string, readonly string[]>>
  /** Those that they have left; only our own export says so. */
  readonly left: readonly string[]
  readonly fields: Readonly<Record<string, string>>
  readonly language: string
  readonly state: SubscriberState | 'suppressed'
  /** Why the address must never be mailed again, when it is suppressed. */
  readonly suppression?: Suppression['reason'] | undefined
  /** Whether the file says that they unsubscribed, suppressed or not. */
  readonly hasLeft: boolean
  /** When it left or bounced, if the file says when; ms since epoch. */
  readonly ended?: number | undefined
  /** How and when consent was given, if the file says so (our own export does). */
  readonly source?: string | undefined
  readonly since?: number | undefined
}

export interface BadLine {
  readonly line: number
  readonly email?: string | undefined
  readonly why: string
  /** The line itself, as it is in the file. */
  readonly text: string
}

export async function* readSubscribers(
  chunks: AsyncIterable<string>,
  columns: Columns,
  settings: ListSettings,
): AsyncGenerator<SubscriberRow | BadLine> {
  let isHeader = true
  for await (const record of parseList(chunks)) {
    if (!('cells' in record)) yield record
    else if (!isHeader) yield readRow(record.line, record.cells, columns, settings)
    isHeader = false
  }
}

function readRow(
  line: number,
  cells: readonly string[],
  columns: Columns,
  settings: ListSettings,
): SubscriberRow | BadLine {
  const { titles, dialect, known } = columns
  const cell = (meaning: Meaning) => cells[known[meaning] ?? -1]?.trim() ?? ''
  const bad = (why: string): BadLine => ({ line, email: cell('email'), why, text: cells.join(',') })
  if (cells.length !== titles.length)
    return bad(`it has ${cells.length} cell${cells.length === 1 ? '' : 's'}, and the header ${titles.length}`)
  const address = parseAddress(cell('email').replace(/^mailto:/i, ''))
  if (!address) return bad(cell('email') === '' ? 'no e-mail address' : 'not an e-mail address')
  const said = readStates(cells, columns)
  if (typeof said === 'string') return bad(said)
  const newsletters = readNewsletters(cell('newsletters'), cell('topics'), columns, settings)
  if (typeof newsletters === 'string') return bad(newsletters)
  const isGone = said.state === 'unsubscribed' || said.state === 'suppressed'
  if (!isGone && Object.keys(newsletters).length === 0) return bad('it names no newsletter')
  const since = readSince(cells, columns)
  if (since === undefined && cell('consent_since') !== '')
    return bad(`consent_since is '${cell('consent_since')}': write 2026-01-30T07:00:00Z`)
  return {
    line,
    email: address.address,
    key: address.key,
    name: nameOf(cell('name'), cells, columns),
    newsletters,
    left: splitList(cell('left_newsletters')).filter(id => !Object.hasOwn(newsletters, id)),
    fields: {
      ...Object.fromEntries(columns.fields.map(([field, column]) => [field, cells[column]!.trim()])),
      ...jsonFields(columns.json.map(column => cells[column]!)),
    },
    language: cell('language'),
    ...said,
    source:
      cell('consent_source') ||
      (dialect && dialect.name !== 'Broadsheet' ? `${dialect.name} export` : undefined),
    since,
  }
}

/** The worst that any column says; or what is not understood. */
function readStates(
  cells: readonly string[],
  { states, everybody }: Columns,
): Pick<SubscriberRow, 'state' | 'suppression' | 'hasLeft' | 'ended'> | string {
  const all: Standing[] = [everybody]
  let ended: number | undefined
  for (const { column, title, reader, blank } of states) {
    const cell = cells[column]!.trim()
    const reading = reader.read(cell)
    if (reading === undefined) return `${title} is '${cell}', and that is not understood`
    const standing = reading === 'blank' ? blank : reading
    if (standing === 'nothing') continue
    all.push(standing)
    if (standing !== 'active' && standing !== 'pending') ended ??= reader.time?.(cell)
  }
  const standing = worst(all)
  const hasLeft = all.includes('unsubscribed')
  if (standing === 'active' || standing === 'pending') return { state: standing, hasLeft }
  if (standing === 'unsubscribed') return { state: standing, hasLeft, ended }
  return { state: 'suppressed', suppression: standing, hasLeft, ended }
}

function readSince(cells: readonly string[], { since, known }: Columns): number | undefined {
  const own = known.consent_since === undefined ? '' : cells[known.consent_since]!.trim()
  if (own !== '') return readTime(own)
  return since.map(column => readTime(cells[column]!.trim())).find(at => at !== undefined)
}

/** On one line, without control characters: it becomes part of a mail header. */
function nameOf(name: string, cells: readonly string[], { nameParts }: Columns): string {
  const part = (column: number | undefined) => (column === undefined ? undefined : cells[column]!.trim())
  const [given, family] = [part(nameParts.given), part(nameParts.family)]
  // 'Nom' beside 'Prénom' is the family's name, and 'Nombre' beside 'Apellidos' the given one.
  const whole =
    given !== undefined && family !== undefined
      ? name || `${given} ${family}`
      : `${name.includes(given ?? '') ? '' : given} ${name} ${name.includes(family ?? '') ? '' : family}`
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

/** Newsletter → topics, or what is wrong. A topic is for every newsletter, unless it names one: 'weekly=world'. */
function readNewsletters(
  ids: string,
  topics: string,
  columns: Columns,
  { newsletters }: ListSettings,
): Record<string, string[]> | string {
  const wanted = columns.known.newsletters === undefined ? newsletters : splitList(ids)
  const unknown = wanted.find(id => !newsletters.includes(id))
  if (unknown !== undefined) return `there is no newsletter '${unknown}': ${newsletters.join(', ')}`
  const result: Record<string, string[]> = Object.fromEntries(wanted.map(id => [id, []]))
  for (const topic of splitList(topics)) {
    const [, id, named] = /^([^=]+)=(.+)$/.exec(topic) ?? []
    if (id !== undefined && result[id] === undefined)
      return `topic '${topic}': '${id}' is not one of its newsletters`
    for (const list of id === undefined ? Object.values(result) : [result[id]!]) list.push(named ?? topic)
  }
  return result
}
