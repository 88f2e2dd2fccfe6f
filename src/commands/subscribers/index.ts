// `subscribers`: the list. The first argument says what to do with it.

import { type ExitCode, UserError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { openLedger, openLedgerToRead } from '../environment.ts'
import type { ListContext } from './list-context.ts'

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
    ],
    load: async () => (await import('./import-file.ts')).importFile,
  },
  export: {
    takes: '[file]',
    options: ['newsletter', 'state', 'suppressions'],
    reads: true,
    load: async () => (await import('./whole-list.ts')).exportFile,
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
    load: async () => (await import('./whole-list.ts')).list,
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
