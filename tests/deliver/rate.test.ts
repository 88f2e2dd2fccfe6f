import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRate } from '../../src/deliver/rate.ts'

/** A clock that moves only by sleeping, each time later than asked. */
function lateClock(lateness: () => number) {
  let time = 1_000_000
  return {
    now: () => time,
    sleep: async (ms: number) => {
      time += ms + lateness()
    },
    set: (to: number) => {
      time = to
    },
  }
}

async function departures(perSecond: number, count: number, lateness: () => number): Promise<number[]> {
  const clock = lateClock(lateness)
  const pass = createRate(perSecond, clock)
  const times: number[] = []
  await Promise.all(Array.from({ length: count }, () => pass().then(() => times.push(clock.now()))))
  return times
}

const mostInAnySecond = (times: number[]) =>
  Math.max(...times.map(start => times.filter(time => time >= start && time < start + 1000).length))

it('is never above the rate in any second, however late the machine', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.infiniteStream(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2000 }))),
      async (rate, stream) => {
        const times = await departures(rate, rate * 4, () => stream.next().value)
        expect(mostInAnySecond(times)).toBeLessThanOrEqual(rate)
      },
    ),
    { numRuns: 200 },
  )
})

it('is not below it either on a machine that is a millisecond late each time', async () => {
  const times = await departures(100, 1000, () => 1)
  expect(times.at(-1)! - times[0]!).toBeLessThan(10_200)
})

it('spreads evenly: no burst at the start', async () => {
  const times = await departures(10, 20, () => 0)
  expect(times.map(time => time - times[0]!)).toEqual(Array.from({ length: 20 }, (_, i) => i * 100))
})

it('takes fractions: one message in two seconds', async () => {
  const times = await departures(0.5, 4, () => 0)
  expect(times.map(time => time - times[0]!)).toEqual([0, 2000, 4000, 6000])
})

it('does not wait for a clock that was set back', async () => {
  const clock = lateClock(() => 0)
  const pass = createRate(10, clock)
  await pass()
  clock.set(clock.now() - 3_600_000)
  const before = clock.now()
  await pass()
  expect(clock.now() - before).toBeLessThanOrEqual(200)
})

it('lets everybody go at once without a rate, and when stopped', async () => {
  const clock = lateClock(() => 0)
  await Promise.all(Array.from({ length: 100 }, () => createRate(undefined, clock)()))
  expect(clock.now()).toBe(1_000_000)
  const pass = createRate(0.001, clock)
  await pass()
  await pass(AbortSignal.abort())
  expect(clock.now()).toBe(1_000_000)
})
