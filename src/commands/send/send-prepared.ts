// A prepared edition → sent, with a bar; then what became of it, on standard output, and the exit code.

import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  composeVariants,
  type Delivered,
  isRunning,
  realClock,
  STALE_AFTER,
  sendEdition,
  sendVerdict,
  type Transport,
} from '../../deliver/index.ts'
import { EXIT, type ExitCode } from '../../errors.ts'
import type { Letter, Loaded } from '../../model.ts'
import { type Database, groupFailures, storedLetter } from '../../store/index.ts'
import type { Context } from '../context.ts'
import { describeEnd, describePace, type Ended } from '../describe-send.ts'
import type { SendOptions } from '../send-options.ts'
import { attemptLog } from './attempt-log.ts'
import type { Prepared } from './prepare-send.ts'

interface Desk {
  readonly context: Context
  readonly loaded: Loaded
  readonly options: SendOptions
  readonly db: Database
  readonly transport: Transport
  readonly secret: string
}

export async function sendPrepared(prepared: Prepared, desk: Desk): Promise<Ended> {
  const { context, loaded, options, db, transport, secret } = desk
  const { plan, letter, newsletter } = prepared
  const { now } = context
  const { composeLetter } = await import('../../letter/index.ts')
  const composer = (one: Letter) => composeLetter(one, loaded.publication, newsletter, { secret, date: now })
  const compose = composer(letter)
  // A letter that cannot be made out to anybody must be found before the edition freezes.
  compose({ subscriber: 1, email: 'reader@example.org', name: '', fields: {} })
  const log = attemptLog(context)
  const attempts = log ? { onAttempt: log.write } : {}
  const began = now()
  const progress = context.progress(`Sending ${plan.edition}`, plan.recipients)
  let delivered: Delivered
  try {
    const onProgress = (settled: number) =>
      progress.at(settled, describePace(settled, plan.recipients, now() - began))
    if (db.kind === 'postgres') {
      const { sendTogether } = await import('./send-together.ts')
      const { publication } = loaded
      return end(await sendTogether(prepared, { ...desk, publication, onProgress, ...attempts }))
    }
    delivered = await sendEdition({
      db,
      edition: plan.edition,
      transport,
      compose,
      composerOf: composeVariants({
        stored: variant => storedLetter(db, plan.edition, variant),
        compose: composer,
      }),
      rate: loaded.publication.mail.rate,
      newsletterRate: newsletter.rate,
      connections: loaded.publication.mail.connections,
      domains: loaded.publication.mail.domains,
      wait: options.wait,
      clock: realClock(now),
      random: Math.random,
      signal: context.signal,
      holder: { owner: randomUUID(), host: hostname(), pid: process.pid, now, isRunning },
      freeze: prepared.freeze,
      frozenAt: prepared.frozenAt,
      staleAfter: STALE_AFTER,
      resend: options.resend,
      ...attempts,
      onStart({ unknown, resent }) {
        if (unknown > 0)
          context.say(`An earlier send was cut off: of ${unknown} we do not know whether they have it.`)
        if (resent > 0) context.say(`Sending once more to ${resent} of whom we did not know.`)
      },
      onProgress,
    })
  } finally {
    progress.stop()
    log?.close()
  }
  return end(delivered)

  async function end(how: Delivered): Promise<Ended> {
    const seconds = Math.round((now() - began) / 100) / 10
    return { ...how, edition: plan.edition, seconds, failures: await groupFailures(db, plan.edition) }
  }
}

/** One edition is one object; more are `{ editions: [...] }`. The exit code is the gravest of them. */
export function reportSends({ result }: Context, sends: readonly Ended[]): ExitCode {
  const values = sends.map(({ edition, counts, seconds, ended, nextAt, reply }) => {
    const { audience, pending, accepted, rejected, deferred, unknown, skipped } = counts
    const numbers = { audience, pending, accepted, rejected, deferred, unknown, skipped, seconds }
    const more = {
      ...(nextAt === undefined ? {} : { nextAt: new Date(nextAt).toISOString() }),
      ...(reply === undefined ? {} : { reply }),
    }
    return { edition, ...numbers, state: ended, ...more }
  })
  const retry = ({ edition }: Ended) => `broadsheet send ${edition}`
  result(values.length === 1 ? values[0] : { editions: values }, () =>
    sends.map(end => describeEnd(end, retry(end))).join(''),
  )
  const verdicts = sends.map(sendVerdict)
  return [EXIT.interrupted, EXIT.attention].find(code => verdicts.includes(code)) ?? EXIT.done
}
