// Code in pages and letters has colours, in feeds and texts it has none; a setting turns them off; nothing is made twice.

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { outTree } from './out-tree.ts'

const SETTINGS =
  'title: The Test\nurl: https://test.example/\nnewsletters: [{ id: posts, every: article, from: The Test <n@test.example> }]\n'
const FENCE =
  '```js title="a.js" {1,3}\nlet a = \'x\' // why // [!code focus]\n// highlight-next-line\nlet b\n```\n'
const article = (day: number, body: string) =>
  `---\ntitle: Day ${day}\ndate: 2026-01-1${day}\n---\n\nText.\n\n${body}\n`
const LINE = 'const [a, b] = await f({ c: 1, d: true, e: null })\n'
const build = async (folder: string) => {
  const { stdout, code } = await aRun(folder, ['build', '--now', '2026-02-01T00:00Z'])
  expect(code).toBe(0)
  return stdout
}

test('pages and letters, and no feed; a second build makes nothing, the setting makes all of it again', async () => {
  const raw = '<pre><code class="language-css">a { color: red }</code></pre>'
  const folder = aFolder({
    'articles/publication.yaml': SETTINGS,
    'articles/1.md': article(1, FENCE),
    'articles/editions/posts/1.md': '```js\nsend({{reader "name" "there"}})\n```\n',
    'articles/2.md': article(2, raw),
    'articles/3.md': article(3, '```klingon\nlet a\n```'),
    'articles/4.md': article(4, `\`\`\`js\n${LINE.repeat(400)}\`\`\``),
  })
  await build(folder)
  const coloured = outTree(folder)
  expect(await build(folder)).toContain('0 written')

  const page = coloured['/2026/1/index.html']!
  expect(page).toContain(
    `<figure>\n<figcaption><code>a.js</code></figcaption>\n<pre tabindex="0"><code class="language-js"><span class="k">let</span> <span class="f">a</span> = <span class="s">'x'</span> <span class="c">// why</span>\n<span class="k">let</span> <span class="f">b</span>\n</code></pre>`,
  )
  expect(page).toContain('pre .k {')
  expect(coloured['/2026/2/index.html']).toContain('<span class="a">color</span>: <span class="k">red</span>')
  expect(coloured['/2026/3/index.html']).toContain('<code class="language-klingon">let a\n</code>')
  expect(coloured['/2026/3/index.html']).not.toContain('pre .k {')
  const letter = coloured['/editions/posts/1/letter.html']!
  expect(letter).toContain('<span class="k">let</span>')
  expect(letter).not.toContain('language-')
  // A slot for a reader is one piece.
  expect(letter).toContain('send(Sample Reader)')
  expect(letter).toMatch(
    /\.prose pre \.k\{color:#[\da-f]{6}\}[\s\S]*prefers-color-scheme:dark\)\{[\s\S]*\.prose pre \.k\{/,
  )
  expect(letter).toContain('[data-ogsc] .prose pre .k{')
  expect(coloured['/editions/posts/3/letter.html']).not.toMatch(/<span class="[a-z]">|pre \.k/)

  // Its colours would make it too long: rather all of its text.
  const long = coloured['/editions/posts/4/letter.html']!
  expect(long).not.toMatch(/<span class="[a-z]">|pre \.k/)
  expect(long.split(LINE)).toHaveLength(401)

  appendFileSync(join(folder, 'articles/publication.yaml'), 'articles: { highlight: false }\n')
  await build(folder)
  const plain = outTree(folder)
  for (const [path, content] of Object.entries(plain)) {
    expect([path, /<span class="[a-z]">|pre \.k/.test(content)]).toEqual([path, false])
    const isFeed = /\.(?:xml|json|txt|opml|md)$/.test(path) && !path.endsWith('edition.json')
    if (isFeed) expect([path, content === coloured[path]]).toEqual([path, true])
  }
  expect(plain['/rss.xml']).toContain('language-js')
  expect(plain['/2026/1/index.html']).toContain('<code class="language-js">let a = ')
})
