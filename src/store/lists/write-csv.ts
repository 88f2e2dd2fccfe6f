// One record → one line of CSV. RFC 4180: CRLF at the end, quotes only where they are needed.

export function csvLine(cells: readonly string[]): string {
  // A line that is empty would be read as no record at all.
  if (cells.length === 1 && cells[0] === '') return '""\r\n'
  return `${cells.map(cell => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}
