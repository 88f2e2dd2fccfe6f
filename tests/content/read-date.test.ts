import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openZone } from '../../src/base/zoned-time.ts'
import { readDate } from '../../src/content/text-values.ts'

const kolkata = openZone('Asia/Kolkata')
const newYork = openZone('America/New_York')

/** Instant and offset, as ISO text of that offset. */
function iso(value: unknown, zone = kolkata): string | undefined {
  const date = readDate(value, zone)
  if (!date) return undefined
  const sign = date.offset < 0 ? '-' : '+'
  const minutes = Math.abs(date.offset)
  const local = new Date(date.at + date.offset * 60_000).toISOString().slice(0, 19)
  return `${local}${sign}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

test.each([
  ['2026-01-30T05:06:00+05:30', '2026-01-30T05:06:00+05:30'],
  ['2013-05-06 02:12:52 +0200', '2013-05-06T02:12:52+02:00'],
  ['2026-01-30T05:06:00Z', '2026-01-30T05:06:00+00:00'],
  ['2026-01-30T05:06:00.123-08:00', '2026-01-30T05:06:00-08:00'],
  ['2024-01-02', '2024-01-02T00:00:00+05:30'],
  ['2024-01-02 09:00', '2024-01-02T09:00:00+05:30'],
  ['2024-1-2 9:05 PM', '2024-01-02T21:05:00+05:30'],
  ['2024/01/02', '2024-01-02T00:00:00+05:30'],
  [20240102, '2024-01-02T00:00:00+05:30'],
  ['Fri, 30 Jan 2026 05:06:00 +0530', '2026-01-30T05:06:00+05:30'],
  ['30 Jan 2026 05:06 GMT', '2026-01-30T05:06:00+00:00'],
  ['30 January 2026', '2026-01-30T00:00:00+05:30'],
  ['January 30, 2026', '2026-01-30T00:00:00+05:30'],
  ['Jan 30, 2026 at 5:06 am EST', '2026-01-30T05:06:00-05:00'],
  ['2026-01-30 05:06 Europe/Berlin', '2026-01-30T05:06:00+01:00'],
  ['Fri Jan 30 05:06:00 2026 +0530', '2026-01-30T05:06:00+05:30'],
  ['2023-01-29 18:30:22 2023 -0800', '2023-01-29T18:30:22-08:00'],
  ['2024-02-29', '2024-02-29T00:00:00+05:30'],
  ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59+00:00'],
  ['2026-01-14 00:10::00 -03:00', '2026-01-14T00:10:00-03:00'],
  ['2026.01.14 10:00', '2026-01-14T10:00:00+05:30'],
  ['2026-01-14 9:5:3', '2026-01-14T09:05:03+05:30'],
  ['2026-01-14, 9:05', '2026-01-14T09:05:00+05:30'],
  ['202601141020', '2026-01-14T10:20:00+05:30'],
  [1768348800, '2026-01-14T00:00:00+00:00'],
  ['1768348800000', '2026-01-14T00:00:00+00:00'],
  ['Fri Sep 3 11:21:31 CEST 2021', '2021-09-03T11:21:31+02:00'],
  ['Fri Jan 30 2026 05:06:00 GMT+0530 (India Standard Time)', '2026-01-30T05:06:00+05:30'],
  ['2026-01-14 10:00 UTC+2', '2026-01-14T10:00:00+02:00'],
  ['2026-01-14 10:00 AEDT', '2026-01-14T10:00:00+11:00'],
  ['14/01/2026', '2026-01-14T00:00:00+05:30'],
  ['01/14/2026 10:00', '2026-01-14T10:00:00+05:30'],
  ['3.4.2026', '2026-04-03T00:00:00+05:30'],
  ['14. Januar 2026', '2026-01-14T00:00:00+05:30'],
  ['14 de enero de 2026', '2026-01-14T00:00:00+05:30'],
  ['1er août 2026', '2026-08-01T00:00:00+05:30'],
  ['13 июля 2026', '2026-07-13T00:00:00+05:30'],
  ['2026-01-14 at 10:30', '2026-01-14T10:30:00+05:30'],
  ['2026-01-14 - 9:05', '2026-01-14T09:05:00+05:30'],
  ['2026-01-14 10:00:00 +0200 CEST', '2026-01-14T10:00:00+02:00'],
  ['2026年1月14日', '2026-01-14T00:00:00+05:30'],
])('%s is %s', (text, right) => {
  expect(iso(text)).toBe(right)
})

test.each([
  '',
  'soon',
  'Last Modified',
  '2023-02-29',
  '2024-13-01',
  '2024-01-02 25:00',
  '2024-01-02 09:61',
  '2024-01-02 13:05 PM',
  '2024-01-02 0:05 AM',
  '30',
  5,
  true,
  {},
  [],
  null,
  '2024-01-02T09:00:00+99:00',
  '2026-01-30 05:06 Mars/Phobos',
  '2026-01-30 05:06 IST',
  '03/04/2026',
  '12/01/2026',
  '01/12/2026',
  '14 Hornung 2026',
  '1234567',
  '2026-01-14 10:00 banana',
])('%j is no date', text => {
  expect(readDate(text, kolkata)).toBeUndefined()
})

describe('across the change of clocks', () => {
  test('summer and winter have their own offset', () => {
    expect(iso('2026-07-01 12:00', newYork)).toBe('2026-07-01T12:00:00-04:00')
    expect(iso('2026-01-01 12:00', newYork)).toBe('2026-01-01T12:00:00-05:00')
  })
  test('a time that is skipped is read with the offset before', () => {
    expect(iso('2026-03-08 02:30', newYork)).toBe('2026-03-08T03:30:00-04:00')
  })
  test('a time that comes twice is the first', () => {
    expect(iso('2026-11-01 01:30', newYork)).toBe('2026-11-01T01:30:00-04:00')
    expect(iso('2026-11-01 02:30', newYork)).toBe('2026-11-01T02:30:00-05:00')
  })
})

test('every instant written in ISO is read back, in every zone', () => {
  const zones = [
    'Asia/Kolkata',
    'America/St_Johns',
    'Pacific/Apia',
    'Europe/Dublin',
    'Australia/Lord_Howe',
  ].map(openZone)
  const range = { min: Date.UTC(1950, 0, 1), max: Date.UTC(2100, 0, 1), noInteger: false }
  fc.assert(
    fc.property(
      fc.integer({ min: range.min / 1000, max: range.max / 1000 }),
      fc.constantFrom(...zones),
      (second, zone) => {
        const at = second * 1000
        expect(readDate(new Date(at).toISOString(), zone)).toEqual({ at, offset: 0 })
        const offset = zone.offsetAt(at)
        const wall = new Date(at + offset * 60_000).toISOString().slice(0, 19)
        const back = readDate(wall, zone)!
        // Only an hour that comes twice may be read as the first of the two.
        if (back.at !== at) expect(zone.offsetAt(back.at)).not.toBe(offset)
      },
    ),
  )
})

test('no text throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.stringMatching(/^\d{1,5}[-/. ]\d{1,3}[-/. ]\d{1,3}[T ]?[\d:.+-]{0,20}$/),
      ),
      text => {
        const date = readDate(text, newYork)
        if (date) expect(Number.isSafeInteger(date.at) && Number.isSafeInteger(date.offset)).toBe(true)
      },
    ),
  )
})

test('the engine reads RFC 3339 as the patterns read it with a space', () => {
  const two = (most: number) => fc.integer({ min: 0, max: most }).map(n => String(n).padStart(2, '0'))
  const year = fc.constantFrom('2026', '2024', '2000', '1999', '1900', '3000', '0099', '0999')
  const offset = fc.constantFrom('Z', '+05:30', '-00:00', '-03:30', '+14:59', '+15:00', '+18:01', '-09:60')
  let read = 0
  fc.assert(
    fc.property(year, two(13), two(32), two(25), two(61), two(61), offset, (y, month, day, h, m, s, end) => {
      const date = readDate(`${y}-${month}-${day}T${h}:${m}:${s}${end}`, newYork)
      if (date) read++
      expect(date).toEqual(readDate(`${y}-${month}-${day} ${h}:${m}:${s}${end}`, newYork))
    }),
    { numRuns: 5000 },
  )
  expect(read).toBeGreaterThan(1000)
})
