// `subscribers`: the list. The first argument says what to do with it.

import { type ExitCode, UserError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { openLedger } from '../environment.ts'
import type { ListContext } from './list-context.ts'

type Action = (context: ListContext) => Promise<ExitCode>

/** Name → what it takes, and the file that does it. */
const ACTIONS: Readonly<Record<string, { readonly takes: string; load(): Promise<Action> }>> = {
  import: { takes: '<file>', load: async () => (await import('./whole-list.ts')).importFile },
  export: { takes: '[file]', load: async () => (await import('./whole-list.ts')).exportFile },
  add: { takes: '<email>', load: async () => (await import('./one-person.ts')).add },
  remove: { takes: '<email>', load: async () => (await import('./one-person.ts')).remove },
  erase: { takes: '<email>', load: async () => (await import('./one-person.ts')).erase },
  list: { takes: '', load: async () => (await import('./whole-list.ts')).list },
  show: { takes: '<email>', load: async () => (await import('./one-person.ts')).show },
}

export async function run(context: Context): Promise<ExitCode> {
  const [name = '', ...rest] = context.args
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (!action) {
    const usage = Object.entries(ACTIONS).map(
      ([word, { takes }]) => `  broadsheet subscribers ${word} ${takes}`,
    )
    const wrong = name === '' ? 'subscribers: say what to do' : `subscribers: there is no '${name}'`
    throw new UserError(wrong, `One of\n${usage.join('\n').replace(/ +$/gm, '')}`)
  }
  const fits =
    action.takes === ''
      ? rest.length === 0
      : action.takes.startsWith('[')
        ? rest.length <= 1
        : rest.length === 1
  if (!fits)
    throw new UserError(
      `subscribers ${name}: wrong arguments`,
      `broadsheet subscribers ${name} ${action.takes}`,
    )
  // A list in a folder that is no publication would be another one, and empty.
  if (!context.env.BROADSHEET_DATABASE) (await import('../../content/index.ts')).openFolder(context.dir)
  const { db, save } = await openLedger(context)
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
