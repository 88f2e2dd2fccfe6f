// Runs the command line as a function: arguments and a folder in; exit code and what was printed out.

import { run } from '../src/run.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Standard output as the one JSON document that it must be. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects.
  json(): any
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly signal?: AbortSignal
  /** Whether standard error is a terminal. */
  readonly terminal?: boolean
  /** Whether standard output is a terminal. */
  readonly page?: boolean
  /** 'address:port' */
  readonly nameServers?: readonly string[]
  /** Told of everything that is printed as a result: a server has started then. */
  said?(text: string): void
  /** Told of everything that is printed on standard error. */
  onStderr?(text: string): void
  /** Default: the real clock. */
  clock?(): number
}

export async function aRun(cwd: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const code = await run({
    argv,
    env: options.env ?? {},
    cwd,
    stdin: (async function* () {
      yield options.stdin ?? ''
    })(),
    stdout: {
      isTTY: options.page === true,
      write: text => {
        stdout += text
        options.said?.(text)
      },
    },
    stderr: {
      isTTY: options.terminal === true,
      write: text => {
        stderr += text
        options.onStderr?.(text)
      },
    },
    nameServers: options.nameServers,
    clock: options.clock ?? Date.now,
    signal: options.signal ?? new AbortController().signal,
  })
  return { code, stdout, stderr, json: () => JSON.parse(stdout) }
}
