// The text of an `.env` → the same as Node's parser reads it right, and the lines of it that say nothing. That parser takes
// an indented comment, a line of spaces or one without `=` for the beginning of the next name, which is then lost.

export interface TidyEnv {
  readonly text: string
  /** Never their words: they may be secrets. */
  readonly problems: readonly { /** 1-based. */ readonly line: number; readonly message: string }[]
}

/** NAME=value; a value in quotes may go over several lines. */
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/

/** @param text with LF line ends */
export function tidyEnv(text: string): TidyEnv {
  const problems: { line: number; message: string }[] = []
  const tidy: string[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const report = (message: string) => problems.push({ line: at + 1, message })
    const line = lines[at]!
    if (/^\s*(?:#|$)/.test(line)) continue
    const [, name, value] = ASSIGNMENT.exec(line) ?? []
    if (line.includes('\ufffd')) report('is not UTF-8')
    else if (value === undefined) report('is not NAME=value')
    if (value === undefined) continue
    const end = /^["'`]/.test(value) ? endOfQuoted(value, at, report) : at
    tidy.push(`${name}=${value}`, ...lines.slice(at + 1, end + 1))
    at = end
  }
  return { text: tidy.map(line => `${line}\n`).join(''), problems }

  /** @returns the index of the line where the value ends */
  function endOfQuoted(value: string, at: number, report: (message: string) => void): number {
    const quote = value[0]!
    const rest = [value.slice(1), ...lines.slice(at + 1)]
    const end = rest.findIndex(part => part.includes(quote))
    if (end === -1) {
      report(`opens a quote (${quote}) that is never closed`)
      return at
    }
    const behind = rest[end]!.slice(rest[end]!.indexOf(quote) + 1)
    if (!/^\s*(?:#|$)/.test(behind)) report(`opens a quote (${quote}) after whose end more follows`)
    return at + end
  }
}
