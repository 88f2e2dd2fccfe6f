// The quick way through a file's bytes says what the long way says of its text, or nothing.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quickSplit } from '../../src/content/fast/plain-front-matter.ts'
import { splitFrontMatter } from '../../src/content/split-front-matter.ts'

const piece = fc.constantFrom(
  '---',
  '---\n',
  '\n---\n',
  '\n---',
  '...\n',
  '\n',
  '\r\n',
  ' ',
  'title: Hello\n',
  'text',
  'नदी',
  '\u2028',
  '\u2029---\n',
  '\ufeff',
  '----\n',
  '--- yaml\n',
  '😀',
)
const anyFile = fc.array(piece, { maxLength: 14 }).map(pieces => pieces.join(''))

test('it agrees with the long way wherever it answers', () => {
  fc.assert(
    fc.property(anyFile, fc.boolean(), (file, opened) => {
      const text = opened ? `---\n${file}` : file
      const quick = quickSplit(Buffer.from(text))
      if (!quick) return
      const { language, block, linesBefore, body, bodyLine } = quick
      expect({ language, block, linesBefore, body, bodyLine }).toEqual(splitFrontMatter(text))
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['---\ntitle: Hello\n---\nText.\n', 'title: Hello\n', 'Text.\n', 4],
  ['---\n---\n', '', '', 3],
  ['---\ntitle: नदी\n---', 'title: नदी\n', '', 3],
])('it answers for %j', (text, block, body, bodyLine) => {
  expect(quickSplit(Buffer.from(text))).toMatchObject({ language: 'yaml', block, body, bodyLine })
})

test('what is not UTF-8 is left to the long way', () => {
  expect(quickSplit(Buffer.from('---\ntitle: a\n---\n\xff', 'latin1'))).toBeUndefined()
})
