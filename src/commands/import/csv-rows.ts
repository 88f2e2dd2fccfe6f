// A CSV file of an export → its rows by the names of their columns, one by one. Cells may hold whole articles.

import { type CsvError, parse } from 'csv-parse'
import { UserError } from '../../errors.ts'
import type { ExportFile } from './export-files.ts'

export interface CsvRow {
  /** 1-based: where the row ends. */
  readonly line: number
  /** By column, names in small letters; '' where there is none. */
  cell(...names: string[]): string
}

/** One cell with an article in it. */
const MAX_ROW_CHARACTERS = 16 * 2 ** 20

/** @throws UserError where the file breaks the rules of CSV */
export async function* readRows(file: ExportFile): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(file),
    columns: names => names.map((name: string) => name.trim().toLowerCase()),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
  })
  const source = await file.stream()
  const fed = (async () => {
    for await (const chunk of source)
      if (!parser.write(chunk)) await new Promise(resolve => parser.once('drain', resolve))
    parser.end()
  })()
  fed.catch(error => parser.destroy(error))
  try {
    for await (const { record, info } of parser) {
      const row = record as Record<string, string | undefined>
      yield {
        line: info.lines,
        cell: (...names) => names.map(name => row[name]?.trim() ?? '').find(text => text !== '') ?? '',
      }
    }
  } catch (error) {
    if (!(error as CsvError).code?.startsWith('CSV_')) throw error
    throw new UserError(`${file.path} is no CSV: ${(error as Error).message}`, 'Export it again.')
  }
}

/** A spreadsheet that somebody saved it with may have put others between the names of columns. */
function delimiterOf({ head }: Pick<ExportFile, 'head'>): string {
  const header = head.slice(0, head.search(/\r?\n|$/))
  const count = (sign: string) => header.split(sign).length
  return [',', ';', '\t'].sort((a, b) => count(b) - count(a))[0]!
}

/** @param names of columns that it must have */
export function hasColumns({ path, head }: ExportFile, ...names: string[]): boolean {
  if (!/\.csv$/i.test(path)) return false
  const header = head.slice(0, head.search(/\r?\n|$/)).toLowerCase()
  const columns = header
    .replace(/^\ufeff/, '')
    .split(delimiterOf({ head }))
    .map(name => name.replace(/^"|"$/g, '').trim())
  return names.every(name => columns.includes(name))
}
