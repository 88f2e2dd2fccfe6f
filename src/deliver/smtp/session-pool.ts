// How to open a session → as many of them as messages are in flight at once, used again and again.

import type { SmtpSession } from './session.ts'

export interface SmtpSessions {
  /** A session that nobody uses, or a new one; where the server lets us have no more, the next that comes free. */
  take(): Promise<{ readonly session: SmtpSession; readonly used: boolean }>
  give(session: SmtpSession): void
  /** Ends the idle ones politely; with `cut`, the busy ones at once. Nothing can be waited for any more. */
  close(cut: boolean): Promise<void>
}

/** Servers count: many close a connection after a hundred messages or more, some with a reproach. */
const MESSAGES = 100

/** A session that nobody needed for so long is given back to the server, in ms. */
const IDLE = 20_000

/** For how long we do with as many sessions as the server let us have, before we ask for more, in ms. */
const LIMITED = 60_000

export function smtpSessions(open: () => Promise<SmtpSession>): SmtpSessions {
  /** Used, or about to end: the server counts them. */
  const busy = new Set<SmtpSession>()
  const idle = new Map<SmtpSession, NodeJS.Timeout>()
  const waiting: (() => void)[] = []
  let opening = 0
  let most = Number.POSITIVE_INFINITY
  let lifting: NodeJS.Timeout | undefined
  let closed = false

  async function take(): Promise<{ session: SmtpSession; used: boolean }> {
    for (;;) {
      const session = unused()
      if (session) return { session, used: true }
      if (busy.size + opening >= most) {
        await new Promise<void>(resolve => waiting.push(resolve))
        continue
      }
      opening++
      try {
        const fresh = await open()
        busy.add(fresh)
        return { session: fresh, used: false }
      } catch (error) {
        // Only where there is none at all is it trouble: a server may well limit how many we have at once.
        if (busy.size === 0 || closed) throw error
        most = busy.size
        lifting ??= setTimeout(lift, LIMITED)
      } finally {
        opening--
      }
    }
  }

  function unused(): SmtpSession | undefined {
    for (const [session, timer] of [...idle].reverse()) {
      clearTimeout(timer)
      idle.delete(session)
      if (!session.usable()) continue
      busy.add(session)
      return session
    }
    return undefined
  }

  function give(session: SmtpSession): void {
    if (session.usable() && (closed || session.carried() >= MESSAGES)) void end(session)
    else {
      busy.delete(session)
      if (session.usable()) idle.set(session, setTimeout(end, IDLE, session))
      next()
    }
  }

  async function end(session: SmtpSession): Promise<void> {
    idle.delete(session)
    await session.quit()
    busy.delete(session)
    next()
  }

  function next(): void {
    if (busy.size + idle.size === 0) lift()
    else waiting.shift()?.()
  }

  function lift(): void {
    most = Number.POSITIVE_INFINITY
    clearTimeout(lifting)
    lifting = undefined
    for (const resolve of waiting.splice(0)) resolve()
  }

  return {
    take,
    give,
    async close(cut) {
      closed = true
      lift()
      if (cut) for (const session of busy) session.cut('stopped')
      const resting = [...idle]
      idle.clear()
      for (const [, timer] of resting) clearTimeout(timer)
      await Promise.all(resting.map(([session]) => session.quit()))
    },
  }
}
