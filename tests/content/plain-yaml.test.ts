// What the short way reads, the real parser reads alike; and the short way takes what nearly everybody writes.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { realParse } from '../../src/content/articles/parse-front-matter.ts'
import { plainYaml } from '../../src/content/fast/plain-front-matter.ts'

const word = fc.constantFrom(
  ...[
    'title',
    'a',
    'tags',
    'true',
    'null',
    '~',
    '1',
    '1.10',
    '007',
    '-1',
    '.5',
    '<<',
    'yes',
    '2026-01-30',
    '12:30',
  ],
  ...[
    'it’s',
    "it's",
    'he said "x"',
    '#x',
    'x #y',
    'a: b',
    'a:b',
    'a:',
    ':',
    '- x',
    '-',
    '?',
    '? x',
    '| ',
    '>',
    '&a',
    '*a',
  ],
  ...[
    '!x',
    '%x',
    '@x',
    '`x`',
    '{a}',
    '{a: b}',
    '[a, b]',
    '[]',
    '[a,]',
    '[ a , "b" ]',
    "['a', b]",
    '[a: b]',
    '[[a]]',
    ',',
  ],
  ...[
    '"a\\n"',
    "'a''b'",
    '"a" b',
    "'",
    '"',
    'नमस्ते',
    '日本',
    '🙂',
    '\u2028',
    '\u00a0',
    '\u3000',
    '\u1680',
    '\ufeff',
    '\t',
    '...',
    '---',
    '/x.png',
  ],
  ...[
    'True',
    'NULL',
    'constructor',
    '__proto__',
    'toString',
    '1e3',
    '0x1f',
    '+1',
    '1_000',
    '(x)',
    '$x',
    'x ',
    ' x',
    '',
  ],
)
const text = fc.array(word, { maxLength: 3 }).map(words => words.join(' '))
const line = fc.oneof(
  fc.tuple(word, fc.constantFrom(': ', ':', ':  ', ' : '), text).map(parts => parts.join('')),
  fc
    .tuple(fc.constantFrom('', ' ', '  ', '\t'), fc.constantFrom('- ', '-', '-  '), text)
    .map(parts => parts.join('')),
  fc
    .tuple(fc.constantFrom('title', 'tags', 'date', 'x'), fc.constantFrom(': ', ':'), text)
    .map(parts => parts.join('')),
  text,
)

test('it never says anything but what the real parser says', () => {
  let taken = 0
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), lines => {
      const block = `${lines.join('\n')}\n`
      const plain = plainYaml(block)
      if (plain === undefined) return
      taken++
      // As text: a field may be called `constructor`, by which equality goes.
      expect(JSON.stringify(plain)).toBe(JSON.stringify(realParse('yaml', block) ?? {}))
    }),
    { numRuns: 20_000 },
  )
  expect(taken).toBeGreaterThan(500)
})

test('any characters at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const block = `title: ${a}\nx: [${b}]\n`
      const plain = plainYaml(block)
      if (plain) expect(JSON.stringify(plain)).toBe(JSON.stringify(realParse('yaml', block)))
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['title: "Article 1: river & market"\ndate: 2026-01-30T05:06:00+05:30\n'],
  ["title: It's over\ntags: [world, 'long reads']\ndraft: false\n"],
  ['title: नमस्ते\ntags:\n  - एक\n  - दो\nsummary:\n'],
])('takes %j', block => {
  expect(plainYaml(block)).toStrictEqual(realParse('yaml', block))
})
