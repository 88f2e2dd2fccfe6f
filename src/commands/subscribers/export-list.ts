// `subscribers export [file]`: the list as CSV into a file, which costs no memory, or on standard output; or as JSON.

import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import { listSubscribers, subscribersCsvHeader, subscribersCsvLine } from '../../store/index.ts'
import type { ListContext } from './list-context.ts'
import { whichOf } from './show-list.ts'

export async function exportList(context: ListContext): Promise<ExitCode> {
  const [path] = context.rest
  if (path !== undefined) return exportTo(context, resolve(context.dir, path), path)
  if (context.json) {
    const subscribers = []
    for await (const subscriber of listSubscribers(context.db, whichOf(context))) subscribers.push(subscriber)
    context.result({ subscribers }, () => '')
    return EXIT.done
  }
  let text = ''
  await eachLine(context, line => {
    text += line
  })
  context.result(undefined, () => text)
  return EXIT.done
}

/** Written beside its place and then renamed: nobody sees half a list, and nobody but its owner reads it. */
async function exportTo(context: ListContext, path: string, shown: string): Promise<ExitCode> {
  const half = `${path}.half`
  try {
    const file = openSync(half, 'w', 0o600)
    let exported = -1
    try {
      await eachLine(context, line => {
        writeSync(file, line)
        exported += 1
      })
    } finally {
      closeSync(file)
    }
    renameSync(half, path)
    context.result({ exported, file: shown }, () => `${exported} subscribers → ${shown}\n`)
    return EXIT.done
  } catch (error) {
    rmSync(half, { force: true })
    const { code } = error as { code?: string }
    if (!/^(ENOENT|ENOTDIR|EISDIR|EACCES|EPERM|EROFS|ENOSPC)$/.test(code ?? '')) throw error
    throw new UserError(`${shown} cannot be written (${code})`, 'Name a file in a folder that exists.')
  }
}

/** Twice through the list: the header must name every field that somebody has. */
async function eachLine(context: ListContext, write: (line: string) => void): Promise<void> {
  const which = whichOf(context)
  const names = new Set<string>()
  for await (const { fields } of listSubscribers(context.db, which)) {
    for (const name of Object.keys(fields)) names.add(name)
  }
  const fields = [...names].sort()
  write(subscribersCsvHeader(fields))
  for await (const subscriber of listSubscribers(context.db, which))
    write(subscribersCsvLine(subscriber, fields))
}
