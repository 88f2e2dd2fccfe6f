// One edition → composed and sent as it would be, to one address that need not be on any list. Touches no ledger.

import { addressHash, parseAddress } from '../../base/index.ts'
import { editionsOf, findSlot, planEdition } from '../../edition/index.ts'
import { UserError } from '../../errors.ts'
import type { Letter, Loaded, Message, Newsletter, Outcome } from '../../model.ts'
import { type Database, frozenEdition, isSuppressed, sentHistory } from '../../store/index.ts'
import type { Transport } from '../transports/transport.ts'
import { renderEdition } from './prepare-send.ts'

export interface Addressee {
  readonly address: string
  /** As the list and suppressions know it. */
  readonly key: string
}

/** @param to as it was typed @throws UserError for what is no address */
export function testAddressee(to: string): Addressee {
  const parsed = parseAddress(to)
  if (parsed) return parsed
  throw new UserError(`--to ${to} is not an address`, 'Write it like --to editor@example.org')
}

/** Whoever said “never again” gets no test either. @throws UserError for an address that must not be mailed */
export async function refuseSuppressed({ key }: Addressee, db: Database): Promise<void> {
  const suppression = await isSuppressed(db, addressHash(key))
  if (!suppression) return
  throw new UserError(
    `--to ${key}: this address must not be mailed (${suppression.reason})`,
    'Take another one.',
  )
}

export interface TestLetter {
  readonly letter: Letter
  readonly newsletter: Newsletter
}

/**
 * The edition that was named, due or not, held or not; else the newest that has an article. Sent already or not.
 *
 * @param id of an edition of the first newsletter
 * @returns undefined when no edition has an article
 */
export async function letterToTest(
  loaded: Loaded,
  newsletters: readonly Newsletter[],
  id: string | undefined,
  db: Database | undefined,
  now: number,
): Promise<TestLetter | undefined> {
  if (id !== undefined) return namedLetter(loaded, newsletters[0]!, id, db)
  const newest = newsletters
    .flatMap(newsletter => editionsOf(loaded, newsletter, now).slice(-1))
    .sort((a, b) => a.until - b.until)
    .at(-1)
  return newest && { letter: (await renderEdition(newest, loaded)).letter, newsletter: newest.newsletter }
}

async function namedLetter(
  loaded: Loaded,
  newsletter: Newsletter,
  id: string,
  db: Database | undefined,
): Promise<TestLetter | undefined> {
  const frozen = db && (await frozenEdition(db, `${newsletter.id}/${id}`))
  if (frozen?.letter) return { letter: frozen.letter, newsletter }
  const slot = findSlot(loaded, newsletter, id)
  if (!slot) throw new UserError(`${newsletter.id} has no edition ${id}`, 'See `broadsheet edition`.')
  const history = db ? await sentHistory(db, newsletter.id) : { carried: new Set<string>() }
  const edition = planEdition(loaded, newsletter, slot, history)
  if (edition.articles.length === 0) return undefined
  return { letter: (await renderEdition(edition, loaded)).letter, newsletter }
}

/** A subscriber that no database gives: her links are signed, and lead to nobody. */
const NO_SUBSCRIBER = 900_000_000_000_000

export async function sendTest(
  { letter, newsletter }: TestLetter,
  { address }: Addressee,
  {
    loaded,
    transport,
    secret,
    now,
  }: {
    readonly loaded: Loaded
    readonly transport: Transport
    readonly secret: string
    now(): number
  },
): Promise<Outcome> {
  const { composeLetter } = await import('../../letter/index.ts')
  const compose = composeLetter(letter, loaded.publication, newsletter, { secret, date: now })
  // A number of its own each time, so that a mailbox which has seen one test does not hide the next.
  const subscriber = NO_SUBSCRIBER + Math.floor(now())
  const message = marked(compose({ subscriber, email: address, name: '', fields: {} }))
  await transport.verify()
  return transport.send(message, { beforeLastByte: async () => true })
}

/** Says what it is where filters and people with “show original” see it; the subject stays as readers will see it. */
function marked(message: Message): Message {
  return { ...message, bytes: Buffer.concat([Buffer.from('X-Broadsheet-Test: yes\r\n'), message.bytes]) }
}
