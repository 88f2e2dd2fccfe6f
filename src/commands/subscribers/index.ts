// `subscribers`: the list. The first argument says what to do with it.

import { type Address, parseAddress } from '../../address.ts'
import { type ExitCode, UserError } from '../../errors.ts'
import type { Database } from '../../store/index.ts'
import type { Context } from '../context.ts'

export interface ListContext extends Context {
  readonly db: Database
  /** What follows the action's name; a file or an address. */
  readonly rest: readonly string[]
}

type Action = (context: ListContext) => Promise<ExitCode>

/** Name → what it takes, and the file that does it. */
const ACTIONS: Readonly<Record<string, { readonly takes: string; load(): Promise<Action> }>> = {
  import: { takes: '<file>', load: async () => (await import('./import-list.ts')).importList },
  export: { takes: '[file]', load: async () => (await import('./export-list.ts')).exportList },
  add: { takes: '<email>', load: async () => (await import('./change-list.ts')).add },
  remove: { takes: '<email>', load: async () => (await import('./change-list.ts')).remove },
  erase: { takes: '<email>', load: async () => (await import('./change-list.ts')).erase },
  list: { takes: '', load: async () => (await import('./show-list.ts')).list },
  show: { takes: '<email>', load: async () => (await import('./show-list.ts')).show },
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
  const { openStore, storeAddress } = await import('../../store/index.ts')
  const { db } = await openStore(storeAddress(context.dir, context.env))
  try {
    return await (await action.load())({ ...context, db, rest })
  } finally {
    await db.close()
  }
}

/** The address that the action was given. */
export function addressGiven({ rest }: ListContext): Address {
  const address = parseAddress(rest[0] ?? '')
  if (!address) throw new UserError('That is not an e-mail address', 'Write it bare: anna@example.org')
  return address
}

/** Ids of the publication's newsletters; with `--newsletter weekly,daily` only those, which must be among them. */
export async function newsletterIds(context: Context): Promise<string[]> {
  const { loadPublication } = await import('../../load/index.ts')
  const { publication } = loadPublication(context.dir, { now: context.now() })
  const ids = publication.newsletters.map(({ id }) => id)
  if (ids.length === 0) {
    throw new UserError(
      'The publication has no newsletter',
      "Add one to publication.yaml under 'newsletters:'.",
    )
  }
  const wanted = wordsOf(context.options.newsletter)
  const unknown = wanted.find(id => !ids.includes(id))
  if (unknown !== undefined)
    throw new UserError(`There is no newsletter '${unknown}'`, `There is: ${ids.join(', ')}`)
  return wanted.length > 0 ? wanted : ids
}

/** 'weekly, daily' → both; nothing given → none. */
export function wordsOf(option: string | boolean | undefined): string[] {
  if (typeof option !== 'string') return []
  return option.split(/[,;]/).flatMap(word => word.trim() || [])
}
