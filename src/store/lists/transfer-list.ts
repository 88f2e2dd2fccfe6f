// The text of a CSV file → the list, and the list → the lines of one; never more than some of either in memory.

import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import { UserError } from '../../errors.ts'
import type { Database } from '../database.ts'
import { type Added, importSubscribers, type Newcomer } from '../import-subscribers.ts'
import { listSubscribers, type Which } from '../subscribers.ts'
import { type BadLine, readSubscribersCsv, type SubscriberRow } from './read-subscribers.ts'
import { subscribersCsvHeader, subscribersCsvLine } from './write-subscribers.ts'

export type ImportReport = { read: number } & Record<Added, number> & { bad: BadLine[] }

export interface Importing {
  /** Its name, for the source of who comes by it. */
  readonly file: string
  /** Ids of the newsletters that its people get, unless the file says otherwise. */
  readonly newsletters: readonly string[]
  now(): number
  /** Aborted: what has been read is imported, and no more. */
  readonly signal: AbortSignal
}

const BATCH = 1_000

/** The good lines go to the list; the bad ones are reported with number and reason. */
export async function importList(
  db: Database,
  chunks: AsyncIterable<string>,
  { file, newsletters, now, signal }: Importing,
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
      // The same address once more: the lines count one after the other.
      if (batch.size >= BATCH || batch.has(row.key)) await flush()
      batch.set(row.key, row)
    }
    if (signal.aborted) break
  }
  await flush()
  return report
}

function newcomerOf(row: SubscriberRow, file: string, now: number): Newcomer {
  const { line: _, source, ...rest } = row
  return { ...rest, source: source ?? `import ${file}`, now, topics: [] }
}

/**
 * A file → its text: UTF-8, or UTF-16 with a byte order mark.
 *
 * @param read told how many bytes have been read so far
 * @throws UserError when the file cannot be read, or is text in no Unicode encoding
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

/** Header first. Twice through the list: the header must name every field that somebody has. */
export async function* listAsCsv(db: Database, which: Which): AsyncGenerator<string> {
  const names = new Set<string>()
  for await (const { fields } of listSubscribers(db, which))
    for (const name of Object.keys(fields)) names.add(name)
  const fields = [...names].sort()
  yield subscribersCsvHeader(fields)
  for await (const subscriber of listSubscribers(db, which)) yield subscribersCsvLine(subscriber, fields)
}
