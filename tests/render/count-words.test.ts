// A text in Latin script has as many words as it has among letters of others.

import fc from 'fast-check'
import Markdown from 'markdown-it'
import { expect, test } from 'vitest'
import { countWords } from '../../src/render/summarise.ts'

function count(text: string): number {
  const token = new Markdown.Token('text', '', 0)
  token.content = text
  return countWords([token])
}

test('Latin script is counted letter by letter, and comes to the same as among other scripts', () => {
  const signs = [
    'a',
    'Z',
    '0',
    "'",
    '_',
    '-',
    ' ',
    '.',
    '\n',
    '@',
    '[',
    '`',
    '{',
    '/',
    ':',
    'é',
    'ß',
    'ø',
    'ɏ',
    '½',
    'ª',
  ]
  const others = [
    '×',
    '\u00a0',
    '’',
    '‘',
    '–',
    '…',
    '\u200b',
    '\u200c',
    '\u200d',
    '\u2028',
    '\u206f',
    '\u00ad',
  ]
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.integer({ min: 0, max: 0x24f }).map(code => String.fromCharCode(code)) }),
    fc.array(fc.constantFrom(...signs, ...others)).map(list => list.join('')),
  )
  fc.assert(
    fc.property(text, words => {
      expect(count(`${words} 東`)).toBe(count(words) + 1)
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ["don't -- 'tis a well-known_word 42", 5],
  ['', 0],
  ['Œuvre d’art', 2],
  ['東京 Tokyo', 2],
])('%j has %i words', (text, words) => {
  expect(count(text)).toBe(words)
})

test('a text of a megabyte without a space costs linear time in scripts that have none', () => {
  expect(count('ท่าเรือ'.repeat(140_000)) / 140_000).toBeCloseTo(1, 1)
})
