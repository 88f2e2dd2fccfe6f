// A text in ASCII has as many words as it has among letters of other scripts.

import fc from 'fast-check'
import Markdown from 'markdown-it'
import { expect, test } from 'vitest'
import { countWords } from '../../src/render/count-words.ts'

function count(text: string): number {
  const token = new Markdown.Token('text', '', 0)
  token.content = text
  return countWords([token])
}

test('ASCII is counted letter by letter, and comes to the same', () => {
  const sign = fc.constantFrom(
    'a',
    'Z',
    '0',
    '9',
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
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(sign).map(signs => signs.join('')),
  )
  fc.assert(
    fc.property(text, words => {
      expect(count(`${words} é`)).toBe(count(words) + 1)
    }),
    { numRuns: 3000 },
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
