// What is written for other tools comes out as what it means, in feeds, letters and plain text; remarks never come out.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText } from '../../src/base/index.ts'
import { loadPublication } from '../../src/content/load-publication.ts'
import type { Body } from '../../src/model.ts'
import { createRenderer } from '../../src/render/create-renderer.ts'
import { readSource } from '../../src/render/dialects/read-source.ts'
import { isPlainSource } from '../../src/render/dialects/scan.ts'
import { parseText } from '../../src/render/parse-markdown.ts'
import { aFolder } from '../a-folder.ts'
import { now } from '../content/a-load.ts'
import { render } from './a-render.ts'
import { anyMarkdown, shown } from './any-markdown.ts'

const html = (markdown: string) => render(markdown).html
const messages = ({ notes }: Body) => notes.map(({ message }) => message)

describe('remarks are not published', () => {
  test.each([
    ['%%…%%', 'Seen %%SECRET%% too.'],
    ['%% over lines', 'Seen\n\n%%\nSECRET\n\nSECRET\n%%\n\ntoo.'],
    ['%% in a list', '- Seen\n- %% SECRET %%\n- too.'],
    ['{/* */}', 'Seen {/* SECRET */} too.'],
    ['{/* */} over lines', 'Seen\n\n{/*\nSECRET\n\nSECRET\n*/}\n\ntoo.'],
    ['Liquid', 'Seen {% comment %} SECRET {{ x }} {% endcomment %} too.'],
    ['Liquid with dashes', 'Seen {%- comment -%}\n\nSECRET\n\n{%- endcomment -%} too.'],
    ['Nunjucks', 'Seen {# SECRET #} too.'],
    ['kramdown', 'Seen\n\n{::comment}\nSECRET\n{:/comment}\n\ntoo.'],
    ['kramdown, short end', 'Seen {::comment}SECRET{:/} too.'],
    ['Hugo', 'Seen {{< comment >}} SECRET\n\nSECRET {{< /comment >}} too.'],
    ['Hugo with percent', 'Seen {{% comment %}} SECRET {{% /comment %}} too.'],
    ['HTML', 'Seen <!-- SECRET\n\nSECRET --> too.'],
    ['HTML never closed', 'Seen too.\n\n<!-- SECRET\n\nSECRET'],
    ['CriticMarkup', 'Seen {>>SECRET<<}{--SECRET--} {~~SECRET~>too~~}{++.++}'],
    ['a remark never closed', 'Seen too.\n\n%%\nSECRET\n\nSECRET'],
    ['a comment never closed', 'Seen too. {% comment %} SECRET\n\nSECRET'],
  ])('%s', (_, markdown) => {
    const body = render(markdown)
    for (const text of [body.html, body.letterHtml, body.text, body.summary]) {
      expect(text).not.toContain('SECRET')
      expect(text).toContain('Seen')
    }
    expect(body.text).toContain('too.')
  })

  test('one that is never closed is reported with its line', () => {
    expect(render('One.\n\n%%\nlost').notes).toMatchObject([{ line: 3, rule: 'unclosed-remark' }])
    expect(render('One.\n\nTwo {% comment %} lost').notes).toMatchObject([
      { line: 3, rule: 'unclosed-remark' },
    ])
    expect(render('One.\n\n<!-- lost').notes).toMatchObject([{ line: 3, rule: 'unclosed-remark' }])
  })

  test.each([
    '100%% sure, 50%% not',
    '`%%a%%`',
    '    %%a%%',
    '```\n%% a\n```',
    '`{/* a */}`',
    '~~~\n{% comment %}a{% endcomment %}\n~~~',
    'rm {--force,--all}, {--x} and {~~y}',
  ])('what only looks like one stays: %s', markdown => {
    const { text } = render(markdown)
    for (const word of markdown.match(/\w+/g)!) expect(text).toContain(word)
  })
})

describe('notes, alerts and folded text', () => {
  const note = (title: string, body: string) =>
    `<blockquote>\n<p><strong>${title}</strong></p>\n<p>${body}</p>\n</blockquote>`
  test.each([
    [':::note\n\nBody *text*.\n\n:::', 'Note'],
    [':::note\nBody *text*.\n:::', 'Note'],
    ['::: tip My title\nBody *text*.\n:::', 'My title'],
    [':::info[My title]{.c}\nBody *text*.\n:::', 'My title'],
    ['::: {.warning}\nBody *text*.\n:::', 'Warning'],
    [':::{note} My title\nBody *text*.\n:::', 'My title'],
    [':::note{title="My title"}\nBody *text*.\n:::', 'My title'],
    ['> [!NOTE]\n> Body *text*.', 'Note'],
    ['> [!warning] My title\n> Body *text*.', 'My title'],
    ['> [!NOTE]\n>\n> Body *text*.', 'Note'],
    ['!!! note\n    Body *text*.', 'Note'],
    ['!!! danger "My title"\n\n    Body *text*.', 'My title'],
    ['{{< tip >}}\nBody *text*.\n{{< /tip >}}', 'Tip'],
    ['{{% alert title="My title" color="info" %}}\nBody *text*.\n{{% /alert %}}', 'My title'],
    ['{% note warn %}Body *text*.{% endnote %}', 'Warning'],
    ['{% hint style="info" %}\nBody *text*.\n{% endhint %}', 'Info'],
    ['<Note>\n\nBody *text*.\n\n</Note>', 'Note'],
    ['<Callout type="warning" title="My title">\nBody *text*.\n</Callout>', 'My title'],
  ])('%s', (markdown, title) => {
    const { html, letterHtml, text, notes } = render(markdown)
    expect(html).toBe(note(title, 'Body <em>text</em>.'))
    expect(letterHtml).toBe(html)
    expect(text).toBe(`> ${title}\n>\n> Body text.`)
    expect(notes).toEqual([])
  })

  test.each([
    '::: details More\nBody.\n:::',
    '??? note "More"\n    Body.',
    '> [!tip]- More\n> Body.',
    '{{< details "More" >}}\nBody.\n{{< /details >}}',
    '{% spoiler More %}\nBody.\n{% endspoiler %}',
    '<Details summary="More">\n\nBody.\n\n</Details>',
  ])('%s', markdown => {
    const { html, letterHtml, text } = render(markdown)
    expect(html).toBe('<details>\n<summary>More</summary>\n<p>Body.</p>\n</details>')
    expect(letterHtml).toBe('<div>\n<p><strong>More</strong></p>\n<p>Body.</p>\n</div>')
    expect(text).toBe('More\n\nBody.')
  })

  test.each([
    ['de', ':::warning\nText.\n:::', 'Warnung'],
    ['de-AT', '> [!TIP]\n> Text.', 'Tipp'],
    ['hi', '!!! note\n    Text.', 'टिप्पणी'],
    ['fr', '{% hint style="info" %}\nText.\n{% endhint %}', 'Information'],
    ['ja', '<Note>\n\nText.\n\n</Note>', 'メモ'],
    ['de', ':::deep-dive\nText.\n:::', 'Deep dive'],
    ['sv', ':::warn\nText.\n:::', 'Warning'],
  ])('in %s, a title that nobody wrote: %s', (language, markdown, title) => {
    expect(render(markdown, `language: ${language}\n`).html).toBe(note(title, 'Text.'))
  })

  test('one in another, in a list and in a quotation', () => {
    expect(html('::::note A\n:::tip B\nC\n:::\nD\n::::')).toBe(
      note('A', '').replace('<p></p>\n', `${note('B', 'C')}\n<p>D</p>\n`),
    )
    expect(html('- item\n\n  :::note\n  Body\n  :::\n\n- next')).toContain('<blockquote>')
    expect(html('> :::note\n> Body\n> :::')).toBe(`<blockquote>\n${note('Note', 'Body')}\n</blockquote>`)
    for (const markdown of [
      '- item\n\n  :::note\n  Body\n\nText\n:::',
      ':::note\n- item\n  :::\n\nText',
      ':::\nText\n:::',
    ])
      expect(html(markdown)).not.toContain(':::')
  })

  test('a container without a meaning leaves its text', () => {
    expect(html('::: columns\nText\n:::')).toBe('<p>Text</p>')
    expect(html(':::code-group\n```js [a.js]\nx\n```\n:::')).toContain(
      '<figcaption><code>a.js</code></figcaption>',
    )
  })

  test('the summary is of what says something, not of a heading or the name of a column', () => {
    const table = '| Team | Points |\n| --- | --- |\n| Lions | 3 |\n| Bears | 1 |'
    expect(render(`## Results\n\n${table}\n\n- A list.`).summary).toBe('A list.')
    expect(render(table).summary).toBe('Lions, 3; Bears, 1')
  })

  test('the summary is of the text, not of a title', () => {
    expect(render(':::note\nBody.\n:::').summary).toBe('Body.')
    expect(render('> [!TIP]\n> Body.').summary).toBe('Body.')
    expect(render('{{< youtube abc123def45 >}}\n\nWords.').summary).toBe('Words.')
    expect(render('{{< youtube abc123def45 >}}\n\n> [!TIP]\n> Words.').summary).toBe('Words.')
    expect(render('{{< video src="/v/a.mp4" >}}\n\n- Words.').summary).toBe('Words.')
    expect(render('![A](a.png)\n_What it shows_\n\nWords.').summary).toBe('Words.')
    expect(render('![A](a.png)\n_Words_ that go on.').summary).toBe('Words that go on.')
    expect(render('<p>Old <b>words</b>, with a <a href="/a">link</a>.</p><p>More.</p>').summary).toBe(
      'Old words, with a link. More.',
    )
  })
})

describe('tags of other tools', () => {
  test.each([
    ['{% youtube abc123 %}', '<a href="https://www.youtube.com/watch?v=abc123">YouTube: abc123</a>'],
    [
      '{{< youtube id="abc123" title="A film" >}}',
      '<a href="https://www.youtube.com/watch?v=abc123">A film</a>',
    ],
    ['{{ youtube(id="abc123") }}', '<a href="https://www.youtube.com/watch?v=abc123">YouTube: abc123</a>'],
    [
      '{% include youtube.html id="abc123" %}',
      '<a href="https://www.youtube.com/watch?v=abc123">YouTube: abc123</a>',
    ],
    ['<YouTube id="abc123" />', '<a href="https://www.youtube.com/watch?v=abc123">YouTube: abc123</a>'],
    [
      '<lite-youtube videoid="abc123"></lite-youtube>',
      '<a href="https://www.youtube.com/watch?v=abc123">YouTube: abc123</a>',
    ],
    ['::youtube{id=abc123}', '<a href="https://www.youtube.com/watch?v=abc123">YouTube: abc123</a>'],
    ['[embed]https://vimeo.com/12[/embed]', '<a href="https://vimeo.com/12">vimeo.com/12</a>'],
    ['{% embed https://x.example/a %}', '<a href="https://x.example/a">x.example/a</a>'],
  ])('%s is a link', (tag, link) => {
    const { html, letterHtml, notes } = render(tag)
    expect(html).toBe(`<p>${link}</p>`)
    expect(letterHtml).toBe(html)
    expect(notes).toEqual([])
  })

  test.each([
    '{{< figure src="/images/boat.png" alt="A boat" caption="At *dawn*" >}}',
    '{{ figure(src="/images/boat.png", alt="A boat", caption="At *dawn*") }}',
    '{% include figure.html src="/images/boat.png" alt="A boat" caption="At *dawn*" %}',
  ])('%s is a picture', tag => {
    const { html, letterHtml, files } = render(tag)
    const picture = '<img src="https://test.example/images/boat.png" alt="A boat" width="1200" height="800">'
    expect(html).toBe(`<figure>\n${picture}\n<figcaption>At <em>dawn</em></figcaption>\n</figure>`)
    expect(letterHtml).toContain('<p>At <em>dawn</em></p>')
    expect(files).toEqual(['images/boat.png'])
  })

  test.each([
    '{{< code >}}\n```js\nlet a = "<b>" // {{ x }} $a$\n```\n{{< /code >}}',
    '{% highlight js linenos %}\nlet a = "<b>" // {{ x }} $a$\n{% endhighlight %}',
    '{{< highlight js "linenos=table" >}}\nlet a = "<b>" // {{ x }} $a$\n{{< /highlight >}}',
    '{% codeblock lang:js %}\nlet a = "<b>" // {{ x }} $a$\n{% endcodeblock %}',
    '{% raw %}\n```js\nlet a = "<b>" // {{ x }} $a$\n```\n{% endraw %}',
    '```js\n{% raw %}let a = "<b>" // {{ x }} $a$\n{% endraw %}```',
  ])('%s is code', tag => {
    expect(html(tag)).toBe(
      '<pre><code class="language-js">let a = &quot;&lt;b&gt;&quot; // {{ x }} $a$\n</code></pre>',
    )
  })

  test.each([
    '[a]({% post_url 2026-01-30-published %})',
    '[a]({% link _posts/published.md %})',
    '[a]({{< ref "published.md" >}})',
    '[a]({{< relref "/2026/published" >}})',
    '[a](@/2026/published.md)',
    '[a]({{ site.baseurl }}{% post_url published %})',
    '{% post_link published a %}',
    '[[published|a]]',
    '[[2026/published|a]]',
  ])('%s leads to the other article', markdown => {
    expect(render(markdown)).toMatchObject({
      html: '<p><a href="https://test.example/2026/published/">a</a></p>',
      notes: [],
    })
  })

  test.each([
    '[a]({% post_url draft %})',
    '[[draft|a]]',
    '[[future|a]]',
    '[[none|a]]',
    '[a]({{< ref "none" >}})',
  ])('%s leads nowhere, and that is said', markdown => {
    const body = render(markdown)
    expect(body.html).toBe('<p>a</p>')
    expect(messages(body)).toEqual([expect.stringContaining('is called')])
  })

  test('values that are known', () => {
    expect(
      html('[a]({{ site.baseurl }}/x/) [b]({{ "/y/" | relative_url }}) {{ page.title }} of {{ site.title }}'),
    ).toBe(
      '<p><a href="https://test.example/x/">a</a> <a href="https://test.example/y/">b</a> It of The Test</p>',
    )
  })

  test('the time of the build is not known', () => {
    const body = render('A {{ "now" | date: "%Y" }}b.')
    expect([body.html, messages(body)]).toEqual(['<p>A b.</p>', [expect.stringContaining('"now"')]])
  })

  test('what is not known is left out, and said with its line; the text in it stays', () => {
    const body = render(
      'One {{ site.data.x }} two.\n\n{% if a %}Three.{% endif %}\n\n{{< odd a="b" >}}Four.{{< /odd >}}',
    )
    expect(body.html).toBe('<p>One  two.</p>\n<p>Three.</p>\n<p>Four.</p>')
    expect(body.notes).toMatchObject([
      { line: 1, message: '{{ site.data.x }} has no meaning here, and is left out' },
      { line: 3, message: '{% if a %} has no meaning here, and is left out' },
      { line: 5, message: '{{< odd a="b" >}} has no meaning here, and is left out' },
    ])
  })

  test.each([
    '`{{ x }}`',
    '``{% x %}``',
    '    {{ x }}',
    '```\n{% if x %}\n```',
    '{% raw %}{{ x }}{% endraw %}',
    '{{</* x */>}}',
  ])('as text: %s', markdown => {
    const { text, notes } = render(markdown)
    expect(text).toMatch(/\{[{%<].*x.*[}%>]\}/)
    expect(notes).toEqual([])
  })
})

test.each([
  ['{% for post in site.posts %}* {{ post.title }}{% endfor %}'],
  ['{% for a in b %}x {% for c in a %}y{% endfor %} z{% endfor %}'],
  ['{%- capture note -%}x{%- endcapture -%}'],
  ['{% macro card(title) %}x{% endmacro %}'],
  ['{% tablerow x in y %}x{% endtablerow %}'],
  ['{% case page.kind %}{% when "a" %}x{% else %}y{% endcase %}'],
])('%s: what its own tool shows elsewhere, many times or never is left out, and said', text => {
  const { html, notes } = render(`Before.\n\n${text}\n\nAfter.`)
  expect(html).toBe('<p>Before.</p>\n<p>After.</p>')
  expect(notes).toEqual([
    expect.objectContaining({
      line: 3,
      message: expect.stringMatching(/ and all that is between it and its end is left out$/),
    }),
  ])
})

test.each([
  ['{% if false %}x{% else %}y{% endif %}', 'y'],
  ['{% unless true %}x{% endunless %}y', 'y'],
  ['{% if page.toc %}x{% else %}y{% endif %}', 'x'],
  ['{% if page.absent %}x{% endif %}y', 'y'],
  ['{% if page.kind == "note" and page.toc %}x{% endif %}', 'x'],
  ['{% if page.kind != "note" %}x{% elsif page.size > 2 %}y{% else %}z{% endif %}', 'y'],
  ['{% if page.size <= 3 and page.size >= 3 %}x{% endif %}', 'x'],
  ['{% if page.size < 3 or page.size > 3 %}x{% else %}y{% endif %}', 'y'],
  ['{% if page.tags contains "tea" %}x{% endif %}', 'x'],
  ['{%- if not page.toc -%}x{%- else -%}y{%- endif -%}', 'y'],
  ['{% if jekyll.environment == "production" %}x{% endif %}', 'x'],
  ['{% if name == "N" %}x{% if page.toc %}y{% else %}z{% endif %}{% else %}q{% endif %}', 'xy'],
  ['{% unless page.toc %}x{% else %}y{% endunless %}', 'y'],
])('%s: the branch that its own tool shows', (text, shown) => {
  const lines = 'toc: true\nkind: note\nsize: 3\ntags: [tea]\n'
  const { html, notes } = render(text, lines, 'variables: { name: N }\n')
  expect([html, notes]).toEqual([`<p>${shown}</p>`, []])
})

test.each([
  ['{% assign x = "tea" %}A {{ x }}.{% if x == "tea" %} B{% endif %}', '<p>A tea. B</p>'],
  ['{% set x = page.kind %}{{ x | capitalize }}', '<p>Note</p>'],
  ['{% assign all = page.list %}{% for x in all %}{{ x }};{% endfor %}', '<p>tea;rum;</p>'],
  ['{% set n = 3 %}{{ n }} larches{% if n > 2 %}!{% endif %}', '<p>3 larches!</p>'],
  [
    '[a]({{ site.baseurl }}/a/b.html) ![b]({{ site.url }}/two.webp)',
    '<p><a href="https://test.example/a/b.html">a</a> <img src="https://test.example/two.webp" alt="b"></p>',
  ],
  ['{{ page.date | date: "%-d %B %Y" }} {{ "It is" | slugify }}', '<p>30 January 2026 it-is</p>'],
  ['{{/* youtube(id="x") */}}', '<p>{{ youtube(id=&quot;x&quot;) }}</p>'],
  [
    '{{% media url=https://www.youtube.com/watch?v=abc %}}',
    '<p><a href="https://www.youtube.com/watch?v=abc">youtube.com/watch?v=abc</a></p>',
  ],
  ['    :::python\n    print(1)\n', '<pre><code class="language-python">print(1)\n</code></pre>'],
  [
    '[a]({filename}published.md) ![b]({static}/images/boat.png)',
    '<p><a href="https://test.example/2026/published/">a</a> <img src="https://test.example/images/boat.png" alt="b" width="1200" height="800"></p>',
  ],
  [
    '<script src="https://gist.github.com/ann/0a1b.js"></script>',
    '<p><a href="https://gist.github.com/ann/0a1b">Gist: ann/0a1b</a></p>',
  ],
  [
    'A <script src="//gist.github.com/ann/0a1b.js?file=a.py"></script> b.',
    '<p>A <a href="https://gist.github.com/ann/0a1b">Gist: ann/0a1b</a> b.</p>',
  ],
  ['<p id = "a"></p>\n---\n\nText.', '<p id="a"></p>\n<hr />\n<p>Text.</p>'],
  [
    '{% figure "/images/boat.png", "A boat", "The boat in May" %}',
    '<figure>\n<img src="https://test.example/images/boat.png" alt="A boat" width="1200" height="800">\n<figcaption>The boat in May</figcaption>\n</figure>',
  ],
  [
    '[a](|filename|/unlisted.md) [top]({index})',
    '<p><a href="https://test.example/2026/unlisted/">a</a> <a href="https://test.example/">top</a></p>',
  ],
])('%s', (text, expected) => {
  const { html, notes } = render(text, 'kind: note\nlist: [tea, rum]\n')
  expect([html, notes]).toEqual([expected, []])
})

test.each([
  [
    '{{< button href="/x/" >}}Go *on*{{< /button >}}',
    '<p><a href="https://test.example/x/">Go <em>on</em></a></p>',
  ],
  ['{% btn https://x.example, Go, home %}', '<p><a href="https://x.example">Go</a></p>'],
  ['{% link Words https://x.example [external] %}', '<p><a href="https://x.example">Words</a></p>'],
  ['{% js %}alert(1){% endjs %}{{< katex >}}Text.', '<p>Text.</p>'],
  ['{% capture x %}\n* one\n{% endcapture %}\n\n{{ x | markdownify }}', '<ul>\n<li>one</li>\n</ul>'],
  [
    '[a]({{< relref "published.md#sec" >}})',
    '<p><a href="https://test.example/2026/published/#sec">a</a></p>',
  ],
  [
    '{{< figure src="/images/boat.png" caption="A [b](https://b.example) *c*" >}}',
    '<figure>\n<img src="https://test.example/images/boat.png" alt="A b c" width="1200" height="800">\n<figcaption>A <a href="https://b.example">b</a> <em>c</em></figcaption>\n</figure>',
  ],
  ['::: v-pre\n{{ x }}\n:::', '<p>{{ x }}</p>'],
  ['<b v-pre>{{ x }}</b>', '<p><b>{{ x }}</b></p>'],
  [
    '```js\n// highlight-next-line\na\nb // [!code focus]\n```',
    '<pre><code class="language-js">a\nb\n</code></pre>',
  ],
  [
    '| a |\n| - |\n| [[Published\\|x]] |',
    '<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><a href="https://test.example/2026/published/">x</a></td>\n</tr>\n</tbody>\n</table>',
  ],
  ['[a](<C d.txt>)', '<p><a href="https://test.example/2026/it/C%20d.txt">a</a></p>'],
])('%s', (text, expected) => {
  const { html, notes } = render(text)
  expect([html.replaceAll(' />', '>'), notes]).toEqual([expected, []])
})

test('code and links that mean nothing here are left out, and that is said', () => {
  const { html, notes } = render('A {{< x.inline >}}{{ if y }}B{{ end }}{{< /x.inline >}} [c]({tag}Tea).')
  expect(html).toBe('<p>A  c.</p>')
  expect(notes.map(({ message }) => message)).toEqual([
    '{{< x.inline >}} and all that is between it and its end is left out',
    expect.stringContaining('{tag}Tea'),
  ])
})

test('in MDX nothing is code for being indented', () => {
  const text = "import X from './x.js'\n\n<X>\n    Some *words*.\n</X>\n"
  expect(render(text).html).toBe('<p>Some <em>words</em>.</p>')
})

test('of a condition that is not known the first branch stays, and that is said', () => {
  const { html, notes } = render('{% if user %}One.{% elsif guest %}Two.{% else %}Three.{% endif %}')
  expect(html).toBe('<p>One.</p>')
  expect(notes).toMatchObject([
    {
      line: 1,
      message:
        '{% if user %} is not known here: what comes before its other branches stays, those are left out',
    },
  ])
})

test('a loop without an end loses no text', () => {
  expect(render('{% for a in b %}Words {% for c in d %} stay.').html).toBe('<p>Words  stay.</p>')
})

describe('marks inside lines', () => {
  test.each([
    ['==a== ++b++ H~2~O 2^10^', '<mark>a</mark> <ins>b</ins> H<sub>2</sub>O 2<sup>10</sup>'],
    ['C++ and D++, a == b, ~5 to ~6, ~/x/~y, x^2', 'C++ and D++, a == b, ~5 to ~6, ~/x/~y, x^2'],
    [
      'Hi :tada: at 10:30:45, a:b:c, `:tada:`, :no_such_thing:',
      'Hi 🎉 at 10:30:45, a:b:c, <code>:tada:</code>, :no_such_thing:',
    ],
    [
      '[words]{.class} and [l](https://x.example){:target="_blank"}',
      'words and <a href="https://x.example">l</a>',
    ],
    [
      '[l](https://x.example){ .button } and `c`{ width=300 }',
      '<a href="https://x.example">l</a> and <code>c</code>',
    ],
    [
      'the set {a, b} and {x} and f{y}, { a: 1 } and { .5, 1 }',
      'the set {a, b} and {x} and f{y}, { a: 1 } and { .5, 1 }',
    ],
    ['[[ -f x ]] and [[1, 2]]', '[[ -f x ]] and [[1, 2]]'],
    ['text ^block1', 'text ^block1'],
    ['List<String> and Map<K, V>', 'List&lt;String&gt; and Map&lt;K, V&gt;'],
  ])('%s', (markdown, shown) => {
    expect(html(markdown)).toBe(`<p>${shown}</p>`)
  })

  test('attributes are never printed; the id of a heading is kept', () => {
    expect(html('## Head {#own .c}\n\nPara.\n{: .lead}\n\n* toc\n{:toc}\n\n[TOC]\n\n[[toc]]')).toBe(
      '<h2 id="own">Head</h2>\n<p>Para.</p>',
    )
    expect(html('## Head {/*own*/}')).toBe('<h2 id="own">Head</h2>')
  })

  test('definitions and abbreviations', () => {
    const { html, letterHtml, text } = render('Apple\n: A *fruit*\n\n*[HTML]: Hyper Text\n\nHTML')
    expect(html).toBe(
      '<dl>\n<dt>Apple</dt>\n<dd>A <em>fruit</em></dd>\n</dl>\n<p><abbr title="Hyper Text">HTML</abbr></p>',
    )
    expect(letterHtml).toContain('<p><strong>Apple</strong></p>')
    expect(text).toBe('Apple\n    A fruit\n\nHTML')
  })
})

describe('mathematics', () => {
  test.each([
    ['$a_1 * b_1$', 'a_1 * b_1'],
    ['\\\\(a_1 * b_1\\\\)', 'a_1 * b_1'],
    ['\\(a_1 * b_1\\)', 'a_1 * b_1'],
    ['$$\na_1 * b_1\n$$', 'a_1 * b_1'],
    ['\\\\[\na_1 * b_1\n\\\\]', 'a_1 * b_1'],
  ])('%s', (markdown, tex) => {
    const { html, letterHtml, text } = render(markdown)
    expect(html).toMatch(/^<p><math.*<msub><mi>a<\/mi><mn>1<\/mn><\/msub>.*<\/math><\/p>$/)
    expect(html).not.toMatch(/class|style|<em>/)
    expect(letterHtml).toBe(`<p><code>${tex}</code></p>`)
    expect(text.trim()).toBe(tex)
  })

  test.each([
    'It costs $5 and $6.',
    '$10-$20',
    '$HOME and $PATH',
    'US$5 to US$6',
    '\\(as it was\\)',
    '\\[x\\] done',
    '`$a$`',
    'a $ b $ c',
  ])('no formula: %s', markdown => {
    expect(html(markdown)).not.toContain('<math')
  })

  test.each([
    ['A $$x_1$$ b.', false],
    ['At the end $$x_1$$.', false],
    ['- $$x_1$$ in a list', false],
    ['$$x_1$$', true],
    ['$$x_1$$,', true],
    ['Words\n$$x_1\n+ 2$$\nwords', true],
  ])('two dollar signs among words are of their line, as in kramdown: %s', (markdown, isDisplayed) => {
    expect(html(markdown).includes('<math display="block">')).toBe(isDisplayed)
  })

  test('what MathJax reads without signs, and numbers that words refer to', () => {
    const { html, notes } = render(
      'See \\eqref{b}, \\ref{a}, $\\eqref{a}$ and \\eqref{none}.\n\n\\begin{align}\na_1 &= b_1 \\label{a} \\\\\n' +
        'c &= d \\tag{9}\\label{b}\n\\end{align}\n\n$$x = y \\label{c}$$\n\n`\\eqref{a}`',
    )
    expect(html).toContain('<p>See (9), 1, <math><mtext>(1)</mtext></math> and \\eqref{none}.</p>')
    expect(html.match(/<mtext>\(\d\)<\/mtext>/g)).toEqual(
      ['(1)', '(1)', '(9)', '(3)'].map(n => `<mtext>${n}</mtext>`),
    )
    expect(html).toContain('<code>\\eqref{a}</code>')
    expect(html).not.toContain('begin{')
    expect(notes).toEqual([])
  })

  test('what TeX does not know stays as it was written, in one piece', () => {
    expect(html('$\\nosuch{a_1}_b$')).toBe('<p><code>\\nosuch{a_1}_b</code></p>')
  })

  test('MathML of the author stays in feeds', () => {
    const { html, letterHtml } = render('<math><msup><mi>a</mi><mn>2</mn></msup></math>')
    expect(html).toContain('<msup><mi>a</mi><mn>2</mn></msup>')
    expect(letterHtml).not.toContain('<m')
  })
})

describe('components', () => {
  test('are not run: their text stays, and what has none is said', () => {
    const body = render(
      'import X from "./x"\nexport const a = 1\n\n<X b={1}>\n\nInside *words*.\n\n</X>\n\nText {a} <Y /> end.',
    )
    expect(body.html).toBe('<p>Inside <em>words</em>.</p>\n<p>Text   end.</p>')
    expect(messages(body)).toEqual([
      '{a} is left out: code in a text is not run',
      '<Y /> is left out: components are not run',
    ])
  })

  test('pictures for light and dark, pictures as components, values of the front matter', () => {
    const text =
      "import Boat from '../images/boat.png'\n\n<ThemedImage alt=\"B\" sources={{ light: useBaseUrl('/images/boat.png'), dark: x }} />\n\n<Boat />\n\nIt is {frontmatter.kind}."
    const { html, notes } = render(text, 'kind: tea\n')
    expect(notes).toEqual([])
    expect(html.match(/<img src="https:\/\/test.example\/images\/boat.png"/g)).toHaveLength(2)
    expect(html).toContain('It is tea.')
  })

  test('pictures that were imported, and attributes in braces', () => {
    const { html } = render(
      'import boat from "../images/boat.png"\n\n<img src={boat} alt={"A boat"} style={{ width: 1 }} />',
    )
    expect(html).toContain('<img src="https://test.example/images/boat.png" alt="A boat"')
  })

  test('a script with imports is no MDX', () => {
    expect(html('<script setup>\nimport X from "./x.vue"\n</script>\n\nText')).toBe('<p>Text</p>')
  })
})

test('pages and letters show the text up to the mark that cuts it in lists', () => {
  for (const mark of [
    '<!-- more -->',
    '<!--truncate-->',
    '{/* truncate */}',
    '<!-- TEASER_END -->',
    '<!-- PELICAN_END_SUMMARY -->',
  ])
    expect(render(`One.\n\nTwo.\n\n${mark}\n\nThree.`)).toMatchObject({
      summary: 'One. Two.',
      html: '<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>',
    })
})

test('WordPress leaves brackets', () => {
  const { html } = render('[caption id="a"]<img src="/images/boat.png" alt="B" /> At dawn[/caption]')
  expect(html).toContain('<figcaption>At dawn</figcaption>')
  expect(messages(render('[gallery ids="1,2"]'))).toEqual([expect.stringContaining('[gallery ids="1,2"]')])
})

test('WordPress leaves brackets in HTML, too', () => {
  const text =
    '[caption id="a"]<img src="/images/boat.png" alt="B" /> At dawn[/caption]\n<p>[youtube=https://youtu.be/abc]</p>\n[sourcecode]\nx\n[/sourcecode]\n<p>[gallery]</p>'
  const { html, notes } = render(text, '', '', 'it.html')
  expect(html).toContain('<figcaption>At dawn</figcaption></figure>')
  expect(html).toContain('<a href="https://youtu.be/abc">')
  expect(html).toContain('<pre><code>x</code></pre>')
  expect(notes.map(({ message }) => message)).toEqual(['[gallery] has no meaning here, and is left out'])
})

test('a comment of dev.to is one that is shown there, and no remark', () => {
  expect(render('A {% comment 1a2b %} b')).toMatchObject({
    html: '<p>A  b</p>',
    notes: [{ rule: 'template-tags' }],
  })
})

test('a text without such signs is parsed as it would be with them', () => {
  const options = {
    math: true,
    tags: true,
    value: () => undefined,
    fact: () => undefined,
    noteWord: () => undefined,
  }
  let plain = 0
  fc.assert(
    fc.property(anyMarkdown, given => {
      // As the parser asks: half a surrogate pair may part two signs.
      const text = cleanText(given)
      // Footnotes go to the end, behind what is added.
      if (!isPlainSource(text) || /\[\^|\^\[/.test(text)) return
      plain++
      const full = parseText(`${text}\n\n$x$`, undefined, { ...options, syntax: 'markdown' })
      const quick = parseText(`${text}\n\nx`, undefined, { ...options, syntax: 'markdown' })
      expect(shown(full.tokens.slice(0, -3))).toEqual(shown(quick.tokens.slice(0, -3)))
    }),
    { numRuns: 3000 },
  )
  expect(plain).toBeGreaterThan(300)
})

test('a colon that is escaped, or a letter as an entity, makes no emoji', () => {
  expect(html('\\:tea: :&#65;: :tea: ![:tea:](a.png)')).toContain('<p>:tea: :A: 🍵 ')
})

test('mail addresses in angle brackets are no elements', () => {
  for (const address of ['first-last@example.org', 'first.last@example.org', 'first_last@example.org'])
    expect(render(`Write to <${address}>. {.lead}`)).toMatchObject({
      html: `<p>Write to <a href="mailto:${address}">${address}</a>.</p>`,
      notes: [],
    })
})

test('private signs cannot be typed', () => {
  expect(html('\ufdd0note:X\n\ufdd1 $a$ {\ufdd2i0\ufdd3')).not.toMatch(/[\ufdd0-\ufdef]|blockquote/)
})

describe('settings', () => {
  test('variables give names a meaning', () => {
    const settings = 'variables: { phone: "+91 11", "page-size": 3 }'
    expect(render('Call {{ phone }}, {{ site.page-size }}.', '', settings)).toMatchObject({
      html: '<p>Call +91 11, 3.</p>',
      notes: [],
    })
  })

  test('formulas can be turned off', () => {
    expect(render('$a_1$ and $$b$$', '', 'articles: { math: false }').html).toBe('<p>$a_1$ and $$b$$</p>')
  })
})

describe('pictures that a script would show', () => {
  test.each([
    '<img src="data:image/gif;base64,R0" data-src="/images/boat.png" alt="B">',
    '<img data-original="/images/boat.png" srcset="x.gif 1x" alt="B">',
    '<img data-src="/images/boat.png" alt="B"><noscript><img src="/images/boat.png" alt="B"></noscript>',
  ])('%s', markup => {
    const { html, letterHtml } = render(markup)
    for (const shown of [html, letterHtml])
      expect(shown.match(/<img[^>]*>/g)).toEqual([
        '<img src="https://test.example/images/boat.png" alt="B" />',
      ])
  })
})

test("a tag has the meaning of the publication's own template", () => {
  const dir = aFolder({
    'articles/publication.yaml': 'title: The Test\nurl: https://test.example/\n',
    'articles/a.md':
      '---\ntitle: A\ndate: 2026-01-30\n---\n{{< rating stars="4" >}}Good *food*{{< /rating >}}\n\n{% rating stars=3 %}Fair{% endrating %}\n',
    'templates/shortcodes/rating.hbs': '**{{named.stars}} of 5**: {{inner}} <script>x</script>',
  })
  const loaded = loadPublication(dir, { now })
  const { html, notes } = createRenderer(loaded).body(loaded.articles[0]!)
  expect(html).toBe(
    '<p><strong>4 of 5</strong>: Good <em>food</em> </p>\n<p><strong>3 of 5</strong>: Fair </p>',
  )
  expect(notes).toEqual([])
})

/** Of many texts at once, in one folder. */
function expectEach(
  pairs: readonly (readonly [markdown: string, html: string])[],
  lines = '',
  file?: string,
) {
  const { html, notes } = render(pairs.map(([markdown]) => markdown).join('\n\n***\n\n'), lines, '', file)
  const parts = html.replaceAll(' />', '>').split(/\n?<hr>\n?/)
  expect(pairs.map(([markdown], at) => [markdown, parts[at]])).toEqual(pairs)
  expect(notes.map(({ message }) => message)).toEqual([])
}

const boat = (alt: string, size = ' width="1200" height="800"') =>
  `<img src="https://test.example/images/boat.png" alt="${alt}"${size}>`
const figure = (shown: string, caption: string) =>
  `<figure>\n${shown}\n<figcaption>${caption}</figcaption>\n</figure>`
const link = (path: string, words: string) => `<a href="https://test.example/${path}">${words}</a>`
const coloured = (language: string, text: string) =>
  `<pre><code class="language-${language}">${text}\n</code></pre>`

describe('tags as Jekyll, Octopress, Hugo and Hexo have them', () => {
  test('loops over what is known, and links that tags define', () => {
    expectEach(
      [
        [
          '{% assign ids = "4|7" | split: "|" %}See [#4][] and [#7][].\n\n{% for id in ids %}\n[#{{ id }}]: /issue/{{ id }}/\n{% endfor %}',
          `<p>See ${link('issue/4/', '#4')} and ${link('issue/7/', '#7')}.</p>`,
        ],
        [
          '{% for each in page.parts limit: 2 %}\n- {{ forloop.index }} {{ each.name }} $x_1$\n{% endfor %}',
          '<ul>\n<li>1 Hull <math><msub><mi>x</mi><mn>1</mn></msub></math></li>\n<li>2 Mast <math><msub><mi>x</mi><mn>1</mn></msub></math></li>\n</ul>',
        ],
        [
          '{% for n in (1..3) reversed %}{{ n }}{% unless forloop.last %}, {% endunless %}{% endfor %}',
          '<p>3, 2, 1</p>',
        ],
        ['See [it][1].\n\n[1]: {% post_url published %}', `<p>See ${link('2026/published/', 'it')}.</p>`],
      ],
      'parts: [{ name: Hull }, { name: Mast }, { name: Sail }]\n',
    )
  })

  test('a list of more than five hundred is not gone through', () => {
    const loop = (last: number) => render(`A{% for n in (1..${last}) %}.{% endfor %}B`)
    expect(loop(500).html).toBe(`<p>A${'.'.repeat(500)}B</p>`)
    expect(loop(501).html).toBe('<p>AB</p>')
  })

  test('loops in loops, and of much text, have an end', () => {
    const inner = (depth: number): string =>
      depth === 0 ? 'x' : `{% for n in (1..50) %}${inner(depth - 1)}{% endfor %}`
    const body = render(`${inner(9)}\n\n{% for n in (1..500) %}${'x'.repeat(2000)}{% endfor %}\n\nEnd.`)
    expect(body.html.length).toBeLessThan(200_000)
    expect(body.html).toContain('<p>End.</p>')
    expect(messages(body).join()).toContain('and all that is between it and its end is left out')
  })

  test('pictures with what is said of them', () => {
    expectEach(
      [
        [
          '{{< figure src="/images/boat.png" title="Boat" caption="At *dawn*" attr="Ann" attrlink="https://ann.example/" >}}',
          figure(
            boat('At dawn'),
            '<strong>Boat</strong> At <em>dawn</em> <a href="https://ann.example/">Ann</a>',
          ),
        ],
        [
          '{% include image.html file="/images/boat.png" url="/boats/" alt="B" %}',
          `<p>${link('boats/', boat('B'))}</p>`,
        ],
        ['{% image "/images/boat.png", "A boat", "(min-width: 30em) 50vw" %}', `<p>${boat('A boat')}</p>`],
        ['{% include gallery caption="All" %}', figure(`${boat('One')}\n${boat('')}`, 'All')],
        [
          '{% include feature_row %}',
          `<p>${boat('B')}</p>\n<p><strong>Boats</strong></p>\n<p>Of <em>wood</em></p>\n<p>${link('boats/', 'More')}</p>`,
        ],
        ['<div>{% image "/images/boat.png", "B" %}</div>', `<div>${boat('B', '')}</div>`],
        [
          '<figure>\n{% include figure.html src="/images/boat.png" alt="B" %}\n<figcaption>C</figcaption>\n</figure>',
          figure(boat('B', ''), 'C'),
        ],
      ],
      'gallery: [{ image_path: /images/boat.png, alt: One }, { url: /images/boat.png }]\n' +
        'feature_row: [{ image_path: /images/boat.png, alt: B, title: Boats, excerpt: "Of *wood*", url: /boats/, btn_label: More }]\n',
    )
    expect(messages(render('{{< imgproc Resize "300x" >}}'))).toEqual([
      '{{< imgproc Resize "300x" >}} has no meaning here, and is left out',
    ])
  })

  test('words in tags stay', () => {
    expectEach([
      [
        '{{< kbd >}}Ctrl{{< /kbd >}} {% kbd Alt %} x{{< sup "2" >}}',
        '<p><kbd>Ctrl</kbd> <kbd>Alt</kbd> x<sup>2</sup></p>',
      ],
      [
        '{{< link "https://a.example/" "The *words*" >}}',
        '<p><a href="https://a.example/">The <em>words</em></a></p>',
      ],
      ['{{< style "color: red" >}}\nSeen *all*.\n{{< /style >}}', '<p>Seen <em>all</em>.</p>'],
      [
        "{% btn 'https://a.example/',Go on,far fa-hand,blue %}",
        '<p><a href="https://a.example/">Go on</a></p>',
      ],
      ['{% label primary@new %} {% u under %} {% span red, of it %}', '<p>new under of it</p>'],
      [
        "{% note info 'fas fa-bell' modern %}\nA\n{% endnote %}",
        '<blockquote>\n<p><strong>Info</strong></p>\n<p>A</p>\n</blockquote>',
      ],
      [
        "{% note blue 'fas fa-bell' flat %}\nA\n{% endnote %}",
        '<blockquote>\n<p><strong>Note</strong></p>\n<p>A</p>\n</blockquote>',
      ],
      [
        '{% note default Summary of it %}\nA\n{% endnote %}',
        '<blockquote>\n<p><strong>Summary of it</strong></p>\n<p>A</p>\n</blockquote>',
      ],
      [
        '{% blockquote Ann Lee, Letters https://a.example/l On *tea* %}\nA\n{% endblockquote %}',
        '<blockquote>\n<p>A</p>\n<p>— Ann Lee, Letters, <a href="https://a.example/l">On <em>tea</em></a></p>\n</blockquote>',
      ],
      [
        '{% timeline 2024,blue %}\n<!-- timeline May -->\nA\n<!-- endtimeline -->\n{% endtimeline %}',
        '<p><strong>2024</strong></p>\n<p><strong>May</strong></p>\n<p>A</p>',
      ],
      [
        '{{% thumbnail "https://a.example/a.png" alt="B" %}}C *d*{{% /thumbnail %}}',
        '<figure>\n<img src="https://a.example/a.png" alt="B">\n<figcaption>C <em>d</em></figcaption>\n</figure>',
      ],
      [
        '{{% thumbnail "https://a.example/a.png" alt="B" %}}',
        '<p><img src="https://a.example/a.png" alt="B"></p>',
      ],
      ['{{< alert "bell" >}}\nA\n{{< /alert >}}', '<blockquote>\n<p>A</p>\n</blockquote>'],
      [
        '{% folding cyan open, The title %}\nA\n{% endfolding %}',
        '<details>\n<summary>The title</summary>\n<p>A</p>\n</details>',
      ],
      ['{% pullquote right %}\nA\n{% endpullquote %}', '<blockquote>\n<p>A</p>\n</blockquote>'],
      ['{% mermaid graph TD %}\nA--B\n{% endmermaid %}', coloured('mermaid', 'graph TD\nA--B')],
      [
        '{% codeblock Pain relief.sh http://a.example/b.sh More %}\n$ x\n{% endcodeblock %}',
        '<figure>\n<figcaption><code>Pain relief.sh</code></figcaption>\n<pre><code>$ x\n</code></pre>\n</figure>',
      ],
      ['{% codeblock js %}\nx\n{% endcodeblock %}', coloured('js', 'x')],
      [
        '{% include video id="abc" provider="vimeo" %}',
        '<p><a href="https://vimeo.com/abc">Vimeo: abc</a></p>',
      ],
      ['A {{< math >}}q^2{{< /math >}}', '<p>A <math><msup><mi>q</mi><mn>2</mn></msup></math></p>'],
      ['A {{< term text="pod" id="p" >}}.', '<p>A pod.</p>'],
      [
        '| A |\n|--|\n| `x` {: rowspan="2" } |',
        '<table>\n<thead>\n<tr>\n<th>A</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><code>x</code></td>\n</tr>\n</tbody>\n</table>',
      ],
      ['{%/* quote() */%} and {#- a\nremark -#}.', '<p>{% quote() %} and .</p>'],
    ])
  })

  test('a link to the page that VitePress makes of a post leads to the post', () => {
    expect(html('[a](./published.html#h) [b](none.html) [c](../draft.html)')).toBe(
      '<p><a href="https://test.example/2026/published/#h">a</a> <a href="https://test.example/2026/it/none.html">b</a> c</p>',
    )
  })

  test('a player where a picture would be is a link to it', () => {
    const page = 'https://www.youtube.com/watch?v=abc'
    expectEach([
      [`![](${page})`, `<p><a href="${page}">youtube.com/watch?v=abc</a></p>`],
      [
        `![The *talk*|400](https://youtu.be/abc) too`,
        '<p><a href="https://youtu.be/abc">The <em>talk</em></a> too</p>',
      ],
      [`[![The talk](${page})](https://a.example/)`, '<p><a href="https://a.example/">The talk</a></p>'],
      [
        '![A](https://i.ytimg.com/vi/abc/0.jpg)',
        '<p><img src="https://i.ytimg.com/vi/abc/0.jpg" alt="A"></p>',
      ],
    ])
    expect(render(`First.\n\n{% youtube abc %}\n\n<!-- more -->\n\nRest.`).summary).toBe('First.')
    expect(render(`{% youtube abc %}\n\n<!-- more -->\n\nRest.`).summary).toBe('YouTube: abc')
    expect(messages(render('A [tag](link://tag/x).'))).toEqual([expect.stringContaining('link://tag/x')])
  })

  test('parts of tabs have their names, wherever a theme has them', () => {
    const named = (name: string, text: string) => `<p><strong>${name}</strong></p>\n<p>${text}</p>`
    expectEach([
      [
        '{% tabs id %}\n<!-- tab One@fab fa-x -->\nA\n<!-- endtab -->\n<!-- tab Two -->\nB\n<!-- endtab -->\n{% endtabs %}',
        `${named('One', 'A')}\n${named('Two', 'B')}`,
      ],
      [
        '{{< tabs items="One, Two" >}}\n{{< tab >}}A{{< /tab >}}\n{{< tab >}}B{{< /tab >}}\n{{< /tabs >}}',
        `${named('One', 'A')}\n${named('Two', 'B')}`,
      ],
      [
        '{{< tabpane >}}\n{{< tab header="C++" lang="cpp" >}}\nint *a, *b;\n{{< /tab >}}\n{{< /tabpane >}}',
        `<figure>\n<figcaption><code>C++</code></figcaption>\n${coloured('cpp', 'int *a, *b;')}\n</figure>`,
      ],
      [
        '{{< tabpane text=true >}}\n{{% tab header="One" %}}\n*A*\n{{% /tab %}}\n{{< /tabpane >}}',
        named('One', '<em>A</em>'),
      ],
      ['{% tabs id %}\n{% tab id One more %}\nA\n{% endtab %}\n{% endtabs %}', named('One more', 'A')],
      [
        '{{< accordion mode="open" >}}\n{{< accordionItem title="One" >}}\nA\n{{< /accordionItem >}}\n{{< /accordion >}}',
        '<details>\n<summary>One</summary>\n<p>A</p>\n</details>',
      ],
    ])
  })

  test('containers, parts and embeds of VuePress', () => {
    expectEach([
      [
        '::: tabs\n@tab One\n*A*\n@tab:active Two#b\nB\n:::',
        '<p><strong>One</strong></p>\n<p><em>A</em></p>\n<p><strong>Two</strong></p>\n<p>B</p>',
      ],
      ['@tab is a word', '<p>@tab is a word</p>'],
      ['@[youtube](abc)', '<p><a href="https://www.youtube.com/watch?v=abc">YouTube: abc</a></p>'],
      ['::: card title="One" icon="x"\nA\n:::', '<p><strong>One</strong></p>\n<p>A</p>'],
      ['::: mermaid\ngraph TD\n\nA --> B\n:::', coloured('mermaid', 'graph TD\n\nA --&gt; B')],
      ['<Slots><template #one>A</template></Slots>', '<p>A</p>'],
      ['    #!python\n    a = 1', coloured('python', 'a = 1')],
    ])
    for (const line of ['@[code{1-3} js](./a.js)', '@include(./a.md)'])
      expect(render(`${line}\n\nA`)).toMatchObject({ html: '<p>A</p>', notes: [{ rule: 'template-tags' }] })
  })

  test('what Zola calls', () => {
    expectEach([
      [
        '{{ note(header="One", body="A *b*") }}',
        '<blockquote>\n<p><strong>One</strong></p>\n<p>A <em>b</em></p>\n</blockquote>',
      ],
      ['{{ kbd(key="Ctrl") }} {{ aside(text="A") }} {{ config.title }}', '<p><kbd>Ctrl</kbd> A The Test</p>'],
      ['{{ dual_image(light_src="/images/boat.png", dark_src="/b.png", alt="B") }}', `<p>${boat('B')}</p>`],
      ['[a]({{ get_url(path="b.pdf") }})', `<p>${link('b.pdf', 'a')}</p>`],
    ])
    expect(html('{% seo %}   {% toc %}   {% ads %}   A')).toBe('<p>A</p>')
    expect(html('A{{ sidenote(label="1", content="B") }}')).toContain('<p>B ')
  })

  test('titles and words among what says how they look', () => {
    const folded = (title: string) => `<details>\n<summary>${title}</summary>\n<p>A</p>\n</details>`
    expectEach([
      ['{{% details "One two" open %}}\nA\n{{% /details %}}', folded('One two')],
      ['{% fold info @One two %}\nA\n{% endfold %}', folded('One two')],
      ['{% hideToggle One two,#fff %}\nA\n{% endhideToggle %}', folded('One two')],
      ['{{< spoiler text="One two" >}}\nA\n{{< /spoiler >}}', folded('One two')],
      ['{% image /images/boat.png, alt=A small boat, width=40px %}', `<p>${boat('A small boat')}</p>`],
      [
        '{% label new blue %} {% cell Load it, https://a.example/, fas fa-x %}',
        '<p>new <a href="https://a.example/">Load it</a></p>',
      ],
      ['{{< card link="/b/" title="One" subtitle="two" >}}', `<p>${link('b/', 'One')} two</p>`],
      [
        '{{< music url="https://a.example/b.mp3" name="One" artist="Ann" >}}',
        '<p><a href="https://a.example/b.mp3">One, Ann</a></p>',
      ],
      [
        '{{< math >}}$$x_1$$ {{< /math >}}',
        '<p><math display="block"><msub><mi>x</mi><mn>1</mn></msub></math></p>',
      ],
      ['{{< columns >}}\nA\n<--->\nB\n{{< /columns >}}', '<p>A</p>\n<p>B</p>'],
      [':(fas fa-fish): A', '<p>A</p>'],
      [
        '{% include image.html url="/images/boat.png" description="At dawn" %}',
        figure(boat('At dawn'), 'At dawn'),
      ],
      [
        '{% picture /images/boat.png --alt A small boat --link /b/ %}',
        `<p>${link('b/', boat('A small boat'))}</p>`,
      ],
      ['{% include audio.liquid path="/a.mp3" title="One" %}', `<p>${link('a.mp3', 'One')}</p>`],
      [
        'A {% newthought "new" %} {% mermaid %}\nx\n{% endmermaid %}',
        `<p>A new</p>\n${coloured('mermaid', 'x')}`,
      ],
      [
        '`{% raw %}` and `{% raw %}{{ x }}{% endraw %}`',
        '<p><code>{% raw %}</code> and <code>{{ x }}</code></p>',
      ],
      [
        '[a](/some file.pdf) and [b] (not one.pdf)',
        `<p>${link('some%20file.pdf', 'a')} and [b] (not one.pdf)</p>`,
      ],
    ])
  })

  test('where its own tool reads no tags, they are text', () => {
    for (const key of ['render_with_liquid: false', 'templateEngineOverride: md'])
      expect(render('Write {{ x }} and {% y %}.', `${key}\n`)).toMatchObject({
        html: '<p>Write {{ x }} and {% y %}.</p>',
        notes: [],
      })
  })

  test('headings without a space, and pictures in the folder that an article names', () => {
    expectEach(
      [
        ['##Heading\nText', '<h2 id="heading">Heading</h2>\n<p>Text</p>'],
        ['![B](boat.png)', `<p>${boat('B')}</p>`],
        ['![B|300](/images/boat.png)', `<p>${boat('B')}</p>`],
        ['{::nomarkdown}\n{% if false %}x{% endif %}<i>a</i>\n{:/nomarkdown}', '<p><i>a</i></p>'],
      ],
      'media_subpath: /images/\n',
    )
  })
})

describe('formulas in HTML', () => {
  test('are shown, and in an attribute stay as they were typed', () => {
    expectEach([
      [
        '<table><tr><td>$x_1$</td></tr></table>',
        '<table><tr><td><math><msub><mi>x</mi><mn>1</mn></msub></math></td></tr></table>',
      ],
      [
        '<div>\n$$\nx_1\n$$\n</div>',
        '<div>\n<math display="block"><msub><mi>x</mi><mn>1</mn></msub></math>\n</div>',
      ],
      [
        '<span title="$x_1$">a</span> ![b](/images/boat.png "$x_1$")',
        `<p><span title="$x_1$">a</span> ${boat('b').replace(' width', ' title="$x_1$" width')}</p>`,
      ],
    ])
    expect(render('<p>Let $x_1$ be.</p>', '', '', 'it.html')).toMatchObject({
      html: '<p>Let <math><msub><mi>x</mi><mn>1</mn></msub></math> be.</p>',
      letterHtml: '<p>Let <code>x_1</code> be.</p>',
      text: 'Let x_1 be.',
      summary: 'Let x_1 be.',
    })
  })
})

describe('components as MDX has them', () => {
  test('Markdown beside and between tags', () => {
    expectEach(
      [
        [
          'import X from "./x"\n\n<p>A **word** and [a](/b/)</p>',
          `<p>A <strong>word</strong> and ${link('b/', 'a')}</p>`,
        ],
        ['<img src="/images/boat.png" alt="A" />\n![B](/images/boat.png)', `${boat('A', '')}\n${boat('B')}`],
        [
          '<details>\n<summary>S *s*</summary>\nT **t**\n</details>',
          '<details>\n<summary>S <em>s</em></summary>\nT <strong>t</strong>\n</details>',
        ],
        ['<div>\n- a\n- b\n\n</div>', '<div>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</div>'],
      ],
      '',
      'it.mdx',
    )
  })

  test('links, code and notes by their names', () => {
    expectEach(
      [
        [
          '<Link to="/b/">words</Link> <Button href="/b/" text="Go" />',
          `<p>${link('b/', 'words')} ${link('b/', 'Go')}</p>`,
        ],
        [
          '<CodeBlock language="js">\n{`let a = {\n  b: 1,\n}`}\n</CodeBlock>',
          coloured('js', 'let a = {\n  b: 1,\n}'),
        ],
        ['<Code code={`let a`} lang="js" />', coloured('js', 'let a')],
        ['<CodeBlock language="js">let a</CodeBlock>', coloured('js', 'let a')],
        ['<Code language="js">a</Code> and b', '<p>a and b</p>'],
        ['<Code code={`let a`} lang="js" />\n{\' \'}\n\nText', `${coloured('js', 'let a')}\n<p>Text</p>`],
        [
          '<Card title="T" href="/b/">\n\ntext\n\n</Card>',
          `<p><strong>${link('b/', 'T')}</strong></p>\n<p>text</p>`,
        ],
        ['{\n  // only a remark\n}\n\nText', '<p>Text</p>'],
      ],
      '',
      'it.mdx',
    )
    expect(html('A note<Footnote>With *words*.</Footnote>')).toContain('<li')
    expect(html("A{% sidenote 'id' 'B *c*' %}")).toContain('<p>B <em>c</em> ')
  })

  test('names, captions, authors and what is said of a link', () => {
    expectEach(
      [
        [
          "<Tabs values={[{label: 'One', value: 'a'}]}>\n<TabItem value=\"a\">\n\nA\n\n</TabItem>\n</Tabs>",
          '<p><strong>One</strong></p>\n<p>A</p>',
        ],
        [
          '<Figure src="/images/boat.png" alt="B" caption="At *dawn*" />',
          figure(boat('B'), 'At <em>dawn</em>'),
        ],
        ['<Quote author="Ann">\n\nA\n\n</Quote>', '<blockquote>\n<p>A</p>\n<p>— Ann</p>\n</blockquote>'],
        ['<Section title="One">\n\nA\n\n</Section>', '<p><strong>One</strong></p>\n<p>A</p>'],
        ['<LinkCard title="One" href="/b/" description="two" />', `<p>${link('b/', 'One')} two</p>`],
        ['<File file="/some.zip" name="One" />', `<p>${link('some.zip', 'One')}</p>`],
        ['A <Highlight color="red">word\nand</Highlight> more', '<p>A word\nand more</p>'],
        ['<Image src={import(\'/images/boat.png\')} alt="B" />', `<p>${boat('B')}</p>`],
        [
          '<Tabs items={["One"]}>\n  <Tabs.Tab>A</Tabs.Tab>\n</Tabs>',
          '<p><strong>One</strong></p>\n<p>A</p>',
        ],
        [
          '<Group><Accordion title="One">A</Accordion></Group>',
          '<details>\n<summary>One</summary>\n<p>A</p>\n</details>',
        ],
        [
          '<img src="/images/boat.png" alt="B">\n<Note>A</Note>\nB',
          `${boat('B', '')}\n<blockquote>\n<p><strong>Note</strong></p>\n<p>A</p>\n</blockquote>\n<p>B</p>`,
        ],
        ["A {'\\u2192 b'}", '<p>A → b</p>'],
        ['<Mermaid chart={`graph TD`} />', coloured('mermaid', 'graph TD')],
        ['`youtube: abc`', '<p><a href="https://www.youtube.com/watch?v=abc">YouTube: abc</a></p>'],
        ['`youtube: abc` is code', '<p><code>youtube: abc</code> is code</p>'],
        ['```js\na // highlight-line\n```', coloured('js', 'a')],
        [':spoiler[A *word*]{x="y"} and a:b[c]', '<p>A <em>word</em> and a:b[c]</p>'],
      ],
      '',
      'it.mdx',
    )
    const { html, notes } = render('<CodeBlock language="js">{source}</CodeBlock>\n\nA', '', '', 'it.mdx')
    expect(html).toBe('<p>A</p>')
    expect(notes).toMatchObject([{ rule: 'component-left-out' }])
  })

  test('any that has a picture or a page elsewhere for its source', () => {
    expectEach(
      [
        ['<Illustration src="/images/boat.png" alt="B" />', `<p>${boat('B')}</p>`],
        ['<Frame src="https://a.example/b" />', '<p><a href="https://a.example/b">a.example/b</a></p>'],
      ],
      '',
      'it.mdx',
    )
  })

  test('HTML as it was written once', () => {
    expectEach([
      ['a<BR>b <B>c</B> <A HREF="/b/">d</A>', `<p>a<br>b <b>c</b> ${link('b/', 'd')}</p>`],
      ['<TABLE><TR><TD>a</TD></TR></TABLE>', '<table><tr><td>a</td></tr></table>'],
      ['x<y and y>z, Box<A> of <T: Foo>', '<p>x&lt;y and y&gt;z, Box&lt;A&gt; of &lt;T: Foo&gt;</p>'],
    ])
  })

  test('elements that nobody knows: words of a program are words, and what is left out is said', () => {
    const body = render(
      'A vector<int> of <name> and <odd x="1">inner</odd>, <data-chart rows="3"></data-chart>.',
    )
    expect(body.html).toBe('<p>A vector&lt;int&gt; of &lt;name&gt; and inner, .</p>')
    expect(messages(body)).toEqual([
      '<odd x="1"> is left out: components are not run',
      '<data-chart rows="3"> is left out: components are not run',
    ])
  })
})

test('of MDX that its parser cannot read no code is published either', () => {
  const { text, notes } = render(
    'A <Foo\n\nSeen {SECRET} {/* SECRET */} `{code}` \\{kept\\} <b title={SECRET}>too</b>\n\n{\n  SECRET && <p>SECRET</p>\n}',
    ...['', '', 'it.mdx'],
  )
  expect(text).not.toContain('SECRET')
  for (const word of ['<Foo', 'Seen', '{code}', '{kept}', 'too']) expect(text).toContain(word)
  expect(notes.map(({ message }) => message)).toEqual([
    '{SECRET} is left out: code in a text is not run',
    '{ SECRET && <p>SECRET</p> } is left out: code in a text is not run',
  ])
})

test('remarks of HTML, ids of headings and signs in prose do not keep MDX from being read', () => {
  const { text } = render(
    'import A from "./a"\n\n## Head {#it}\n\n<!-- SECRET -->\n\na < 5 {SECRET} <https://a.example/>',
    ...['', '', 'it.mdx'],
  )
  expect(text).toContain('a < 5')
  expect(text).toContain('https://a.example/')
  expect(text).not.toMatch(/SECRET|#it|import/)
})

test('MDX of nothing but braces that are no code is read by its lines', () => {
  const text = `import X from "./x"\n\n${'{% x %} '.repeat(20_000)}\n\nEnd.`
  const { markdown } = readSource(text, {
    ...{ syntax: 'mdx', math: true, tags: true, noteWord: () => undefined },
    ...{ value: () => undefined, fact: () => undefined },
  })
  expect(markdown.trim()).toMatch(/End\.$/)
  expect(markdown).not.toContain('import')
})
