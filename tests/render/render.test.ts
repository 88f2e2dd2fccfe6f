import { describe, expect, test } from 'vitest'
import { loadPublication } from '../../src/content/load-publication.ts'
import type { Article, Body } from '../../src/model.ts'
import { createRenderer, type KeptText, openTexts, packTexts, rememberTexts } from '../../src/render/index.ts'
import { type Dependency, readDependencies, writeDependencies } from '../../src/render/references.ts'
import { aFolder } from '../a-folder.ts'
import { now, png } from '../content/a-load.ts'
import { render } from './a-render.ts'

const it = 'https://test.example/2026/it/'

test('what texts referred to comes back as it was written', () => {
  const dependencies: Dependency[] = [
    ['a', 'https://t.example/a/', '../b.md', '["https://t.example/b/"]'],
    ['a', 'https://t.example/a/', 'नमस्ते.png', ''],
    ['a', 'https://t.example/c/', 'b.md', '["https://t.example/b/"]'],
    ['', 'https://t.example/a/', 'p.png', '["https://t.example/p.png","p.png",{"bytes":1}]'],
  ]
  for (const each of [dependencies, dependencies.slice(0, 1), []])
    expect(readDependencies(writeDependencies(each))).toEqual(each)
})

describe('references become absolute', () => {
  test.each([
    ['published.md', 'https://test.example/2026/published/'],
    ['./published.md#part', 'https://test.example/2026/published/#part'],
    ['../unlisted.md', 'https://test.example/2026/unlisted/'],
    ['/unlisted.md?x', 'https://test.example/2026/unlisted/?x'],
    ['#part', `${it}#part`],
    ['/about/', 'https://test.example/about/'],
    ['other/', `${it}other/`],
    ['none.md', `${it}none.md`],
    ['../report.pdf', 'https://test.example/report.pdf'],
    ['//cdn.example/x', 'https://cdn.example/x'],
    ['mailto:a@b.example', 'mailto:a@b.example'],
    ['https://x.example/?a=1&b=2', 'https://x.example/?a=1&amp;b=2'],
    ['HTTPS://X.example/ä', 'https://x.example/%C3%A4'],
  ])('[link](%s) leads to %s', (reference, url) => {
    expect(render(`[link](${reference})`).html).toBe(`<p><a href="${url}">link</a></p>`)
  })

  test.each([
    '../draft.md',
    '/draft.md#x',
    '../future.md',
    '../withdrawn.md',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'file:///etc/passwd',

    'blob:x',
    'https://[bad',
  ])('[words](%s) keeps its words and no link', reference => {
    const { html, letterHtml, text } = render(`[*words*](<${reference}>)`)
    expect(html).toBe('<p><em>words</em></p>')
    expect(letterHtml).toBe(html)
    expect(text).toBe('words')
  })

  test.each(['../.env', '/.env', '../publication.yaml', '../../secret.txt', '/../secret.txt', 'it.md'])(
    '%s is no file to be copied',
    reference => {
      expect(render(`[x](${reference}) ![y](${reference})`).files).toEqual([])
    },
  )
})

test('a picture by its name alone is found in folders beside the note, and up to three above', () => {
  const found = (above: number) => {
    const folders = 'a/b/c/d/e/'.split('/').slice(0, 5)
    const dir = aFolder({
      'articles/publication.yaml': 'title: T\nurl: https://t.example/\n',
      [`articles/${folders.join('/')}/it.md`]: '---\ntitle: It\ndate: 2026-01-30\n---\n![[boat.png]]',
      [`articles/${folders.slice(0, 5 - above).join('/')}/attachments/boat.png`]: png(3, 2),
    })
    const loaded = loadPublication(dir, { now })
    return createRenderer(loaded).body(loaded.articles[0]!).files
  }
  expect(found(0)).toEqual(['a/b/c/d/e/attachments/boat.png'])
  expect(found(3)).toEqual(['a/b/attachments/boat.png'])
  expect(found(4)).toEqual([])
})

describe('pictures', () => {
  test('of our own are measured, and no wider than a letter', () => {
    const { html, letterHtml, text, files } = render(
      '![A *boat*](../images/boat.png "At dawn")\n\n![](near.png)',
    )
    expect(html).toBe(
      '<p><img src="https://test.example/images/boat.png" alt="A boat" title="At dawn" width="1200" height="800"></p>\n<p><img src="https://test.example/2026/near.png" alt="" width="300" height="200"></p>',
    )
    expect(letterHtml).toContain('width="600" height="400"')
    expect(letterHtml).toContain('width="300" height="200"')
    expect(text).toBe('[A boat]')
    expect(files).toEqual(['2026/near.png', 'images/boat.png'])
  })
  test('that may not stand leave their words', () => {
    expect(render('![words](data:image/png;base64,AAAA)').html).toBe('<p>words</p>')
  })
  test('in a link, a picture is its text', () => {
    expect(render('[![boat](/images/boat.png)](https://x.example/)').text).toBe('[boat] <https://x.example/>')
  })
})

describe('what Markdown knows', () => {
  test('task lists become signs', () => {
    const { html, text } = render('- [ ] one\n- [x] **two**\n- [X] three\n- [y] four\n- [ ]five')
    expect(html).toBe(
      '<ul>\n<li>☐ one</li>\n<li>☑ <strong>two</strong></li>\n<li>☑ three</li>\n<li>[y] four</li>\n<li>[ ]five</li>\n</ul>',
    )
    expect(text).toBe('* ☐ one\n* ☑ two\n* ☑ three\n* [y] four\n* [ ]five')
  })
  test('tables are aligned, without style', () => {
    const { html, letterHtml, text } = render('| a | b |\n|---|--:|\n| one | 2 |\n| 漢字 | 10 |')
    expect(html).toContain('<th align="right">b</th>')
    expect(html).not.toContain('style')
    expect(letterHtml).toContain('<table border="1" cellpadding="6" cellspacing="0" width="100%">')
    expect(text).toBe('a    | b\n-----+---\none  | 2\n漢字 | 10')
  })
  test('a table of more than a hundred columns of text is a list', () => {
    const text = (width: number) => render(`| a | b |\n|---|---|\n| ${'x'.repeat(width)} | y |`).text
    expect(text(93)).toBe(`a${' '.repeat(92)} | b\n${'-'.repeat(93)}-+--\n${'x'.repeat(93)} | y`)
    expect(text(94)).toBe(`a: ${'x'.repeat(94)}\nb: y`)
  })
  test('footnotes lead to the article and back; a letter has marks only', () => {
    const { html, letterHtml, text } = render('One[^a], two[^a].\n\n[^a]: The *note*.')
    expect(html).toBe(
      `<p>One<sup id="fnref1"><a href="${it}#fn1">1</a></sup>, two<sup id="fnref1-2"><a href="${it}#fn1">1</a></sup>.</p>\n<hr>\n<ol>\n<li id="fn1"><p>The <em>note</em>. <a href="${it}#fnref1">↩\ufe0e</a> <a href="${it}#fnref1-2">↩\ufe0e</a></p>\n</li>\n</ol>`,
    )
    expect(letterHtml).toBe(
      '<p>One<sup>[1]</sup>, two<sup>[1]</sup>.</p>\n<hr>\n<ol>\n<li><p>The <em>note</em>.</p>\n</li>\n</ol>',
    )
    expect(text).toBe('One[1], two[1].\n\n--\n[1] The note.')
  })
  test('headings have ids in any script, each its own; a letter has none', () => {
    const { html, letterHtml } = render('## The *Talks*!\n\n## The talks\n\n## नमस्ते दुनिया')
    expect([...html.matchAll(/id="([^"]*)"/g)].map(match => match[1])).toEqual([
      'the-talks',
      'the-talks-1',
      'नमस्ते-दुनिया',
    ])
    expect(letterHtml).not.toContain('id=')
  })
  test('code is kept, with its language where scripts look for it', () => {
    const { html, letterHtml, text } = render('```js\nlet x = "<b>&"\n```\n\n`a < b`')
    expect(html).toBe(
      '<pre><code class="language-js">let x = &quot;&lt;b&gt;&amp;&quot;\n</code></pre>\n<p><code>a &lt; b</code></p>',
    )
    expect(letterHtml).toBe(html)
    expect(text).toBe('    let x = "<b>&"\n\na < b')
  })
  test('bare addresses are links, words with a dot are not', () => {
    expect(render('See https://x.example/a_b and a@b.example, not example.com.').html).toBe(
      '<p>See <a href="https://x.example/a_b">https://x.example/a_b</a> and <a href="mailto:a@b.example">a@b.example</a>, not example.com.</p>',
    )
  })
  test('quotes and dashes stay as typed', () => {
    expect(render(`"A" -- 'b'...`).text).toBe(`"A" -- 'b'...`)
  })
})

test('the text part keeps the structure', () => {
  const { text } = render(`# Top

Para with [a link](https://x.example/) and [https://y.example/](https://y.example/)\nand a soft break\\\nand a hard one.

## Second

1. one
2. two
   - inner
   - more

3. loose

> said
> > deeper
>
> again

---

~~gone~~`)
  expect(text).toBe(`Top
===

Para with a link <https://x.example/> and https://y.example/ and a soft break
and a hard one.

Second
======

1. one

2. two

   * inner
   * more

3. loose

> said
>
> > deeper
>
> again

* * *

~~gone~~`)
})

describe('HTML of the author’s own', () => {
  test('is cleaned', () => {
    const { html } = render(
      '<div class="x" style="color:red" onclick="evil()" id="keep"><p>Raw <b onmouseover=evil()>bold</b></p></div>\n\n<script>evil()</script><style>*{}</style>\n\n<form action="/x"><input name="a"><button>Go</button></form>\n\nWater is H<sub>2</sub>O.',
    )
    expect(html).toBe('<div id="keep"><p>Raw <b>bold</b></p></div>\n\n\n<p>Water is H<sub>2</sub>O.</p>')
  })
  test('has absolute addresses in every attribute', () => {
    const { html, files } = render(
      '<picture><source srcset="/images/boat.png 1x, near.png 2x,b.png"><img src="../images/boat.png" srcset="data:x 1x, near.png 300w"></picture>\n<video src="m.mp4" poster="near.png"></video><blockquote cite="/x">q</blockquote><a href="../draft.md">d</a>',
    )
    expect(html).toContain(
      `<source srcset="https://test.example/images/boat.png 1x, https://test.example/2026/near.png 2x, ${it}b.png" />`,
    )
    expect(html).toContain(
      '<img src="https://test.example/images/boat.png" srcset="https://test.example/2026/near.png 300w" />',
    )
    expect(html).toContain(`<video src="${it}m.mp4" poster="https://test.example/2026/near.png">`)
    expect(html).toContain('<blockquote cite="https://test.example/x">')
    expect(html).toContain('<a>d</a>')
    expect(files).toEqual(['2026/near.png', 'images/boat.png'])
  })
  test('a description elsewhere is at an absolute address', () => {
    const { html } = render('<img src="near.png" alt="x" longdesc="near.html">')
    expect(html).toContain(`longdesc="${it}near.html"`)
    expect(render('<img src="near.png" alt="x" longdesc="javascript:x">').html).not.toContain('longdesc')
  })
  test('words inside a drawing are no words of the article', () => {
    const drawing = '<svg viewBox="0 0 9 9"><title>Map</title><text>SECRET <tspan>part</tspan></text></svg>'
    for (const markdown of [`<p>Before ${drawing} after.</p>`, `Before ${drawing} after.`]) {
      const { html, letterHtml, text } = render(markdown)
      for (const made of [html, letterHtml, text]) {
        expect(made).toMatch(/Before\s+after\./)
        expect(made).not.toMatch(/SECRET|part|Map/)
      }
    }
  })
  test('nothing plays by itself', () => {
    const { html } = render(
      '<video src="https://x.example/m.mp4" autoplay controls></video>\n<audio src="https://x.example/m.mp3" autoplay controls></audio>',
    )
    expect(html.match(/controls/g)).toHaveLength(2)
    expect(html).not.toContain('autoplay')
  })
  test('a player of Vimeo becomes a link to its page', () => {
    const { html, letterHtml } = render(
      '<iframe src="https://player.vimeo.com/video/76979871?h=8272103f6e"></iframe>',
    )
    for (const made of [html, letterHtml])
      expect(made).toContain('<a href="https://vimeo.com/76979871">vimeo.com/76979871</a>')
  })
  test('frames become links, in all three', () => {
    const { html, letterHtml, text } = render(
      '<iframe src="https://www.youtube-nocookie.com/embed/abcdefghijk?rel=0" title="A film"></iframe>\n\n<iframe src="//maps.example/x"></iframe>\n\n<iframe src="javascript:x"></iframe>',
    )
    expect(html).toContain('<a href="https://www.youtube.com/watch?v=abcdefghijk">A film</a>')
    expect(html).toContain('<a href="https://maps.example/x">maps.example/x</a>')
    expect(html).not.toContain('javascript')
    expect(letterHtml).toContain('<a href="https://www.youtube.com/watch?v=abcdefghijk">A film</a>')
    expect(text).toBe('A film <https://www.youtube.com/watch?v=abcdefghijk>\n\nhttps://maps.example/x')
  })
  test('a letter has div and p for what mail clients do not know', () => {
    const { letterHtml } = render(
      '<figure id="f"><img src="near.png" alt="x"><figcaption>Words</figcaption></figure>\n<details><summary>More</summary>Text</details>\n<audio src="https://x.example/a.mp3" controls></audio>',
    )
    expect(letterHtml).toBe(
      '<div><img src="https://test.example/2026/near.png" alt="x" /><p>Words</p></div>\n<div><p>More</p>Text</div>\n<a href="https://x.example/a.mp3">x.example/a.mp3</a>',
    )
  })
  test('in the text part leaves its words, pictures and links', () => {
    const { text } = render(
      '<div><p>One &amp; <a href="/x">two</a></p><p>Three<br>four <img src="near.png" alt="five"></p></div>\n\nAn <a href="/y">inline</a> one<br>and <img src="near.png" alt="six">.<script>evil()</script>',
    )
    expect(text).toBe(
      'One & two <https://test.example/x>\nThree\nfour [five]\n\nAn inline <https://test.example/y> one\nand [six].evil()'.replace(
        'evil()',
        '',
      ),
    )
  })
})

describe('summary', () => {
  test.each([
    ['the author’s', 'Text.', 'summary: Mine\n', 'Mine'],
    ['what precedes the mark', 'One.\n\nTwo.\n\n<!--more-->\n\nThree.', '', 'One. Two.'],
    [
      'an excerpt of four sentences, whole',
      `${'Ministers of nine countries met in the capital on Friday, and most of them stayed for the whole week, which nobody had expected. '.repeat(4)}\n\n<!--more-->\n\nThree.`,
      '',
      'Ministers of nine countries met in the capital on Friday, and most of them stayed for the whole week, which nobody had expected. '
        .repeat(4)
        .trim(),
    ],
    ['the mark within a line', 'One. <!-- more --> Two.', '', 'One. Two.'],
    [
      'the first paragraph',
      '# Head\n\n![x](near.png)\n\nFirst [link](x) `code`.\nStill.\n\nSecond.',
      '',
      'First link code. Still.',
    ],
    ['a list, where there is no paragraph', '- one\n- two', '', 'one'],
    ['HTML', '<div>Words <script>no()</script></div>', '', 'Words'],
    ['nothing of nothing', '', '', ''],
  ])('%s', (_, markdown, lines, summary) => {
    expect(render(markdown, lines).summary).toBe(summary)
  })
  test('is cut at a sentence, or at a word', () => {
    const sentence = 'Ministers of nine countries met in the capital on Friday to speak about minerals. '
    expect(render(sentence.repeat(6)).summary).toBe(sentence.repeat(3).trim())
    const rest = `And ${'then they went on '.repeat(20)}`
    const [short, enough] = ['Nine ministers met, and they met in the capital on Friday.', sentence.trim()]
    expect(render(`${enough} ${rest}`).summary).toBe(enough)
    expect(render(`${short} ${rest}`).summary).toMatch(/^Nine .* And then .*…$/)
    const long = render('word '.repeat(100)).summary
    expect(long).toMatch(/^(word )+word…$/)
    expect(long.length).toBeLessThanOrEqual(281)
    expect(render('यह एक लंबा वाक्य है जो समाप्त होता है। '.repeat(12), 'language: hi\n').summary).toMatch(/।$/)
    expect(render('漢字仮名交じり文。'.repeat(60), 'language: ja\n').summary).toMatch(/。$/)
  })
})

test.each([
  ['one two three', 3, 1],
  ['It’s a *well-known* fact: 2,000 km', 7, 1],
  ['नमस्ते दुनिया', 2, 1],
  ['漢字仮名', 2, 1],
  ['漢字仮名交じり文章だ', 5, 1],
  ['สวัสดีชาวโลก', 3, 1],
  ['word '.repeat(690), 690, 3],
  ['', 0, 1],
])('%j has %i words, %i minutes', (markdown, words, minutes) => {
  expect(render(markdown)).toMatchObject({ words, minutes })
})

test('live entries stand newest first, each with its own prose', () => {
  const body = render(
    'Intro.\n\n## So far\n\n## 14:05 – The *doors* open\n\nFirst ![](near.png).\n\n### Detail\n\nMore[^1].\n\n## 15:10 Talks\n\nSecond.\n\n## Background\n\nNot live.\n\n[^1]: Note.',
    'live: true\n',
  )
  const { intro, entries, sections, notes } = body.live!
  expect(entries).toMatchObject([
    {
      id: '1510-talks',
      time: '15:10',
      title: 'Talks',
      at: { at: Date.parse('2026-01-30T15:10+05:30'), offset: 330 },
      text: 'Second.',
      html: '<p>Second.</p>',
    },
    {
      time: '14:05',
      title: 'The doors open',
      at: { at: Date.parse('2026-01-30T14:05+05:30') },
      files: ['2026/near.png'],
    },
  ])
  expect(entries[1]!.text).toBe('First .\n\nDetail\n------\n\nMore[1].')
  expect([intro.text, sections.text, notes.text]).toEqual([
    'Intro.\n\nSo far\n======',
    'Background\n==========\n\nNot live.',
    '--\n[1] Note.',
  ])
  // Feeds, letters and their text carry the whole as it was written.
  for (const whole of [body.html, body.letterHtml, body.text])
    for (const words of ['So far', 'Detail', 'Background', 'Not live.', 'Note.'])
      expect(whole).toContain(words)
  expect(render('## 14:05 x').live).toBeUndefined()
  expect(render('## Not yet', 'live: true\n').live).toMatchObject({ entries: [] })
})

test.each([
  ['en', '“He said ‘no’ to it,” she wrote — it’s "code" …'],
  ['de', '„He said ‚no‘ to it,“ she wrote — it’s "code" …'],
  ['fr', '«\u00a0He said “no” to it,\u00a0» she wrote — it’s "code" …'],
  ['ja', '「He said 『no』 to it,」 she wrote — it’s "code" …'],
])('straight quotes become those of %s where asked for; code and dots stay', (language, expected) => {
  const markdown = `"He said 'no' to it," she wrote — it's \`"code"\` …`
  const lines = `language: ${language}\n`
  expect(render(markdown, lines).text).toContain('"He said \'no\' to it,"')
  expect(render(markdown, lines, 'articles: { typography: true }\n').text.replace(/`/g, '')).toContain(
    expected,
  )
})

test('prose that is no article starts from its own folder', () => {
  const dir = aFolder({
    'articles/authors/me.png': 'x',
    'articles/a.md': '---\ntitle: A\ndate: 2026-01-01\n---\n',
  })
  const renderer = createRenderer(loadPublication(dir, { now }))
  for (const file of ['authors/me.md', 'articles/authors/me.md']) {
    const prose = renderer.prose('Hi ![me](me.png), [A](../a.md), [x](#y)', file)
    expect(prose.html).toBe(
      '<p>Hi <img src="https://test.example/authors/me.png" alt="me">, <a href="https://test.example/2026/a/">A</a>, <a href="https://test.example/#y">x</a></p>',
    )
    expect(prose.files).toEqual(['authors/me.png'])
    expect(renderer.prose('Hi ![me](me.png), [A](../a.md), [x](#y)', file)).toBe(prose)
  }
})

test('a text that a page shows whole is read once, here or by another thread', () => {
  const dir = aFolder({ 'articles/a.md': '---\ntitle: A\ndate: 2026-01-30\n---\nThree *words* here.' })
  const loaded = loadPublication(dir, { now })
  const [article] = loaded.articles
  const renderer = createRenderer(loaded)
  let read = 0
  const counting = {
    ...renderer,
    body(one: Article) {
      read++
      return renderer.body(one)
    },
  }
  const unknown = { texts: new Map(), isSame: () => false, areUnchanged: () => false }
  const texts = rememberTexts(counting, unknown, { html: 1000 })
  const shown = ({ html, words, minutes, summary, files }: Body) => ({ html, words, minutes, summary, files })
  const first = shown(texts.body(article!))
  expect(first).toMatchObject({ html: '<p>Three <em>words</em> here.</p>', words: 3 })
  expect(read).toBe(1)

  const others = rememberTexts(counting, unknown, { html: 1000 })
  others.accept(article!, texts.kept().get(article!.file)!, first)
  expect(shown(others.body(article!))).toEqual(first)
  expect(read).toBe(1)
})

test('what is kept of a text comes back, whatever there is of it', () => {
  const plain: KeptText = { dependencies: '', files: [] }
  const notes = [{ kind: 'a note' }] as unknown as NonNullable<KeptText['notes']>
  const refused = [{ reference: 'x.md' }] as unknown as NonNullable<KeptText['refused']>
  const texts = new Map<string, KeptText>([
    ['bare', plain],
    ['articles/a.md', { ...plain, minutes: 2, textLength: 0, dependencies: '[["0","नमस्ते\\n"]]' }],
    ['', { ...plain, summary: '' }],
    ['summary', { ...plain, summary: '=\u2028\r A', minutes: 1 }],
    ['lines', { ...plain, summary: 'A\nB' }],
    ['authors/a.md\0One\nTwo', { ...plain, html: '<p>One\nTwo</p>' }],
    ['html', { ...plain, html: '' }],
    ['files', { ...plain, files: ['a.png'] }],
    ['notes', { ...plain, notes }],
    ['refused', { ...plain, minutes: 3, refused }],
    ['odd', { ...plain, dependencies: 'a\nb' }],
    ['last', { ...plain, textLength: 12 }],
  ])
  const open = (some: typeof texts) => openTexts(structuredClone(packTexts(some)))
  for (const [name, text] of texts) {
    expect(open(texts).get(name)).toEqual(text)
    // Alone, it is the only line of its column.
    expect(open(new Map([[name, text]])).get(name)).toEqual(text)
    expect(open(new Map([['other', plain]])).get(name)).toBeUndefined()
  }
  expect(open(new Map()).get('')).toBeUndefined()
  const many = new Map(Array.from({ length: 20_002 }, (_, at) => [`${at}`, { ...plain, minutes: at }]))
  expect([0, 19_999, 20_001, 20_002].map(at => open(many).get(`${at}`)?.minutes)).toEqual([
    0,
    19_999,
    20_001,
    undefined,
  ])
})
