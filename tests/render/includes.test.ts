// Tags that ask for the text of another file → that text, where the file is below the articles' folder and for readers; else a
// note with the line, and nothing of the tag.

import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadPublication } from '../../src/content/load-publication.ts'
import { buildPublication } from '../../src/publish/index.ts'
import { createRenderer } from '../../src/render/index.ts'
import { aFolder } from '../a-folder.ts'
import { now } from '../content/a-load.ts'

const FILES = {
  'articles/blog/_parts/tea.md': 'Tea at *dawn*.\n\nAnd at noon.',
  'articles/blog/_parts/nested.md': 'Before.\n\n{% include_relative _parts/tea.md %}',
  'articles/blog/_parts/named.md': 'Of {{ include.place }}.',
  'articles/blog/_parts/beside.md': '--8<-- "tea.md:1:1"',
  'articles/blog/_parts/loop.md':
    'L{% include_relative _parts/loop.md %}{% include_relative _parts/loop.md %}',
  'articles/blog/_parts/sections.md':
    '# One\n\nA\n\n## Two\n\nB\n\n# Three\n\n--8<-- [start:mid]\nC\n--8<-- [end:mid]\n',
  'articles/blog/_parts/titled.md': '---\ntitle: Part\n---\nWith a title.',
  'articles/blog/_parts/held.md': '---\ntitle: Held\nstatus: draft\n---\nSECRET',
  'articles/blog/_parts/intro.mdx': 'import X from "./x"\n\nAn *intro*. {/* SECRET */}',
  'articles/blog/own.md': '---\ntitle: Own\ndate: 2026-12-30\n---\nSECRET',
  'articles/blog/_drafts/a.md': 'SECRET',
  'articles/blog/2026-12-30-b.md': '---\ntitle: B\n---\nSECRET',
  'articles/blog/.env': 'SECRET',
  'articles/code/tea.js': 'const a = 1\n// #region pour\n  pour()\n// #endregion pour\nconst b = 2\n',
  'articles/code/fence.md': '```js\na\n```',
  'articles/code/picture.bin': new Uint8Array([0, 255, 254, 0]),
  'articles/code/long.md': 'x'.repeat(500_001),
  'secret.txt': 'SECRET',
}

function shown(body: string, file = 'it.md') {
  const dir = aFolder({
    ...FILES,
    [`articles/blog/${file}`]: `---\ntitle: It\ndate: 2026-01-30\n---\n${body}`,
  })
  symlinkSync('../../secret.txt', join(dir, 'articles/code/link.txt'))
  symlinkSync('../blog/.env', join(dir, 'articles/code/hidden.txt'))
  symlinkSync('circle.txt', join(dir, 'articles/blog/circle.txt'))
  const loaded = loadPublication(dir, { now })
  const article = loaded.articles.find(({ title }) => title === 'It')!
  const { words, html, text, notes } = createRenderer(loaded).body(article)
  return { words, html, text, notes, line: article.bodyLine }
}

const TEA = '<p>Tea at <em>dawn</em>.</p>\n<p>And at noon.</p>'
const code = (language: string, lines: string, title = '') =>
  `${title ? `<p>${title}</p>\n` : ''}<pre><code class="language-${language}">${lines}\n</code></pre>`

test.each([
  ['{% include_relative _parts/tea.md %}', TEA],
  ['{% include_relative _parts/nested.md %}', `<p>Before.</p>\n${TEA}`],
  ['{% include_relative _parts/named.md place="Ceylon" %}', '<p>Of Ceylon.</p>'],
  ['{% include "_parts/tea.md" %}', TEA],
  ['{% include-markdown "_parts/tea.md" start="Tea " end="." %}', '<p>at <em>dawn</em></p>'],
  ['{{% readfile file="_parts/tea.md" %}}', TEA],
  ['- A\n\n  {% include_relative _parts/tea.md %}', `<ul>\n<li><p>A</p>\n${TEA}\n</li>\n</ul>`],
  ['<!-- @include: ./_parts/tea.md -->', TEA],
  ['<!-- @include: ./_parts/tea.md{3,} -->', '<p>And at noon.</p>'],
  ['<!-- @include: ./_parts/sections.md#two -->', '<h2 id="two">Two</h2>\n<p>B</p>'],
  ['@include(./_parts/tea.md)', TEA],
  ['{!_parts/tea.md!}', TEA],
  ['--8<-- "_parts/tea.md"', TEA],
  ['--8<-- "blog/_parts/tea.md:3:3"', '<p>And at noon.</p>'],
  ['--8<-- "_parts/sections.md:mid"', '<p>C</p>'],
  ['--8<-- "_parts/beside.md"', '<p>Tea at <em>dawn</em>.</p>'],
  ['--8<--\n_parts/tea.md\n; _parts/named.md\n--8<--', TEA],
  [';--8<-- "_parts/tea.md"', '<p>--8&lt;-- &quot;_parts/tea.md&quot;</p>'],
  ['--8<-- "_parts/titled.md"', '<p>With a title.</p>'],
  ['<<< @/code/tea.js#pour', code('js', 'pour()')],
  ['<<< @/code/tea.js#pour{1,2 ts:line-numbers}', code('ts', 'pour()')],
  ['<<< ../code/tea.js#pour', code('js', 'pour()')],
  ['@[code{3-3} js](../code/tea.js)', code('js', 'pour()')],
  ['```py\n--8<-- "code/tea.js:3:3"\n```', code('py', 'pour()')],
  ['```md\n{% include_relative _parts/named.md %}\n```', code('md', 'Of {{ include.place }}.')],
  ['```md\n--8<-- "code/fence.md"\n```', code('md', '```js\na\n```')],
])('%s', (markdown, html) => {
  expect(shown(markdown)).toMatchObject({ html, notes: [] })
})

test('what is put into code counts among the words, too', () => {
  const { words } = shown('One.\n\n```\n--8<-- "_parts/tea.md"\n```\n\nTwo.')
  expect(words).toBe(shown('One.\n\n```\nTea at *dawn*.\n\nAnd at noon.\n```\n\nTwo.').words)
})

test('a file of code has its title', () => {
  const { html, notes } = shown('{% include_code Pouring lang:ts from:3 to:3 code/tea.js %}')
  expect([html, notes]).toEqual([expect.stringMatching(/Pouring[\s\S]*language-ts[\s\S]*pour\(\)/), []])
})

test('what a component of another file says is included, and that file’s remarks are not', () => {
  const { html, notes } = shown("import Intro from './_parts/intro.mdx'\n\n<Intro />\n\nB", 'it.mdx')
  expect([html, notes]).toEqual(['<p>An <em>intro</em>.</p>\n<p>B</p>', []])
})

test.each([
  ['{% include_relative ../../secret.txt %}', 'is not there'],
  ['{% include_relative missing.md %}', 'is not there'],
  ['<<< @/code/link.txt', 'is a link out'],
  ['<<< @/code/hidden.txt', 'is not for readers'],
  ['<<< ./.env', 'is not for readers'],
  ['<<< /publication.yaml', 'is not for readers'],
  ['{% include_relative _drafts/a.md %}', 'is not for readers'],
  ['--8<-- "_parts/held.md"', 'is held back'],
  ['<<< ./_parts/held.md', 'is held back'],
  ['<!-- @include: ./own.md -->', 'is an article of its own'],
  ['{% include_relative 2026-12-30-b.md %}', 'is an article of its own'],
  [`--8<-- "${'x'.repeat(300)}.py"`, 'cannot be read'],
  ['<<< ./circle.txt', 'cannot be read'],
  ['--8<-- "https://elsewhere.example/a.md"', 'nothing is fetched'],
  ['--8<-- "code/tea.js:nothing"', 'has no part called "nothing"'],
  ['<<< @/code/tea.js#nothing', 'has no part called "nothing"'],
  ['--8<-- "_parts/tea.md:30:40"', 'has no such lines'],
  ['{% include_code code/picture.bin %}', 'is no text'],
  ['--8<-- "code/long.md"', 'has more than 500 kB'],
  ['```\n--8<-- "missing.py"\n```', 'is not there'],
])('%s is left out: %s', (markdown, why) => {
  const { html, text, notes, line } = shown(`A\n\n${markdown}\n\nB`)
  expect(`${html}${text}`).not.toMatch(/SECRET|8<|8&lt;|include|&lt;&lt;|\{[%!]|secret|missing/)
  expect(html).toMatch(/^<p>A<\/p>[\s\S]*<p>B<\/p>$/)
  expect(notes).toMatchObject([{ rule: 'template-tags', message: expect.stringContaining(why) }])
  expect(line + notes[0]!.line - 1).toBe(7)
})

test('files that include one another come to an end', () => {
  const { html, notes } = shown('{% include_relative _parts/loop.md %}'.repeat(200))
  expect(html).toMatch(/^<p>L+<\/p>$/)
  expect(notes.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('include one another'),
      expect.stringContaining('is one too many'),
    ]),
  )
})

test('in code that shows how such a tag is written it stays', () => {
  const { html, notes } = shown(
    '```\n{% include_relative missing.md %}\n```\n\n`--8<-- "a.md"` and `<<< @/a.js`',
  )
  expect(html).toContain('{% include_relative missing.md %}')
  expect(html).toContain('<code>--8&lt;-- &quot;a.md&quot;</code> and <code>&lt;&lt;&lt; @/a.js</code>')
  expect(notes).toEqual([])
})

test('a text is the same only while the files in it are', () => {
  const dir = aFolder({
    ...FILES,
    'articles/blog/it.md':
      '---\ntitle: It\ndate: 2026-01-30\n---\n--8<-- "_parts/tea.md"\n\n--8<-- "_parts/new.md"',
  })
  const renderer = () => {
    const loaded = loadPublication(dir, { now })
    return { made: createRenderer(loaded), article: loaded.articles.find(({ title }) => title === 'It')! }
  }
  const { made, article } = renderer()
  const listened = made.watch()
  expect(made.body(article).html).toContain('dawn')
  const dependencies = listened()
  expect(renderer().made.areUnchanged(dependencies)).toBe(true)
  writeFileSync(join(dir, 'articles/blog/_parts/new.md'), 'New.')
  expect(renderer().made.areUnchanged(dependencies)).toBe(false)
})

test('the next build shows what a file says now, whatever its kind', async () => {
  const dir = aFolder({
    'articles/it.md': '---\ntitle: It\ndate: 2026-01-30\n---\n--8<-- "_a.md"\n\n--8<-- "b.md"\n\n<<< ./c.py',
    'articles/_a.md': 'a1',
    'articles/b.md': 'b1',
    'articles/c.py': 'c1',
  })
  const build = async () => {
    await buildPublication({ dir, now: () => now })
    return readFileSync(join(dir, 'out/rss.xml'), 'utf8').match(/[abc]\d(?=\W)/g)
  }
  expect(new Set(await build())).toEqual(new Set(['a1', 'b1', 'c1']))
  for (const [file, text] of [
    ['_a.md', 'a2'],
    ['b.md', 'b2'],
    ['c.py', 'c2'],
  ] as const) {
    writeFileSync(join(dir, 'articles', file), text)
    expect(await build()).toContain(text)
  }
})

test.each([
  [
    '/// note | Tea\nA *b*\n///',
    '<blockquote>\n<p><strong>Tea</strong></p>\n<p>A <em>b</em></p>\n</blockquote>',
  ],
  ['/// tip\nA\n///', '<blockquote>\n<p><strong>Tip</strong></p>\n<p>A</p>\n</blockquote>'],
  [
    '/// admonition | Tea\n    type: warning\n    attrs: {class: x}\n\nA\n///',
    '<blockquote>\n<p><strong>Tea</strong></p>\n<p>A</p>\n</blockquote>',
  ],
  ['/// details | Tea\n    open: True\nA\n///', '<details>\n<summary>Tea</summary>\n<p>A</p>\n</details>'],
  [
    '//// note | Out\nA\n\n/// tip | In\nB\n///\n////',
    '<blockquote>\n<p><strong>Out</strong></p>\n<p>A</p>\n<blockquote>\n<p><strong>In</strong></p>\n<p>B</p>\n</blockquote>\n</blockquote>',
  ],
  [
    '/// tab | One\nA\n///\n\n/// tab | Two\nB\n///',
    '<p><strong>One</strong></p>\n<p>A</p>\n<p><strong>Two</strong></p>\n<p>B</p>',
  ],
  ['/// caption | ^1\nA cup\n///', '<p>A cup</p>'],
  ['/// html | div.wide\nA\n///', '<p>A</p>'],
  ['/// tea is what it is', '<p>/// tea is what it is</p>'],
  ['/// tea', '<p>/// tea</p>'],
  ['```rust\n/// note | x\n///\n```', code('rust', '/// note | x\n///')],
])('%s of MkDocs', (markdown, html) => {
  expect(shown(markdown)).toMatchObject({ html, notes: [] })
})
