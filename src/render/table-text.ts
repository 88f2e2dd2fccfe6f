// Rows of cells → lines with aligned columns, or, where that would be too wide to read, each row as a list.

/** A mail client's window at its narrowest useful width, and a bound on what a table of thousands of columns costs. */
const widest = 100

export function tableText(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows
  if (!head) return ''
  const widths = head.map((_, column) => Math.max(...rows.map(row => width(row[column] ?? ''))))
  const total = widths.reduce((sum, each) => sum + each + 3, 0)
  if (total > widest)
    return body.length > 0 ? body.map(row => asList(head, row)).join('\n\n') : head.join(', ')

  const line = (row: readonly string[]) =>
    widths
      .map((each, column) => (row[column] ?? '') + ' '.repeat(Math.max(0, each - width(row[column] ?? ''))))
      .join(' | ')
      .trimEnd()
  return [line(head), widths.map(each => '-'.repeat(each)).join('-+-'), ...body.map(line)].join('\n')
}

function asList(head: readonly string[], row: readonly string[]): string {
  return row
    .flatMap((cell, column) => (cell ? `${head[column] ? `${head[column]}: ` : ''}${cell}` : []))
    .join('\n')
}

/** East Asian wide letters take two columns, combining marks none. */
function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let columns = 0
  for (const letter of text) {
    if (/\p{M}|\p{Cf}/u.test(letter)) continue
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(
        letter,
      )
        ? 2
        : 1
  }
  return columns
}
