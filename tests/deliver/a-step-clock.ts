// A time that moves only when everybody sleeps, to the first who wakes; each may wake later than asked.

import type { Clock } from '../../src/deliver/clock.ts'

export interface StepClock extends Clock {
  set(to: number): void
}

export function aStepClock(lateness: () => number = () => 0): StepClock {
  let time = 1_000_000
  const sleepers: { readonly at: number; readonly wake: () => void }[] = []

  function step(): void {
    sleepers.sort((a, b) => a.at - b.at)
    const first = sleepers.shift()
    if (!first) return
    time = Math.max(time, first.at) + lateness()
    first.wake()
    if (sleepers.length > 0) setImmediate(step)
  }

  return {
    now: () => time,
    sleep: ms =>
      new Promise(wake => {
        if (sleepers.push({ at: time + ms, wake }) === 1) setImmediate(step)
      }),
    set(to) {
      time = to
    },
  }
}
