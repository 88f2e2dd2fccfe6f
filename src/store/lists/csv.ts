// CSV text in chunks → its records, one at a time, with the line on which each begins. RFC 4180, strictly. And back.

/** A record, or what is wrong with the line. The records around a bad one are not lost. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly why: string }

/** @param delimiter one character; a function is given the first line and says which */
export async function* parseCsv(
  chunks: AsyncIterable<string>,
  delimiter: string | ((header: string) => string),
): AsyncGenerator<CsvRecord> {
  let sign = typeof delimiter === 'string' ? delimiter : undefined
  let number = 1
  let pending: string[] = []
  // Takes records off the front of the pending lines. At the end of the text an open quote is an error, not a wait.
  function* take(end: boolean): Generator<CsvRecord> {
    while (pending.length > 0) {
      if (/^[\r\n]*$/.test(pending[0]!)) {
        pending = pending.slice(1)
        number += 1
        continue
      }
      const cells = parseRecord(pending, sign!)
      if (cells === 'open' && !end && pending.length < LONGEST) return
      const line = number
      const used = typeof cells === 'string' ? 1 : cells.lines
      pending = pending.slice(used)
      number += used
      if (cells === 'open') yield { line, why: 'a quoted cell that is never closed' }
      else if (cells === 'stray')
        yield { line, why: 'a quote in the middle of a cell: write "" inside quotes' }
      else yield { line, cells: cells.cells }
    }
  }
  for await (const line of splitLines(chunks)) {
    sign ??= (delimiter as (header: string) => string)(line)
    pending.push(line)
    yield* take(false)
  }
  yield* take(true)
}

/** A quoted cell that is longer than this many lines was not meant: its quote was forgotten. */
const LONGEST = 200

/** The record that begins with the first line, and how many lines it takes. Each line ends as it did in the text. */
function parseRecord(
  lines: readonly string[],
  delimiter: string,
): { cells: string[]; lines: number } | 'open' | 'stray' {
  const cells: string[] = []
  let index = 0
  let text = lines[0]!
  let at = 0
  for (;;) {
    if (text[at] !== '"') {
      const rest = text.indexOf(delimiter, at)
      const end = rest === -1 ? text.length : rest
      const cell = rest === -1 ? text.slice(at).replace(/(?:\r\n|\n|\r)$/, '') : text.slice(at, end)
      if (cell.includes('"')) return 'stray'
      cells.push(cell)
      if (rest === -1) return { cells, lines: index + 1 }
      at = end + 1
      continue
    }
    let cell = ''
    for (at += 1; ; ) {
      const quote = text.indexOf('"', at)
      if (quote === -1) {
        cell += text.slice(at)
        index += 1
        if (index === lines.length) return 'open'
        text = lines[index]!
        at = 0
        continue
      }
      cell += text.slice(at, quote)
      at = quote + 1
      if (text[at] !== '"') break
      cell += '"'
      at += 1
    }
    cells.push(cell)
    if (text[at] === delimiter) at += 1
    else return /^(?:\r\n|\n|\r)?$/.test(text.slice(at)) ? { cells, lines: index + 1 } : 'stray'
  }
}

export async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    rest += chunk
    // A CR at the very end may be the first half of a CRLF.
    const whole = /\r$/.test(rest) ? rest.length - 1 : rest.length
    let start = 0
    for (const match of rest.slice(0, whole).matchAll(/\r\n|\n|\r/g)) {
      const end = match.index + match[0].length
      // CRLF cut by the limit above: wait for the next chunk.
      if (match[0] === '\r' && end === whole && whole < rest.length) break
      yield rest.slice(start, end)
      start = end
    }
    rest = rest.slice(start)
  }
  for (const line of rest.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? []) yield line
}

export function csvLine(cells: readonly string[]): string {
  // A line that is empty would be read as no record at all.
  if (cells.length === 1 && cells[0] === '') return '""\r\n'
  return `${cells.map(cell => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}

/** '=1+1' → "'=1+1". One more apostrophe also where there are some, so that it can be undone exactly. */
export function guardFormula(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell
}

export function unguardFormula(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell
}

const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

const GUARDED = /^'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
