// Code in the colours of its language: which words of it, in which colours, and that nothing else of it changes.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, escapeHtml } from '../../src/base/index.ts'
import { mailPalette } from '../../src/letter/mail-theme.ts'
import type { Theme } from '../../src/model.ts'
import { languageOf, NAMES } from '../../src/render/code-languages.ts'
import { highlightCode } from '../../src/render/index.ts'
import { busyTime } from '../busy-time.ts'

const block = (language: string, code: string) =>
  `<pre><code class="language-${language}">${escapeHtml(code)}</code></pre>`

/** ‹k let› for each span. */
function shown(language: string, code: string): string {
  const html = highlightCode(block(language, code))
  return textOf(html.replace(/<span class="(.)">/g, '‹$1 ').replaceAll('</span>', '›'))
}

function textOf(html: string): string {
  const marks: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }
  return html.replace(/<[^>]*>/g, '').replace(/&(lt|gt|quot|amp);/g, (_, name: string) => marks[name]!)
}

test.each([
  ['js', "const a = await f('x') // why", "‹k const› ‹f a› = ‹k await› f(‹s 'x'›) ‹c // why›"],
  ['ts', 'let a: string[] = []', '‹k let› ‹f a›: ‹f string›[] = []'],
  ['jsx', "<p>Don't <B x={1} /></p>", "<‹t p›>Don't <‹t B› x={‹a 1›} /></‹t p›>"],
  ['python', 'def f(a=None): return "x"', '‹k def› ‹f f›(a=‹k None›): ‹k return› ‹s "x"›'],
  ['go', 'func f() error { return nil }', '‹k func› f() ‹k error› { ‹k return› ‹n nil› }'],
  ['rs', 'let x: u8 = 1;', '‹k let› ‹f x›: ‹n u8› = ‹n 1›;'],
  ['c', 'int a = 1; /* why */', '‹f int› a = ‹n 1›; ‹c /* why */›'],
  ['java', 'class A { int b; }', '‹k class› ‹f A› { ‹f int› b; }'],
  ['c#', 'public class A {}', '‹k public› ‹k class› ‹f A› {}'],
  ['sh', 'echo "$A" # why', '‹f echo› ‹s "›‹f $A›‹s "› ‹c # why›'],
  ['console', '$ ls -a\nif it is an answer\n', '‹c $› ‹f ls› ‹a -a›\nif it is an answer\n'],
  ['yaml', '- a: true\n  b: x # why', '- ‹a a›: ‹k true›\n  ‹a b›: x ‹c # why›'],
  ['json', '{ "a": [1, null] }', '{ ‹a "a"›: [‹n 1›, ‹n null›] }'],
  ['html', '<a b="c">d</a>', '<‹t a› ‹a b›=‹s "c"›>d</‹t a›>'],
  ['vue', '<script>\nlet a\n</script>', '<‹t script›>\n‹k let› ‹f a›\n</‹t script›>'],
  ['css', 'a { color: #fff }', '‹t a› { ‹a color›: ‹n #fff› }'],
  ['sql', "SELECT 1 FROM t -- why'", "‹k SELECT› ‹n 1› ‹k FROM› t ‹c -- why'›"],
  ['diff', '@@ 1 @@\n-a b\n+a c\n a', '‹a @@ 1 @@›\n‹d -a b›\n‹i +a c›\n a'],
  ['rb', 'def a; nil; end', '‹k def› ‹f a›; ‹k nil›; ‹k end›'],
  ['php', 'echo $a; # why', '‹k echo› ‹a $a›; ‹c # why›'],
  ['php', '<b><?= $a ?></b>', '<‹t b›>‹a <?=› ‹a $a› ‹a ?>›</‹t b›>'],
  ['toml', 'a = 1', '‹a a› = ‹n 1›'],
  ['hcl', 'a "b" { c = 1 }', '‹k a› ‹s "b"› { ‹a c› = ‹n 1› }'],
  ['graphql', 'query { a(b: $c) }', '‹k query› { a(b: ‹a $c›) }'],
  ['elixir', 'def a, do: :b', '‹k def› a, ‹n do:› ‹n :b›'],
  ['nix', 'let a = 1; in a', '‹k let› ‹a a› = ‹n 1›; ‹k in› a'],
  ['makefile', 'all: a.o\n\t$(CC) $@', '‹f all›: a.o\n\t‹a $(CC)› ‹a $@›'],
  ['md', '# A\n`b`', '‹f # A›\n‹s `b`›'],
  ['zig', 'const a = @min(1)', '‹k const› a = ‹f @min›(‹n 1›)'],
  ['solidity', 'uint a = 1;', '‹f uint› a = ‹n 1›;'],
])('%s: %j', (language, code, expected) => {
  expect(shown(language, code)).toBe(expected)
})

test('the names that people write are known', () => {
  const names =
    'js jsx ts tsx sh bash console shell-session yml py rb c++ cs golang rs html vue svelte jsonc toml ini dockerfile makefile nginx graphql proto kotlin swift scala haskell elixir clojure lua r perl powershell terraform hcl zig nix'
  expect(names.split(' ').filter(name => !languageOf(name))).toEqual([])
  for (const name of ['JavaScript', 'lang-js', 'language-js', 'js-nolint', 'js other'])
    expect(shown(name, 'let')).toBe('‹k let›')
  expect(shown('diff-js', '-let a')).toBe('‹d -let a›')
})

test('what has no language, one that is not known, or tags of its own stays as it is', () => {
  for (const language of ['text', 'plaintext', 'none', 'klingon', '__proto__', 'constructor'])
    expect(highlightCode(block(language, 'let a = 1'))).toBe(block(language, 'let a = 1'))
  for (const html of [
    '<pre><code>let a</code></pre>',
    '<pre><code class="language-js">let <b>a</b></code></pre>',
    '<pre><code class="language-js">let&nbsp;a &#39;b&#39;</code></pre>',
    '<code class="language-js">let a</code>',
  ])
    expect(highlightCode(html)).toBe(html)
})

test('code that is too long or too deep is plain, and so is the rest of a line', () => {
  for (const code of ['let a = 1\n'.repeat(3001), '('.repeat(101)])
    expect(highlightCode(block('js', code))).toBe(block('js', code))
  expect(shown('js', `let a = 1${' '.repeat(600)}let`)).toBe(`‹k let› ‹f a› = ‹n 1›${' '.repeat(600)}let`)
})

const parts = fc.constantFrom(
  ...['"', "'", '`', '/', '*', '//', '/*', '*/', '#', '--', '<', '>', '</', '/>', '<?php', '?>', '<script>'],
  ...[
    '</script>',
    '<style>',
    '&',
    '&amp;',
    '\\',
    '$',
    '${',
    '}',
    '{',
    '(',
    ')',
    '[',
    ']',
    ';',
    ':',
    ',',
    '=',
  ],
  ...['let ', 'def ', 'class ', 'a', 'Don’t', "Don't", '1', '0x1f', ' ', '  ', '\t', '\n', '\r\n', '\n\n'],
  ...['$ ', '> ', '- ', '+', '@@', '"""', "'''", '<<EOF', 'EOF', '\u200b', '\u00a0', '\u2028', '😀', 'שלום'],
  ...['مرحبا', '한국어', '\ud83d', '\u0001', '\u007f', '|', '%', '{{', '{%', '%}', '~', '^', '!', '?'],
)
const code = fc.oneof(
  fc.array(parts, { maxLength: 40 }).map(list => list.join('')),
  fc.string({ unit: 'binary' }),
)

test('the text of any code is the same in any language, and no span begins or ends with white space', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), code, (language, text) => {
      const html = highlightCode(block(language, text))
      expect(textOf(html)).toBe(text)
      expect(html.replace(/<\/?span[^>]*>/g, '')).toBe(block(language, text))
      for (const [, words] of html.matchAll(/<span class="[a-z]">([^<]*)<\/span>/g))
        expect(words).toBe(words!.trim())
      expect(html).not.toMatch(/<span class="(.)">[^<]*<\/span><span class="\1">/)
    }),
    { numRuns: 1500 },
  )
})

test('hostile code takes time in proportion to its length', async () => {
  const shapes = [
    'a',
    '(',
    '"',
    '<a ',
    ' ',
    `${' '.repeat(39)}a`,
    '${',
    '/*',
    '- a: ',
    'a.b',
    '\\"',
    '{{',
    '<?',
  ]
  for (const language of [
    'js',
    'ts',
    'c',
    'html',
    'yaml',
    'python',
    'rb',
    'sh',
    'php',
    'md',
    'hcl',
    'elixir',
  ]) {
    const html = shapes.map(shape => block(language, shape.repeat(29_000 / shape.length / 6))).join('')
    const busy = await busyTime(() => highlightCode(html))
    expect([language, busy < 3000]).toEqual([language, true])
  }
})

test('every colour can be read on the ground of code, on pages and in letters, in the light and in the dark', () => {
  const css = (name: string) =>
    readFileSync(new URL(`../../templates/partials/${name}`, import.meta.url), 'utf8')
  const [dark, light] = css('code-colours.css.hbs')
    .split('{{else}}')
    .map(part => [...part.matchAll(/color: (#[\da-f]{6})/g)].map(([, colour]) => colour!))
  expect([light!.length, dark!.length]).toEqual([7, 7])
  const notes = [
    ...`${css('page-base-style.css.hbs')}${css('page-theme.css.hbs')}`.matchAll(/--note: (#[\da-f]{6})/g),
  ]
  const grounds = notes.map(([, ground]) => ground!)
  for (const ground of ['warm', 'cool', 'plain'] satisfies Theme['ground'][]) {
    const palette = mailPalette('#9a1b2f', ground)
    grounds.push(palette.code, palette.dark.code)
  }
  expect(grounds.length).toBeGreaterThanOrEqual(12)
  for (const ground of grounds)
    for (const colour of contrast(ground, '#ffffff') < 3 ? light! : dark!)
      expect([ground, colour, contrast(ground, colour) >= 4.5]).toEqual([ground, colour, true])
})
