// Schedules: by example where a person would look it up, by property over zones whose clocks do everything clocks do.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openZone } from '../../src/base/zoned-time.ts'
import { lastSlot, nextSlot, slotById, slotsBetween } from '../../src/edition/slots.ts'
import type { Newsletter } from '../../src/model.ts'

const ZONES = [
  'Asia/Kolkata',
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Apia',
]
const DAY = 86_400_000
const time = (iso: string) => Date.parse(iso)
const iso = (at: number) => new Date(at).toISOString()

type Schedule = Pick<Newsletter, 'every' | 'on' | 'at'>

const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({
    every: fc.constant('day' as const),
    on: fc.constant(1),
    at: fc.integer({ min: 0, max: 1439 }),
  }),
  fc.record({
    every: fc.constant('week' as const),
    on: fc.integer({ min: 1, max: 7 }),
    at: fc.integer({ min: 0, max: 1439 }),
  }),
  fc.record({
    every: fc.constant('month' as const),
    on: fc.integer({ min: 1, max: 31 }),
    at: fc.integer({ min: 0, max: 1439 }),
  }),
)
const moment = fc.integer({ min: time('2005-01-01T00:00Z'), max: time('2030-01-01T00:00Z') })
const anything = fc.record({ schedule, zone: fc.constantFrom(...ZONES), start: moment })

/** What the clock on the wall shows, as if it were UTC. */
const wall = (zone: string, at: number) => at + openZone(zone).offsetAt(at) * 60_000

test('a week runs from Friday 07:00 to Friday 07:00 in Delhi and is called after its ISO week', () => {
  expect(slotById({ every: 'week', on: 5, at: 420 }, 'Asia/Kolkata', '2026-W05')).toEqual({
    id: '2026-W05',
    from: time('2026-01-23T07:00+05:30'),
    until: time('2026-01-30T07:00+05:30'),
  })
})

test.each([
  ['2026-W01', '2026-01-02'],
  ['2020-W53', '2021-01-01'],
  ['2025-W01', '2025-01-03'],
])('%s is the week of Friday %s', (id, day) => {
  expect(slotById({ every: 'week', on: 5, at: 0 }, 'UTC', id)?.until).toBe(time(`${day}T00:00Z`))
})

test.each(['2026-W54', '2025-W53', '2026-W00', '2026-05', '2026-W5', '', '2026-01-30', '../2026-W05'])(
  'a weekly newsletter has no slot %s',
  id => {
    expect(slotById({ every: 'week', on: 5, at: 420 }, 'Asia/Kolkata', id)).toBeUndefined()
  },
)

test('the 31st is the last day of a shorter month', () => {
  const slots = slotsBetween({ every: 'month', on: 31, at: 0 }, 'UTC', time('2024-01-01'), time('2024-05-01'))
  expect(slots.map(slot => [slot.id, iso(slot.until).slice(0, 10)])).toEqual([
    ['2024-01', '2024-01-31'],
    ['2024-02', '2024-02-29'],
    ['2024-03', '2024-03-31'],
    ['2024-04', '2024-04-30'],
  ])
})

test.each([
  ['skipped: London, 29 March 2026 01:30', 'Europe/London', 90, '2026-03-29', '2026-03-29T01:00Z'],
  ['skipped: Lord Howe moves by half an hour', 'Australia/Lord_Howe', 135, '2026-10-04', '2026-10-03T15:30Z'],
  ['repeated: New York, 1 November 2026 01:30', 'America/New_York', 90, '2026-11-01', '2026-11-01T05:30Z'],
  ['skipped: the whole 30 December 2011 in Samoa', 'Pacific/Apia', 420, '2011-12-30', '2011-12-30T10:00Z'],
])('%s happens once', (_, zone, at, id, until) => {
  const daily: Schedule = { every: 'day', on: 1, at }
  expect(iso(slotById(daily, zone, id)!.until)).toBe(iso(time(until)))
  const around = slotsBetween(daily, zone, time(until) - 3 * DAY, time(until) + 3 * DAY)
  expect(around.filter(slot => slot.id === id)).toHaveLength(1)
})

test('a midnight that fell into a skipped day and the next midnight are one instant, hence one slot', () => {
  const slots = slotsBetween(
    { every: 'day', on: 1, at: 0 },
    'Pacific/Apia',
    time('2011-12-28'),
    time('2012-01-01'),
  )
  expect(slots.map(slot => slot.id)).toEqual(['2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01'])
})

test('slots tile time: ascending, without gap or overlap, ids unique', () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 0, max: 900 }), ({ schedule, zone, start }, days) => {
      const slots = slotsBetween(schedule, zone, start, start + days * DAY)
      for (const [index, slot] of slots.entries()) {
        expect(slot.from).toBeLessThan(slot.until)
        expect(slot.from <= start).toBe(index === 0)
        if (index > 0) expect(slot.from).toBe(slots[index - 1]!.until)
      }
      expect((slots.at(-1)?.until ?? start) <= start + days * DAY).toBe(true)
      expect(nextSlot(schedule, zone, start + days * DAY)!.from).toBe(
        slots.at(-1)?.until ?? nextSlot(schedule, zone, start)!.from,
      )
      expect(new Set(slots.map(slot => slot.id)).size).toBe(slots.length)
    }),
  )
})

test('slotById is the inverse of id; nextSlot and lastSlot meet at every instant', () => {
  fc.assert(
    fc.property(anything, ({ schedule, zone, start }) => {
      const next = nextSlot(schedule, zone, start)!
      const last = lastSlot(schedule, zone, start)!
      expect(slotById(schedule, zone, next.id)).toEqual(next)
      expect(slotById(schedule, zone, last.id)).toEqual(last)
      expect(last.until).toBe(next.from)
      expect(last.until <= start && start < next.until).toBe(true)
      expect(lastSlot(schedule, zone, next.until)).toEqual(next)
    }),
  )
})

test('a slot is the first instant at which the clock shows its time or later', () => {
  fc.assert(
    fc.property(anything, ({ schedule, zone, start }) => {
      const { id, until } = nextSlot(schedule, zone, start)!
      const shown = wall(zone, until)
      const due = Math.floor(shown / DAY) * DAY + schedule.at * 60_000
      const before = wall(zone, until - 60_000)
      // Either the clock shows the time, or it has just jumped over it.
      if (shown !== due) expect(shown - before).toBeGreaterThan(60_000)
      if (schedule.every === 'day') expect(iso(shown).slice(0, 10) >= id).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('each day, week and month of ten years has its slot in every zone', () => {
  const [from, to] = [time('2010-01-01'), time('2020-01-01')]
  const dates = Array.from({ length: (to - from) / DAY }, (_, day) => iso(from + day * DAY).slice(0, 10))
  for (const zone of ZONES) {
    for (const at of [0, 90, 150, 1439]) {
      const ids = (every: 'day' | 'week' | 'month', on: number) =>
        slotsBetween({ every, on, at }, zone, from - 40 * DAY, to + 40 * DAY).map(slot => slot.id)
      const skipped = zone === 'Pacific/Apia' && at === 0 ? ['2011-12-30'] : []
      const between = (id: string) => id >= dates[0]! && id <= dates.at(-1)!
      expect(ids('day', 1).filter(between)).toEqual(dates.filter(date => !skipped.includes(date)))
      expect(ids('month', 31).filter(id => between(`${id}-15`))).toHaveLength(120)
      // 2015 is the one year of the ten with 53 weeks.
      expect(ids('week', 7).filter(id => id >= '2010-W01' && id < '2020')).toHaveLength(521)
    }
  }
})
