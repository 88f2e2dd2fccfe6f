// What a command is and what it is given: arguments, streams, clock and environment. Nothing in a command reaches past it.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { allowFastPaths, didYouMean } from '../base/index.ts'
import { type ExitCode, UserError } from '../errors.ts'
import type { Progress } from '../model.ts'

export interface Context {
  /** Positional arguments after the command's name. */
  readonly args: readonly string[]
  /** Options by their long name, camelCase: `--dry-run` is `dryRun`. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  /** Absolute path of the publication's folder (`--dir`, default the working folder). */
  readonly dir: string
  /** The working folder, which a path on the command line is relative to. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** $VISUAL or $EDITOR of who runs the program: a folder's `.env` may be a stranger's and starts no program. */
  readonly editor: string | undefined
  /** ms since epoch; `--now` and SOURCE_DATE_EPOCH rule over the clock. */
  now(): number
  readonly json: boolean
  readonly quiet: boolean
  /** Aborted by Ctrl-C or SIGTERM: finish what is in flight, save, say how to continue, return 130. */
  readonly signal: AbortSignal
  /** Where DNS is asked: 'address:port'; this machine's name servers when undefined. */
  readonly nameServers?: readonly string[] | undefined
  /** What standard output is written for. */
  readonly page: { /** May be coloured. */ readonly colour: boolean; readonly columns: number }
  /** The result of the command, on standard output: one JSON document with `--json`, otherwise `human()`. Call it once. */
  result(value: unknown, human: () => string): void
  /** A line for the person watching, on standard error; nothing with `--quiet`. */
  say(line: string): void
  /** A line about an error, on standard error; with `--quiet`, too. */
  sayError(line: string): void
  /** Asks yes or no on a terminal; throws UserError that names `--yes` where nobody can answer. */
  confirm(question: string): Promise<boolean>
  /** All of standard input. */
  stdin(): Promise<Buffer>
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

/** A command that is meant, with what was typed behind it. */
export interface Call {
  readonly command: Command
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

interface Stream {
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
  /** Name servers in place of this machine's, for tests: 'address:port'. */
  readonly nameServers?: readonly string[] | undefined
  /** ms since epoch. */
  clock(): number
  /** Aborted when the person, or the machine, wants the program to end. */
  readonly signal: AbortSignal
  /** From now on the signal is aborted then; before, the process ends at once. */
  catchSignals?(): void
}

export function createContext({ args, options }: Call, proc: ProcessLike): Context {
  allowFastPaths(proc.env.BROADSHEET_PLAIN !== '1')
  const dir = resolve(proc.cwd, typeof options.dir === 'string' ? options.dir : '.')
  const json = options.json === true
  const quiet = options.quiet === true
  const sayError = (line: string) => void proc.stderr.write(`${line}\n`)
  const say = (line: string) => {
    if (!quiet) sayError(line)
  }
  warnOfSlips(proc.env, say)
  // What the environment already says wins.
  const env = { ...readEnvFile(dir, say), ...proc.env }
  return {
    args,
    options,
    dir,
    cwd: proc.cwd,
    env,
    editor: proc.env.VISUAL || proc.env.EDITOR,
    now: clock(options.now, env, proc.clock),
    json,
    quiet,
    signal: proc.signal,
    nameServers: proc.nameServers,
    page: {
      // https://no-color.org: present and not empty.
      colour: proc.stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
      columns: proc.stdout.columns || 80,
    },
    say,
    sayError,
    result(value, human) {
      proc.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : human())
    },
    async confirm(question) {
      if (options.yes === true) return true
      if (!proc.stdin.isTTY || !proc.stderr.isTTY) {
        throw new UserError(
          `${question} There is no terminal to answer on.`,
          'Use --yes to go ahead, or --dry-run to look first.',
        )
      }
      const { confirm, isCancel } = await import('@clack/prompts')
      const answer = await confirm({ message: question, initialValue: false })
      return !isCancel(answer) && answer
    },
    async stdin() {
      const chunks: Uint8Array[] = []
      for await (const chunk of proc.stdin) chunks.push(Buffer.from(chunk))
      return Buffer.concat(chunks)
    },
    progress: (label, total) =>
      createProgress(label, total, { stream: proc.stderr, quiet, env, clock: proc.clock }),
  }
}

/** A set clock starts when it is first asked, so that pauses and rates still pass. */
function clock(text: unknown, env: Context['env'], real: () => number): () => number {
  const start = setTime(text, env)
  if (start === undefined) return real
  let began: number | undefined
  return () => {
    const now = real()
    began ??= now
    return start + (now - began)
  }
}

function setTime(text: unknown, env: Context['env']): number | undefined {
  if (typeof text === 'string') {
    const iso = /^\d{4}-\d\d(-\d\d)?(T\d\d(:?\d\d(:?\d\d([.,]\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/i.test(text)
    const at = Date.parse(text.replace(/(T.*[+-]\d\d)$/i, '$1:00').replace(/T([\d:.,]+)$/i, 'T$1Z'))
    if (!iso || Number.isNaN(at)) {
      throw new UserError(`--now ${text} is not a time`, 'Write it as ISO 8601: --now 2026-01-30T07:00+05:30')
    }
    return at
  }
  const epoch = env.SOURCE_DATE_EPOCH
  if (!epoch) return undefined
  if (!/^\d+$/.test(epoch)) throw new UserError(`SOURCE_DATE_EPOCH=${epoch} is not a number of seconds`)
  return Number(epoch) * 1000
}

/** Every variable that is read, in the order of the reference, and what it means there. */
export const VARIABLES: Readonly<Record<string, string>> = {
  BROADSHEET_SMTP: 'where mail goes: an address of the table below',
  BROADSHEET_DATABASE:
    'a file, `postgres://…`, or `git:<remote>#<branch>` ([from CI](../guides/sending-from-ci.md)); without it, `.broadsheet/broadsheet.db`',
  BROADSHEET_SECRET:
    'signs links and return addresses, and encrypts a ledger in a branch. Keep it: without it, links in mail that was sent stop working. Several, comma-separated: the first signs, all are accepted',
  BROADSHEET_DKIM_KEY: 'the private key that signs mail: PEM, or the path of a PEM file',
  BROADSHEET_DKIM_KEY_ED25519: 'a second key, Ed25519, that signs beside the first',
  BROADSHEET_IMAP: 'the mailbox that `bounces --imap` reads',
  BROADSHEET_WEBHOOK_SES: 'what Amazon SES signs its webhooks with',
  BROADSHEET_WEBHOOK_POSTMARK: 'the same of Postmark',
  BROADSHEET_WEBHOOK_MAILGUN: 'the same of Mailgun',
  BROADSHEET_WEBHOOK_SENDGRID: 'the same of SendGrid',
  BROADSHEET_METRICS_KEY:
    'a key that `/metrics` and `/status` of `serve` ask for, from outside of this machine',
  BROADSHEET_PLAIN: '`1`: without the fast paths, on one thread, to find out whether one of them is at fault',
  SOURCE_DATE_EPOCH: 'the time to use instead of now, in seconds; `--now` takes precedence',
  VISUAL:
    'the editor that `preview` opens files in; else `EDITOR`. Without one that opens a window of its own, VS Code',
  EDITOR: 'the same, where `VISUAL` is not set',
  CI: 'set by CI: `send` then refuses to start on a ledger that it had to create itself, or that knows no earlier edition',
  NO_COLOR: 'no colour',
}

const PREFIX = 'BROADSHEET_'

/** @returns undefined for a name that is read, or that is somebody else's */
function unknownVariable(name: string): string | undefined {
  if (!name.startsWith(PREFIX) || Object.hasOwn(VARIABLES, name)) return undefined
  const known = Object.keys(VARIABLES).filter(each => each.startsWith(PREFIX))
  const meant = didYouMean(
    name.slice(PREFIX.length),
    known.map(each => each.slice(PREFIX.length)),
  )
  return meant ? `Did you mean ${PREFIX}${meant}?` : `There are: ${known.join(', ')}.`
}

/** What is in the environment may be somebody else's: only what looks like a slip is named. */
function warnOfSlips(env: Context['env'], warn: (line: string) => void): void {
  for (const name of Object.keys(env)) {
    const advice = unknownVariable(name)
    if (advice?.startsWith('Did')) warn(`warning: ${name} in the environment is ignored. ${advice}`)
  }
}

/**
 * What `.env` says, with a warning for each line that says nothing or not what was meant.
 *
 * @param warn is given file and line, never a value
 * @throws UserError when there is one that cannot be read
 */
export function readEnvFile(dir: string, warn: (line: string) => void): Record<string, string | undefined> {
  let text: string
  try {
    text = readFileSync(join(dir, '.env'), 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {}
    throw new UserError(`.env cannot be read: ${(error as Error).message}`)
  }
  // Node's parser would take a byte order mark for a part of the first name.
  const tidy = tidyEnv(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'))
  for (const { line, message } of tidy.problems)
    warn(`.env:${line}: warning: ${message}. Right is NAME=value or NAME="value".`)
  for (const { line, name } of tidy.names) {
    const advice = unknownVariable(name)
    if (advice) warn(`.env:${line}: warning: there is no ${name}: it is ignored. ${advice}`)
  }
  return parseEnv(tidy.text)
}

interface TidyEnv {
  readonly text: string
  readonly names: readonly { /** 1-based. */ readonly line: number; readonly name: string }[]
  /** Never their words: they may be secrets. */
  readonly problems: readonly { /** 1-based. */ readonly line: number; readonly message: string }[]
}

/** NAME=value; a value in quotes may go over several lines. */
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/

/**
 * The same text as Node's parser reads it right, and the lines of it that say nothing. That parser takes an indented comment,
 * a line of spaces or one without `=` for the beginning of the next name, which is then lost.
 *
 * @param text with LF line ends
 */
function tidyEnv(text: string): TidyEnv {
  const problems: { line: number; message: string }[] = []
  const names: { line: number; name: string }[] = []
  const tidy: string[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const report = (message: string) => problems.push({ line: at + 1, message })
    const line = lines[at]!
    if (/^\s*(?:#|$)/.test(line)) continue
    const [, name, value] = ASSIGNMENT.exec(line) ?? []
    if (line.includes('\ufffd')) report('is not UTF-8')
    else if (value === undefined) report('is not NAME=value')
    if (name === undefined || value === undefined) continue
    names.push({ line: at + 1, name })
    const end = /^["'`]/.test(value) ? endOfQuoted(value, at, report) : at
    tidy.push(`${name}=${value}`, ...lines.slice(at + 1, end + 1))
    at = end
  }
  return { text: tidy.map(line => `${line}\n`).join(''), names, problems }

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

/** Clears the line where a progress bar may be, and returns to its beginning. ECMA-48 §8.3.41. */
export const CLEAR_LINE = '\r\u001b[K'

interface ProgressOptions {
  readonly stream: Stream
  readonly quiet: boolean
  readonly env: Context['env']
  clock(): number
}

const BAR_COLUMNS = 24
const FIRST_DRAWN_AFTER_MS = 1000
const REDRAW_MS = 100

/** A bar on a terminal, once the work has lasted a second; nothing where nobody watches. */
export function createProgress(
  label: string,
  total: number,
  { stream, quiet, env, clock }: ProgressOptions,
): Progress {
  const began = clock()
  const silent = quiet || !stream.isTTY || env.TERM === 'dumb'
  let drawn = 0
  const clear = () => {
    if (drawn) stream.write(CLEAR_LINE)
  }
  return {
    at(done, note = '') {
      const time = clock()
      if (silent || time - began < FIRST_DRAWN_AFTER_MS || (time - drawn < REDRAW_MS && done < total)) return
      const filled = total > 0 ? Math.round((BAR_COLUMNS * Math.min(done, total)) / total) : BAR_COLUMNS
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_COLUMNS - filled)
      // A terminal that does not know its width says 0.
      const line = `${label} ${bar} ${done}/${total} ${note}`
      stream.write(`${CLEAR_LINE}${line.slice(0, (stream.columns || 80) - 1)}`)
      drawn = time
    },
    stop: clear,
  }
}
