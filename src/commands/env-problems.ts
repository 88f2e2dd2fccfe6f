// The text of an `.env` → the lines of it that are not read as they were meant. Never their words: they may be secrets.

export interface EnvProblem {
  /** 1-based. */
  readonly line: number
  readonly message: string
}

/** As Node's parser reads it: NAME=value, and a value in quotes may go over several lines. */
const ASSIGNMENT = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*(.*)$/

/** @param text with LF line ends */
export function envProblems(text: string): EnvProblem[] {
  const problems: EnvProblem[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const report = (message: string) => problems.push({ line: at + 1, message })
    const line = lines[at]!
    if (/^\s*(?:#|$)/.test(line)) continue
    const value = ASSIGNMENT.exec(line)?.[1]
    if (line.includes('\ufffd')) report('is not UTF-8')
    else if (value === undefined) report('is not NAME=value, and may hide the line after it')
    if (value && /^["'`]/.test(value)) at = endOfQuoted(value, at, report)
  }
  return problems

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
