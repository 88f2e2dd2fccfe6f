// What is parsed without markdown-it's rules comes out as those make it.

import fc from 'fast-check'
import { default as Markdown, type MarkdownIt, type Token } from 'markdown-it'
import footnote from 'markdown-it-footnote'
import { expect, test } from 'vitest'
import { fastRules, plainInline } from '../../src/render/fast/plain-markdown.ts'
import { anyInline, anyMarkdown, shown } from './any-markdown.ts'

function anEngine(): MarkdownIt {
  const engine = new Markdown({ html: true, linkify: true, typographer: true })
  engine.linkify.set({ fuzzyLink: false, fuzzyEmail: true })
  engine.validateLink = () => true
  return engine.use(footnote)
}

const rules = anEngine()
const quick = anEngine().use(fastRules)
const maker = { PlainToken: Markdown.Token, normalizeLink: (url: string) => rules.normalizeLink(url) }

function byTheRules(text: string): Token[] {
  const tokens: Token[] = []
  rules.inline.parse(text, rules, {}, tokens)
  return tokens
}

test('whatever is taken for plain becomes what the rules make of it', () => {
  let plain = 0
  fc.assert(
    fc.property(fc.oneof(anyInline, fc.string({ unit: 'grapheme' })), text => {
      const tokens = plainInline(text, maker)
      if (!tokens) return
      plain++
      expect(shown(tokens)).toEqual(shown(byTheRules(text)))
    }),
    { numRuns: 10_000 },
  )
  // Else nothing was compared.
  expect(plain).toBeGreaterThan(1500)
})

test('addresses in their normal form are known as such', () => {
  const parts = [
    'http',
    'https',
    'ftp',
    ':',
    '/',
    '//',
    '.',
    '-',
    '_',
    '~',
    'a',
    'B',
    '9',
    'xn--',
    '%',
    '?',
    '#',
    '@',
    'ü',
    '%2f',
    '%zz',
    '&b=',
    '!$*+,;',
    "'",
  ]
  const url = fc.array(fc.constantFrom(...parts), { maxLength: 9 }).map(list => list.join(''))
  const web = fc.webUrl({ withFragments: true, withQueryParameters: true })
  fc.assert(
    fc.property(
      fc.oneof(
        url,
        url.map(rest => `https://a${rest}`),
        url.map(rest => `https://a.b/c?d=${rest}`),
        web,
      ),
      text => {
        const [link] = quick.parseInline(`[x](${text})`, {})[0]!.children!
        expect(link!.attrs).toEqual(byTheRules(`[x](${text})`)[0]!.attrs)
      },
    ),
    { numRuns: 3000 },
  )
})

test('an engine with the quick rules makes the same of any Markdown as one without', () => {
  fc.assert(
    fc.property(anyMarkdown, text => {
      expect(shown(quick.parse(text, {}))).toEqual(shown(rules.parse(text, {})))
    }),
    { numRuns: 3000 },
  )
})

test.each([
  'Words only, *some* of them **loud**; _this_ too.',
  'See [the *report*](https://example.org/a "Last year") and ![a boat](/images/boat.png).',
  'Hard  \nand soft\nline ends, `code` and snake_case.',
  '*A [link](b.md) inside*, “*quoted*” – and so on…',
  'Q&A: 5 × 3 [](b.md)',
])('%s is plain', text => {
  expect(shown(plainInline(text, maker)!)).toEqual(shown(byTheRules(text)))
})

test.each([
  'a*b*c',
  '***x***',
  '*a **b** c*',
  '[^1]',
  '^[note]',
  '[a]',
  '<b>',
  '&amp;',
  'http://a.b',
  '~~x~~',
  'a\\*',
  '*a',
  '*a [b*](c)',
  '`a',
  '``a``',
  '[a](b (c))',
])('%s is for the rules', text => {
  expect(plainInline(text, maker)).toBeUndefined()
})
