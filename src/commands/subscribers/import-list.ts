// `subscribers import <file>`: the good lines go to the list, the bad ones are reported with number and reason.

import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { EXIT, type ExitCode } from '../../errors.ts'
import {
  type Added,
  type BadLine,
  importSubscribers,
  type Newcomer,
  readSubscribersCsv,
  type SubscriberRow,
} from '../../store/index.ts'
import type { Context } from '../context.ts'
import { type ListContext, newsletterIds } from './list-context.ts'
import { textChunks } from './text-chunks.ts'

const BATCH = 1_000

/** How many bad lines are shown; `--json` has all of them. */
const SHOWN = 20

type Report = { read: number } & Record<Added, number> & { bad: BadLine[] }

export async function importList(context: ListContext): Promise<ExitCode> {
  const path = context.rest[0]!
  const file = path === '-' ? 'standard input' : basename(path)
  const newsletters = await newsletterIds(context)
  const report: Report = {
    read: 0,
    added: 0,
    updated: 0,
    unchanged: 0,
    suppressed: 0,
    unsubscribed: 0,
    bad: [],
  }
  let batch = new Map<string, SubscriberRow>()
  const flush = async () => {
    const rows = [...batch.values()].map(row => newcomerOf(row, file, context.now()))
    batch = new Map()
    for (const added of await importSubscribers(context.db, rows)) report[added] += 1
  }
  const { chunks, stop } = open(context, path, file)
  try {
    for await (const row of readSubscribersCsv(chunks, { file, newsletters })) {
      report.read += 1
      if ('why' in row) report.bad.push(row)
      else {
        // The same address once more: the lines count one after the other.
        if (batch.size >= BATCH || batch.has(row.key)) await flush()
        batch.set(row.key, row)
      }
      if (context.signal.aborted) break
    }
    await flush()
  } finally {
    stop()
  }
  return tell(context, report, file)
}

function open(context: Context, path: string, file: string): { chunks: AsyncIterable<string>; stop(): void } {
  if (path === '-') return { chunks: once(context.stdin()), stop: () => undefined }
  const whole = resolve(context.dir, path)
  const size = statSync(whole, { throwIfNoEntry: false })?.size ?? 0
  const progress = context.progress(`importing ${file}`, size)
  return { chunks: textChunks(whole, bytes => progress.at(bytes)), stop: () => progress.stop() }
}

async function* once(text: Promise<string>): AsyncGenerator<string> {
  yield (await text).replace(/^\uFEFF/, '')
}

function newcomerOf(row: SubscriberRow, file: string, now: number): Newcomer {
  const { line: _, source, ...rest } = row
  return { ...rest, source: source ?? `import ${file}`, now, topics: [] }
}

function tell(context: ListContext, report: Report, file: string): ExitCode {
  for (const { line, why } of report.bad.slice(0, SHOWN)) context.sayError(`${file}:${line}: ${why}`)
  if (report.bad.length > SHOWN) context.sayError(`… and ${report.bad.length - SHOWN} more; --json lists all`)
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
