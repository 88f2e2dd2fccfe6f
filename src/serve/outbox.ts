// Requests whose mail is due → mails, each sent once, whatever becomes of this process. The answer to who asked does not
// wait for it, so that it takes as long for a known address as for a new one.

import type { Message, Outcome } from '../model.ts'
import {
  type AddressRequest,
  claimUnmailedRequests,
  type Database,
  deleteExpiredRequests,
  markMailed,
  postponeMail,
} from '../store/index.ts'
import type { Counters } from './counters.ts'

/** Hands one mail to a server. Never rejects. */
export type Mailer = (message: Message) => Promise<Outcome>

export interface OutboxOptions {
  readonly db: Database
  /** Undefined where there is no mail server: what is due waits. */
  readonly mailer: Mailer | undefined
  compose(request: AddressRequest): Promise<Message>
  now(): number
  readonly counters: Counters
  /** A bug, reported to who runs it. */
  failed(error: unknown): void
}

const MINUTE_MS = 60_000
/** How long a mail in hand is nobody else's. */
const LEASE_MS = 10 * MINUTE_MS
/** Pauses between the tries of a mail that the server defers; after the last it is given up. */
const RETRY_DELAYS_MS = [1, 5, 15, 60, 240, 720].map(minutes => minutes * MINUTE_MS)
const BATCH = 20
/** Another process may have left something that is due. */
const POLL_MS = MINUTE_MS
const SWEEP_MS = 60 * MINUTE_MS

export class Outbox {
  readonly #options: OutboxOptions
  /** Something has become due since `run` began its last round. */
  #woken = false
  /** Ends the pause of `run`. */
  #endPause: (() => void) | undefined
  #flushing: Promise<void> = Promise.resolve()
  #sweptAt = 0

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Something is due. */
  wake(): void {
    this.#woken = true
    this.#endPause?.()
  }

  /** Sends all that is due now; resolves when it is done. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#sendDue())
    return this.#flushing
  }

  /** Sends what becomes due until the signal is aborted; then finishes the mail in hand. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#woken = false
      try {
        await this.flush()
        await this.#sweep()
      } catch (error) {
        this.#flushing = Promise.resolve()
        this.#options.failed(error)
      }
      await this.#pause(signal)
    }
  }

  async #sendDue(): Promise<void> {
    const { db, mailer, now, failed } = this.#options
    for (; mailer; ) {
      const due = await claimUnmailedRequests(db, { now: now(), nextAt: now() + LEASE_MS, limit: BATCH })
      if (due.length === 0) return
      // One that cannot be made or sent must not hold up the others; it is due again when its lease has passed.
      for (const request of due) await this.#sendOne(mailer, request).catch(failed)
    }
  }

  async #sendOne(send: Mailer, request: AddressRequest): Promise<void> {
    const { db, compose, counters, now } = this.#options
    const outcome = await send(await compose(request))
    counters.add('broadsheet_mails_total', { outcome: outcome.kind })
    const putOff = outcome.kind === 'deferred' || outcome.kind === 'host-trouble'
    const delay = putOff ? RETRY_DELAYS_MS[request.tries - 1] : undefined
    if (delay === undefined) await markMailed(db, request.id)
    else await postponeMail(db, request.id, now() + delay)
  }

  async #sweep(): Promise<void> {
    const { db, now } = this.#options
    if (now() - this.#sweptAt <= SWEEP_MS) return
    await deleteExpiredRequests(db, now())
    this.#sweptAt = now()
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.#endPause = undefined
        resolve()
      }
      const timer = setTimeout(end, POLL_MS)
      this.#endPause = end
      if (this.#woken || signal.aborted) end()
      signal.addEventListener('abort', end, { once: true })
    })
  }
}
