// One edition in PostgreSQL and a folder with the settings → sent by this process as one of many. For `send` and `work`.

import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  composeVariants,
  type Delivered,
  realClock,
  STALE_AFTER,
  type TakingPart,
  type Transport,
  takePart,
} from '../../deliver/index.ts'
import type { Letter, Newsletter, Publication } from '../../model.ts'
import { type Database, storedLetter } from '../../store/index.ts'
import type { Context } from '../context.ts'

export interface Together {
  readonly context: Pick<Context, 'now' | 'signal' | 'say'>
  readonly publication: Publication
  readonly db: Database
  readonly transport: Transport
  readonly secret: string
}

export interface Frozen {
  readonly edition: string
  readonly newsletter: Newsletter
  /** As the ledger has it: nothing is rendered here. */
  readonly letter: Letter
  readonly frozenAt: number
}

type Part = Pick<TakingPart, 'wait' | 'patience' | 'most' | 'stay' | 'onProgress' | 'onAttempt'>

export async function takePartIn(
  { edition, newsletter, letter, frozenAt }: Frozen,
  desk: Together,
  part: Part,
): Promise<Delivered> {
  const { context, publication, db, transport, secret } = desk
  const { now, signal, say } = context
  const { composeLetter } = await import('../../letter/index.ts')
  const compose = (one: Letter) => composeLetter(one, publication, newsletter, { secret, date: now })
  return takePart({
    ...part,
    db,
    edition,
    transport,
    compose: compose(letter),
    composerOf: composeVariants({ stored: variant => storedLetter(db, edition, variant), compose }),
    rate: publication.mail.rate,
    newsletterRate: newsletter.rate,
    domains: publication.mail.domains,
    connections: publication.mail.connections,
    clock: realClock(now),
    random: Math.random,
    signal,
    owner: `${hostname()} ${process.pid} ${randomUUID()}`,
    frozenAt,
    staleAfter: STALE_AFTER,
    onRecovered({ unknown }) {
      if (unknown > 0)
        say(`${edition}: a sender was cut off; of ${unknown} nobody knows whether they have it.`)
    },
  })
}
