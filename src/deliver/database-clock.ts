// The clock of the database, as this machine can know it: machines that disagree about the time agree about leases.

import { type Database, databaseTime } from '../store/index.ts'
import type { Clock } from './clock.ts'

export interface DatabaseClock extends Clock {
  /** Asks the database again: clocks drift, and are set. */
  adjust(): Promise<void>
}

const ASKED = 3

/** @param local this machine's clock, whatever it was set to */
export async function databaseClock(db: Database, local: Clock): Promise<DatabaseClock> {
  let ahead = 0

  async function adjust(): Promise<void> {
    let shortest = Number.POSITIVE_INFINITY
    for (let asked = 0; asked < ASKED; asked++) {
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
