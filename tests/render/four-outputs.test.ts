// What a note, a formula, code or a component becomes in feeds and pages, in letters and in the text part, side by side.

import { expect, test } from 'vitest'
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
    '<div><p><code>a.js</code></p><pre><code>let a\n</code></pre></div>',
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
