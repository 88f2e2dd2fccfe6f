// Messages a second of all senders together → a gate for the connections of one of them. Exact, however many they are.

import { type Database, FARTHEST, reservePlaces } from '../../store/index.ts'
import type { Clock } from '../clock.ts'

/** Resolves when one more message may start; at once when the signal is aborted. */
export type Rate = (signal?: AbortSignal) => Promise<void>

/** How late a departure may be, in ms; later ones give their place up and take another. */
export const LATE = 20

/** How far two senders may differ on what time it is, and how early a timer may wake, in ms together. */
const GRAIN = 5

/** How far ahead places are reserved, in ms: what a sender that stops does not use is lost to the others. */
const AHEAD = 250

/** From one place to the next, in ms: wider than the rate by as much as late and early departures can add up to in a second. */
export function intervalOf(perSecond: number): number {
  return 1000 / perSecond + (LATE + GRAIN) / Math.max(1, Math.floor(perSecond))
}

/**
 * Places stand on a grid in the database; each sender reserves a few at a time. A departure leaves within `LATE` of its
 * place: in any window of one second there are at most `perSecond`, whoever made them (below 1 and between whole numbers,
 * the whole number below in the time that it takes: 2.5 is two in any 800 ms). Time that was not used is not made up for.
 *
 * @param clock the same for all senders: the database's
 */
export function sharedRate(db: Database, name: string, perSecond: number, clock: Clock): Rate {
  const interval = intervalOf(perSecond)
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
      // A clock that was set back would hold everybody until it has caught up.
      if (place - clock.now() > FARTHEST + 100 * interval) continue
      if (await departAt(place, clock, signal)) return
    }
  }

  return signal => {
    waiting++
    const mine = last.then(() => depart(signal)).finally(() => waiting--)
    last = mine.catch(() => {})
    return mine
  }
}

/** @returns false when it came too late for that place */
export async function departAt(place: number, clock: Clock, signal?: AbortSignal): Promise<boolean> {
  const ahead = place - clock.now()
  if (ahead > 0) await clock.sleep(Math.ceil(ahead), signal)
  return clock.now() <= place + LATE
}
