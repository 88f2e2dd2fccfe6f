// What a command is and what it is given: arguments, streams, clock and environment. Nothing in a command reaches past it.

import type { ExitCode } from '../errors.ts'
import type { Progress } from '../model.ts'

export interface Context {
  /** Positional arguments after the command's name. */
  readonly args: readonly string[]
  /** Options by their long name, camelCase: `--dry-run` is `dryRun`. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  /** Absolute path of the publication's folder (`--dir`, default the working folder). */
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** ms since epoch; `--now` and SOURCE_DATE_EPOCH rule over the clock. */
  now(): number
  readonly json: boolean
  readonly quiet: boolean
  /** Aborted by Ctrl-C or SIGTERM: finish what is in flight, save, say how to continue, return 130. */
  readonly signal: AbortSignal
  /** The result of the command, on standard output: one JSON document with `--json`, otherwise `human()`. Call it once. */
  result(value: unknown, human: () => string): void
  /** A line for the person watching, on standard error; nothing with `--quiet`. */
  say(line: string): void
  /** A line about an error, on standard error; with `--quiet`, too. */
  sayError(line: string): void
  /** Asks yes or no on a terminal; throws UserError that names `--yes` where nobody can answer. */
  confirm(question: string): Promise<boolean>
  /** All of standard input, as text. */
  stdin(): Promise<string>
  progress(label: string, total: number): Progress
}

export interface Option {
  /** As commander takes it: '--to <address>' or '--dry-run'. */
  readonly flags: string
  readonly summary: string
}

/** One row of the command table. */
export interface Command {
  readonly name: string
  /** '[newsletter/id]'; empty when it takes none. */
  readonly args: string
  readonly summary: string
  readonly options: readonly Option[]
  readonly example: string
  /** A signal ends it at once: whatever it writes is whole at any moment, and the next run continues from there. */
  readonly endsAtOnce?: true
  /** Heavy imports stay behind this. */
  load(): Promise<{ run(context: Context): Promise<ExitCode> }>
}

export interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** The part of `process` that the program uses; a test passes its own. */
export interface ProcessLike {
  /** Without node and the script. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean }
  readonly stdout: Stream
  readonly stderr: Stream
  /** ms since epoch. */
  clock(): number
  /** Aborted when the person, or the machine, wants the program to end. */
  readonly signal: AbortSignal
  /** From now on the signal is aborted then; before, the process ends at once. */
  catchSignals?(): void
}
