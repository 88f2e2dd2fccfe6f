// The time as sending sees it: what it is, and how to wait. Real in commands, turned by hand in tests; for many machines,
// the database's.

import { type Database, databaseTime } from '../store/index.ts'

export interface Clock {
  /** ms since epoch */
  now(): number
  /** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Waits by Node's own timers. @param now where the time comes from */
export function realClock(now: () => number): Clock {
  return { now, sleep }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish, { once: true })
  })
}

/** As this machine can know it: machines that disagree about the time agree about leases. */
export interface DatabaseClock extends Clock {
  /** Asks the database again: clocks drift, and are set. */
  adjust(): Promise<void>
}

const CLOCK_READINGS = 3

/** @param local this machine's clock, whatever it was set to */
export async function databaseClock(db: Database, local: Clock): Promise<DatabaseClock> {
  let ahead = 0

  async function adjust(): Promise<void> {
    let shortest = Number.POSITIVE_INFINITY
    for (let asked = 0; asked < CLOCK_READINGS; asked++) {
      const before = local.now()
      const time = await databaseTime(db)
      const after = local.now()
      // The shorter the way there and back, the less can be wrong about where its middle was.
      if (after - before >= shortest) continue
      shortest = after - before
      ahead = time - (before + after) / 2
    }
  }

  await adjust()
  return { now: () => Math.round(local.now() + ahead), sleep: local.sleep, adjust }
}
