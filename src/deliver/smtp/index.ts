// smtp:// and smtps:// → a transport that carries each message over a session of its own.

import { setMaxListeners } from 'node:events'
import type { Message, Outcome } from '../../model.ts'
import {
  replyText,
  type SendHooks,
  type Timeouts,
  type Transport,
  type TransportKind,
  type TransportOptions,
} from '../transports/transport.ts'
import { EXAMPLE, maskPassword, type SmtpAddress, smtpAddress, smtpRefusal } from './address.ts'
import type { SendError } from './outcome.ts'
import { openSession } from './session.ts'
import { SessionPool } from './session-pool.ts'

export const smtp: TransportKind = {
  prefixes: ['smtp://', 'smtps://'],
  example: EXAMPLE,
  summary: 'a mail server; `smtps://` where TLS begins with the first byte (port 465)',
  threads: true,
  open: (address, options) => new SmtpTransport(smtpAddress(address), options),
}

const TIMEOUTS: Timeouts = { connect: 60_000, message: 300_000, reply: 600_000 }

class SmtpTransport implements Transport {
  readonly name: string
  readonly #address: SmtpAddress
  readonly #stopped = new AbortController()
  readonly #pool: SessionPool

  constructor(address: SmtpAddress, options: TransportOptions) {
    const timeouts = { ...TIMEOUTS, ...options.timeouts }
    this.name = address.shown
    this.#address = address
    setMaxListeners(0, this.#stopped.signal)
    this.#pool = new SessionPool(() => openSession(address, timeouts, this.#stopped.signal))
  }

  async verify(): Promise<void> {
    try {
      this.#pool.give((await this.#pool.take()).session)
    } catch (error) {
      throw smtpRefusal(error as SendError, this.#address)
    }
  }

  async send(message: Message, hooks: SendHooks): Promise<Outcome> {
    for (;;) {
      let taken: Awaited<ReturnType<SessionPool['take']>>
      try {
        taken = await this.#pool.take()
      } catch (error) {
        return notConnected(error as SendError, this.#address)
      }
      const { outcome, wanted } = await taken.session.send(message, hooks)
      this.#pool.give(taken.session)
      // A server may end a session between two messages at any time (RFC 5321 §3.8): only a new one that fails tells
      // of trouble. Nothing of the message was asked for, so it is safe to begin again.
      const again = outcome.kind === 'host-trouble' && taken.used && !wanted && !this.#stopped.signal.aborted
      if (!again) return masked(outcome, this.#address)
    }
  }

  async close(how?: 'cut'): Promise<void> {
    this.#stopped.abort()
    await this.#pool.close(how === 'cut')
  }
}

/** Without a session nothing was sent, whatever the server said about us. */
function notConnected(error: SendError, address: SmtpAddress): Outcome {
  return masked({ kind: 'host-trouble', reply: replyText(error.response ?? error.message) }, address)
}

/** A server that repeats the password in its answer must not bring it into the ledger. */
function masked(outcome: Outcome, address: SmtpAddress): Outcome {
  const reply = maskPassword(outcome.reply, address)
  return reply === outcome.reply ? outcome : { ...outcome, reply }
}
