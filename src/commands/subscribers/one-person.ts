// `subscribers add`, `remove`, `erase` and `show`: one person comes, leaves, is forgotten, or all that is known of her is shown.

import { addressHash } from '../../base/index.ts'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import {
  addSubscriber,
  eraseSubscriber,
  isSuppressed,
  listDeliveriesTo,
  removeSubscriber,
  subscriberByKey,
} from '../../store/index.ts'
import { addressGiven, type ListContext, newsletterIds, wordsOf } from './list-context.ts'

/** Who adds somebody vouches for her consent. Nobody is brought back who has left or is suppressed. */
export async function add(context: ListContext): Promise<ExitCode> {
  const { address, key } = addressGiven(context)
  const newsletters = await newsletterIds(context)
  const { name, language } = context.options
  const result = await addSubscriber(context.db, {
    email: address,
    key,
    name: typeof name === 'string' ? name.replace(/[\p{Cc}\s]+/gu, ' ').trim() : '',
    newsletters,
    topics: wordsOf(context.options.topics),
    fields: {},
    language: typeof language === 'string' ? language : '',
    state: 'active',
    source: 'add',
    now: context.now(),
  })
  if (result === 'suppressed' || result === 'unsubscribed') {
    const why = result === 'suppressed' ? 'must not be mailed any more' : 'has unsubscribed'
    throw new UserError(`${address} ${why}`, 'Only that person can come back, by subscribing and confirming.')
  }
  context.result(
    { email: address, result, newsletters },
    () => `${address}: ${result}, ${newsletters.join(', ')}\n`,
  )
  return EXIT.done
}

export async function remove(context: ListContext): Promise<ExitCode> {
  const { address, key } = addressGiven(context)
  const subscriber = await subscriberByKey(context.db, key)
  if (!subscriber) throw new UserError(`${address} is not on the list`)
  const chosen = wordsOf(context.options.newsletter)
  const newsletters = chosen.length > 0 ? chosen : Object.keys(subscriber.newsletters)
  const unknown = chosen.find(id => !(id in subscriber.newsletters) && !subscriber.left.includes(id))
  if (unknown !== undefined) throw new UserError(`${address} never had the newsletter '${unknown}'`)
  let removed = false
  for (const newsletter of chosen.length > 0 ? chosen : [undefined]) {
    const left = { subscriber: subscriber.id, newsletter, now: context.now() }
    removed = (await removeSubscriber(context.db, left)) || removed
  }
  context.result({ email: address, removed, newsletters }, () =>
    removed
      ? `${address} has left ${newsletters.join(', ') || 'the list'}\n`
      : `${address} had left already\n`,
  )
  return EXIT.done
}

export async function erase(context: ListContext): Promise<ExitCode> {
  const { address, key } = addressGiven(context)
  if (context.options.dryRun === true) return showErasure(context, address, key)
  const question = `Erase all that is known of ${address}? This cannot be undone.`
  if (context.options.yes !== true && !(await context.confirm(question))) {
    context.say('Nothing was erased.')
    return EXIT.usage
  }
  const erased = await eraseSubscriber(context.db, { key, now: context.now() })
  context.result({ email: address, erased }, () =>
    erased
      ? `${address} is erased. A hash of it stays, so that no import brings it back.\n`
      : `${address} was not on the list. It will not be mailed: a hash of it is kept.\n`,
  )
  return EXIT.done
}

/** What `erase` would delete; nothing is changed. */
async function showErasure(context: ListContext, address: string, key: string): Promise<ExitCode> {
  const subscriber = await subscriberByKey(context.db, key)
  const deliveries = subscriber ? await listDeliveriesTo(context.db, subscriber.id) : []
  const waiting = deliveries.filter(({ state }) => ['pending', 'leased', 'deferred'].includes(state)).length
  const known = subscriber !== undefined
  context.result({ email: address, known, deliveries: deliveries.length, waiting }, () =>
    known
      ? `${address} is on the list. Erasing deletes that row, and the address in ${deliveries.length} deliveries, of which ${waiting} have not been sent and never will be.\nNothing was erased: this was a dry run.\n`
      : `${address} is not on the list. Erasing would keep a hash of it, so that no import adds it.\nNothing was erased: this was a dry run.\n`,
  )
  return EXIT.done
}

export async function show(context: ListContext): Promise<ExitCode> {
  const { address, key } = addressGiven(context)
  const subscriber = await subscriberByKey(context.db, key)
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
