// `subscribers`: the list. The first argument says what to do with it.

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
import type { Context } from '../context.ts'
import { openLedger, openLedgerToRead } from '../environment.ts'
import { type ListContext, whichOf } from './list-context.ts'

interface Action {
  readonly takes: '' | '<file>' | '[file]' | '<email>' | '[email]'
  /** Those of the command's options that mean something to it. */
  readonly options: readonly string[]
  /** It changes nothing, and works where nothing can be written. */
  readonly reads?: true
  load(): Promise<(context: ListContext) => Promise<ExitCode>>
}

const ACTIONS: Readonly<Record<string, Action>> = {
  import: {
    takes: '<file>',
    options: [
      'newsletter',
      'dryRun',
      'yes',
      'strict',
      'suppressions',
      'as',
      'statusColumn',
      'active',
      'ignoreColumn',
      'ask',
    ],
    load: async () => (await import('./import-file.ts')).importFile,
  },
  export: {
    takes: '[file]',
    options: ['newsletter', 'state', 'suppressions'],
    reads: true,
    load: async () => exportFile,
  },
  add: {
    takes: '<email>',
    options: ['newsletter', 'name', 'topics', 'language'],
    load: async () => (await import('./one-person.ts')).add,
  },
  remove: {
    takes: '<email>',
    options: ['newsletter'],
    load: async () => (await import('./one-person.ts')).remove,
  },
  erase: {
    takes: '<email>',
    options: ['dryRun', 'yes'],
    load: async () => (await import('./one-person.ts')).erase,
  },
  list: {
    takes: '',
    options: ['newsletter', 'state', 'limit'],
    reads: true,
    load: async () => list,
  },
  unsuppress: {
    takes: '[email]',
    options: ['reason', 'matching', 'since', 'yes'],
    load: async () => (await import('./one-person.ts')).unsuppress,
  },
  show: {
    takes: '<email>',
    options: [],
    reads: true,
    load: async () => (await import('./one-person.ts')).show,
  },
}

const OPTIONS_OF_ALL: readonly string[] = ['dir', 'json', 'quiet', 'now']

export async function run(context: Context): Promise<ExitCode> {
  const [name = '', ...rest] = context.args
  const action = actionOf(name, rest)
  checkOptions(name, action, context)
  // A list in a folder that is no publication would be another one, and empty.
  if (!context.env.BROADSHEET_DATABASE) (await import('../../content/index.ts')).openFolder(context.dir)
  const reading = action.reads && (await openLedgerToRead(context))
  const { db, save } = reading ? { db: reading, save: async () => {} } : await openLedger(context)
  // What was done is said once it is saved.
  let report = () => {}
  const result: Context['result'] = (value, human) => {
    report = () => context.result(value, human)
  }
  try {
    const code = await (await action.load())({ ...context, db, rest, result })
    await save(`subscribers ${name}`)
    report()
    return code
  } finally {
    await db.close()
  }
}

function actionOf(name: string, rest: readonly string[]): Action {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (!action) {
    const usage = Object.entries(ACTIONS).map(([word, { takes }]) =>
      `  broadsheet subscribers ${word} ${takes}`.trimEnd(),
    )
    const wrong = name === '' ? 'subscribers: say what to do' : `subscribers: there is no '${name}'`
    throw new UserError(wrong, `One of\n${usage.join('\n')}`)
  }
  const { takes } = action
  const fits = takes === '' ? rest.length === 0 : takes.startsWith('[') ? rest.length <= 1 : rest.length === 1
  if (fits) return action
  throw new UserError(
    `subscribers ${name}: wrong arguments`,
    `broadsheet subscribers ${name} ${takes}`.trimEnd(),
  )
}

/** `erase --limit 5` was meant to be something else: an option that is not obeyed is not ignored either. */
function checkOptions(name: string, action: Action, { options }: Context): void {
  const known = [...action.options, ...OPTIONS_OF_ALL]
  const wrong = Object.keys(options).find(option => options[option] !== undefined && !known.includes(option))
  if (wrong === undefined) return
  const flag = (option: string) => `--${option.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
  const takes = action.options.map(flag).join(', ')
  throw new UserError(
    `subscribers ${name} has no option ${flag(wrong)}`,
    takes === '' ? 'It has no options of its own.' : `It has: ${takes}`,
  )
}

// ─── The whole list ──────────────────────────────────────────────────────────────────────────────────────────────────
//
// `subscribers list` and `export`: who is on the list, on the screen or as CSV; and who is suppressed.

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
