// A call and the process it was made in → the Context that its command runs with.

import { resolve } from 'node:path'
import { UserError } from '../errors.ts'
import type { Progress } from '../model.ts'
import type { Context, ProcessLike, Stream } from './context.ts'
import { readEnvFile } from './environment.ts'
import type { Call } from './parse-arguments.ts'

export function createContext({ args, options }: Call, proc: ProcessLike): Context {
  const dir = resolve(proc.cwd, typeof options.dir === 'string' ? options.dir : '.')
  const json = options.json === true
  const quiet = options.quiet === true
  const sayError = (line: string) => void proc.stderr.write(`${line}\n`)
  const say = (line: string) => {
    if (!quiet) sayError(line)
  }
  // What the environment already says wins.
  const env = { ...readEnvFile(dir, say), ...proc.env }
  return {
    args,
    options,
    dir,
    env,
    now: clock(options.now, env, proc.clock),
    json,
    quiet,
    signal: proc.signal,
    say,
    sayError,
    result(value, human) {
      proc.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : human())
    },
    async confirm(question) {
      if (options.yes === true) return true
      if (!proc.stdin.isTTY || !proc.stderr.isTTY) {
        throw new UserError(
          `${question} Nobody is there to answer.`,
          'Say --yes to go ahead, or --dry-run to look first.',
        )
      }
      const { confirm, isCancel } = await import('@clack/prompts')
      const answer = await confirm({ message: question, initialValue: false })
      return !isCancel(answer) && answer
    },
    async stdin() {
      const chunks: Uint8Array[] = []
      for await (const chunk of proc.stdin) chunks.push(Buffer.from(chunk))
      return Buffer.concat(chunks).toString('utf8')
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
