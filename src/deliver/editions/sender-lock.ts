// An edition in a file's ledger → the right to send it, held by one process at a time and kept by a heartbeat.

import { UserError } from '../../errors.ts'
import { beatSender, type Database, releaseSender, takeSender } from '../../store/index.ts'

/** The process that wants to send. */
export interface SenderProcess {
  readonly host: string
  readonly pid: number
}

export interface SenderLock {
  /** False when another has taken over: stop at once. */
  heartbeat(): Promise<boolean>
  release(): Promise<void>
}

/** Six heartbeats: a machine that was asleep for a minute has lost it to whoever wants it. */
const EXPIRY_MS = 60_000

/**
 * A lock whose process has died on this machine, or that was not kept for a minute, is taken over. Should its holder live
 * after all, the ledger gives it nothing more: what it holds is not its own any longer.
 *
 * @param owner unique to this run
 * @throws UserError when another process is sending this edition
 */
export async function lockSender(
  db: Database,
  edition: string,
  { owner, host, pid, now }: SenderProcess & { readonly owner: string; now(): number },
): Promise<SenderLock> {
  for (;;) {
    const time = now()
    const answer = await takeSender(db, { edition, owner, host, pid, now: time, expires: time + EXPIRY_MS })
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
    heartbeat: () => beatSender(db, { edition, owner, expires: now() + EXPIRY_MS }),
    release: () => releaseSender(db, { edition, owner }),
  }
}

/** Is there a process of this number on this machine? Signal 0 asks and does nothing. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
