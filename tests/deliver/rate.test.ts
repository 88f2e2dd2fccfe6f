import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { type RateLimits, rateLimiter } from '../../src/deliver/gates.ts'
import type { Database } from '../../src/store/database.ts'
import { openStore } from '../../src/store/open-store.ts'
import { aFolder } from '../a-folder.ts'
import { aStepClock, type StepClock } from './a-step-clock.ts'

async function aDatabase(): Promise<Database> {
  const { db } = await openStore(join(aFolder(), 'list.db'))
  onTestFinished(() => db.close())
  return db
}

async function departures(
  db: Database,
  limits: RateLimits,
  count: number,
  clock: StepClock,
): Promise<number[]> {
  const limiter = rateLimiter(db, 'weekly', limits, clock)
  const times: number[] = []
  await Promise.all(
    Array.from({ length: count }, () => limiter('asha@reader.example').then(() => times.push(clock.now()))),
  )
  return times
}

const mostInAnySecond = (times: readonly number[]) =>
  Math.max(0, ...times.map(start => times.filter(time => time >= start && time < start + 1000).length))

it('is never above the rate in any second, however late the machine', async () => {
  const db = await aDatabase()
  const lateness = fc.infiniteStream(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })))
  const limit = fc.integer({ min: 1, max: 20 })
  await fc.assert(
    fc.asyncProperty(limit, fc.option(limit, { nil: undefined }), lateness, async (rate, own, stream) => {
      await db.query('DELETE FROM rates')
      const clock = aStepClock(() => (Math.random() < 0.5 ? 0 : stream.next().value))
      const limits = { rate, newsletterRate: own }
      const times = await departures(db, limits, Math.min(rate, own ?? rate) * 3, clock)
      expect(mostInAnySecond(times)).toBeLessThanOrEqual(Math.min(rate, own ?? rate))
    }),
    { numRuns: 20 },
  )
})

it.each<[string, RateLimits]>([
  ['of all', { rate: 100 }],
  ['of the newsletter', { newsletterRate: 100 }],
  ['of both', { rate: 120, newsletterRate: 100 }],
])('is not below it either on a machine that is a millisecond late each time: %s', async (_, limits) => {
  const times = await departures(
    await aDatabase(),
    limits,
    1000,
    aStepClock(() => 1),
  )
  expect(times.at(-1)! - times[0]!).toBeLessThan(12_000)
  expect(mostInAnySecond(times)).toBeLessThanOrEqual(100)
})

it('spreads evenly: no burst at the start', async () => {
  const times = await departures(await aDatabase(), { rate: 10 }, 20, aStepClock())
  expect(times.map(time => time - times[0]!)).toEqual(
    Array.from({ length: 20 }, (_, i) => Math.ceil(i * 102.5)),
  )
})

it('takes fractions: one message in two seconds', async () => {
  const times = await departures(await aDatabase(), { newsletterRate: 0.5 }, 4, aStepClock())
  expect(times.map(time => time - times[0]!)).toEqual([0, 2025, 4050, 6075])
})

it.each<RateLimits>([{ rate: 10 }, { rate: 10, newsletterRate: 8 }])(
  'does not wait for a clock that was set back: %j',
  async limits => {
    const clock = aStepClock()
    const limiter = rateLimiter(await aDatabase(), 'weekly', limits, clock)
    await limiter('a@b.example')
    clock.set(clock.now() - 3_600_000)
    const before = clock.now()
    await limiter('a@b.example')
    expect(clock.now() - before).toBeLessThanOrEqual(200)
  },
)

it('lets everybody go at once without a rate, and when stopped', async () => {
  const db = await aDatabase()
  const clock = aStepClock()
  await departures(db, { domains: { 'other.example': 1 } }, 100, clock)
  expect(clock.now()).toBe(1_000_000)
  for (const limits of [{ rate: 0.001 }, { rate: 1, newsletterRate: 0.001 }]) {
    const limiter = rateLimiter(db, 'daily', limits, clock)
    const before = clock.now()
    await limiter('a@b.example', AbortSignal.abort())
    expect(clock.now()).toBe(before)
  }
})

it('a newsletter, a domain and all together: each has its rate, and none loses by another’s', async () => {
  const db = await aDatabase()
  const clock = aStepClock(() => Math.round(Math.random() * 3))
  const limits = { rate: 40, domains: { 'slow.example': 4 } }
  const senders = [
    { name: 'weekly', limiter: rateLimiter(db, 'weekly', { ...limits, newsletterRate: 10 }, clock) },
    { name: 'weekly', limiter: rateLimiter(db, 'weekly', { ...limits, newsletterRate: 10 }, clock) },
    { name: 'daily', limiter: rateLimiter(db, 'daily', limits, clock) },
  ]
  const left: { name: string; domain: string; at: number }[] = []
  const end = clock.now() + 10_000
  await Promise.all(
    senders.flatMap(({ name, limiter }) =>
      ['slow', 'fast', 'fast', 'fast'].map(async domain => {
        for (;;) {
          await limiter(`reader@${domain}.example`)
          if (clock.now() > end) return
          left.push({ name, domain, at: clock.now() })
        }
      }),
    ),
  )
  const times = (which: (one: (typeof left)[number]) => boolean) => left.filter(which).map(({ at }) => at)
  const weekly = times(({ name }) => name === 'weekly')
  const slow = times(({ domain }) => domain === 'slow')
  const all = times(() => true)
  expect(mostInAnySecond(weekly)).toBeLessThanOrEqual(10)
  expect(mostInAnySecond(slow)).toBeLessThanOrEqual(4)
  expect(mostInAnySecond(all)).toBeLessThanOrEqual(40)
  expect(weekly.length).toBeGreaterThan(80)
  expect(slow.length).toBeGreaterThan(30)
  expect(all.length).toBeGreaterThan(340)
})
