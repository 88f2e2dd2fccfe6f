// Text is HTML once it is escaped, a language says in which direction it is read, and times are as people write them.

import { expect, test } from 'vitest'
import {
  directionOf,
  duration,
  escapeHtml,
  escapeText,
  liveTimes,
  readLiveHeading,
} from '../../src/base/index.ts'

test('the direction is that of the script, named or usual', () => {
  const rightToLeft = ['ar', 'ur-PK', 'fa', 'he', 'ks', 'ur-Aran', 'pa-PK', 'uz-Arab', 'arc', 'sd-Sogd']
  expect(rightToLeft.map(directionOf)).toEqual(rightToLeft.map(() => 'rtl'))
  const leftToRight = ['en', 'hi', 'ks-Deva', 'sd-IN', 'pa', 'ja', 'zh-Hant', 'not a language', '']
  expect(leftToRight.map(directionOf)).toEqual(leftToRight.map(() => 'ltr'))
})

test('text as HTML, between tags and in attributes', () => {
  expect(escapeText(`a "b" & <i>'c'</i>`)).toBe(`a "b" &amp; &lt;i&gt;'c'&lt;/i&gt;`)
  expect(escapeHtml(`a "b" & <i>'c'</i>`)).toBe(`a &quot;b&quot; &amp; &lt;i&gt;'c'&lt;/i&gt;`)
  expect(escapeHtml('"')).toBe('&quot;')
})

test.each([
  [0, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [89, '89 s'],
  [90, '2 min'],
  [5399, '90 min'],
  [5400, '1.5 h'],
])('%d seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words)
})

test.each([
  [
    'a first entry at once after midnight is of the next day',
    '23:50',
    ['00:05 Votes', '01:10 Result'],
    [1, 1],
  ],
  ['one from long before the article’s time, too', '20:00', ['07:00 Doors open'], [1]],
  ['one from some hours before it is of its day', '20:00', ['09:00 Doors open', '21:00 Doors close'], [0, 0]],
])('of a live blog, %s', (_, begun, headings, days) => {
  const at = Date.parse(`2026-01-30T${begun}:00Z`)
  const entries = headings.map(heading => readLiveHeading(heading)!)
  const dates = liveTimes(entries, { at, offset: 0 }, 'UTC').map(time => new Date(time.at).getUTCDate())
  expect(dates).toEqual(days.map(day => 30 + day))
})
