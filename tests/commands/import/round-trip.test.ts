// Any HTML, imported and rendered, says the same words: what a reader sees is compared, white space folded.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import '../../same-seed.ts'
import { treeToMarkdown } from '../../../src/commands/import/html-to-markdown.ts'
import { elements, parseHtml, visibleText } from '../../../src/commands/import/html-tree.ts'
import { tidyTree } from '../../../src/commands/import/tidy-tree.ts'
import type { Publication } from '../../../src/model.ts'
import { createRenderer } from '../../../src/render/create-renderer.ts'
import { THOROUGH } from '../../thorough.ts'

const publication = {
  dir: '/nowhere',
  url: 'https://new.example/',
  title: 'The Post',
  tagline: '',
  language: 'en',
  timezone: 'UTC',
  articles: { math: true, typography: false },
} as unknown as Publication
const renderer = createRenderer({ publication, articles: [] })

function render(markdown: string): string {
  const article = {
    file: 'articles/a.md',
    body: markdown,
    url: 'https://new.example/a/',
    language: 'en',
    extra: {},
  }
  return renderer.body(article as never).html
}

function converted(html: string) {
  const tree = parseHtml(html, { positions: true })
  tidyTree(tree, { base: 'https://old.example/a/', link: url => url, picture: url => url, lost() {} })
  const before = visibleText(tree)
  return { before, ...treeToMarkdown(tree, render) }
}

/** Words, and every sign that means something to Markdown or to a dialect of it. */
const words = fc
  .array(
    fc.constantFrom(
      ...[
        'word',
        'Wort',
        '中文',
        'नाव',
        'قارب',
        'a',
        'I',
        '1.',
        '12)',
        '-',
        '+',
        '*',
        '**',
        '_x_',
        '__init__',
        '`',
        '``',
        '~',
        '~~',
      ],
      ...[
        '#',
        '# ',
        '>',
        '|',
        '\\',
        '\\(x\\)',
        '$5',
        '$x$',
        '$$',
        '{{ x }}',
        '{% if %}',
        '{#id}',
        '{.a}',
        '%%',
        '==m==',
        '++i++',
      ],
      ...[
        ':tea:',
        ':::',
        '::',
        ': def',
        '!!!',
        '???',
        '[x]',
        '[[w]]',
        '[^1]',
        '[caption]',
        '![',
        '](',
        '(c)',
        '&',
        '&amp;amp;',
        '&lt;b&gt;',
      ],
      ...[
        '<',
        '&lt;/p&gt;',
        '^2^',
        'H~2~O',
        '*[A]',
        'https://x.example/a_b?c=1',
        'a@b.example',
        '---',
        '===',
        '```',
        '~~~',
        '<!--more-->',
      ],
      ...[
        '“q”',
        '"q"',
        "it's",
        '…',
        '(',
        ')',
        '!',
        '?',
        '.',
        ',',
        '\u00a0',
        '\n',
        'import x from "y"',
        '{/* x */}',
        '[ ]',
        '[TOC]',
      ],
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain(parts => fc.constantFrom(' ', '', '\n').map(space => parts.join(space)))

const inline: fc.Arbitrary<string> = fc.letrec<{ node: string }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small' },
    words,
    fc
      .tuple(
        fc.constantFrom(
          'b',
          'i',
          'em',
          'strong',
          'code',
          'a href="/x"',
          'sup',
          'sub',
          'del',
          'u',
          'mark',
          'span',
          'small',
          'q',
          'kbd',
        ),
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
      )
      .map(([tag, inside]) => `<${tag}>${inside.join('')}</${tag.split(' ')[0]}>`),
    fc.constantFrom('<br>', '<img src="/a.png" alt="A [b]">', '<script>x</script>', ' '),
  ),
})).node

const block: fc.Arbitrary<string> = fc.letrec<{ node: string }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(
        fc.constantFrom('p', 'h2', 'h3', 'div', 'pre', 'blockquote'),
        fc.array(inline, { minLength: 1, maxLength: 3 }),
      )
      .map(([tag, inside]) => `<${tag}>${inside.join('')}</${tag}>`),
    fc
      .tuple(
        fc.constantFrom('ul', 'ol'),
        fc.array(fc.oneof(inline, tie('node')), { minLength: 1, maxLength: 3 }),
      )
      .map(([tag, items]) => `<${tag}>${items.map(item => `<li>${item}</li>`).join('')}</${tag}>`),
    fc
      .array(fc.tuple(inline, inline), { minLength: 1, maxLength: 3 })
      .map(rows => `<table>${rows.map(([a, b]) => `<tr><td>${a}</td><td>${b}</td></tr>`).join('')}</table>`),
    fc.tuple(inline, inline).map(([a, b]) => `<dl><dt>${a}</dt><dd>${b}</dd></dl>`),
    fc.tuple(inline).map(([a]) => `<figure><img src="/a.png" alt=""><figcaption>${a}</figcaption></figure>`),
    fc.tuple(inline, tie('node')).map(([a, b]) => `<details><summary>${a}</summary>${b}</details>`),
    fc
      .tuple(
        fc.constantFrom('blockquote', 'div', 'section'),
        fc.array(tie('node'), { minLength: 1, maxLength: 2 }),
      )
      .map(([tag, inside]) => `<${tag}>${inside.join('')}</${tag}>`),
    inline,
  ),
})).node

test('the words of any HTML are the same once it is Markdown', () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), blocks => {
      const { differing, markdown } = converted(blocks.join('\n'))
      expect({ differing, markdown }).toEqual({ differing: [], markdown })
    }),
    { numRuns: THOROUGH ? 5000 : 100 },
  )
})

test.each([
  ['<p>a<b> bold </b>b</p>', 'a **bold** b'],
  ['<p><b>one</b><b>two</b></p>', '**onetwo**'],
  ['<p><b><strong>x</strong></b></p>', '**x**'],
  ['<p>文<b>「字」</b>文</p>', '文<b>「字」</b>文'],
  ['<p>H<sub>2</sub>O</p>', 'H<sub>2</sub>O'],
  ['<p>$5 {{ x }}</p>', '\\$5 \\{\\{ x }}'],
  ['<ul><li>a<ul><li>b</li></ul></li></ul>', '- a\n  - b'],
  ['<ul><li><input type="checkbox" checked>done</li></ul>', '- ☑ done'],
  ['<table><tr><th>a</th></tr><tr><td>b|c</td></tr></table>', '| a |\n| - |\n| b\\|c |'],
  ['<p><a href="javascript:x()">press</a></p>', 'press'],
  [
    '<a href="/x"><div><img src="/a.png"><p>words</p></div></a>',
    '[![](https://old.example/a.png)](https://old.example/x)\n\n[words](https://old.example/x)',
  ],
  ['<pre><code class="language-js">a\n\nb</code></pre>', '```js\na\n\nb\n```'],
  ['<iframe src="https://player.vimeo.com/video/12"></iframe>', '<https://vimeo.com/12>'],
  [
    '<img data-src="/big.png" src="data:image/gif;base64,x"><noscript><img src="/big.png"></noscript>',
    '![](https://old.example/big.png)',
  ],
])('%s', (html, markdown) => {
  expect(converted(html).markdown.trim()).toBe(markdown)
})

test('marks that are never closed are opened again in each paragraph, and not without end', () => {
  const html = Array.from({ length: 500 }, (_, at) => `<p>${at}<b id="${at}">x</p>\n`).join('')
  const tree = parseHtml(html, { positions: true })
  expect(visibleText(tree)).toBe(Array.from({ length: 500 }, (_, at) => `${at}x`).join(' '))
  const marks = [...elements(tree)].filter(({ tagName }) => tagName === 'b')
  expect(marks.length).toBeLessThan(500 * 31)
  const last = [...elements(tree)].findLast(({ tagName }) => tagName === 'p')
  expect(last!.position!.start.line).toBe(500)
})

test('a text nested ten thousand deep, and one of many marks, end soon', () => {
  expect(converted(`${'<div>'.repeat(10_000)}${'<div><b>'.repeat(500)}deep`).before).toBe('deep')
  expect(converted(`<p>${'<i>a</i> '.repeat(1000)}</p>`).differing).toEqual([])
})
