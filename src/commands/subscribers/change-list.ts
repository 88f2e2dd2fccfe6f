// `subscribers add`, `remove` and `erase`: one person comes, leaves, or is forgotten.

import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import { addSubscriber, eraseSubscriber, removeSubscriber, showSubscriber } from '../../store/index.ts'
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
  const subscriber = await showSubscriber(context.db, key)
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
