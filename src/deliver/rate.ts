// Messages a second → a gate that all connections pass one by one: exact, however many they are.

import type { Clock } from './clock.ts'

/** Resolves when one more message may start; at once when the signal is aborted. */
export type Rate = (signal?: AbortSignal) => Promise<void>

/**
 * Departures stand on an even grid, so that there is no burst; and a departure that a busy machine made late never lets
 * the ones after it crowd: in any window of one second there are at most `perSecond` (below 1 and between whole numbers,
 * the whole number below in the time that it takes: 2.5 is two in any 800 ms).
 *
 * @param perSecond undefined for no limit
 */
export function createRate(perSecond: number | undefined, clock: Clock): Rate {
  if (perSecond === undefined || !Number.isFinite(perSecond)) return async () => {}
  const interval = 1000 / perSecond
  const count = Math.max(1, Math.floor(perSecond))
  const window = count * interval
  /** The last `count` departures, as a ring. */
  const departures = new Array<number>(count).fill(Number.NEGATIVE_INFINITY)
  let made = 0
  let latest = Number.NEGATIVE_INFINITY
  let grid = Number.NEGATIVE_INFINITY
  let last: Promise<void> = Promise.resolve()

  async function depart(signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (signal?.aborted) return
      const due = Math.max(grid, departures[made % count]! + window)
      const now = clock.now()
      // A clock that was set back would hold everybody until it has caught up.
      if (now < latest) {
        departures.fill(Number.NEGATIVE_INFINITY)
        grid = now + interval
        latest = now
        continue
      }
      if (now >= due) {
        latest = now
        departures[made++ % count] = now
        // A grid that fell behind by more than one place starts anew: time that was not used is not made up for.
        grid = (now - grid > interval ? now : grid) + interval
        return
      }
      await clock.sleep(Math.ceil(due - now), signal)
    }
  }

  return signal => {
    const mine = last.then(() => depart(signal))
    last = mine
    return mine
  }
}
