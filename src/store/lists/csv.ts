// CSV text in chunks → its records with the line on which each begins; cells → a line of CSV. RFC 4180.

import { CsvError, type Options, parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'

/** A record, or what is wrong with the line. The records around a bad one are not lost. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly why: string; readonly text: string }

/**
 * The header and the rows of a list. Rows of empty cells, which spreadsheets leave behind, are skipped; so are empty
 * cells beyond the last column.
 */
export async function* parseList(chunks: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let columns = 0
  for await (const record of parseCsv(chunks, likelyDelimiter)) {
    if (!('cells' in record)) yield record
    // A first line 'sep=;' tells Excel the delimiter, and is not the header.
    else if (columns === 0 && record.line === 1 && /^sep=/i.test(record.cells[0]!)) continue
    else if (record.cells.some(cell => cell.trim() !== '')) {
      const cells = record.cells.map(unguardFormula)
      if (columns === 0) columns = cells.length
      while (cells.length > columns && cells.at(-1)!.trim() === '') cells.pop()
      yield { line: record.line, cells }
    }
  }
}

/** The one that occurs most often in the header, outside quotes; or what `sep=;` says. */
function likelyDelimiter(firstLine: string): string {
  const named = /^sep=(.)/i.exec(firstLine)?.[1]
  if (named) return named
  const unquoted = firstLine.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => unquoted.split(delimiter).length
  return [',', ';', '\t', '|'].reduce((best, other) => (count(other) > count(best) ? other : best))
}

/**
 * A longer record was not meant: somebody forgot to close a quote. Together with a chunk it is also all of a file
 * that is in memory.
 */
const MAX_RECORD_BYTES = 65_536

/**
 * Blank lines are skipped.
 *
 * @param delimiterOf is given the first line, and says which character separates its cells
 */
export async function* parseCsv(
  chunks: AsyncIterable<string>,
  delimiterOf: (firstLine: string) => string,
): AsyncGenerator<CsvRecord> {
  let delimiter: string | undefined
  let text = ''
  let line = 1
  for await (const chunk of chunks) {
    text += chunk
    const end = endOfLastLine(text)
    if (end === 0) continue
    delimiter ??= delimiterOf(text.slice(0, endOfFirstLine(text)))
    const unfinished = yield* readLines(text.slice(0, end), line, delimiter, false)
    text = unfinished.text + text.slice(end)
    line = unfinished.line
  }
  yield* readLines(text, line, delimiter ?? delimiterOf(text), true)
}

/**
 * Reads whole lines. An error ends csv-parse, and its stream too; here it costs one line, and reading goes on with
 * the next: a quote that was never closed must not take the rest of the file with it.
 *
 * @param line the number of the first of them
 * @param isLast whether the file ends here; if not, a record whose quote is still open waits for more
 * @returns that record, and the number of its line
 */
function* readLines(
  text: string,
  line: number,
  delimiter: string,
  isLast: boolean,
): Generator<CsvRecord, { readonly text: string; readonly line: number }> {
  while (text !== '') {
    const { records, error } = parseUntilError(text, delimiter)
    let lines = 0
    for (const cells of records) {
      if (cells.length > 1 || cells[0] !== '') yield { line: line + lines, cells }
      lines += 1 + lineBreaks(cells)
    }
    line += lines
    if (!error) return { text: '', line }
    text = skipLines(text, lines)
    if (error.code === 'CSV_QUOTE_NOT_CLOSED' && !isLast) return { text, line }
    const end = endOfFirstLine(text)
    const bad = text.slice(0, end)
    yield { line, why: explain(error, bad), text: bad.trimEnd() }
    text = text.slice(end)
    line += 1
  }
  return { text, line }
}

/** The records before the first that cannot be read, and why that one cannot. */
function parseUntilError(
  text: string,
  delimiter: string,
): { readonly records: readonly string[][]; readonly error?: CsvError } {
  // Line ends are named since csv-parse would take the first that it finds for the only one.
  const options: Options = {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: MAX_RECORD_BYTES,
  }
  try {
    return { records: parse(text, options) }
  } catch (error) {
    if (!(error instanceof CsvError) || typeof error.records !== 'number') throw error
    return { records: error.records > 0 ? parse(text, { ...options, to: error.records }) : [], error }
  }
}

function explain({ code }: CsvError, line: string): string {
  if (code !== 'CSV_QUOTE_NOT_CLOSED' && code !== 'CSV_MAX_RECORD_SIZE')
    return 'a quote in the middle of a cell: write "" inside quotes'
  return Buffer.byteLength(line) > MAX_RECORD_BYTES
    ? `it is longer than ${MAX_RECORD_BYTES} bytes`
    : 'a quoted cell that is never closed'
}

const LINE_END = /\r\n|\n|\r/

/** Offset behind the last line that is certainly whole: a CR at the very end may be the first half of a CRLF. */
function endOfLastLine(text: string): number {
  return Math.max(text.lastIndexOf('\n'), text.slice(0, -1).lastIndexOf('\r')) + 1
}

function endOfFirstLine(text: string): number {
  const found = LINE_END.exec(text)
  return found ? found.index + found[0].length : text.length
}

function skipLines(text: string, lines: number): string {
  const ends = new RegExp(LINE_END, 'g')
  for (let skipped = 0; skipped < lines; skipped++) ends.exec(text)
  return text.slice(ends.lastIndex)
}

/** csv-parse counts lines too, but the two signs of a CRLF in a quoted cell as two. */
function lineBreaks(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) count += cell.split(LINE_END).length - 1
  }
  return count
}

/** Quotes also around a semicolon and a tab: some spreadsheets end a cell there. */
export function csvLine(cells: readonly string[]): string {
  return stringify([cells], { record_delimiter: '\r\n', quote_record_delimiter: true, quoted_match: /[;\t]/ })
}

const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const GUARDED = /^'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/**
 * A cell that no spreadsheet takes for a formula: '=1+1' → "'=1+1" (OWASP, "CSV Injection"). One more apostrophe also
 * where there are some, so that it can be undone exactly; `escape_formulas` of csv-stringify cannot be.
 */
export function guardFormula(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell
}

export function unguardFormula(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell
}
