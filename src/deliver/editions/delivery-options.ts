// A frozen edition and the means of a sender → what `deliver` needs of both: what composes each of its letters, the
// settings of mail, clock and signal.

import type { Letter, Newsletter, Publication } from '../../model.ts'
import { type Database, storedLetter } from '../../store/index.ts'
import type { Attempting, Compose } from '../attempt.ts'
import type { Delivering } from '../deliver.ts'
import type { Transport } from '../transports/transport.ts'

/** As the ledger has it: nothing is rendered here. */
export interface FrozenLetter {
  /** '<newsletter>/<id>' */
  readonly edition: string
  readonly newsletter: Newsletter
  readonly letter: Letter
  /** ms since epoch */
  readonly frozenAt: number
}

/** The process that wants to send. */
export interface SenderProcess {
  readonly host: string
  readonly pid: number
}

/** What one process sends with, whichever edition it sends. */
export interface SendingMeans extends Pick<Attempting, 'clock' | 'random' | 'onAttempt'> {
  readonly publication: Publication
  readonly db: Database
  readonly transport: Transport
  /** Signs the links of messages. */
  readonly secret: string
  /** Finish what is in flight, save, return. */
  readonly signal: AbortSignal
  /** `newId`: another one each time. */
  readonly sender: SenderProcess & { newId(): string }
}

export async function deliveryOptions(
  { edition, newsletter, letter }: FrozenLetter,
  { publication, db, transport, secret, clock, random, signal, onAttempt }: SendingMeans,
): Promise<Omit<Delivering, 'owner' | 'wait' | 'staleAt'>> {
  const { composeLetter } = await import('../../letter/index.ts')
  const { rate, domains, connections } = publication.mail
  const compose = (one: Letter) => composeLetter(one, publication, newsletter, { secret, date: clock.now })
  return {
    db,
    edition,
    transport,
    compose: compose(letter),
    composerOf: composersOf(variant => storedLetter(db, edition, variant), compose),
    rate,
    newsletterRate: newsletter.rate,
    domains,
    connections,
    clock,
    random,
    signal,
    ...(onAttempt ? { onAttempt } : {}),
  }
}

/** Of some 200 kB each. */
const LETTERS_IN_MEMORY = 40

/** Those that were asked for last are kept, however many selections of topics there are. */
function composersOf(
  stored: (variant: number) => Promise<Letter | undefined>,
  compose: (letter: Letter) => Compose,
): (variant: number) => Promise<Compose> {
  const composers = new Map<number, Promise<Compose>>()

  async function load(variant: number): Promise<Compose> {
    const letter = await stored(variant)
    if (!letter) throw new Error(`the ledger has no letter ${variant} of this edition`)
    return compose(letter)
  }

  return variant => {
    const composer = composers.get(variant) ?? load(variant)
    composers.delete(variant)
    composers.set(variant, composer)
    if (composers.size > LETTERS_IN_MEMORY) composers.delete(composers.keys().next().value!)
    return composer
  }
}
