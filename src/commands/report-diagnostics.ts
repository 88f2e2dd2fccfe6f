// Diagnostics → text: for people, for GitHub's annotations, or as data.

import type { Diagnostic } from '../model.ts'

export type Format = (diagnostics: readonly Diagnostic[]) => string

export const formats: Readonly<Record<string, Format>> = {
  pretty,
  json: diagnostics => `${JSON.stringify(diagnostics, null, 2)}\n`,
  github: diagnostics => diagnostics.map(annotation).join(''),
}

/** One block a file, one line a problem, what to do below it. */
function pretty(diagnostics: readonly Diagnostic[]): string {
  const files = new Map<string, string>()
  for (const found of diagnostics) files.set(found.file, `${files.get(found.file) ?? ''}${line(found)}`)
  return [...files].map(([file, lines]) => printable(`${file}\n${lines}`)).join('\n')
}

function line({ line, severity, message, advice, rule }: Diagnostic): string {
  const place = line > 0 ? `${line}: ` : ''
  return `  ${place}${severity}: ${message} (${rule})\n${advice ? `      ${advice}\n` : ''}`
}

/** What an article says must not steer the terminal that shows it. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, found => (found === '\n' ? found : '\uFFFD'))
}

// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
function annotation({ file, line, severity, message, advice, rule }: Diagnostic): string {
  const level = severity === 'info' ? 'notice' : severity
  const place = `file=${property(file)}${line > 0 ? `,line=${line}` : ''},title=${property(rule)}`
  return `::${level} ${place}::${data(`${message}. ${advice}`)}\n`
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
}

/** '2 errors, 1 warning'; empty when there is nothing to say. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']) =>
    diagnostics.filter(found => found.severity === severity).length
  return [plural(count('error'), 'error'), plural(count('warning'), 'warning')].filter(Boolean).join(', ')
}

function plural(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** With `--quiet` only errors are reported. */
export function reportedOf(diagnostics: readonly Diagnostic[], quiet: boolean): readonly Diagnostic[] {
  return quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics
}
