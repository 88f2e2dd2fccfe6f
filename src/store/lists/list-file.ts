// A file of somebody else's making → its text, as often as it is asked for; or what it is instead of CSV in Unicode; and
// its records, one at a time.

import { createReadStream, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { TextDecoder } from 'node:util'
import { CsvError, type Options, parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { UserError } from '../../errors.ts'

export interface ListFile {
  /** In messages, and as the source of consent. */
  readonly name: string
  readonly bytes: number
  /** From the beginning. UTF-8, or UTF-16 with or without a byte order mark. */
  text(): AsyncGenerator<string>
}

/**
 * @param read is called with the number of bytes of each part that is read
 * @throws UserError when it cannot be read; its text throws one when it is not text in Unicode
 */
export function listFile(path: string, read: (bytes: number) => void): ListFile {
  try {
    const stats = statSync(path)
    // A pipe can be read only once.
    if (!stats.isFile() && !stats.isDirectory()) return listOfBytes(basename(path), readFileSync(path))
    const name = basename(path)
    return { name, bytes: stats.size, text: () => textOf(name, createReadStream(path), read) }
  } catch (error) {
    throw explain(error, path)
  }
}

export function listOfBytes(name: string, bytes: Buffer): ListFile {
  return {
    name,
    bytes: bytes.length,
    text: () => textOf(name, bytes.length > 0 ? [bytes] : [], () => undefined),
  }
}

async function* textOf(
  name: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  read: (bytes: number) => void,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let bytes = 0
  let last: Buffer | undefined
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(name, chunk), { fatal: true })
      last = chunk
      yield decoder.decode(chunk, { stream: true })
      bytes += chunk.length
      read(chunk.length)
    }
    yield decoder?.decode() ?? ''
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw notUnicode(name, last!, bytes)
    throw explain(error, name)
  }
}

/** How a file begins, what it is, and what to do. */
const OTHER_FILES: readonly (readonly [start: RegExp | string, what: string, hint: string])[] = [
  [/^PK.*opendocument\.spreadsheet/s, 'an OpenDocument spreadsheet (.ods)', 'Save it as CSV, UTF-8.'],
  [
    'PK\x03\x04',
    'an Excel workbook (.xlsx) or a ZIP archive',
    'Save the workbook as "CSV UTF-8"; unpack the archive.',
  ],
  ['\xD0\xCF\x11\xE0', 'an old Excel workbook (.xls)', 'Open it and save it as "CSV UTF-8".'],
  ['\x1F\x8B', 'compressed with gzip', 'Unpack it first: gunzip -c FILE | broadsheet subscribers import -'],
  ['%PDF', 'a PDF', 'Export the list as CSV.'],
  ['SQLite format 3', 'a database', 'Export the list as CSV.'],
  ['BEGIN:VCARD', 'an address book (vCard)', 'Export the list as CSV.'],
  ['\xFF\xFE\0\0', 'UTF-32', 'Save it as UTF-8.'],
  ['\0\0\xFE\xFF', 'UTF-32', 'Save it as UTF-8.'],
  [
    /^(\xEF\xBB\xBF)?\s*(<\?xml|<!doctype|<html|<table)/i,
    'HTML or XML, whatever its name',
    'Export the list as CSV.',
  ],
  [/^(\xEF\xBB\xBF)?\s*(\[\s*[{\]]|\{\s*")/, 'JSON', 'Export the list as CSV.'],
]

function encodingOf(name: string, start: Buffer): string {
  const text = start.subarray(0, 4096).toString('latin1')
  const other = OTHER_FILES.find(([first]) =>
    typeof first === 'string' ? text.startsWith(first) : first.test(text),
  )
  if (other) throw new UserError(`${name} is not CSV: it is ${other[1]}`, other[2])
  if (text.startsWith('\xFF\xFE')) return 'utf-16le'
  if (text.startsWith('\xFE\xFF')) return 'utf-16be'
  // Without a mark: a header is mostly ASCII, and every other byte of it zero.
  const zeros = (first: number) => [0, 2, 4, 6].every(place => text[place + first] === '\0')
  if (text.length >= 8 && zeros(1)) return 'utf-16le'
  if (text.length >= 8 && zeros(0)) return 'utf-16be'
  if (text.includes('\0')) throw new UserError(`${name} is not text`, 'Export the list as CSV, UTF-8.')
  return 'utf-8'
}

function notUnicode(name: string, chunk: Buffer, before: number): UserError {
  const likely = likelyEncodings(chunk)
  const first = likely[0] ?? 'windows-1252'
  return new UserError(
    `${name} is not UTF-8 (within the first ${before + chunk.length} bytes)${likely.length > 0 ? `; it looks like ${likely.join(' or ')}` : ''}`,
    `Nothing was imported. Save it as UTF-8: in Excel "CSV UTF-8", or
iconv -f ${first.toUpperCase()} -t UTF-8 ${name} > utf8-${name}`,
  )
}

/** Letters that texts in it are made of, and how many in a row there usually are. */
const ENCODINGS: readonly (readonly [
  encoding: string,
  letters: RegExp,
  runs: (length: number) => boolean,
])[] = [
  ['windows-1252', /[à-öø-ÿÀ-ÖØ-ÜßŒœŠšŽž€‘’“”–—°ºª«»¿¡]/u, length => length <= 2],
  ['macintosh', /[à-öø-ÿÀ-ÖØ-ÜßŒœ€‘’“”–—°ºª«»¿¡]/u, length => length <= 2],
  ['windows-1250', /[ąćęłńóśźżáčďéěíňřšťúůýžőűĄĆĘŁŃÓŚŹŻČĎĚŇŘŠŤŮŽŐŰöüäÖÜÄß]/u, length => length <= 2],
  ['Shift_JIS', /[\p{Script=Hiragana}\p{Script=Han}ァ-ヶー、。々]/u, length => length >= 2],
  ['EUC-JP', /[\p{Script=Hiragana}\p{Script=Han}ァ-ヶー、。々]/u, length => length >= 2],
  ['GB18030', /[\u4E00-\u9FA5，。]/u, length => length >= 2],
  ['Big5', /[\u4E00-\u9FA5，。]/u, length => length >= 2],
  ['EUC-KR', /[가-힣]/u, length => length >= 2],
  ['windows-1251', /[а-яёА-ЯЁіїєґ№«»]/u, length => length >= 3],
  ['windows-1256', /[\u0621-\u064Aپچژگک،؟]/u, length => length >= 3],
]

/** The most likely first; none that does not fit. */
function likelyEncodings(chunk: Buffer): string[] {
  const lines = chunk.toString('latin1').split('\n')
  const sample = Buffer.from(
    lines
      .filter(line => /[\x80-\xFF]/.test(line))
      .slice(0, 200)
      .join('\n'),
    'latin1',
  )
  const scores = ENCODINGS.map(([encoding, letters, runs]) => {
    let text: string
    try {
      text = new TextDecoder(encoding, { fatal: true }).decode(sample)
    } catch {
      return { encoding, score: 0 }
    }
    let [good, all] = [0, 0]
    for (const [run] of text.matchAll(/[\u0080-\u{10FFFF}]+/gu)) {
      const signs = [...run]
      all += signs.length
      if (runs(signs.length)) good += signs.filter(sign => letters.test(sign)).length
    }
    // Rare signs in a text of a script with thousands are a sign of the wrong one: ties go to the shorter text.
    return { encoding, score: all === 0 ? 0 : good / all - text.length / 1e7 }
  })
  const best = scores.filter(({ score }) => score > 0.6).sort((a, b) => b.score - a.score)
  return best
    .filter(({ score }) => score > best[0]!.score - 0.15)
    .map(({ encoding }) => encoding)
    .slice(0, 3)
}

function explain(error: unknown, path: string): unknown {
  const { code } = error as { code?: string }
  if (code === 'ENOENT')
    return new UserError(`there is no file ${path}`, 'Check the path; - reads standard input.')
  if (code === 'EISDIR') return new UserError(`${path} is a folder`, 'Name a CSV file in it.')
  if (code === 'EACCES' || code === 'EPERM')
    return new UserError(`${path} may not be read`, 'Check who owns it.')
  return error
}

// ─── CSV ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// CSV text in chunks → its records with the line on which each begins; cells → a line of CSV. RFC 4180.

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
    yield { line, why: explainCsvError(error, bad), text: bad.trimEnd() }
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

function explainCsvError({ code }: CsvError, line: string): string {
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
