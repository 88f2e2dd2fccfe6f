// A CSV file → the list of subscribers, a batch at a time; bad lines are reported with number and reason.

import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import { UserError } from '../../errors.ts'
import type { Database } from '../database.ts'
import { type ImportResult, importSubscribers, type NewSubscriber } from '../import-subscribers.ts'
import { type BadLine, readSubscribersCsv, type SubscriberRow } from './read-subscribers.ts'

export type ImportReport = { read: number } & Record<ImportResult, number> & { bad: BadLine[] }

interface ImportOptions {
  /** Its name, in messages and as the source of consent. */
  readonly file: string
  /** Ids of the publication's newsletters: if the file has no column for them, everybody gets all. */
  readonly newsletters: readonly string[]
  now(): number
  /** When it is aborted, what has been read is imported, and no more. */
  readonly signal: AbortSignal
}

const BATCH_SIZE = 1_000

export async function importList(
  db: Database,
  chunks: AsyncIterable<string>,
  { file, newsletters, now, signal }: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = {
    read: 0,
    added: 0,
    updated: 0,
    unchanged: 0,
    suppressed: 0,
    unsubscribed: 0,
    bad: [],
  }
  const batch = new Map<string, SubscriberRow>()
  const flush = async () => {
    const rows = [...batch.values()].map(row => newcomerOf(row, file, now()))
    batch.clear()
    for (const added of await importSubscribers(db, rows)) report[added] += 1
  }
  for await (const row of readSubscribersCsv(chunks, { file, newsletters })) {
    report.read += 1
    if ('why' in row) report.bad.push(row)
    else {
      // An address may occur twice in a file, but not in a batch: the second line then updates the first.
      if (batch.size >= BATCH_SIZE || batch.has(row.key)) await flush()
      batch.set(row.key, row)
    }
    if (signal.aborted) break
  }
  await flush()
  return report
}

function newcomerOf(row: SubscriberRow, file: string, now: number): NewSubscriber {
  const { line: _, source, ...rest } = row
  return { ...rest, source: source ?? `import ${file}`, now, topics: [] }
}

/**
 * A file → its text: UTF-8, or UTF-16 with a byte order mark.
 *
 * @param read is called with the number of bytes read so far
 * @throws UserError when the file cannot be read, or is not Unicode
 */
export async function* textChunks(path: string, read: (bytes: number) => void): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      bytes += chunk.length
      read(bytes)
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder?.decode() ?? ''
  } catch (error) {
    throw explain(error, path, bytes)
  }
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8'
}

function explain(error: unknown, path: string, bytes: number): unknown {
  const { code } = error as { code?: string }
  if (code === 'ENOENT')
    return new UserError(`there is no file ${path}`, 'Check the path; - reads standard input.')
  if (code === 'EISDIR') return new UserError(`${path} is a folder`, 'Name a CSV file in it.')
  if (code === 'EACCES' || code === 'EPERM') return new UserError(`${path} may not be read`)
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    const hint = 'Save it as UTF-8: in Excel "CSV UTF-8", or iconv -f WINDOWS-1252 -t UTF-8'
    return new UserError(`${path} is not UTF-8 (within the first ${bytes} bytes)`, hint)
  }
  return error
}
