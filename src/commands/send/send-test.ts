// `send --to ADDRESS`: one edition, made out and sent as it would be, to one address that need not be on any list.

import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import type { Letter, Loaded, Message, Newsletter } from '../../model.ts'
import type { Context } from '../context.ts'
import { openExistingLedger } from '../open-ledger.ts'
import type { SendOptions } from '../send-options.ts'
import { openOutgoing } from './outgoing.ts'
import { renderEdition } from './prepare-send.ts'

/** A subscriber that no database gives: her links are signed, and lead to nobody. */
const NOBODY = 900_000_000_000_000

export async function sendTest(
  context: Context,
  loaded: Loaded,
  newsletters: readonly Newsletter[],
  options: SendOptions,
): Promise<ExitCode> {
  const { parseAddress } = await import('../../base/index.ts')
  const to = parseAddress(options.to!)
  if (!to)
    throw new UserError(`--to ${options.to} is not an address`, 'Write it like --to editor@example.org')
  await refuseSuppressed(context, to.key)
  const { transport, secret } = await openOutgoing(context, loaded.publication)
  try {
    const found = await newestLetter(context, loaded, newsletters, options)
    if (!found) {
      context.result(
        { edition: null, why: 'no edition has an article' },
        () => 'Nothing to send: no edition has an article.\n',
      )
      return EXIT.done
    }
    const { letter, newsletter } = found
    const { composeLetter } = await import('../../letter/index.ts')
    const compose = composeLetter(letter, loaded.publication, newsletter, { secret, date: context.now })
    // A number of its own each time, so that a mailbox which has seen one test does not hide the next.
    const subscriber = NOBODY + Math.floor(context.now())
    const message = marked(compose({ subscriber, email: to.address, name: '', fields: {} }))
    await transport.prove()
    const outcome = await transport.send(message, { beforeLastByte: async () => true })
    const accepted = outcome.kind === 'accepted'
    context.result(
      { edition: letter.edition, test: true, outcome: outcome.kind, reply: outcome.reply },
      () => `${letter.edition} “${letter.subject}”: test ${outcome.kind}: ${outcome.reply}\n`,
    )
    return accepted ? EXIT.done : EXIT.attention
  } finally {
    await transport.close()
  }
}

/** Whoever said “never again” gets no test either. */
async function refuseSuppressed(context: Context, key: string): Promise<void> {
  const { addressHash } = await import('../../base/index.ts')
  const { isSuppressed } = await import('../../store/index.ts')
  const db = await openExistingLedger(context)
  const suppression = db && (await isSuppressed(db, addressHash(key)))
  await db?.close()
  if (suppression) {
    throw new UserError(
      `--to ${key}: this address must not be mailed (${suppression.reason})`,
      'Take another one.',
    )
  }
}

/** The one that was named, due or not, held or not; else the newest that has an article. Sent already or not. */
async function newestLetter(
  context: Context,
  loaded: Loaded,
  newsletters: readonly Newsletter[],
  { id }: SendOptions,
): Promise<{ letter: Letter; newsletter: Newsletter } | undefined> {
  if (id !== undefined) return namedLetter(context, loaded, newsletters[0]!, id)
  const { editionsOf } = await import('../../edition/index.ts')
  const newest = newsletters
    .flatMap(newsletter => editionsOf(loaded, newsletter, context.now()).slice(-1))
    .sort((a, b) => a.until - b.until)
    .at(-1)
  return newest && { letter: await renderEdition(newest, loaded), newsletter: newest.newsletter }
}

async function namedLetter(context: Context, loaded: Loaded, newsletter: Newsletter, id: string) {
  const { findSlot, planEdition } = await import('../../edition/index.ts')
  const { frozenEdition, sentHistory } = await import('../../store/index.ts')
  const db = await openExistingLedger(context)
  try {
    const frozen = db && (await frozenEdition(db, `${newsletter.id}/${id}`))
    if (frozen?.letter) return { letter: frozen.letter, newsletter }
    const slot = findSlot(loaded, newsletter, id)
    if (!slot) throw new UserError(`${newsletter.id} has no edition ${id}`, 'See `broadsheet edition`.')
    const history = db ? await sentHistory(db, newsletter.id) : { carried: new Set<string>() }
    const edition = planEdition(loaded, newsletter, slot, history)
    if (edition.articles.length === 0) return undefined
    return { letter: await renderEdition(edition, loaded), newsletter }
  } finally {
    await db?.close()
  }
}

/** Says what it is where filters and people with “show original” see it; the subject stays as readers will see it. */
function marked(message: Message): Message {
  return { ...message, bytes: Buffer.concat([Buffer.from('X-Broadsheet-Test: yes\r\n'), message.bytes]) }
}
