// What every action on the list is given, and its words and options read: an address, newsletters, lists of words.

import { type Address, parseAddress } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { SubscriberState } from '../../model.ts'
import type { Database, SubscriberFilter } from '../../store/index.ts'
import type { Context } from '../context.ts'

export interface ListContext extends Context {
  readonly db: Database
  /** What follows the action's name; a file or an address. */
  readonly rest: readonly string[]
}

/** The address that the action was given. */
export function addressGiven({ rest }: ListContext): Address {
  const address = parseAddress(rest[0] ?? '')
  if (!address) throw new UserError('That is not an e-mail address', 'Write it bare: anna@example.org')
  return address
}

/** Ids of the publication's newsletters; with `--newsletter weekly,daily` only those, which must be among them. */
export async function newsletterIds(context: Context): Promise<string[]> {
  const { openPublication } = await import('../../content/index.ts')
  const { publication } = await openPublication(context.dir, { now: context.now() })
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

const STATES: readonly string[] = ['pending', 'active', 'unsubscribed'] satisfies SubscriberState[]

/** `--state` and `--newsletter` of a list or an export. */
export function whichOf({ options }: ListContext): SubscriberFilter {
  const { state } = options
  if (state !== undefined && !STATES.includes(String(state))) {
    throw new UserError(`There is no state '${state}'`, `One of ${STATES.join(', ')}`)
  }
  return { state: state as SubscriberState | undefined, newsletter: wordsOf(options.newsletter)[0] }
}
