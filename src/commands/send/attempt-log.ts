// --log and --log-addresses → the log of each attempt of this process, where it is asked for.

import { resolve } from 'node:path'
import { type AttemptLog, openAttemptLog } from '../../deliver/index.ts'
import type { Context } from '../context.ts'

/** --log names a file; --log-addresses says that it may know who. */
export function attemptLog({ options, dir }: Pick<Context, 'options' | 'dir'>): AttemptLog | undefined {
  if (typeof options.log !== 'string') return undefined
  return openAttemptLog(resolve(dir, options.log), options.logAddresses === true)
}
