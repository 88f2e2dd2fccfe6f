// `subscribers list` and `export`: who is on the list, on the screen or as CSV; and who is suppressed.

import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import {
  countSubscribers,
  countSuppressed,
  type ListedSubscriber,
  listAsCsv,
  listSubscribers,
  suppressedOf,
  suppressionsAsCsv,
} from '../../store/index.ts'
import { type ListContext, whichOf } from './list-context.ts'

export async function list(context: ListContext): Promise<ExitCode> {
  const limit = limitOf(context)
  const counts = await countSubscribers(context.db)
  const subscribers: ListedSubscriber[] = []
  let more = false
  for await (const subscriber of listSubscribers(context.db, whichOf(context), Math.min(limit + 1, 1_000))) {
    more = subscribers.length === limit
    if (more) break
    subscribers.push(subscriber)
  }
  const ids = subscribers.map(({ id }) => id)
  const reasons = await suppressedOf(context.db, ids)
  const suppressed = await countSuppressed(context.db)
  const all = subscribers.map(subscriber => ({
    ...subscriber,
    suppressed: reasons.get(subscriber.id) ?? null,
  }))
  context.result({ ...counts, suppressed, subscribers: all }, () => {
    const lines = all.map(({ email, name, state, newsletters, suppressed: why }) =>
      [email, why ? `suppressed (${why})` : state, Object.keys(newsletters).join(';'), name]
        .join('  ')
        .trimEnd(),
    )
    if (more) lines.push('…', 'Only the first: --limit 1000 shows more, export has all.')
    const { active, pending, unsubscribed } = counts
    const ofThem = suppressed > 0 ? ` (${suppressed} of them suppressed)` : ''
    lines.push(`${active} active${ofThem}, ${pending} unconfirmed, ${unsubscribed} unsubscribed`)
    return `${lines.join('\n')}\n`
  })
  return EXIT.done
}

function limitOf({ options }: ListContext): number {
  const limit = Number(options.limit ?? 50)
  if (Number.isSafeInteger(limit) && limit >= 0) return limit
  throw new UserError(`--limit ${options.limit} is not a whole number`, 'For example --limit 1000')
}

/** Into a file, which costs no memory, or on standard output; or as JSON. */
export async function exportFile(context: ListContext): Promise<ExitCode> {
  const [path] = context.rest
  const suppressions = context.options.suppressions === true
  if (suppressions && (context.options.state !== undefined || context.options.newsletter !== undefined))
    throw new UserError(
      'export --suppressions takes neither --state nor --newsletter',
      'A suppression is for all newsletters.',
    )
  const rows = () => (suppressions ? suppressionsAsCsv(context.db) : listAsCsv(context.db, whichOf(context)))
  if (path !== undefined)
    return exportTo(context, rows(), path, suppressions ? 'suppressions' : 'subscribers')
  if (context.json && !suppressions) {
    const subscribers = []
    for await (const subscriber of listSubscribers(context.db, whichOf(context))) subscribers.push(subscriber)
    context.result({ subscribers }, () => '')
    return EXIT.done
  }
  let text = ''
  for await (const line of rows()) text += line
  context.result({ csv: text }, () => text)
  return EXIT.done
}

/** Written beside its place and then renamed: nobody sees an unfinished list, and nobody but its owner reads it. */
async function exportTo(
  context: ListContext,
  rows: AsyncIterable<string>,
  shown: string,
  what: string,
): Promise<ExitCode> {
  // Relative to where the command is called, whatever --dir says.
  const path = resolve(context.cwd, shown)
  const unfinished = `${path}.half`
  try {
    const file = openSync(unfinished, 'w', 0o600)
    let exported = -1
    try {
      for await (const line of rows) {
        writeSync(file, line)
        exported += 1
      }
    } finally {
      closeSync(file)
    }
    renameSync(unfinished, path)
    context.result({ exported, file: shown }, () => `${exported} ${what} → ${shown}\n`)
    return EXIT.done
  } catch (error) {
    rmSync(unfinished, { force: true })
    const { code } = error as { code?: string }
    if (!/^(ENOENT|ENOTDIR|EISDIR|EACCES|EPERM|EROFS|ENOSPC)$/.test(code ?? '')) throw error
    throw new UserError(`${shown} cannot be written (${code})`, 'Name a file in a folder that exists.')
  }
}
