// Messages a second of all senders together → a gate for the connections of one of them.

import { type Database, reservePlaces } from '../../store/index.ts'
import type { Clock } from '../clock.ts'
import type { Rate } from '../rate.ts'

/** How late a departure may be, in ms; later ones give their place up and take another. */
const LATE = 20

/** How far ahead places are reserved, in ms: what a sender that stops does not use is lost to the others. */
const AHEAD = 250

/**
 * Places stand on a grid in the database; each sender reserves a few at a time. A departure leaves within `LATE` of its
 * place, and the grid is wider by as much as that can add up to: in any window of one second there are at most
 * `perSecond`, whoever made them (below 1 and between whole numbers as in rate.ts).
 *
 * @param clock the database's
 */
export function sharedRate(db: Database, name: string, perSecond: number, clock: Clock): Rate {
  const interval = 1000 / perSecond + LATE / Math.max(1, Math.floor(perSecond))
  const most = Math.max(1, Math.floor(AHEAD / interval))
  let waiting = 0
  let places: number[] = []
  let last: Promise<void> = Promise.resolve()

  async function depart(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const place = places.shift()
      if (place === undefined) {
        // No more than are wanted here: a slow sender must not keep the others from going faster.
        const count = Math.min(most, Math.max(1, waiting))
        const first = await reservePlaces(db, { name, now: clock.now(), interval, count })
        places = Array.from({ length: count }, (_, i) => first + i * interval)
        continue
      }
      const now = clock.now()
      if (now > place + LATE) continue
      if (now >= place) return
      await clock.sleep(Math.ceil(place - now), signal)
      if (clock.now() <= place + LATE) return
    }
  }

  return signal => {
    waiting++
    const mine = last.then(() => depart(signal)).finally(() => waiting--)
    last = mine.catch(() => {})
    return mine
  }
}
