// Suppressions → CSV with hashes, and addresses where they are still known; and such a file, ours or a provider's, back.

import { addressHash, parseAddress } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { Suppression } from '../../model.ts'
import { type Database, jsonRows } from '../database.ts'
import { suppressAll } from '../suppressions.ts'
import { readTime, type Standing, stateOfWord, words } from './cell-values.ts'
import { meaningOf, mentionsMail } from './columns.ts'
import { csvLine, guardFormula, parseList } from './list-file.ts'
import type { BadLine } from './read-subscribers.ts'

type Reason = Suppression['reason']

const ROWS_PER_BATCH = 1_000

/** Line by line, the header first, in the order of the hashes. Times are ISO 8601 in UTC. */
export async function* suppressionsAsCsv(db: Database): AsyncGenerator<string> {
  yield csvLine(['hash', 'email', 'reason', 'since'])
  for (let after = ''; ; ) {
    const rows = await db.query<Suppression & { email: string | null }>(
      `SELECT x.hash, x.reason, x.since, (SELECT MIN(s.email) FROM subscribers s WHERE s.hash = x.hash) AS email
FROM suppressions x WHERE x.hash > $1 ORDER BY x.hash LIMIT $2`,
      [after, ROWS_PER_BATCH],
    )
    for (const { hash, email, reason, since } of rows)
      yield csvLine([hash, guardFormula(email ?? ''), reason, new Date(since).toISOString()])
    if (rows.length < ROWS_PER_BATCH) return
    after = rows.at(-1)!.hash
  }
}

/** Readers on the list who are suppressed, so that nothing is sent to them. */
export async function countSuppressed(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    "SELECT COUNT(*) AS count FROM subscribers s JOIN suppressions x ON x.hash = s.hash WHERE s.state = 'active'",
  )
  return row!.count
}

/** Subscriber → reason, of those who are suppressed. */
export async function suppressedOf(
  db: Database,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Reason>> {
  const rows = await db.query<{ id: number; reason: Reason }>(
    `SELECT s.id, x.reason FROM json_each($1) j CROSS JOIN subscribers s
JOIN suppressions x ON x.hash = s.hash WHERE s.id = CAST(j.key AS BIGINT)`,
    [jsonRows(ids.map(id => [id, 0]))],
  )
  return new Map(rows.map(({ id, reason }) => [id, reason]))
}

export interface SuppressionReport {
  read: number
  /** Of them, those that were not suppressed before. */
  added: number
  readonly reasons: { [reason in Reason]?: number }
  readonly bad: BadLine[]
}

/** A list of those who must not be mailed has no column that could be misread: everybody in it is suppressed. */
export async function importSuppressions(
  db: Database,
  chunks: AsyncIterable<string>,
  { file, now, signal, reason }: ImportSettings,
): Promise<SuppressionReport> {
  const report: SuppressionReport = { read: 0, added: 0, reasons: {}, bad: [] }
  const batch = new Map<string, Suppression>()
  const flush = async () => {
    report.added += await suppressAll(db, [...batch.values()])
    batch.clear()
  }
  let columns: SuppressionColumns | undefined
  for await (const record of parseList(chunks)) {
    if (signal.aborted) break
    const cells = 'cells' in record ? record.cells.map(cell => cell.trim()) : []
    if (!columns && 'cells' in record) {
      columns = columnsOf(cells, file)
      if (columns.hasHeader) continue
    }
    report.read += 1
    const hash = hashOf(cells, columns)
    if (!hash) {
      const why = 'why' in record ? record.why : 'neither an e-mail address nor a hash'
      report.bad.push({ line: record.line, why, text: 'text' in record ? record.text : cells.join(',') })
      continue
    }
    const said = reason ?? reasonOf(cells[columns!.reason ?? -1] ?? '')
    report.reasons[said] = (report.reasons[said] ?? 0) + 1
    if (batch.size >= ROWS_PER_BATCH) await flush()
    if (!batch.has(hash))
      batch.set(hash, { hash, reason: said, since: readTime(cells[columns!.since ?? -1] ?? '') ?? now() })
  }
  await flush()
  return report
}

interface ImportSettings {
  readonly file: string
  now(): number
  readonly signal: AbortSignal
  /** Of all of them, whatever the file says. */
  readonly reason?: Reason | undefined
}

interface SuppressionColumns {
  readonly hasHeader: boolean
  readonly address: number | undefined
  readonly hash: number | undefined
  readonly reason: number | undefined
  readonly since: number | undefined
}

/** SHA-256, hex. */
const HASH = /^[0-9a-f]{64}$/i

const ADDRESS = /^(address|recipient|email recipient|destination)$/
const REASON =
  /^(reason|suppressionreason|suppression reason|suppression type|type|status|event|bounce type)$/
const SINCE =
  /^(since|created|created at|createdat|created date|date|time|timestamp|added|lastupdatetime|last update time|suppressed at)$/

/** A list of nothing but addresses or hashes needs no header. */
function columnsOf(first: readonly string[], file: string): SuppressionColumns {
  const place = (fits: (cell: string) => boolean) => {
    const column = first.findIndex(fits)
    return column < 0 ? undefined : column
  }
  const [address, hash] = [place(cell => parseAddress(cell) !== undefined), place(cell => HASH.test(cell))]
  if (address !== undefined || hash !== undefined)
    return { hasHeader: false, address, hash, reason: undefined, since: undefined }
  const columns = {
    hasHeader: true,
    address:
      place(title => meaningOf(title) === 'email') ??
      place(title => ADDRESS.test(words(title))) ??
      place(title => mentionsMail(title)),
    hash: place(title => /^(hash|sha256|sha 256)$/.test(words(title))),
    reason: place(title => REASON.test(words(title))),
    since: place(title => SINCE.test(words(title))),
  }
  if (columns.address !== undefined || columns.hash !== undefined) return columns
  throw new UserError(
    `${file} has no column 'email' or 'hash' in its first line`,
    'The first line names the columns: hash,email,reason,since',
  )
}

function hashOf(cells: readonly string[], columns: SuppressionColumns | undefined): string | undefined {
  const hash = cells[columns?.hash ?? -1] ?? ''
  if (HASH.test(hash)) return hash.toLowerCase()
  const address = parseAddress(cells[columns?.address ?? -1] ?? '')
  return address && addressHash(address.key)
}

/** What it is called here; what is not known is a decision of somebody's. */
function reasonOf(cell: string): Reason {
  if (words(cell) === 'erased') return 'erased'
  // What a server replied, as SendGrid and Mailgun export it.
  if (/^5\d\d\b|\b5\.\d{1,3}\.\d{1,3}\b/.test(cell)) return 'bounce'
  const standing: Standing | undefined = stateOfWord(cell)
  return standing === undefined || standing === 'active' || standing === 'pending' ? 'manual' : standing
}
