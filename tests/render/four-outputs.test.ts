// What a note, a formula, code or a component becomes in feeds and pages, in letters and in the text part, side by side.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { png } from '../content/a-load.ts'
import { render } from './a-render.ts'

test.each([
  [
    'a container',
    ':::tip Title\nWords *here*.\n:::',
    '<blockquote>\n<p><strong>Title</strong></p>\n<p>Words <em>here</em>.</p>\n</blockquote>',
    '<blockquote>\n<p><strong>Title</strong></p>\n<p>Words <em>here</em>.</p>\n</blockquote>',
    '> Title\n>\n> Words here.',
  ],
  [
    'an alert',
    '> [!WARNING]\n> Words.',
    '<blockquote>\n<p><strong>Warning</strong></p>\n<p>Words.</p>\n</blockquote>',
    '<blockquote>\n<p><strong>Warning</strong></p>\n<p>Words.</p>\n</blockquote>',
    '> Warning\n>\n> Words.',
  ],
  [
    'folded text',
    ':::details Title\nWords.\n:::',
    '<details>\n<summary>Title</summary>\n<p>Words.</p>\n</details>',
    '<div>\n<p><strong>Title</strong></p>\n<p>Words.</p>\n</div>',
    'Title\n\nWords.',
  ],
  [
    'a formula',
    'Let $a^2$ be.',
    '<p>Let <math><msup><mi>a</mi><mn>2</mn></msup></math> be.</p>',
    '<p>Let <code>a^2</code> be.</p>',
    'Let a^2 be.',
  ],
  [
    'code',
    '```js title="a.js"\nlet a\n```',
    '<figure>\n<figcaption><code>a.js</code></figcaption>\n<pre><code class="language-js">let a\n</code></pre>\n</figure>',
    '<div><p><code>a.js</code></p><pre><code class="language-js">let a\n</code></pre></div>',
    'a.js:\n\n    let a',
  ],
  [
    'a component',
    '<Card title="T">\n\nWords.\n\n</Card>',
    '<p><strong>T</strong></p>\n<p>Words.</p>',
    '<p><strong>T</strong></p>\n<p>Words.</p>',
    'T\n\nWords.',
  ],
  [
    'a player',
    '{{< youtube abc123def45 >}}',
    '<p><a href="https://www.youtube.com/watch?v=abc123def45">YouTube: abc123def45</a></p>',
    '<p><a href="https://www.youtube.com/watch?v=abc123def45">YouTube: abc123def45</a></p>',
    'YouTube: abc123def45 <https://www.youtube.com/watch?v=abc123def45>',
  ],
  [
    'a definition',
    'Term\n: Meaning',
    '<dl>\n<dt>Term</dt>\n<dd>Meaning</dd>\n</dl>',
    '<div>\n<p><strong>Term</strong></p>\n<p>Meaning</p>\n</div>',
    'Term\n    Meaning',
  ],
])('%s', (_, markdown, html, letterHtml, text) => {
  const body = render(markdown)
  expect({ html: body.html, letterHtml: body.letterHtml, text: body.text }).toEqual({
    html,
    letterHtml,
    text,
  })
})

test('links in a caption and a credit, wherever HTML is shown', async () => {
  const folder = aFolder({
    'articles/publication.yaml':
      'title: The Test\nurl: https://test.example/\nnewsletters: [{ id: weekly, from: a@test.example, since: 2026-01-01 }]\n',
    'articles/a.md':
      '---\ntitle: A\ndate: 2026-01-30\nimage: { src: a.png, alt: A, caption: "Boats & [the quay](/quay/) *at dawn*", credit: "<a href=\'https://ann.example\'>Ann</a>" }\n---\nText.\n',
    'articles/a.png': png(1200, 800),
  })
  const { code } = await aRun(folder, ['build', '--now', '2026-02-10T00:00:00Z'])
  expect(code).toBe(0)
  const read = (path: string) => readFileSync(join(folder, 'out', path), 'utf8')
  const item = JSON.parse(read('feed.json')).items[0]
  expect(item.content_html).toContain('Boats &amp; <a href="https://test.example/quay/">the quay</a> at dawn')
  expect(item.content_html).toContain('<a href="https://ann.example/">Ann</a>')
  expect(read('2026/a/index.html')).toContain(
    'Boats &amp; <a href="https://test.example/quay/">the quay</a> at dawn',
  )
  expect(read('rss.xml')).toContain('<media:title type="plain">Boats &#x26; the quay at dawn</media:title>')
  const letter = read('editions/weekly/2026-W05/letter.html')
  expect(letter).toMatch(
    /<a href="https:\/\/test\.example\/quay\/" class="soft" style="color:#[0-9a-f]{6};text-decoration:underline"/,
  )
})
