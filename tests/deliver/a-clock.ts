// A speed → a clock on which hours pass in milliseconds.

import type { Clock } from '../../src/deliver/clock.ts'

/** @param start ms since epoch @param speed how many of its milliseconds pass in one of ours */
export function aFastClock(start = Date.parse('2026-01-30T07:00:00+05:30'), speed = 1): Clock {
  const began = performance.now()
  return {
    now: () => Math.round(start + (performance.now() - began) * speed),
    sleep: (ms, signal) =>
      new Promise(resolve => {
        if (signal?.aborted) return resolve()
        const done = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, ms / speed)
        signal?.addEventListener('abort', done, { once: true })
      }),
  }
}
