// The rows of a list → the list of subscribers and the suppressions, a batch at a time, with a report of what was read; and the
// list → CSV that is safe to open in a spreadsheet, and that an import reads back unchanged.

import type { Database } from '../database.ts'
import {
  type ImportResult,
  importSubscribers,
  type NewSubscriber,
  recordLeavers,
} from '../import-subscribers.ts'
import { type ListedSubscriber, listSubscribers, type SubscriberFilter } from '../subscribers.ts'
import { MEANINGS, type Meaning } from './columns.ts'
import { csvLine, guardFormula } from './list-file.ts'
import { type BadLine, readSubscribers, type SubscriberRow } from './read-subscribers.ts'
import type { Columns, ListSettings } from './survey-list.ts'

export interface ListReport {
  /** 'Mailchimp, unsubscribed' */
  readonly readAs: string | undefined
  read: number
  /** What the file says of those whose lines could be used. */
  readonly states: Record<SubscriberRow['state'], number>
  readonly reasons: { [reason in string]?: number }
  /** The first rows, as they were read. */
  readonly first: SubscriberRow[]
  /** What a person should look at. */
  readonly odd: string[]
  readonly bad: BadLine[]
}

export type ImportReport = ListReport &
  Record<ImportResult, number> & {
    /** Readers of this list who were active and are not any more, because the file says that they are gone. */
    ended: number
    /** Those who have not confirmed there; some may have done so here. */
    unconfirmed: NewSubscriber[]
    /** Readers who are gone in the file, and confirmed here afterwards, or nobody knows which was first. */
    kept: number
  }

/** What a file is read with, besides its columns. */
export interface ReadOptions extends ListSettings {
  /** Addresses that some line of the file calls unconfirmed: no other line makes them active. */
  readonly unconfirmed?: ReadonlySet<string> | undefined
  now(): number
}

export interface ImportOptions extends ReadOptions {
  /** Whether only these newsletters were asked for: whoever left elsewhere leaves only them. */
  readonly isPart?: boolean
  /** When it is aborted, what has been read is imported, and no more. */
  readonly signal: AbortSignal
}

const ROWS_PER_BATCH = 1_000

export async function importList(
  db: Database,
  chunks: AsyncIterable<string>,
  columns: Columns,
  options: ImportOptions,
): Promise<ImportReport> {
  const counts: Omit<ImportReport, keyof ListReport> = {
    ...{ added: 0, updated: 0, unchanged: 0, suppressed: 0, unsubscribed: 0, ended: 0, kept: 0 },
    unconfirmed: [],
  }
  const batch = new Map<string, SubscriberRow>()
  const flush = async () => {
    const rows = [...batch.values()]
    batch.clear()
    await storeRows(db, rows, columns, options, counts)
  }
  const report = await readList(chunks, columns, options, async row => {
    // An address may occur twice in a file, but not in a batch: the second line then updates the first.
    if (batch.size >= ROWS_PER_BATCH || batch.has(row.key)) await flush()
    batch.set(row.key, row)
    return !options.signal.aborted
  })
  await flush()
  return { ...report, ...counts }
}

/** The keys of all that some line calls unconfirmed, whatever another line of the file says. */
export async function unconfirmedIn(
  chunks: AsyncIterable<string>,
  columns: Columns,
  settings: ListSettings,
): Promise<Set<string>> {
  const keys = new Set<string>()
  for await (const row of readSubscribers(chunks, columns, settings))
    if ('state' in row && row.state === 'pending') keys.add(row.key)
  return keys
}

/** What `importList` would read, and nothing is stored. */
export function previewList(
  chunks: AsyncIterable<string>,
  columns: Columns,
  options: ReadOptions,
): Promise<ListReport> {
  return readList(chunks, columns, options, async () => true)
}

async function storeRows(
  db: Database,
  rows: readonly SubscriberRow[],
  columns: Columns,
  { file, now, isPart = false }: ImportOptions,
  counts: Omit<ImportReport, keyof ListReport>,
): Promise<void> {
  const newcomerOf = (row: SubscriberRow, state: NewSubscriber['state']): NewSubscriber => {
    const { email, key, name, newsletters, fields, language, source = `import ${file}`, since } = row
    return { email, key, name, newsletters, fields, language, source, since, state, topics: [], now: now() }
  }
  const stays: NewSubscriber[] = []
  const leaves: SubscriberRow[] = []
  for (const row of rows) {
    if (row.state === 'active' || row.state === 'pending') stays.push(newcomerOf(row, row.state))
    else leaves.push(row)
  }
  for (const [at, result] of (await importSubscribers(db, stays)).entries()) {
    counts[result] += 1
    const isHere = result === 'added' || result === 'updated' || result === 'unchanged'
    if (isHere && stays[at]!.state === 'pending') counts.unconfirmed.push(stays[at]!)
  }
  const isPartial = isPart || columns.known.newsletters !== undefined
  const leavers = leaves.map(row => ({
    newcomer: newcomerOf(row, 'unsubscribed'),
    hasLeft: row.hasLeft,
    suppression: row.suppression,
    ended: row.ended,
    newsletters:
      isPartial && Object.keys(row.newsletters).length > 0 ? Object.keys(row.newsletters) : undefined,
  }))
  for (const { result, hasEnded } of await recordLeavers(db, leavers, now())) {
    counts[result] += 1
    if (hasEnded) counts.ended += 1
  }
  // What they left, they have left here, too: no later list brings it back.
  const parted = rows.flatMap(row =>
    row.left.length === 0
      ? []
      : {
          newcomer: newcomerOf(row, 'unsubscribed'),
          hasLeft: true,
          suppression: undefined,
          ended: undefined,
          newsletters: row.left,
        },
  )
  await recordLeavers(db, parted, now())
}

const FIRST_ROWS = 5

/** @param use is given each row that can be used, and says whether to go on */
async function readList(
  chunks: AsyncIterable<string>,
  columns: Columns,
  options: ReadOptions,
  use: (row: SubscriberRow) => Promise<boolean>,
): Promise<ListReport> {
  const report: ListReport = {
    readAs: columns.readAs,
    read: 0,
    states: { active: 0, pending: 0, unsubscribed: 0, suppressed: 0 },
    reasons: {},
    first: [],
    odd: [],
    bad: [],
  }
  const oddities = new Oddities()
  let doubted = 0
  for await (const found of readSubscribers(chunks, columns, options)) {
    report.read += 1
    if ('why' in found) {
      report.bad.push(found)
      continue
    }
    const isDoubted = found.state === 'active' && options.unconfirmed?.has(found.key) === true
    const row: SubscriberRow = isDoubted ? { ...found, state: 'pending' } : found
    if (isDoubted) doubted += 1
    report.states[row.state] += 1
    if (row.suppression) report.reasons[row.suppression] = (report.reasons[row.suppression] ?? 0) + 1
    if (report.first.length < FIRST_ROWS) report.first.push(row)
    oddities.count(row)
    if (!(await use(row))) break
  }
  if (doubted > 0)
    report.odd.push(
      `${doubted} line${doubted === 1 ? ' is' : 's are'} active, and another line has the same address as unconfirmed: read as unconfirmed`,
    )
  report.odd.push(...oddities.describe(options.now()))
  return report
}

/** Mailboxes of an office, not of a person (RFC 2142, and what else is common). */
const ROLES =
  /^(abuse|admin|administrator|billing|contact|enquiries|help|hello|hostmaster|info|jobs|kontakt|mail|marketing|no-?reply|noc|office|orders|postmaster|press|sales|security|service|support|team|webmaster)@/

/** Fewer than this are alike by chance. */
const MIN_ALIKE = 5

/** Counts in the memory of one row. */
class Oddities {
  #rows = 0
  #roles = 0
  #garbled = 0
  #withSince = 0
  #domain: string | undefined
  #isOneDomain = true
  #day: string | undefined
  #isOneDay = true

  count({ key, name, since }: SubscriberRow): void {
    this.#rows += 1
    const domain = key.slice(key.lastIndexOf('@') + 1)
    this.#domain ??= domain
    if (domain !== this.#domain) this.#isOneDomain = false
    if (ROLES.test(key)) this.#roles += 1
    // UTF-8 that was read as windows-1252 once: 'José' as 'JosÃ©'.
    if (/Ã[\x80-\xBF\u2018-\u2122]|\uFFFD/.test(name)) this.#garbled += 1
    if (since === undefined) return
    this.#withSince += 1
    const day = new Date(since).toISOString().slice(0, 10)
    this.#day ??= day
    if (day !== this.#day) this.#isOneDay = false
  }

  describe(now: number): string[] {
    const odd: string[] = []
    const isMany = this.#rows >= MIN_ALIKE
    if (isMany && this.#isOneDomain) odd.push(`all ${this.#rows} addresses are at ${this.#domain}`)
    if (this.#withSince >= MIN_ALIKE && this.#isOneDay) {
      const today = new Date(now).toISOString().slice(0, 10)
      odd.push(`all ${this.#withSince} were added ${this.#day === today ? 'today' : `on ${this.#day}`}`)
    }
    if (this.#roles > 0)
      odd.push(
        `${this.#roles} role address${this.#roles === 1 ? '' : 'es'} (info@, sales@ …): read by an office, not by whoever agreed`,
      )
    if (this.#garbled > 0)
      odd.push(
        `${this.#garbled} garbled name${this.#garbled === 1 ? '' : 's'} (JosÃ© for José): the file was converted wrongly`,
      )
    return odd
  }
}

/**
 * Line by line, the header first. Reads the list twice: the header must name every field that somebody has.
 */
export async function* listAsCsv(db: Database, filter: SubscriberFilter): AsyncGenerator<string> {
  const names = new Set<string>()
  for await (const { fields } of listSubscribers(db, filter)) {
    for (const name of Object.keys(fields)) names.add(name)
  }
  const fields = [...names].sort()
  yield subscribersCsvHeader(fields)
  for await (const subscriber of listSubscribers(db, filter)) yield subscribersCsvLine(subscriber, fields)
}

/** @param fields names of the further columns */
export function subscribersCsvHeader(fields: readonly string[]): string {
  return csvLine([...MEANINGS, ...fields.map(guardFormula)])
}

/** One line. Times are ISO 8601 in UTC. */
export function subscribersCsvLine(subscriber: ListedSubscriber, fields: readonly string[]): string {
  const { email, name, newsletters, left, language, state, source, since } = subscriber
  const cells: Record<Meaning, string> = {
    email,
    name,
    newsletters: Object.keys(newsletters).join(';'),
    left_newsletters: left.join(';'),
    topics: topicsCell(newsletters),
    language,
    subscription: state,
    consent_source: source,
    consent_since: new Date(since).toISOString(),
  }
  const all = [
    ...MEANINGS.map(meaning => cells[meaning]),
    ...fields.map(field => subscriber.fields[field] ?? ''),
  ]
  return csvLine(all.map(guardFormula))
}

/** 'world;business' if all newsletters have the same topics, else 'weekly=world;daily=business'. */
function topicsCell(newsletters: ListedSubscriber['newsletters']): string {
  const lists = Object.values(newsletters).map(topics => topics.join(';'))
  if (new Set(lists).size <= 1) return lists[0] ?? ''
  return Object.entries(newsletters)
    .flatMap(([id, topics]) => topics.map(topic => `${id}=${topic}`))
    .join(';')
}
