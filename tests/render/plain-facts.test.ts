// What is known of a plain text without parsing it is what its tokens say; and what is no plain text is declined.

import fc from 'fast-check'
import type { Token } from 'markdown-it'
import { afterEach, expect, test } from 'vitest'
import { allowFastPaths } from '../../src/base/index.ts'
import { type PlainFacts, plainFacts } from '../../src/render/fast/plain-facts.ts'
import { parseText } from '../../src/render/parse-markdown.ts'
import { countWords, saysEnough, summarise } from '../../src/render/summarise.ts'
import { toText } from '../../src/render/to-text.ts'
import { article } from '../bench/make-corpus.ts'
import { THOROUGH } from '../thorough.ts'
import { anyMarkdown } from './any-markdown.ts'

afterEach(() => allowFastPaths(true))

const OPTIONS = {
  syntax: 'markdown',
  math: true,
  tags: true,
  noteWord: () => undefined,
} as unknown as Parameters<typeof parseText>[2]

function tokensOf(text: string, quotes: string | undefined): Token[] {
  return parseText(text, quotes, OPTIONS).tokens
}

/** Links and pictures that are no whole addresses, in their order. */
function referencesOf(tokens: readonly Token[]): PlainFacts['references'][number][] {
  return tokens.flatMap(token => {
    const inside = referencesOf(token.children ?? [])
    const reference = token.attrGet(token.type === 'image' ? 'src' : 'href')
    const isOwn = reference !== null && !/^https?:/.test(String(reference))
    return isOwn ? [{ reference: String(reference), isPicture: token.type === 'image' }, ...inside] : inside
  })
}

/** @returns whether it is plain */
function expectSame(text: string, quotes: string | undefined): boolean {
  const facts = plainFacts(text)
  if (!facts) return false
  allowFastPaths(false)
  const tokens = tokensOf(text, quotes)
  expect(facts.words, text).toBe(countWords(tokens))
  expect(facts.references, text).toEqual(referencesOf(tokens))
  expect(facts.letters, text).toBeLessThanOrEqual(toText(tokens, html => html).length)
  const beginning = facts.beginning === undefined ? [] : tokensOf(facts.beginning, quotes)
  if (saysEnough(beginning)) expect(summarise(beginning, 'en'), text).toBe(summarise(tokens, 'en'))
  allowFastPaths(true)
  return true
}

const words = fc.constantFrom(
  ...'a word É 7 1998. 2) x’s it\'s \'tis dogs\' well-known snake_case _a_ __b_ c_ *d* **e** *f*g **h i** "j" k"l -m n- o--p q\'_r s-_t „u“ v… 😀 w😀️ ½ 10:30 a:b %5 50% 7+8 ! ? wow!! & R&D &amp; € → # #tag > = == ~ x~y ^ $5 @ / a/b // ( ) ] [ ![ `k` `a_\'b` `<b>` ` `` [l](x) [m_n](../a.md) [o](https://example.org/a?b=c#d) [p](#q "T") ![s](/i/a.png) ![](b.png) [](c) [gallery](d) [t u](<e>) [v][w] [x]: <b> \\ | | {x} 東京 e\u0301 \u00a0 \u2028 highlight-next'.split(
    ' ',
  ),
)
const spaces = fc.constantFrom(' ', ' ', ' ', ' ', '', '\n', '  \n', '\n\n', '\t')
const starts = fc.constantFrom(
  ...['', '', '', '# ', '## ', '#', '##', '- ', '* ', '+ ', '-', '1. ', '2. ', '3) ', '> ', '>', '> > '],
  ...[
    '    ',
    '  ',
    '\t',
    '   - ',
    '- - ',
    '| ',
    '| ',
    '| a |',
    '|-|-|\n',
    '| a | b |\n|---|---|\n| ',
    '- 1. ',
    '```\n',
    '```js\n',
    '~~~\n',
    '---\n',
    '***\n',
    '* * *\n',
    '===\n',
  ],
  ...[
    ': ',
    '*[',
    'import x',
    '<<<',
    '- [ ] ',
    '-\t',
    '-     ',
    '10. ',
    '1.\n',
    '>\n---\n',
    ' ```\n',
    '    1. ',
  ],
)
const line = fc
  .tuple(
    starts,
    fc.array(fc.tuple(words, spaces), { maxLength: 6 }),
    fc.constantFrom('\n', '\n', '|\n', '\n\n', '\n```\n'),
  )
  .map(parts => parts.flat(3).join(''))
const plainish = fc.array(line, { maxLength: 7 }).map(lines => lines.join(''))
const quotes = fc.constantFrom(undefined, 'en', 'de', 'fr', 'ja', 'sv')

test('of any text that it does not decline', () => {
  let plain = 0
  fc.assert(
    fc.property(fc.oneof({ weight: 4, arbitrary: plainish }, anyMarkdown), quotes, (text, language) => {
      if (expectSame(text, language)) plain++
    }),
    { numRuns: THOROUGH ? 400_000 : 2000 },
  )
  expect(plain).toBeGreaterThan(THOROUGH ? 10_000 : 50)
})

test('of articles as they are', () => {
  for (let number = 0; number < 40; number++) {
    const body = article(number).text.replace(/^---[\s\S]*?\n---\n/, '')
    expect(expectSame(body, 'en'), body).toBe(true)
  }
})
