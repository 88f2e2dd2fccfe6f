// BROADSHEET_SMTP → a transport that carries each message over a session of its own.

import { setMaxListeners } from 'node:events'
import type { Message, Outcome } from '../../model.ts'
import { replyText } from '../transports/reply.ts'
import type { SendHooks, SmtpTimeouts, Transport, TransportOptions } from '../transports/transport.ts'
import { type SmtpAddress, smtpAddress } from './address.ts'
import { maskPassword } from './mask-password.ts'
import { openSmtpSession } from './open-session.ts'
import type { SendError } from './outcome.ts'
import { smtpRefusal } from './refusal.ts'
import { smtpSessions } from './session-pool.ts'

const TIMEOUTS: SmtpTimeouts = { connect: 60_000, message: 300_000, reply: 600_000 }

export function openSmtp(text: string, options: TransportOptions): Transport {
  const address = smtpAddress(text)
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const stopped = new AbortController()
  setMaxListeners(0, stopped.signal)
  const sessions = smtpSessions(() => openSmtpSession(address, timeouts, stopped.signal))

  async function send(message: Message, hooks: SendHooks): Promise<Outcome> {
    for (;;) {
      let taken: Awaited<ReturnType<typeof sessions.take>>
      try {
        taken = await sessions.take()
      } catch (error) {
        return notConnected(error as SendError, address)
      }
      const { outcome, wanted } = await taken.session.send(message, hooks)
      sessions.give(taken.session)
      // A server may end a session between two messages at any time (RFC 5321 §3.8): only a new one that fails tells
      // of trouble. Nothing of the message was asked for, so it is safe to begin again.
      const again = outcome.kind === 'host-trouble' && taken.used && !wanted && !stopped.signal.aborted
      if (!again) return masked(outcome, address)
    }
  }

  return {
    name: address.shown,
    send,
    async prove() {
      try {
        sessions.give((await sessions.take()).session)
      } catch (error) {
        throw smtpRefusal(error as SendError, address)
      }
    },
    async close(how) {
      stopped.abort()
      await sessions.close(how === 'cut')
    },
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
