// `subscribers list`, `import` and `export`: who is on the list, and CSV files into it and out of it.

import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import {
  countSubscribers,
  type ImportReport,
  importList,
  type ListedSubscriber,
  listAsCsv,
  listSubscribers,
  textChunks,
} from '../../store/index.ts'
import type { Context } from '../context.ts'
import { type ListContext, newsletterIds, whichOf } from './list-context.ts'

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
  context.result({ ...counts, subscribers }, () => {
    const lines = subscribers.map(({ email, name, state, newsletters }) =>
      [email, state, Object.keys(newsletters).join(';'), name].join('  ').trimEnd(),
    )
    if (more) lines.push('…', 'Only the first: --limit 1000 shows more, export has all.')
    lines.push(`${counts.active} active, ${counts.pending} unconfirmed, ${counts.unsubscribed} unsubscribed`)
    return `${lines.join('\n')}\n`
  })
  return EXIT.done
}

function limitOf({ options }: ListContext): number {
  const limit = Number(options.limit ?? 50)
  if (Number.isSafeInteger(limit) && limit >= 0) return limit
  throw new UserError(`--limit ${options.limit} is not a whole number`, 'For example --limit 1000')
}

/** How many bad lines are shown; `--json` has all of them. */
const MAX_SHOWN_LINES = 20

export async function importFile(context: ListContext): Promise<ExitCode> {
  const path = context.rest[0]!
  const file = path === '-' ? 'standard input' : basename(path)
  const newsletters = await newsletterIds(context)
  const { now, signal } = context
  const { chunks, stop } = open(context, path, file)
  try {
    const report = await importList(context.db, chunks, { file, newsletters, now, signal })
    return describeImport(context, report, file)
  } finally {
    stop()
  }
}

function open(context: Context, path: string, file: string): { chunks: AsyncIterable<string>; stop(): void } {
  if (path === '-') return { chunks: typed(context), stop: () => undefined }
  const whole = resolve(context.dir, path)
  const size = statSync(whole, { throwIfNoEntry: false })?.size ?? 0
  const progress = context.progress(`importing ${file}`, size)
  return { chunks: textChunks(whole, bytes => progress.at(bytes)), stop: () => progress.stop() }
}

async function* typed(context: Context): AsyncGenerator<string> {
  yield (await context.stdin()).replace(/^\uFEFF/, '')
}

function describeImport(context: ListContext, report: ImportReport, file: string): ExitCode {
  for (const { line, why } of report.bad.slice(0, MAX_SHOWN_LINES))
    context.sayError(`${file}:${line}: ${why}`)
  if (report.bad.length > MAX_SHOWN_LINES)
    context.sayError(`… and ${report.bad.length - MAX_SHOWN_LINES} more; --json lists all`)
  context.result(report, () => {
    const counts = [
      `${report.read} line${report.read === 1 ? '' : 's'} read: ${report.added} added, ${report.updated} updated, ${report.unchanged} unchanged`,
      report.suppressed > 0 && `${report.suppressed} left alone: they are suppressed`,
      report.unsubscribed > 0 && `${report.unsubscribed} left alone: they have unsubscribed`,
      report.bad.length > 0 && `${report.bad.length} could not be used`,
      context.signal.aborted && 'Interrupted. Run it again: what is on the list already stays as it is.',
    ]
    return `${counts.filter(Boolean).join('\n')}\n`
  })
  if (context.signal.aborted) return EXIT.interrupted
  return report.bad.length > 0 ? EXIT.content : EXIT.done
}

/** Into a file, which costs no memory, or on standard output; or as JSON. */
export async function exportFile(context: ListContext): Promise<ExitCode> {
  const [path] = context.rest
  if (path !== undefined) return exportTo(context, resolve(context.dir, path), path)
  if (context.json) {
    const subscribers = []
    for await (const subscriber of listSubscribers(context.db, whichOf(context))) subscribers.push(subscriber)
    context.result({ subscribers }, () => '')
    return EXIT.done
  }
  let text = ''
  for await (const line of listAsCsv(context.db, whichOf(context))) text += line
  context.result(undefined, () => text)
  return EXIT.done
}

/** Written beside its place and then renamed: nobody sees an unfinished list, and nobody but its owner reads it. */
async function exportTo(context: ListContext, path: string, shown: string): Promise<ExitCode> {
  const unfinished = `${path}.half`
  try {
    const file = openSync(unfinished, 'w', 0o600)
    let exported = -1
    try {
      for await (const line of listAsCsv(context.db, whichOf(context))) {
        writeSync(file, line)
        exported += 1
      }
    } finally {
      closeSync(file)
    }
    renameSync(unfinished, path)
    context.result({ exported, file: shown }, () => `${exported} subscribers → ${shown}\n`)
    return EXIT.done
  } catch (error) {
    rmSync(unfinished, { force: true })
    const { code } = error as { code?: string }
    if (!/^(ENOENT|ENOTDIR|EISDIR|EACCES|EPERM|EROFS|ENOSPC)$/.test(code ?? '')) throw error
    throw new UserError(`${shown} cannot be written (${code})`, 'Name a file in a folder that exists.')
  }
}
