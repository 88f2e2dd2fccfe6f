// `subscribers list` and `subscribers show <email>`: who is on the list, and all that is known of one.

import { addressHash } from '../../base/index.ts'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import type { SubscriberState } from '../../model.ts'
import {
  countSubscribers,
  isSuppressed,
  type Listed,
  listDeliveriesTo,
  listSubscribers,
  showSubscriber,
  type Which,
} from '../../store/index.ts'
import { addressGiven, type ListContext, wordsOf } from './list-context.ts'

const STATES: readonly string[] = ['pending', 'active', 'unsubscribed'] satisfies SubscriberState[]

/** `--state` and `--newsletter` of a list or an export. */
export function whichOf({ options }: ListContext): Which {
  const { state } = options
  if (state !== undefined && !STATES.includes(String(state))) {
    throw new UserError(`There is no state '${state}'`, `One of ${STATES.join(', ')}`)
  }
  return { state: state as SubscriberState | undefined, newsletter: wordsOf(options.newsletter)[0] }
}

export async function list(context: ListContext): Promise<ExitCode> {
  const limit = limitOf(context)
  const counts = await countSubscribers(context.db)
  const subscribers: Listed[] = []
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

export async function show(context: ListContext): Promise<ExitCode> {
  const { address, key } = addressGiven(context)
  const subscriber = await showSubscriber(context.db, key)
  const suppression = await isSuppressed(context.db, addressHash(key))
  if (!subscriber && !suppression) throw new UserError(`${address} is not on the list`)
  const deliveries = subscriber ? await listDeliveriesTo(context.db, subscriber.id) : []
  const suppressed = suppression && { reason: suppression.reason, since: iso(suppression.since) }
  const got = deliveries.map(({ edition, state, reason, attempts, reply }) => ({
    edition,
    state,
    reason,
    attempts,
    reply,
  }))
  const known = subscriber && { ...subscriber, since: iso(subscriber.since) }
  context.result({ ...(known ?? { email: address }), suppressed, deliveries: got }, () => {
    const lines: [string, string][] = [['address', known?.email ?? address]]
    if (known) {
      lines.push(['name', known.name], ['state', known.state], ['source', `${known.source}, ${known.since}`])
      for (const [id, topics] of Object.entries(known.newsletters)) {
        lines.push(['newsletter', topics.length > 0 ? `${id}: ${topics.join(', ')}` : id])
      }
      for (const id of known.left) lines.push(['left', id])
      if (known.language) lines.push(['language', known.language])
      for (const [field, value] of Object.entries(known.fields)) lines.push([field, value])
    }
    if (suppressed) lines.push(['suppressed', `${suppressed.reason}, ${suppressed.since}`])
    for (const { edition, state, reason } of got)
      lines.push([edition, reason ? `${state}: ${reason}` : state])
    const width = Math.max(...lines.map(([label]) => label.length))
    return lines.map(([label, value]) => `${label.padEnd(width)}  ${value}`.trimEnd().concat('\n')).join('')
  })
  return EXIT.done
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
