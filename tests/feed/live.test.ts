// A live blog in feeds: its entries newest first, however it was written, and not a word lost.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRenderer } from '../../src/render/index.ts'
import { aLoaded, anArticle, at } from '../builders.ts'
import { build } from './fixture.ts'
import { readItems } from './read-items.ts'

const INTRO = 'Fog has closed the airport.'
const entry = (time: string, words: string) => `## ${time} ${words}\n\nWords of ${words}.`

/** What the three feeds show of it, in the order of the page. */
function shown(body: string, marks: RegExp): string[][] {
  const loaded = aLoaded([anArticle({ live: true, body, date: at('2026-01-30T06:00:00+05:30') })])
  const { rss, atom, json } = readItems(build(loaded, createRenderer(loaded)))
  return [rss, atom, json].map(([item]) => item!.content.split('<p><small>')[0]!.match(marks) ?? [])
}

const all = (marks: string[]) => [marks, marks, marks]

test.each([
  ['oldest first', [entry('07:00', 'Alpha'), entry('08:30', 'Beta'), entry('09:15', 'Gamma')]],
  ['newest first', [entry('09:15', 'Gamma'), entry('08:30', 'Beta'), entry('07:00', 'Alpha')]],
])('written %s', (_, entries) => {
  const marks = /Fog has|Words of \w+/g
  expect(shown([INTRO, ...entries].join('\n\n'), marks)).toEqual(
    all(['Fog has', 'Words of Gamma', 'Words of Beta', 'Words of Alpha']),
  )
})

test('an entry after midnight is newer than one before it', () => {
  const body = [entry('23:10', 'Alpha'), entry('23:50', 'Beta'), entry('00:10', 'Gamma')].join('\n\n')
  expect(shown(body, /Words of \w+/g)).toEqual(all(['Words of Gamma', 'Words of Beta', 'Words of Alpha']))
})

test('what is no entry: before them it stays, else it stands behind them, and footnotes last', () => {
  const body = [
    INTRO,
    '## Whom to call\n\nDesk one.[^a]',
    entry('07:00', 'Alpha'),
    '### Within alpha\n\nStill alpha.',
    '## Background\n\nDesk two.',
    entry('08:30', 'Beta'),
    '# Reading\n\nDesk three.',
    '[^a]: Desk four.',
  ].join('\n\n')
  const marks = /Fog has|Desk \w+|Words of \w+|Still alpha/g
  expect(shown(body, marks)).toEqual(
    all([
      'Fog has',
      'Desk one',
      'Words of Beta',
      'Words of Alpha',
      'Still alpha',
      'Desk two',
      'Desk three',
      'Desk four',
    ]),
  )
})

test('an element of the author’s own is never torn, whatever stands in it', () => {
  const body = `${entry('07:00', 'Alpha')}\n\n<div>\n\n${entry('08:30', 'Beta')}\n\n</div>\n\n${entry('09:15', 'Gamma')}`
  const order = ['Words of Gamma', 'Words of Alpha', '<div', 'Words of Beta', '</div']
  expect(shown(body, /<div|<\/div|Words of \w+/g)[0]).toEqual(order)
})

test('no block of any body is lost or told twice', () => {
  const block = fc.constantFrom(
    '## 07:00 a',
    '## 9.15 b',
    '## c',
    '# d',
    '### e',
    '> ## 08:00 f',
    '* * *',
    '<div>',
    '</div>',
  )
  fc.assert(
    fc.property(fc.array(block, { maxLength: 12 }), blocks => {
      const body = blocks.map((text, index) => `${text}\n\nNumber ${index}.`).join('\n\n')
      const expected = blocks.map((_, index) => `Number ${index}.`)
      for (const marks of shown(body, /Number \d+\./g))
        expect([...marks].sort()).toEqual([...expected].sort())
    }),
    { numRuns: 100 },
  )
})
