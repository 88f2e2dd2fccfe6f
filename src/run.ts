// Arguments, environment, streams and clock → an exit code. The one place that distinguishes a UserError from a bug.

import {
  type Call,
  CLEAR_LINE,
  createContext,
  isReplaced,
  type ProcessLike,
  parseArguments,
} from './commands/index.ts'
import { EXIT, FileError, replacedProgram, UserError } from './errors.ts'

/** Runs one command. Never throws; every message has been written when it returns. */
export async function run(proc: ProcessLike): Promise<number> {
  let call: Call | undefined
  try {
    const parsed = parseArguments(proc.argv)
    if ('wrong' in parsed) return report(parsed.wrong, proc, proc.argv.includes('--json'))
    if ('text' in parsed) {
      proc.stdout.write(parsed.text)
      return EXIT.done
    }
    call = parsed
    if (!call.command.endsAtOnce) proc.catchSignals?.()
    const context = createContext(call, proc)
    const command = await call.command.load()
    return await command.run(context)
  } catch (error) {
    return report(error, proc, call?.options.json === true)
  }
}

function report(error: unknown, { stdout, stderr }: ProcessLike, json: boolean): number {
  const { message, hint, exit } = error instanceof UserError ? error : asBug(error)
  // A progress bar may be there.
  if (stderr.isTTY) stderr.write(CLEAR_LINE)
  if (json) stdout.write(`${JSON.stringify({ error: { message, hint, ...placeOf(error) } }, null, 2)}\n`)
  stderr.write(`broadsheet: ${message}\n${hint ? `${hint.replace(/^/gm, '  ')}\n` : ''}`)
  return exit
}

/** File and line of the first problem, and every one of them with its own. */
function placeOf(error: unknown) {
  if (!(error instanceof FileError)) return {}
  const { problems } = error
  return { file: problems[0]?.file, line: problems[0]?.line, problems }
}

function asBug(error: unknown): { message: string; hint: string; exit: number } {
  if (isReplaced()) return replacedProgram(error)
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    message: `this is a bug in Broadsheet\n${stack}`,
    hint: 'Please report it with the lines above and what you did.',
    exit: 70, // EX_SOFTWARE of sysexits.h: none of the program's own codes.
  }
}
