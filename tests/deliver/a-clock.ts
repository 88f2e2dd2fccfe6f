// A speed → a clock on which hours pass in milliseconds, and no faster on a machine that is busy with other things.

import type { Clock } from '../../src/deliver/clock.ts'

/** Between two looks at the clock so much of our time counts at most, in ms: what a machine was away for does not. */
const MOST_MS = 2

/** @param start ms since epoch @param speed how many of its milliseconds pass in one of ours */
export function aFastClock(start = Date.parse('2026-01-30T07:00:00+05:30'), speed = 1): Clock {
  let time = start
  let looked = performance.now()

  function now(): number {
    const at = performance.now()
    time += Math.min(at - looked, MOST_MS) * speed
    looked = at
    return Math.round(time)
  }

  return {
    now,
    sleep: (ms, signal) =>
      new Promise(resolve => {
        if (signal?.aborted) return resolve()
        const until = now() + ms
        const done = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const wake = () => {
          time = Math.max(time, until)
          done()
        }
        const timer = setTimeout(wake, ms / speed)
        signal?.addEventListener('abort', done, { once: true })
      }),
  }
}
