// An edition → the right to send it, held by one process at a time and kept by a heartbeat.

import { UserError } from '../../errors.ts'
import { beatSender, type Database, releaseSender, takeSender } from '../../store/index.ts'

/** The process that wants to send. */
export interface Holder {
  /** Unique to this run. */
  readonly owner: string
  readonly host: string
  readonly pid: number
  now(): number
  /** Is there a process of this number on this machine? */
  isRunning(pid: number): boolean
}

export interface Held {
  /** False when another has taken over: stop at once. */
  beat(): Promise<boolean>
  release(): Promise<void>
}

/** Six heartbeats: a machine that was asleep for a minute has lost it to whoever wants it. */
const EXPIRY = 60_000

/**
 * A lock whose process has died on this machine, or that was not kept for a minute, is taken over. Should its holder live
 * after all, the ledger gives it nothing more: what it holds is not its own any longer.
 *
 * @throws UserError when another process is sending this edition
 */
export async function holdSender(db: Database, edition: string, holder: Holder): Promise<Held> {
  const { owner, host, pid, now, isRunning } = holder
  for (;;) {
    const time = now()
    const answer = await takeSender(db, { edition, owner, host, pid, now: time, expires: time + EXPIRY })
    if (answer.taken) break
    const { by } = answer
    if (by.host !== host || isRunning(by.pid)) {
      throw new UserError(
        `ledger locked by another send of ${edition}: process ${by.pid} on ${by.host}, since ${new Date(by.since).toISOString()}`,
        `Wait until it has ended, or stop it. If that machine is gone, the lock is free a minute after its last sign: ${new Date(by.expires).toISOString()}.`,
      )
    }
    await releaseSender(db, { edition, owner: by.owner })
  }
  return {
    beat: () => beatSender(db, { edition, owner, expires: now() + EXPIRY }),
    release: () => releaseSender(db, { edition, owner }),
  }
}
