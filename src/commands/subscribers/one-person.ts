// `subscribers add`, `remove`, `erase`, `show` and `unsuppress`: one person comes, leaves, is forgotten, is shown, or is mailed
// again although an address came back as dead.

import { addressHash } from '../../base/index.ts'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import {
  addSubscriber,
  eraseSubscriber,
  isSuppressed,
  liftSuppression,
  listDeliveriesTo,
  removeSubscriber,
  subscriberByKey,
  suppressedFor,
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

const EXAMPLE = "broadsheet subscribers unsuppress anna@example.org --reason 'the mailbox is back'"

/** An address that came back as dead, and is not, is mailed again: one, or all that one text suppressed. */
export async function unsuppress(context: ListContext): Promise<ExitCode> {
  const why = String(context.options.reason ?? '').trim()
  if (context.options.matching !== undefined) return unsuppressMatching(context, why)
  if (context.options.since !== undefined) throw new UserError('--since belongs to --matching', EXAMPLE)
  if (context.rest.length === 0) throw new UserError('subscribers unsuppress: name an address', EXAMPLE)
  if (why === '') throw new UserError('--reason is missing: it is recorded with the address', EXAMPLE)
  const { address, key } = addressGiven(context)
  const hash = addressHash(key)
  const found = await isSuppressed(context.db, hash)
  if (!found)
    throw new UserError(`${address} is not suppressed`, `See broadsheet subscribers show ${address}`)
  if (found.reason !== 'bounce') throw new UserError(...refusal(address, found.reason))
  await liftSuppression(context.db, { hash, why, now: context.now() })
  context.result({ lifted: [address], reason: why }, () => `${address} is mailed again\n`)
  return EXIT.done
}

/** Only a bounce can be a mistake of a machine. */
function refusal(address: string, reason: string): [message: string, hint: string] {
  const hint = 'Only the reader can come back: by subscribing again and confirming.'
  switch (reason) {
    case 'complaint':
      return [`${address} reported a letter as spam, and is not mailed again`, hint]
    case 'erased':
      return [`${address} asked to be erased, and is not mailed again`, hint]
    default:
      return [`${address} is suppressed (${reason}), not for a bounce`, hint]
  }
}

/** Shows whom it would lift; with --yes, or when a person agrees, does it. */
async function unsuppressMatching(context: ListContext, why: string): Promise<ExitCode> {
  const { db, options, rest } = context
  const matching = String(options.matching)
  const example =
    "broadsheet subscribers unsuppress --matching 'Host unknown' --since 2026-01-30 --reason 'our name server'"
  if (rest.length > 0) throw new UserError('Name an address, or --matching, not both', example)
  if (matching.trim() === '') throw new UserError('--matching is empty: it would match every bounce', example)
  const since = timeOf(options.since, example)
  const found = await suppressedFor(db, { matching, since })
  const lines = found.map(({ email, text }) => `${email}  ${text}`)
  const shown = lines.slice(0, 50).concat(lines.length > 50 ? [`… and ${lines.length - 50} more`] : [])
  if (found.length === 0) {
    context.result({ lifted: [] }, () => 'Nobody is suppressed for a bounce with that text.\n')
    return EXIT.done
  }
  context.say(shown.join('\n'))
  if (why === '') {
    throw new UserError(
      `${found.length} found. --reason is missing: it is recorded with each address`,
      example,
    )
  }
  if (options.yes !== true && !(await context.confirm(`Mail these ${found.length} again?`))) {
    context.say('Nothing was changed.')
    return EXIT.usage
  }
  for (const { hash } of found) await liftSuppression(db, { hash, why, now: context.now() })
  const lifted = found.map(({ email }) => email)
  context.result({ lifted, reason: why }, () => `${lifted.length} are mailed again\n`)
  return EXIT.done
}

function timeOf(since: string | boolean | undefined, example: string): number {
  if (since === undefined) throw new UserError('--matching needs --since: how far back to look', example)
  const time = Date.parse(String(since))
  if (!Number.isNaN(time)) return time
  throw new UserError(`--since ${since} is not a date`, example)
}
