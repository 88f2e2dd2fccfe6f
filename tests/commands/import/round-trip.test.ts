// Any HTML, imported and rendered, says the same words: what a reader sees is compared, white space folded.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import '../../same-seed.ts'
import { convertBody } from '../../../src/commands/import/convert-body.ts'
import { elements, parseHtml, visibleText } from '../../../src/commands/import/html-tree.ts'
import { tidyTree } from '../../../src/commands/import/tidy-tree.ts'
import { treeToMarkdown } from '../../../src/commands/import/tree-to-markdown.ts'
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

/** A body of more than a million characters, most of them in a few texts. */
function bodyOf(html: string) {
  const found: { line: number; kind: string }[] = []
  const article = {
    title: 'T',
    body: { syntax: 'html', text: html, line: 10 },
    place: { file: 'a.xml', line: 1 },
  }
  const { markdown } = convertBody(article as never, {
    base: undefined,
    link: url => url,
    picture: url => url,
    render,
    find: finding => void found.push(finding),
  })
  return { markdown, found }
}

test('a text that is too long to be read at once is read in pieces, and says the same', () => {
  const long = `<p>tea at dawn</p>${' '.repeat(340_000)}\n`
  const blocks = [
    '<h2>T</h2>\n',
    long,
    '<ul><li>One</li></ul>\n<form>F</form>\n',
    long,
    '<ul><li>Two</li></ul>\n<script>"</p><p>"</script>\n<p title="</p><p>">Three <b>four</b></p>\n',
    long,
    `<ul><li>Seven</li></ul>\n${' '.repeat(350_000)}<ul><li>Eight</li></ul><blockquote><p>Five</p></blockquote>\n<form>G</form>\n<p>Six</p>`,
  ]
  const { markdown, found } = bodyOf(blocks.join(''))
  const short = markdown.replace(/(?:tea at dawn ?)+/g, 'TEA')
  expect(short).toBe(
    'TEA\n\n- One\n\nTEA\n\n- Two\n\nThree **four**\n\nTEA\n\n- Seven\n\n<!-- -->\n\n- Eight\n\n> Five\n\nSix\n',
  )
  expect(found.map(({ line, kind }) => `${line} ${kind}`)).toEqual(['13 forms', '16 scripts', '21 forms'])
})

test('where its tags are in no order, or it has footnotes, it is read whole', () => {
  const long = `<p>tea at dawn</p>${' '.repeat(340_000)}\n`
  const { markdown } = bodyOf(`<i>${long.repeat(2)}</b>${long}<p>End</i></p><p>Last</p>`)
  expect(markdown.replace(/(?:tea at dawn ?)+/g, 'TEA')).toMatch(/End[\s\S]*Last/)
  const note = '<p>A<sup><a href="#fn1" id="r1">1</a></sup></p>'
  const { markdown: noted } = bodyOf(
    `${note}${long.repeat(3)}<ol><li id="fn1">Note <a href="#r1">↩</a></li></ol>`,
  )
  expect(noted).toMatch(/^A\[\^1\][\s\S]*\[\^1\]: Note\s*$/)
})

test('one that nothing will build is named', () => {
  const { found } = bodyOf(`<pre>${'x'.repeat(10_000_000)}</pre>`)
  expect(found).toMatchObject([{ kind: 'texts that are too long', needsPerson: true }])
})
