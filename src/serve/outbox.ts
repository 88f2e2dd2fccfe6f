// Requests whose mail is due → mails, each sent once, whatever becomes of this process. The answer to who asked does not
// wait for it, so that it takes as long for a known address as for a new one.

import type { Message, Outcome } from '../model.ts'
import {
  type AddressRequest,
  type Database,
  dropExpiredRequests,
  markMailed,
  putOffMail,
  takeUnmailed,
} from '../store/index.ts'
import type { Counters } from './counters.ts'

/** Hands one mail to a server. Never rejects. */
export type Mailer = (message: Message) => Promise<Outcome>

export interface Outbox {
  /** Something is due. */
  wake(): void
  /** Sends all that is due now; resolves when it is done. */
  flush(): Promise<void>
  /** Sends what becomes due until the signal is aborted; then finishes the mail in hand. */
  run(signal: AbortSignal): Promise<void>
}

export interface OutboxOptions {
  readonly db: Database
  /** Undefined where there is no mail server: what is due waits. */
  readonly mailer: Mailer | undefined
  compose(request: AddressRequest): Promise<Message>
  now(): number
  readonly counters: Counters
  /** A bug, told to who runs it. */
  failed(error: unknown): void
}

const MINUTE = 60_000
/** How long a mail in hand is nobody else's. */
const HELD = 10 * MINUTE
/** When to try again what the server put off; then it is given up. */
const AGAIN = [1, 5, 15, 60, 240, 720].map(minutes => minutes * MINUTE)

export function createOutbox({ db, mailer, compose, now, counters, failed }: OutboxOptions): Outbox {
  let bell: (() => void) | undefined
  let rung = false
  let flushing: Promise<void> = Promise.resolve()

  async function sendOne(send: Mailer, request: AddressRequest): Promise<void> {
    const outcome = await send(await compose(request))
    counters.add('broadsheet_mails_total', { outcome: outcome.kind })
    const again =
      outcome.kind === 'deferred' || outcome.kind === 'host-trouble' ? AGAIN[request.tries - 1] : undefined
    if (again === undefined) await markMailed(db, request.id)
    else await putOffMail(db, request.id, now() + again)
  }

  async function sendDue(): Promise<void> {
    for (; mailer; ) {
      const due = await takeUnmailed(db, { now: now(), nextAt: now() + HELD, limit: 20 })
      if (due.length === 0) return
      // One that cannot be made or sent must not hold up the others; it is due again when its hold has passed.
      for (const request of due) await sendOne(mailer, request).catch(failed)
    }
  }

  function flush(): Promise<void> {
    flushing = flushing.then(sendDue)
    return flushing
  }

  function nap(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        bell = undefined
        resolve()
      }
      const timer = setTimeout(done, ms)
      bell = done
      if (rung || signal.aborted) done()
      signal.addEventListener('abort', done, { once: true })
    })
  }

  return {
    wake() {
      rung = true
      bell?.()
    },
    flush,
    async run(signal) {
      let swept = 0
      while (!signal.aborted) {
        rung = false
        try {
          await flush()
          if (now() - swept > 60 * MINUTE) {
            await dropExpiredRequests(db, now())
            swept = now()
          }
        } catch (error) {
          flushing = Promise.resolve()
          failed(error)
        }
        await nap(MINUTE, signal)
      }
    },
  }
}
