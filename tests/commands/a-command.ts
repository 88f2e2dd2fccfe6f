// One command's `run` as a function, with the context that the command line would give it.

import { type Command, type Context, createContext } from '../../src/commands/context.ts'
import { UserError } from '../../src/errors.ts'

export interface CommandOptions {
  readonly args?: readonly string[]
  readonly options?: Readonly<Record<string, string | boolean>>
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly signal?: AbortSignal
  readonly clock?: () => number
}

export interface Done {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly done: Promise<Done>
  stdout(): string
  stderr(): string
}

export function aCommand(
  command: { run(context: Context): Promise<number> },
  dir: string,
  given: CommandOptions = {},
): Running {
  let [stdout, stderr] = ['', '']
  const { args = [], options = {}, env = {}, stdin = '', signal, clock = Date.now } = given
  const context = createContext(
    { command: {} as Command, args: [...args], options: { ...options } },
    {
      argv: [],
      env,
      cwd: dir,
      stdin: (async function* () {
        yield stdin
      })(),
      stdout: { write: text => (stdout += text) },
      stderr: { write: text => (stderr += text) },
      clock,
      signal: signal ?? new AbortController().signal,
    },
  )
  const done = command.run(context).then(
    code => ({ code, stdout, stderr }),
    error => {
      if (!(error instanceof UserError)) throw error
      return { code: error.exit, stdout, stderr: `${stderr}${error.message}\n${error.hint}\n` }
    },
  )
  return { done, stdout: () => stdout, stderr: () => stderr }
}
