// BROADSHEET_SMTP → a transport: as many sessions as messages are in flight at once, each used again and again.

import { setMaxListeners } from 'node:events'
import type { Message, Outcome } from '../model.ts'
import { openSmtpSession } from './open-smtp-session.ts'
import type { SendError } from './outcome.ts'
import { replyText } from './reply.ts'
import { type SmtpAddress, smtpAddress } from './smtp-address.ts'
import { smtpRefusal } from './smtp-refusal.ts'
import type { SmtpSession } from './smtp-session.ts'
import type { SendHooks, SmtpTimeouts, Transport, TransportOptions } from './transport.ts'

const TIMEOUTS: SmtpTimeouts = { connect: 30_000, message: 300_000, reply: 600_000 }

/** Servers count: many close a connection after a hundred messages or more, some with a reproach. */
const MESSAGES_PER_SESSION = 100

/** A session that nobody needed for so long is given back to the server. */
const IDLE = 20_000

export function openSmtp(text: string, options: TransportOptions): Transport {
  const address = smtpAddress(text)
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const stopped = new AbortController()
  setMaxListeners(0, stopped.signal)
  const busy = new Set<SmtpSession>()
  const idle = new Map<SmtpSession, NodeJS.Timeout>()

  async function take(): Promise<{ session: SmtpSession; used: boolean }> {
    for (const [session, timer] of [...idle].reverse()) {
      clearTimeout(timer)
      idle.delete(session)
      if (!session.usable()) continue
      busy.add(session)
      return { session, used: true }
    }
    const session = await openSmtpSession(address, timeouts, stopped.signal)
    busy.add(session)
    return { session, used: false }
  }

  function give(session: SmtpSession): void {
    busy.delete(session)
    if (!session.usable()) return
    if (stopped.signal.aborted || session.carried() >= MESSAGES_PER_SESSION) void session.quit()
    else {
      const retire = () => {
        idle.delete(session)
        void session.quit()
      }
      idle.set(session, setTimeout(retire, IDLE))
    }
  }

  async function send(message: Message, hooks: SendHooks): Promise<Outcome> {
    for (;;) {
      let taken: { session: SmtpSession; used: boolean }
      try {
        taken = await take()
      } catch (error) {
        return notConnected(error as SendError, address)
      }
      const { session, used } = taken
      const { outcome, wanted } = await session.send(message, hooks)
      give(session)
      // A server may end a session between two messages at any time (RFC 5321 §3.8): only a new one that fails tells
      // of trouble. Nothing of the message was asked for, so it is safe to begin again.
      if (outcome.kind === 'host-trouble' && used && !wanted && !stopped.signal.aborted) continue
      return masked(outcome, address)
    }
  }

  return {
    name: address.shown,
    send,
    async prove() {
      try {
        const session = await openSmtpSession(address, timeouts, stopped.signal)
        busy.add(session)
        give(session)
      } catch (error) {
        throw smtpRefusal(error as SendError, address)
      }
    },
    async close(how) {
      stopped.abort()
      if (how === 'cut') for (const session of busy) session.cut('stopped')
      const resting = [...idle]
      idle.clear()
      for (const [, timer] of resting) clearTimeout(timer)
      await Promise.all(resting.map(([session]) => session.quit()))
    },
  }
}

/** Without a session nothing was sent, whatever the server said about us. */
function notConnected(error: SendError, address: SmtpAddress): Outcome {
  return masked({ kind: 'host-trouble', reply: replyText(error.response ?? error.message) }, address)
}

/** A server that repeats the password in its answer must not bring it into the ledger. */
function masked(outcome: Outcome, { password }: SmtpAddress): Outcome {
  if (!password || !outcome.reply.includes(password)) return outcome
  return { ...outcome, reply: outcome.reply.replaceAll(password, '•••') }
}
