// Any Markdown, made of pieces that meet each other in every way; and tokens as plain values, to be compared.

import fc from 'fast-check'
import type { Token } from 'markdown-it'

const words = ['word', 'a', 'É', 'हिन्दी', '東京', '7', 'x y', '😀', 'e\u0301', '\ud800']
const spaces = [' ', '  ', '\n', '  \n', '\n\t ', '\t', '\u00a0', '\u3000']
const marks = [
  '*',
  '**',
  '***',
  '_',
  '__',
  '`',
  '``',
  '~',
  '~~',
  '[',
  ']',
  '(',
  ')',
  '![',
  '](',
  '^[',
  '[^1]',
]
const signs = [
  '.',
  '!',
  '"',
  "'",
  '“',
  '”',
  '–',
  '€',
  '+',
  '&',
  '&amp;',
  '&#65;',
  '\\',
  '\\*',
  '<',
  '<b>',
  '^',
  ':',
  '{ ',
  '}',
]
const wholes = [
  '*word*',
  '_word_',
  '**word**',
  '*two words*',
  '`code`',
  '` x `',
  '[label](https://example.org/a?b=c#d)',
  '[*label*](../a.md "Title")',
  '![alt](/images/a.png "By *an* agency")',
  '![](a.png)',
  'https://example.org',
  'see http://example.org/a_b, or',
  'mailto:a@example.org',
  '&#47;/example.org',
  '_http://a.b_',
  'ftp://',
  '://',
  'a@example.org',
  'snake_case_name',
  '{ word }',
  '<https://example.org>',
  '<a href="x">//example.org</a>',
]

const inlinePieces = fc.oneof(
  ...[words, spaces, wholes].map(list => ({ weight: 3, arbitrary: fc.constantFrom(...list) })),
  ...[marks, signs].map(list => ({ weight: 2, arbitrary: fc.constantFrom(...list) })),
)

export const anyInline = fc.array(inlinePieces, { maxLength: 9 }).map(parts => parts.join(''))

const starts = [
  '',
  '',
  '# ',
  '- ',
  '- [ ] ',
  '1. ',
  '> ',
  '    ',
  '```\n',
  '| a | b |\n|---|---|\n| ',
  '[^1]: ',
  '[a]: ',
]

/** Several blocks, of every kind. */
export const anyMarkdown = fc
  .array(fc.tuple(fc.constantFrom(...starts), anyInline, fc.constantFrom('\n', '\n\n')), { maxLength: 6 })
  .map(blocks => blocks.flat().join(''))

/** Fields alone, without texts that are empty. */
export function shown(tokens: readonly Token[]): object[] {
  return tokens
    .filter(({ type, content }) => type !== 'text' || content !== '')
    .map(token => ({ ...token, children: token.children && shown(token.children) }))
}
