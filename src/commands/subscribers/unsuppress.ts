// `subscribers unsuppress`: an address that came back as dead, and is not → mailed again; one, or all that one text did.

import { addressHash } from '../../base/index.ts'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import { isSuppressed, liftSuppression, suppressedFor } from '../../store/index.ts'
import { addressGiven, type ListContext } from './list-context.ts'

const EXAMPLE = "broadsheet subscribers unsuppress anna@example.org --reason 'the mailbox is back'"

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
