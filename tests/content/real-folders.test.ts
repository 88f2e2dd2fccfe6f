// Folders as other tools have them: what is held back there, what is read, and what is said of the rest.

import { execFileSync } from 'node:child_process'
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadPublication } from '../../src/content/load-publication.ts'
import { openOwnFiles } from '../../src/content/own-files.ts'
import { aFolder } from '../a-folder.ts'
import { load, now, png, read } from './a-load.ts'

const dated = (lines: string) => `---\ntitle: A\ndate: 2026-01-30\n${lines}\n---\nText.`
const rules = ({ diagnostics }: ReturnType<typeof load>) =>
  diagnostics.map(({ rule, severity }) => `${severity} ${rule}`)

describe('what its own tool holds back', () => {
  test.each([
    ['draft', 'status: draft'],
    ['draft', 'Status: Private'],
    ['draft', 'status: [draft]'],
    ['draft', 'status: "#draft"'],
    ['draft', 'status: "[[Draft]]"'],
    ['draft', 'state: pending'],
    ['draft', 'post_status: trash'],
    ['draft', 'status: work-in-progress'],
    ['unlisted', 'status: hidden'],
    ['draft', 'isDraft: true'],
    ['draft', 'is_draft: "yes"'],
    ['draft', 'wip: true'],
    ['draft', 'publish: false'],
    ['draft', 'published: no'],
    ['draft', 'is_published: off'],
    ['draft', 'public: false'],
    ['draft', 'private: true'],
    ['unlisted', 'hidden: true'],
    ['draft', 'visibility: members'],
    ['draft', 'visibility: anything else'],
    ['unlisted', 'visibility: unlisted'],
    ['draft', 'access: paid'],
    ['draft', 'permalink: false'],
    ['unlisted', 'eleventyExcludeFromCollections: true'],
    ['draft', 'headless: true'],
    ['draft', '_build: { render: never }'],
    ['draft', 'build: { render: false, list: never }'],
    ['unlisted', 'build:\n  list: never'],
    ['draft', 'render: false'],
    ['draft', 'exclude: true'],
    ['unlisted', 'listed: false'],
    ['unlisted', 'noindex: true'],
    ['unlisted', 'sitemap: false'],
    ['unlisted', 'sitemap: { disable: true }'],
    ['unlisted', 'robots: noindex, follow'],
    ['unlisted', 'rss: false'],
    ['draft', 'password: open sesame'],
    ['draft', 'draft: y'],
    ['unlisted', 'hiddenFromRss: true'],
    ['future', 'date: 2026-01-01\npublishDate: 2026-03-01'],
    ['future', 'embargo_until: 2026-03-01T06:00:00Z'],
  ])('%s: %s', (state, lines) => {
    const { article, diagnostics } = read(lines)
    expect(article?.state).toBe(state)
    expect(diagnostics).toEqual([])
  })

  test.each([
    'status: published',
    'status: evergreen',
    'state: California',
    'isDraft: false',
    'date: 2026-01-01\npublished: true',
    'publish: yes',
    'hidden: false',
    'hide: [toc]',
    'visibility: public',
    'private: false',
    'exclude: [a, b]',
    'build: { list: always }',
    'build: 12',
    'render: true',
    'robots: index, follow',
    'sitemap: { priority: 1 }',
    'skip: intro',
    'hideComments: true',
    'hidden_title: true',
    'publisher: The Press',
    'list: [a]',
    'permalink: /x/',
    'date: 2026-01-01\npublishDate: 2026-01-05',
    'embargo: false',
    'date: 2026-01-01\npublish: blog',
    'access: public',
    'stage: seedling',
    'showDate: false',
    'extra:\n  toc: false\n  featured: true',
    'eleventyExcludeFromCollections: []',
  ])('nothing is held back by %s', lines => {
    const { article, diagnostics } = read(lines)
    expect(article?.state).toBe('published')
    expect(diagnostics).toEqual([])
  })

  test.each([
    ['draft', 'isDraftPost: true'],
    ['draft', 'do_not_publish: true'],
    ['draft', 'publicArticle: false'],
    ['unlisted', 'hideFromLists: true'],
    ['unlisted', 'visible_in_feed: false'],
    ['draft', 'wip: soon'],
    ['draft', 'status: in review'],
    ['draft', 'embargo: until the board has met'],
    ['draft', 'stage: draft'],
    ['draft', 'publish: later'],
    ['draft', 'status: not ready'],
    ['draft', 'released: false'],
    ['draft', 'access: subscribers'],
    ['unlisted', 'eleventyExcludeFromCollections: [posts]'],
    ['draft', 'extra: { draft: true }'],
    ['unlisted', 'params: { hidden: true }'],
    ['unlisted', 'seo: { noindex: true }'],
    ['draft', 'extra: { status: Draft }'],
    ['draft', 'params: { stage: draft }'],
    ['unlisted', 'params: { hide_from_feed: true }'],
    ['draft', 'share: false'],
  ])('what looks like it is held back, too, with a warning: %s by %s', (state, line) => {
    const { article, diagnostics } = read(line)
    expect(article?.state).toBe(state)
    expect(diagnostics).toMatchObject([{ line: 4, rule: 'held-back', severity: 'warning' }])
  })

  test.each([
    'extra: { online: false }',
    'extra: { enabled: false }',
    'params: { status: in progress }',
    'params: { released: false }',
    'params: { share: false, layout: wide }',
    'extra: { skip: true, ignore: true }',
    'params: { list: false, article: false, show: false }',
    'params: { build: { list: never } }',
    'extra: { hide_index: true }',
    'share: false\nlayout: single',
    'share: true',
    'dg-note-icon: 1',
  ])('what a theme may mean otherwise holds nothing back: %s', line => {
    const { article, diagnostics } = read(line)
    expect([article?.state, diagnostics]).toEqual(['published', []])
  })

  test.each([
    ['hugo.toml', 'published'],
    ['config/_default/hugo.yaml', 'published'],
    ['_config.yml', 'published'],
    ['.obsidian/app.json', 'draft'],
    ['articles/.obsidian/app.json', 'draft'],
  ])('`share: false` means what the tool means whose folder it is: %s', (settings, state) => {
    const { articles, diagnostics } = loadPublication(
      aFolder({
        [settings]: '',
        'articles/a.md': dated('share: false'),
        'articles/b.md': dated('share: true'),
      }),
      { now },
    )
    expect(articles.find(({ file }) => file === 'articles/a.md')?.state).toBe(state)
    expect(diagnostics.map(({ rule }) => rule)).not.toContain('held-back')
  })

  test('where notes are chosen one by one, the others are drafts', () => {
    const notes = {
      'a.md': dated('dg-publish: true'),
      'b.md': dated(''),
      'c.md': dated('dg-publish:'),
      'd.md': dated('draft: true'),
    }
    const { articles, diagnostics } = load(notes)
    expect(Object.fromEntries(articles.map(({ file, state }) => [file.slice(9), state]))).toEqual({
      'a.md': 'published',
      'b.md': 'draft',
      'c.md': 'draft',
      'd.md': 'draft',
    })
    expect(diagnostics).toMatchObject([
      { file: 'articles/b.md', rule: 'held-back', message: expect.stringContaining('`dg-publish: true`') },
      { file: 'articles/c.md', rule: 'held-back' },
    ])
  })

  test('Nikola’s tags hold back, too', () => {
    const { articles } = load({
      'a.md': '<!--\n.. title: A\n.. date: 2026-01-30\n.. tags: x, private\n-->\nText.',
    })
    expect(articles).toMatchObject([{ state: 'draft' }])
  })

  test('an article has its own date once its publishDate has come', () => {
    const { article } = read('date: 2026-01-01\npublishDate: 2026-01-31')
    expect(article?.date.at).toBe(Date.UTC(2026, 0, 1))
  })

  test('files and folders that begin with _ or a dot are not read, and the first are named', () => {
    const loaded = load({
      'a.md': dated(''),
      '_partial.md': 'Words',
      '_notes/b.md': dated(''),
      '.trash/c.md': dated(''),
      '_index.md': '---\ntitle: Blog\n---\n',
      '_posts/2026-01-01-d.md': dated(''),
      '_drafts/e.md': '---\ntitle: E\n---\n',
      'drafts/f.md': dated(''),
      'g.draft.md': dated(''),
    })
    expect(Object.fromEntries(loaded.articles.map(({ file, state }) => [file.slice(9), state]))).toEqual({
      'a.md': 'published',
      '_posts/2026-01-01-d.md': 'published',
      '_drafts/e.md': 'draft',
      'drafts/f.md': 'draft',
      'g.draft.md': 'draft',
    })
    expect(loaded.diagnostics).toMatchObject([
      { severity: 'info', rule: 'underscored-files', message: expect.stringContaining('2 files') },
    ])
  })
})

describe('files', () => {
  test.each(['md', 'markdown', 'mdown', 'mkd', 'mkdn', 'mdx', 'MD', 'html', 'htm'])(
    '.%s is read',
    extension => {
      const { articles } = load({ [`2026-01-01-a.${extension}`]: dated('') })
      expect(articles).toMatchObject([{ title: 'A', slug: 'a' }])
    },
  )

  test('HTML without front matter is no article, and is named', () => {
    const loaded = load({ 'a.md': dated(''), 'demo/b.html': '<!doctype html><p>x' })
    expect(loaded.read).toBe(1)
    expect(loaded.diagnostics).toMatchObject([{ file: 'articles/demo/b.html', severity: 'info' }])
  })

  test('what is for those who work there is named', () => {
    const loaded = load({ 'a.md': dated(''), 'CONTRIBUTING.md': '# How', 'README.md': '# What' })
    expect(rules(loaded)).toEqual(['info no-article', 'info no-article'])
  })

  test.each(['mdwn', 'svx', 'mdoc', 'mmd', 'erb'])('.%s is counted', extension => {
    const loaded = load({ 'a.md': dated(''), [`b.${extension}`]: 'x' })
    expect(loaded.diagnostics).toMatchObject([{ rule: 'unread-files', severity: 'warning' }])
  })

  test('formats that are not read are counted and named', () => {
    const loaded = load({
      'a.md': dated(''),
      'b.rst': 'x',
      'c/d.rst': 'x',
      'e.ipynb': '{}',
      'f.txt': 'Title: F\nDate: 2026-01-01\n\nText.',
      'robots.txt': 'User-agent: *',
      'notes.txt': 'Remember the milk',
      'images/a.txt': 'Title: x\n\nx',
    })
    expect(loaded.diagnostics).toMatchObject([
      {
        severity: 'warning',
        message:
          '4 files in formats that are not read: .rst 2, .ipynb 1, .txt 1; the first is articles/b.rst',
      },
    ])
  })

  test('a folder of nothing else is an error', () => {
    expect(rules(load({ 'a.rst': 'x' }))).toEqual(['error unread-files'])
    expect(rules(load({}))).toEqual(['warning no-articles'])
  })

  test('pages that have no date, and need none, are no errors', () => {
    const loaded = load({
      'index.md': '---\ntitle: Blog\n---\n',
      'a/index.md': '---\ntitle: Posts\n---\n',
      'a/b.md': dated(''),
      'about.md': '---\ntitle: About\n---\n',
      'me.md': '---\ntitle: Me\nlayout: page\n---\n',
      'templates/new.md': '---\ntitle: "{{title}}"\ndate: {{date}}\n---\n',
      'archetypes/default.md': '---\ntitle: "{{ .Name }}"\ndate: "{{ .Date }}"\n---\n',
    })
    expect(loaded.articles.map(({ file }) => file)).toEqual(['articles/a/b.md'])
    expect([loaded.read, loaded.broken]).toEqual([1, 0])
    expect(new Set(rules(loaded))).toEqual(new Set(['info no-article']))
  })

  test('an article without a date is one, also as index.md of a folder of its own', () => {
    expect(
      rules(load({ 'a/index.md': '---\ntitle: A\n---\n', 'a/b.png': 'x', 'c.md': '---\ntitle: C\n---\n' })),
    ).toEqual(['error article-date', 'error article-date'])
  })
})

describe('dates', () => {
  test.each([
    ['2026-01-11-x/post.md', '2026-01-11'],
    ['2026/01/08/x.md', '2026-01-08'],
    ['2026/01-09-x.md', '2026-01-09'],
    ['2026/1/9-x.md', '2026-01-09'],
    ['2026-01/09-x.md', '2026-01-09'],
    ['news/2026/01/08/index.md', '2026-01-08'],
    ['20260112-x.md', '2026-01-12'],
    ['2026_01_13_x.md', '2026-01-13'],
    ['2026.01.14 x.md', '2026-01-14'],
  ])('%s is of %s', (file, day) => {
    const { articles, diagnostics } = load({ [file]: '---\ntitle: A\n---\nText.' })
    expect(diagnostics).toEqual([])
    expect(new Date(articles[0]!.date.at).toISOString().slice(0, 10)).toBe(day)
  })

  test('a folder of a month gives its first day, with a word', () => {
    const loaded = load({ '2026/01/x.md': '---\ntitle: A\n---\nText.' })
    expect(loaded.articles[0]!.date.at).toBe(Date.UTC(2026, 0, 1))
    expect(rules(loaded)).toEqual(['warning article-date'])
  })

  test('a number that is no date gives none', () => {
    for (const file of [
      '1984/x.md',
      'top-10/x.md',
      '12345678.md',
      '2026/13/x.md',
      '2026/01.md',
      '101-things.md',
    ])
      expect(rules(load({ [file]: '---\ntitle: A\n---\nText.' }))).toEqual(['error article-date'])
  })

  test('the permalink has one', () => {
    const { articles } = load({ 'x.md': '+++\npath = "2026/01/15/x"\ntitle = "X"\n+++\n' })
    expect(articles[0]!.date.at).toBe(Date.UTC(2026, 0, 15))
  })

  test.each(
    ['created', 'dateCreated', 'posted_on', 'created_at', 'published_at', 'publishedAt', 'createTime'].concat(
      ['Create Time', 'Created time', 'released'],
    ),
  )('%s', key => {
    const { articles } = load({ 'x.md': `---\ntitle: X\n${key}: 2026-01-15\n---\n` })
    expect(articles[0]!.date.at).toBe(Date.UTC(2026, 0, 15))
  })

  test('a field that cannot be read gives way to the name of the file', () => {
    const loaded = load({ '2026-01-15-x.md': '---\ntitle: X\ndate: last week\n---\n' })
    expect(loaded.articles[0]!.date.at).toBe(Date.UTC(2026, 0, 15))
    expect(rules(loaded)).toEqual(['warning article-date'])
  })

  test.each([
    { 'x.md': '---\ntitle: X\ndate: 2017-02-29\n---\n' },
    { 'x.md': '---\ntitle: X\ndate: 29 February 2017\n---\n' },
    { 'x.md': '---\ntitle: X\ndate: February 31, 2017\n---\n' },
    { '2017-02-31-x.md': '---\ntitle: X\n---\n' },
  ])('a day that its month has not costs the day', files => {
    const loaded = load(files)
    expect(loaded.articles[0]!.date.at).toBe(Date.UTC(2017, 1, 28))
    expect(rules(loaded)).toEqual(['warning article-date'])
    expect(loaded.diagnostics[0]!.message).toMatch(
      /a day that its month has not; the last of the month counts$/,
    )
  })

  test.each(['2017-02', '2017/2', 'February 2017', 'févr. 2017', 'Fev 2017'])(
    'a date that names no day is the first of its month: %s',
    date => {
      const { article, diagnostics } = read(`date: ${date}`)
      expect(article?.date.at).toBe(Date.UTC(2017, 1, 1))
      expect(diagnostics).toMatchObject([{ line: 3, rule: 'article-date', severity: 'warning' }])
    },
  )

  test('a time that cannot be read costs the time', () => {
    const { article, diagnostics } = read('date: 2026-01-15 at noon')
    expect(article!.date.at).toBe(Date.UTC(2026, 0, 15))
    expect(diagnostics).toMatchObject([{ line: 3, severity: 'warning' }])
  })

  test.each(['Created', 'Last Modified', 'git Created', 'git Last Modified'])(
    'the time of a copy is no date of an article: %s',
    date => {
      expect(read(`date: ${date}`)).toMatchObject({
        article: undefined,
        diagnostics: [
          {
            line: 3,
            severity: 'error',
            rule: 'article-date',
            message: expect.stringContaining(`"${date}" is no date here`),
            advice: expect.stringContaining('2026-01-30T05:06:00+05:30'),
          },
        ],
      })
      expect(read(`date: ${date}`, { file: '2026-01-15-x.md' }).article?.date.at).toBe(Date.UTC(2026, 0, 15))
    },
  )

  test('a bad optional date costs itself', () => {
    const { article, diagnostics } = read('updated: once upon a time')
    expect(article).toMatchObject({ updated: undefined })
    expect(diagnostics).toMatchObject([{ line: 4, severity: 'warning' }])
  })
})

describe('titles', () => {
  test.each([
    ['# The *real* title\n\nText.', 'The real title', '\n\nText.'],
    ['\nThe title\n=====\nText.', 'The title', '\n\n\nText.'],
    [
      'import x from "y"\nexport const a = {\n  b: 1,\n}\n\n# Title\nText.',
      'Title',
      'import x from "y"\nexport const a = {\n  b: 1,\n}\n\n\nText.',
    ],
    ['<!-- truncate -->\n# Title {#id}\nText.', 'Title', '<!-- truncate -->\n\nText.'],
  ])('from %j', (body, title, rest) => {
    const { articles, diagnostics } = load({ 'a.md': `---\ndate: 2026-01-30\n---\n${body}` })
    expect(articles).toMatchObject([{ title, body: rest, bodyLine: 4 }])
    expect(diagnostics).toEqual([])
  })

  test('a heading that says the title again leaves the text, another stays', () => {
    expect(read('title: Same', { body: '# Same\n\nText.' }).article!.body).toBe('\n\nText.')
    expect(read('title: Same', { body: '# Other\n\nText.' }).article!.body).toBe('# Other\n\nText.')
  })

  test('else the name of the file in words, with an info', () => {
    const loaded = load({ '2026-01-30-the-harbour_reopens.md': '---\ntags: [a]\n---\nText.' })
    expect(loaded.articles).toMatchObject([{ title: 'The harbour reopens' }])
    expect(rules(loaded)).toEqual(['info article-title'])
  })

  test('no front matter, but a heading and a date', () => {
    const loaded = load({ '2026-01-30-x.md': '# Hello there\n\nText.', '2026-01-29-y.md': 'Text.' })
    expect(loaded.articles).toMatchObject([
      { title: 'Hello there', body: '\n\nText.' },
      { title: 'Y', body: 'Text.' },
    ])
  })

  test('code of another tool is filled where it is known, and cut where it is not', () => {
    expect(read('title: "{{ site.title }} news"').article!.title).toBe('The Test news')
    const { article, diagnostics } = read(
      'title: "All {{ posts | size }} posts"\nsummary: "{% include x.html %}Words"',
    )
    expect(article).toMatchObject({ title: 'All posts', summary: 'Words' })
    expect(diagnostics.map(({ line, rule }) => [line, rule])).toEqual([
      [3, 'template-code'],
      [4, 'template-code'],
    ])
    expect(read('title: "Write `{{ x }}`"').article!.title).toBe('Write {{ x }}')
  })
})

describe('front matter of other tools', () => {
  test.each([
    ['Hexo, no first fence', 'title: A\ndate: 2026-01-30\ntags:\n- x\n---\nText.', 6],
    ['Hugo, bare JSON', '{\n  "title": "A",\n  "date": "2026-01-30", "tags": ["x"]\n}\n\nText.', 5],
    ['MultiMarkdown', 'Title: A\nDate: 2026-01-30\nTags: x\n\nText.', 5],
    ['Nikola', '<!--\n.. title: A\n.. date: 2026-01-30\n.. tags: x\n-->\nText.', 6],
    ['fences of five dashes', '-----\ntitle: A\ndate: 2026-01-30\ntags: [x]\n-----\nText.', 6],
    ['dots at the end', '---\ntitle: A\ndate: 2026-01-30\ntags: [x]\n...\nText.', 6],
    ['a byte order mark', '\ufeff---\ntitle: A\ndate: 2026-01-30\ntags: [x]\n---\nText.', 6],
  ])('%s', (_, text, bodyLine) => {
    const { articles, diagnostics } = load({ 'a.md': text })
    expect(diagnostics).toEqual([])
    expect(articles).toMatchObject([{ title: 'A', tags: ['x'], bodyLine }])
    expect(articles[0]!.body.trim()).toBe('Text.')
  })

  test.each([
    'Note: this\n\nText.',
    'Dear all:\n---\nText.',
    '<!-- a comment -->\nText.',
    '{ no: json }',
    '-----\n\nText.',
  ])('%j has none', text => {
    expect(rules(load({ 'a.md': text }))).toEqual(['error front-matter'])
  })

  test.each([
    [
      "export const metadata = {\n  title: 'It\\'s A',\n  publishedAt: '2026-01-30', // when\n  tags: ['x', \"y\"],\n}\n\nText.".replace(
        ' // when',
        '',
      ),
    ],
    [
      "import X from './x'\n\nexport const meta: Meta = { title: `It's A`, date: new Date('2026-01-30'), tags: [\"x\", 'y'] };\n\nText.",
    ],
  ])('metadata that MDX exports: %s', text => {
    const { articles, diagnostics } = load({ 'a.mdx': text })
    expect(diagnostics).toEqual([])
    expect(articles).toMatchObject([
      { title: "It's A", tags: ['x', 'y'], url: 'https://test.example/2026/a/' },
    ])
  })

  test('metadata that is code is not run, and that is said', () => {
    const text = 'export const meta = { title: [make(), }\n\n# A'
    const { articles, diagnostics } = load({ '2026-01-30-a.mdx': text })
    expect(articles).toMatchObject([{ title: 'A' }])
    expect(diagnostics).toMatchObject([{ rule: 'front-matter', severity: 'warning', line: 1 }])
  })

  test('a value of exported metadata that is code costs itself', () => {
    const text = "export const meta = {\n  title: make('x'),\n  date: '2026-01-30',\n}\n\n# A"
    const { articles, diagnostics } = load({ 'a.mdx': text })
    expect(articles).toMatchObject([{ title: 'A', url: 'https://test.example/2026/a/' }])
    expect(diagnostics).toMatchObject([
      { rule: 'front-matter', severity: 'warning', message: expect.stringContaining('make("x")') },
    ])
  })

  test('lines are those of the file', () => {
    const wrong = (text: string) => load({ 'a.md': text }).diagnostics.map(({ line }) => line)
    expect(wrong('Title: A\nDate: soon\n\nText.')).toEqual([2])
    expect(wrong('<!--\n.. title: A\n.. date: soon\n-->\nText.')).toEqual([3])
    expect(wrong('{\n  "title": "A",\n  "date": "soon"\n}\nText.')).toEqual([3])
  })
})

describe('one name twice', () => {
  test('the older keeps its id and address, the other has its day in both', () => {
    const loaded = load({
      '2026-01-08-weekly.md': dated('').replace('2026-01-30', '2026-01-08'),
      '2026-01-01-weekly.md': dated('').replace('2026-01-30', '2026-01-01'),
    })
    expect(loaded.articles.map(({ id, url }) => [id, url])).toEqual([
      ['tag:test.example,2026-01-08:weekly', 'https://test.example/2026/weekly-2026-01-08/'],
      ['tag:test.example,2026:weekly', 'https://test.example/2026/weekly/'],
    ])
    expect(rules(loaded)).toEqual(['info article-id'])
  })

  test('also on one day, in any number', () => {
    const { articles, broken } = load({
      'en/hi.md': dated(''),
      'fr/hi.md': dated('lang: fr'),
      'de/hi.md': dated('lang: de'),
      'a/hi.md': dated('lang: de'),
    })
    expect(broken).toBe(0)
    expect(new Set(articles.map(({ id }) => id)).size).toBe(4)
    expect(new Set(articles.map(({ url }) => url)).size).toBe(4)
  })

  test('what was written is not changed: one id twice is an error', () => {
    expect(rules(load({ 'a.md': dated('id: x'), 'b.md': dated('id: x') }))).toEqual(['error article-id'])
    expect(rules(load({ 'a.md': dated('url: /x/'), 'b.md': dated('url: /x/') }))).toEqual([
      'error article-address',
    ])
    expect(rules(load({ 'a.md': dated('slug: x'), 'b.md': dated('slug: x') }))).toEqual([
      'warning article-address',
    ])
  })
})

describe('fields', () => {
  test.each([
    'heroImage: https://x.example/a.png',
    'cover: { image: "https://x.example/a.png", alt: A }',
    'image: { url: "https://x.example/a.png" }',
    'image: { feature: "https://x.example/a.png" }',
    'images: ["https://x.example/a.png"]',
    'header: { overlay_image: "https://x.example/a.png" }',
    'header-img: https://x.example/a.png',
    'opengraph: { image: { url: "https://x.example/a.png" } }',
    'featured: true\nthumbnail: https://x.example/a.png',
    'header: Welcome\nog_image: https://x.example/a.png',
  ])('the picture of %s', lines => {
    const { article, diagnostics } = read(lines)
    expect(article!.image?.url).toBe('https://x.example/a.png')
    expect(diagnostics).toEqual([])
  })

  test('what is beside the picture is the picture’s', () => {
    const { article } = read('cover: https://x.example/a.png\ncover_alt: The harbour\nimageCaption: At dawn')
    expect(article!.image).toMatchObject({ alt: 'The harbour', caption: 'At dawn' })
  })

  test('an address with a space is one', () => {
    expect(read('image: https://r.example/my photo.jpg').article!.image!.url).toBe(
      'https://r.example/my%20photo.jpg',
    )
  })

  test.each([
    ['author: Ann Lee, Bob Roy and Cy Young', ['Ann Lee', 'Bob Roy', 'Cy Young']],
    ['author: Ann and Bob', ['Ann', 'Bob']],
    ['author: "[Ann Lee](https://a.example) (Org), [Bob](https://b.example)"', ['Ann Lee', 'Bob']],
    ['author: Lee, Ann', ['Lee, Ann']],
    ['author: Smith, Jones and Sons', ['Smith, Jones and Sons']],
    ['author: The BBC News Team and friends', ['The BBC News Team and friends']],
    ['authors: [{ name: Ann, title: Editor }, { key: bob }]', ['Ann', 'bob']],
  ])('%s', (line, names) => {
    expect(read(line).article!.authors.map(({ name }) => name)).toEqual(names)
  })

  test('an address behind a name is kept out of feeds', () => {
    const { article, diagnostics } = read('author: Jane Doe <jane@x.example>')
    expect(article!.authors).toMatchObject([{ name: 'Jane Doe' }])
    expect(JSON.stringify(article!.authors)).not.toContain('@')
    expect(diagnostics).toMatchObject([{ severity: 'info', rule: 'article-author' }])
  })

  test('what is beside the author is the author’s', () => {
    const { article } = read('author: Ann\nauthorURL: https://a.example\nauthor_title: Editor')
    expect(article!.authors).toMatchObject([{ name: 'Ann', url: 'https://a.example/', role: 'Editor' }])
  })

  test.each([
    ['tags: "#one #two"', ['one', 'two']],
    ['tags: [{ label: Hello, permalink: /hello }, x]', ['Hello', 'x']],
    ['categories: [[Diary, Play], Life]', ['Diary', 'Play', 'Life']],
    ['tags: machine learning', ['machine learning']],
    ['taxonomies: { tags: [a, b] }', ['a', 'b']],
  ])('%s', (line, tags) => {
    expect(read(line).article!.tags).toEqual(tags)
  })

  test('Jekyll divides tags at spaces', () => {
    expect(read('tags: one two', { file: '2026-01-01-a.md' }).article!.tags).toEqual(['one', 'two'])
  })

  test.each(['subtitle', 'lead', 'teaser', 'spoiler', 'abstract', 'meta_description'])(
    '%s is a summary',
    key => {
      expect(read(`${key}: Some words`).article!.summary).toBe('Some words')
    },
  )

  test('also within seo, and none where it is a picture', () => {
    expect(read('seo: { description: Some words }').article!.summary).toBe('Some words')
    expect(read('teaser: /images/a.png').article!.summary).toBeUndefined()
  })

  test.each(['url', 'link', 'external_url', 'externalLink'])('%s on another host makes a link post', key => {
    const { article, diagnostics } = read(`${key}: https://other.example/x`)
    expect(article).toMatchObject({
      source: { url: 'https://other.example/x' },
      url: 'https://test.example/2026/hello/',
    })
    expect(diagnostics).toEqual([])
  })

  test('a slug that begins with a slash is a path', () => {
    expect(read('slug: /a/b').article).toMatchObject({ slug: 'b', url: 'https://test.example/a/b' })
  })
})

describe('what a folder says of all in it', () => {
  test.each([
    ['_index.md', '---\ntitle: Old\ncascade: { build: { list: never } }\n---\n', 'unlisted'],
    ['_index.md', '+++\n[[cascade]]\ndraft = true\n+++\n', 'draft'],
    ['_index.md', '---\ntitle: Old\ndraft: true\n---\n', 'published'],
    ['_index.md', '---\ncascade: [{ draft: true, _target: { path: /x } }]\n---\n', 'published'],
    ['old.json', '{ "eleventyExcludeFromCollections": true }', 'unlisted'],
    ['old.11tydata.json', '{ "published": false }', 'draft'],
    ['other.json', '{ "draft": true }', 'published'],
    ['_index.md', '---\ncascade: [{ draft: true, target: { path: "/old/**" } }]\n---\n', 'draft'],
    ['_index.md', '---\ncascade: { draft: true, target: { kind: section } }\n---\n', 'published'],
    ['2020/a.json', '{ "draft": true }', 'draft'],
    ['2020/a.meta', '.. title: A\n.. status: private\n', 'draft'],
  ])('%s: %s', (name, text, state) => {
    const { articles } = load({ [`old/${name}`]: text, 'old/2020/a.md': dated(''), 'b.md': dated('') })
    expect(articles.find(({ file }) => file.endsWith('a.md'))!.state).toBe(state)
    expect(articles.find(({ file }) => file.endsWith('b.md'))!.state).toBe('published')
  })

  test('an article’s own word counts for more', () => {
    const files = {
      'old/_index.md': '---\ncascade: { draft: true }\n---\n',
      'old/a.md': dated('draft: false'),
    }
    expect(load(files).articles).toMatchObject([{ state: 'published' }])
  })

  test('fields are inherited, names of one and tags of a collection are not', () => {
    const { articles } = load({
      'blog/blog.json':
        '{ "author": "Desk", "tags": ["posts"], "lang": "fr", "title": "Blog", "layout": "post" }',
      'blog/a.md': dated('author: Ann'),
      'blog/b.md': dated(''),
    })
    expect(
      articles.map(({ title, authors, tags, language }) => [title, authors[0]!.name, tags, language]),
    ).toEqual([
      ['A', 'Ann', [], 'fr'],
      ['A', 'Desk', [], 'fr'],
    ])
  })

  test('Jekyll’s defaults, by path and type, of the settings beside a link to its posts', () => {
    const config = `defaults:
  - scope: { path: '', type: posts }
    values: { author: Desk, permalink: '/:year/:title/', layout: post }
  - scope: { path: _posts/guests }
    values: { author: Guest }
  - scope: { path: _posts/old, type: drafts }
    values: { published: false }
  - scope: { path: '_posts/*/hidden' }
    values: { sitemap: false }
`
    const post = '---\ntitle: A\n---\nText.'
    const folder = aSite('_posts', {
      '_config.yml': config,
      '_posts/2026-01-30-a.md': post,
      '_posts/guests/2026-01-29-b.md': post,
      '_posts/old/2026-01-28-c.md': post,
      '_posts/old/hidden/2026-01-27-d.md': post,
    })
    const { articles, diagnostics } = loadPublication(folder, { now })
    expect(diagnostics).toEqual([])
    expect(articles.map(({ url, state, authors }) => [url, state, authors[0]!.name])).toEqual([
      ['https://test.example/2026/a/', 'published', 'Desk'],
      ['https://test.example/2026/b/', 'published', 'Guest'],
      ['https://test.example/2026/c/', 'published', 'Desk'],
      ['https://test.example/2026/d/', 'unlisted', 'Desk'],
    ])
  })

  test.each([
    ['content/_index.md', '---\ncascade: { draft: true }\n---\n'],
    ['content/content.json', '{ "draft": true }'],
    ['content/posts/posts.json', '{ "draft": true }'],
    ['hugo.toml', '[[cascade]]\ndraft = true\n[cascade.target]\npath = "/posts/**"\n'],
  ])('%s, above a link to the articles', (file, text) => {
    const folder = aSite('content/posts', { [file]: text, 'content/posts/a.md': dated('') })
    expect(loadPublication(folder, { now }).articles).toMatchObject([{ state: 'draft' }])
  })

  test('Nikola’s words beside a text that has none', () => {
    const files = {
      'a.md': 'Only text.',
      'a.meta':
        '.. title: Harbour\n.. slug: harbour-opens\n.. date: 2026-01-30 09:00:00 UTC\n.. tags: port, news\n',
    }
    const { articles, diagnostics } = load(files)
    expect(diagnostics).toEqual([])
    expect(articles).toMatchObject([{ title: 'Harbour', slug: 'harbour-opens', tags: ['port', 'news'] }])
  })
})

/** The folder of another tool's site, in which `articles` is a link to where its articles are. */
function aSite(place: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const settings = 'title: The Test\nurl: https://test.example/\n'
  const folder = aFolder({ 'articles/publication.yaml': '', 'publication.yaml': settings, ...files })
  rmSync(join(folder, 'articles'), { recursive: true })
  symlinkSync(place, join(folder, 'articles'))
  return folder
}

describe('permalinks that are patterns', () => {
  test.each([
    ['permalink: "/blog/{{ page.fileSlug }}/"', '/blog/hello/'],
    [
      'permalink: "/{{ page.date | date: \'%Y/%m/%d\' }}/{{ title | slugify }}/index.html"',
      '/2026/01/30/hello/',
    ],
    ['permalink: "{{ page.filePathStem }}.html"', '/hello.html'],
    ['permalink: "/{{ kind }}/{{ page.date | dateFormat(\'yyyy\') }}/"\nkind: notes', '/notes/2026/'],
    ['permalink: /:categories/:year/:title/\ncategories: [World News, Asia]', '/world-news/asia/2026/hello/'],
    ['permalink: pretty', '/2026/01/30/hello/'],
    ['permalink: /:i_month/:i_day/:short_year/:slug.html\nslug: tea', '/1/30/26/tea.html'],
    ['url: /:year/:month/:slug/', '/2026/01/hello/'],
  ])('%s', (lines, path) => {
    const { article, diagnostics } = read(lines)
    expect(diagnostics).toEqual([])
    expect(article!.url).toBe(`https://test.example${path}`)
  })

  test.each([
    '/{{ collections.posts.length }}/',
    '/{% if a %}x{% endif %}/',
    '/:hour/:title/',
    '/{{ page.date }}/',
  ])('%s has no meaning, which is said', permalink => {
    const { article, diagnostics } = read(`permalink: "${permalink}"`)
    expect(article!.url).toBe('https://test.example/2026/hello/')
    expect(diagnostics).toMatchObject([{ rule: 'article-address', severity: 'warning', line: 4 }])
  })
})

describe('limits', () => {
  test('a summary, tags and authors without an end are cut, with a word', () => {
    const names = Array.from({ length: 300 }, (_, n) => `a${n}`)
    const { article, diagnostics } = read(
      `summary: ${'word '.repeat(5000)}\ntags: [${names}]\nauthors: [${names}]`,
    )
    expect(article!.summary).toHaveLength(5000)
    expect(article!.tags).toHaveLength(200)
    expect(article!.authors).toHaveLength(200)
    expect(diagnostics.map(({ rule, line }) => [rule, line]).sort()).toEqual([
      ['field-length', 4],
      ['field-length', 5],
      ['field-length', 6],
    ])
  })
})

describe('pictures of the site around the articles', () => {
  test.each([
    ['static/images/a.png', '/images/a.png', 'images/a.png'],
    ['public/a.png', '/a.png', 'a.png'],
    ['assets/a.png', '/assets/a.png', 'assets/a.png'],
    ['assets/a.png', 'a.png', 'a.png'],
    ['source/images/a.png', '/images/a.png', 'images/a.png'],
    ['images/a.png', '/images/a.png', 'images/a.png'],
    ['src/assets/a.png', '../../assets/a.png', 'assets/a.png'],
    ['static/img/a.png', '@site/static/img/a.png', 'static/img/a.png'],
    ['docs/public/a.png', '/a.png', 'a.png'],
    ['src/content/blog/b/a.png', '/blog/b/a.png', 'b/a.png'],
  ])('%s as %s', (place, src, file) => {
    const folder = aSite('src/content/blog', {
      'src/content/blog/a.md': dated(`image: "${src}"`).replace('../../', '../../'),
      [place]: png(3, 2),
    })
    const { articles, diagnostics } = loadPublication(folder, { now })
    expect(diagnostics).toEqual([])
    expect(articles[0]!.image).toMatchObject({ url: `https://test.example/${file}`, file, width: 3 })
  })

  test.each([
    ['static/a.md', '/a.md', 'private'],
    ['private/a.png', '/private/a.png', 'missing'],
    ['static/.hidden/a.png', '/.hidden/a.png', 'missing'],
    ['private/a.png', '../private/a.png', 'outside'],
    ['private/a.png', '/x/../../private/a.png', 'outside'],
    ['private/a.png', '@site/static/../private/a.png', 'missing'],
  ])('%s is none as %s', (place, reference) => {
    const folder = aFolder({ 'articles/a.md': dated(''), [place]: png(3, 2) })
    expect(openOwnFiles(join(folder, 'articles')).find(reference, '')).toHaveProperty('why')
  })

  test('a link out of the publication is not followed', () => {
    const elsewhere = aFolder({ 'a.png': png(3, 2) })
    const folder = aFolder({ 'articles/a.md': dated('image: /a.png'), 'static/b.png': png(3, 2) })
    symlinkSync(join(elsewhere, 'a.png'), join(folder, 'static/a.png'))
    const { articles, diagnostics } = loadPublication(folder, { now })
    expect(articles[0]!.image?.file).toBeUndefined()
    expect(diagnostics).toMatchObject([
      { rule: 'article-image', message: expect.stringContaining('does not exist') },
    ])
  })
})

describe('settings for who moves here', () => {
  test('variables and formulas', () => {
    const { publication } = load({}, 'variables: { name: N, year: 2026 }\narticles: { math: false }\n')
    expect(publication).toMatchObject({ variables: { name: 'N', year: 2026 }, articles: { math: false } })
    expect(load({}).publication).not.toHaveProperty('variables')
  })

  test('languages by folder and by name', () => {
    const files = {
      'en/hi.md': dated(''),
      'fr/hi.md': dated(''),
      'ho.pt-br.md': dated(''),
      'ho.v2.md': dated(''),
      'he.fr.md': dated('lang: de'),
    }
    const { articles } = load(files, 'languages: [en, fr, pt-BR]\nlanguage: it\n')
    const found = Object.fromEntries(
      articles.map(({ file, language, slug }) => [file.slice(9), [language, slug]]),
    )
    expect(found).toEqual({
      'en/hi.md': ['en', 'hi'],
      'fr/hi.md': ['fr', 'hi-2026-01-30'],
      'ho.pt-br.md': ['pt-BR', 'ho'],
      'ho.v2.md': ['it', 'ho.v2'],
      'he.fr.md': ['de', 'he'],
    })
  })

  test('ids as other tools have them', () => {
    const ids = (settings: string) =>
      load({ 'a.md': dated(''), 'b.md': dated('guid: old-b'), 'c.md': dated('id: old-c') }, settings)
        .articles.map(({ id }) => id)
        .sort()
    const [a, b] = ['https://test.example/2026/a/', 'https://test.example/2026/b/']
    expect(ids('articles: { id: url }\n')).toEqual([a, b, 'old-c'])
    expect(ids('articles: { id: guid }\n')).toEqual([a, 'old-b', 'old-c'])
    expect(ids('articles: { id: tag }\n')).toEqual(['old-b', 'old-c', 'tag:test.example,2026:a'])
  })

  test('of one address two have an id each, too', () => {
    const { articles } = load({ 'x/a.md': dated(''), 'y/a.md': dated('') }, 'articles: { id: url }\n')
    expect(articles.map(({ id, url }) => id === url)).toEqual([true, true])
    expect(new Set(articles.map(({ id }) => id)).size).toBe(2)
  })

  test.each([
    ['/{path}/', 'news/2026/a.md', '', 'news/2026/a/'],
    ['/{path}/', 'news/a/index.md', '', 'news/a/'],
    ['/{category}/{slug}/', 'a.md', 'categories: [Long Reads, x]', 'long-reads/a/'],
    ['/{category}/{slug}/', 'a.md', '', 'a/'],
    ['/{categories}/{slug}/', 'a.md', 'categories: [Tea, Old Ships]', 'tea/old-ships/a/'],
    ['/{categories}/{slug}/', 'a.md', 'categories: tea ships', 'tea/ships/a/'],
    ['/{categories}/{slug}/', 'a.md', 'category: old ships', 'old-ships/a/'],
    ['/{categories}/{slug}/', 'a.md', '', 'a/'],
    ['/p/{hugo_path}/', "Ships/Captain's Log Ünd.md", '', 'p/ships/captains-log-%C3%BCnd/'],
    ['/p/{hugo_path}/', '2026-01-30-Log.md', '', 'p/2026-01-30-log/'],
    ['/p/{hugo_path}/', 'x/Log/index.md', 'slug: Dry Dock', 'p/x/dry-dock/'],
    ['/p/{hugo_path}/', 'x/Log.fr.md', '', 'fr/p/x/log/'],
    ['/p/{hugo_path}/', 'x/Log/index.fr.md', '', 'fr/p/x/log/'],
    ['/p/{hugo_path}/', 'x/Log.en.md', '', 'p/x/log/'],
    ['/{year}/{i_month}/{i_day}/{slug}.html', 'a.md', 'date: 2026-02-03', '2026/2/3/a.html'],
    ['/b/{zola_path}/', 'Old Tea/2026-01-30-Début_x.md', '', 'b/old-tea/debut-x/'],
    ['/b/{zola_path}/', 'tea/Dry/index.md', 'slug: The Dock', 'b/tea/the-dock/'],
    ['/b/{docusaurus_path}', '2026-01-30-dry.md', '', 'b/2026/01/30/dry'],
    ['/b/{docusaurus_path}', '2026-01-30-dry/index.mdx', '', 'b/2026/01/30/dry'],
    ['/b/{docusaurus_path}', 'tea/2026-1-3-dry.md', '', 'b/2026/1/3/tea/dry'],
    ['/b/{docusaurus_path}', '2026/01/30/Dry Dock.md', '', 'b/2026/01/30/Dry%20Dock'],
    ['/b/{docusaurus_path}', 'dry.md', '', 'b/dry'],
    ['/b/{docusaurus_path}', '2026-01-30-dry.md', 'slug: dock', 'b/dock'],
    ['/b/{docusaurus_path}', '2026-01-30-dry.md', 'slug: /tea/dock', 'b/tea/dock'],
    ['/b/{docusaurus_path}', '2026-01-30-dry.md', 'slug: tea/dock', 'b/tea/dock'],
    ['/{pelican_slug}.html', 'dry.md', 'title: "Été: a dock’s *first* day"', 'ete-a-docks-first-day.html'],
    ['/{pelican_slug}.html', 'dry.md', 'title: Über 2.0 – снова й', 'uber-20-снова-й.html'],
    ['/{pelican_slug}.html', 'dry.md', 'slug: dock', 'dock.html'],
  ])('%s of %s %s', (pattern, file, line, path) => {
    const text = line.startsWith('date')
      ? `---\ntitle: A\n${line}\n---\n`
      : line.startsWith('title')
        ? `---\ndate: 2026-01-30\n${line}\n---\n`
        : dated(line)
    const { articles } = load({ [file]: text }, `languages: [en, fr]\narticles: { url: "${pattern}" }\n`)
    expect(decodeURI(articles[0]!.url)).toBe(decodeURI(`https://test.example/${path}`))
  })

  test('dates from git, where nothing else has one', () => {
    const folder = aFolder({
      'articles/publication.yaml': 'title: T\nurl: https://test.example/\narticles: { dates_from: git }\n',
      'articles/ä b.md': '---\ntitle: A\n---\n',
      'articles/c.md': dated(''),
    })
    const git = (date: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@test.example', ...args], {
        cwd: folder,
        env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      })
    git('', 'init', '-q')
    git('', 'add', '.')
    git('2025-03-04T05:06:07+02:00', 'commit', '-qm', 'a')
    writeFileSync(join(folder, 'articles/ä b.md'), '---\ntitle: Changed\n---\n')
    git('2025-04-04T05:06:07+02:00', 'commit', '-qam', 'b')
    writeFileSync(join(folder, 'articles/new.md'), '---\ntitle: New\n---\n')
    writeFileSync(join(folder, 'articles/c.md'), '---\ntitle: C\ndate: git Last Modified\n---\n')
    expect(loadPublication(folder, { now }).articles.find(({ title }) => title === 'C')).toMatchObject({
      date: { at: Date.UTC(2025, 2, 4, 3, 6, 7) },
      updated: undefined,
    })
    git('2025-04-05T05:06:07+02:00', 'commit', '-qam', 'c')
    expect(loadPublication(folder, { now }).articles.find(({ title }) => title === 'C')?.updated?.at).toBe(
      Date.UTC(2025, 3, 5, 3, 6, 7),
    )
    const copy = join(folder, 'copy')
    git('', 'clone', '-q', '--depth=1', `file://${folder}`, copy)
    expect(loadPublication(copy, { now })).toMatchObject({
      articles: [],
      diagnostics: [
        { file: 'articles/c.md', line: 3, advice: expect.stringContaining('fetch-depth: 0') },
        { file: 'articles/ä b.md', rule: 'article-date', message: expect.stringContaining('last commits') },
      ],
    })
    rmSync(copy, { recursive: true })
    writeFileSync(join(folder, 'articles/c.md'), dated(''))
    const { articles, diagnostics } = loadPublication(folder, { now })
    expect(articles.map(({ title, date }) => [title, date])).toEqual([
      ['A', { at: Date.UTC(2026, 0, 30), offset: 0 }],
      ['Changed', { at: Date.UTC(2025, 2, 4, 3, 6, 7), offset: 120 }],
    ])
    expect(diagnostics).toMatchObject([{ file: 'articles/new.md', rule: 'article-date' }])
    renameSync(join(folder, 'articles'), join(folder, 'posts'))
    symlinkSync('posts', join(folder, 'articles'))
    git('2025-05-04T05:06:07+02:00', 'add', '.')
    git('2025-05-04T05:06:07+02:00', 'commit', '-qm', 'c')
    const behindLink = loadPublication(folder, { now }).articles.find(({ title }) => title === 'New')
    expect(behindLink?.date.at).toBe(Date.UTC(2025, 4, 4, 3, 6, 7))
  })
})

test('an embargo is over when its time comes, also for who remembers the folder', () => {
  const folder = aFolder({ 'articles/a.md': dated('publishDate: 2026-03-01') })
  const at = (time: string) => loadPublication(folder, { now: Date.parse(time) }).articles[0]!
  expect(at('2026-02-01T00:00:00Z')).toMatchObject({ state: 'future', date: { at: Date.UTC(2026, 2, 1) } })
  expect(at('2026-03-02T00:00:00Z')).toMatchObject({
    state: 'published',
    date: { at: Date.UTC(2026, 0, 30) },
  })
})

test('names with commas between semicolons; whether a page has a date of change is no date', () => {
  const { articles, diagnostics } = load({
    'a.md': dated('authors: "Reyes, Sol; Pike, Ana"\ntags: tea; old, dry ships\nlastUpdated: true'),
  })
  expect(articles).toMatchObject([
    { authors: [{ name: 'Reyes, Sol' }, { name: 'Pike, Ana' }], tags: ['tea', 'old, dry ships'] },
  ])
  expect(diagnostics).toEqual([])
})

test('notes of Obsidian: links in fields, pictures of the vault, drawings', () => {
  const folder = aFolder({
    'articles/publication.yaml': 'title: T\nurl: https://test.example/\n',
    'articles/a.md': dated(
      'author: "[[Lena Voss]], [[people/Bob|Bob Roy]]"\nsummary: "Of [[tea]] and [[ships|boats]]"\ncover: "[[Cup 1.png]]"\ncover_alt: A cup',
    ),
    'articles/b.md': dated('excalidraw-plugin: parsed'),
    'Attachments/Cup 1.png': png(2, 2),
  })
  const { articles, diagnostics } = loadPublication(folder, { now })
  expect(articles).toMatchObject([
    {
      authors: [{ name: 'Lena Voss' }, { name: 'Bob Roy' }],
      summary: 'Of tea and boats',
      image: { url: 'https://test.example/Attachments/Cup%201.png' },
    },
  ])
  expect(diagnostics).toMatchObject([{ file: 'articles/b.md', severity: 'info', rule: 'no-article' }])
})

test('what the theme of a picture beside an article says of it is no picture', () => {
  const image =
    "image: { caption: 'Photo by [Ann](https://a.example)', focal_point: Smart, preview_only: no }"
  const { diagnostics } = load({ 'a.md': dated(image), 'b.md': dated("cover: { image: '', alt: '' }") })
  expect(diagnostics).toEqual([])
})

test('authors of all posts in one table', () => {
  const folder = aFolder({
    'articles/a.md': dated('authors: [ann, bob, cy, default]'),
    'articles/authors.yml':
      'ann: { name: Ann Lee, title: Editor, url: "https://a.example", image_url: "https://a.example/a.png" }\n',
    '_data/authors.yml': 'bob:\n  name: Bob Roy\n  bio: Writes.\n',
    'data/authors/cy.yaml': 'name: Cy Young\n',
    'data/authors/default.mdx': '---\nname: Di Fox\noccupation: Reporter\navatar: /di.png\n---\nWalks.\n',
    'public/di.png': 'x',
  })
  const { articles, diagnostics } = loadPublication(folder, { now })
  expect(diagnostics).toEqual([])
  expect(articles[0]!.authors).toMatchObject([
    {
      id: 'ann',
      name: 'Ann Lee',
      role: 'Editor',
      url: 'https://a.example/',
      photo: { url: 'https://a.example/a.png' },
    },
    { id: 'bob', name: 'Bob Roy', biography: 'Writes.' },
    { id: 'cy', name: 'Cy Young' },
    { id: 'default', name: 'Di Fox', role: 'Reporter', photo: { file: 'di.png' }, biography: 'Walks.' },
  ])
})

test('titles, pictures and metadata as other tools write them', () => {
  const { articles, diagnostics } = load({
    'a.md': '---\nnewstitle: A headline\ndate: 2026-01-30\n---\nText.',
    'b.md':
      '---\ntitle: B\ndate: 2026-01-30\nimage: "{static}/i/p.png"\n---\n# {{ $frontmatter.title }}\n\nText.',
    'c.md': '---\ntitle: C\ndate: 2026-01-30\nmedia_subpath: /i\nimage: { path: p.png, alt: A }\n---\nText.',
    'd.mdx':
      'import { meta } from "x"\nexport const metadata = createMetadata({\n  title: "D",\n  date: "2026-01-30",\n})\n\nText.',
    '2026-01-31.md': 'Text.',
    'i/p.png': png(10, 10),
  })
  expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([])
  const found = articles.map(({ title, image, body }) => [title, image?.file, body.trim()])
  expect(found).toEqual(
    expect.arrayContaining([
      ['A headline', undefined, 'Text.'],
      ['B', 'i/p.png', 'Text.'],
      ['C', 'i/p.png', 'Text.'],
      ['D', undefined, expect.stringContaining('Text.')],
      ['2026-01-31', undefined, 'Text.'],
    ]),
  )
})

test('a byline of several, with links and what they are', () => {
  const byline = (value: string) =>
    read(`author: ${value}`).article!.authors.map(({ name, url, role }) =>
      [name, url, role].filter(Boolean).join(' | '),
    )
  expect(
    byline(
      '">\n  [The 1.2 Team](https://t.example) (SIG), Ann Bo (Acme)\n  and Cy Dee (Orb)"'.replace('>\n', ''),
    ),
  ).toEqual(['The 1.2 Team | https://t.example/ | SIG', 'Ann Bo | Acme', 'Cy Dee | Orb'])
  expect(byline('"**Ann Bo** (Acme), **Cy Dee** (Orb)"')).toEqual(['Ann Bo | Acme', 'Cy Dee | Orb'])
  expect(byline('"Ann Bo (Acme)"')).toEqual(['Ann Bo (Acme)'])
  expect(byline('{ login: ann, display_name: Ann Bo }')).toEqual(['Ann Bo'])
})

describe('tags that are Eleventy’s collections', () => {
  const tagged = dated('tags: [posts, harbour, Post, all, nav, page]')
  test.each([
    [{ 'eleventy.config.mjs': '' }, ['harbour']],
    [{ '.eleventy.js': '' }, ['harbour']],
    [{ 'articles/blog/blog.11tydata.json': '{}' }, ['harbour']],
    [{ 'articles/blog/blog.json': '{}' }, ['harbour']],
    [{}, ['posts', 'harbour', 'Post', 'all', 'nav', 'page']],
    [{ 'hugo.toml': '' }, ['posts', 'harbour', 'Post', 'all', 'nav', 'page']],
  ])('are no subjects in its folder: %o', (settings, tags) => {
    const { articles } = loadPublication(aFolder({ ...settings, 'articles/a.md': tagged }), { now })
    expect(articles[0]!.tags).toEqual(tags)
  })

  test('nor in an article that says it is Eleventy’s, which is told', () => {
    const { article, diagnostics } = read('layout: layouts/post.njk\ntags: [post, harbour]')
    expect(article!.tags).toEqual(['harbour'])
    expect(diagnostics).toMatchObject([
      { line: 5, severity: 'info', message: expect.stringContaining('post') },
    ])
  })
})

test('tags of YAML that only another program understands are no matter', () => {
  const { article, diagnostics } = read('kind: !ruby/object:A::B\n  c: d\nlist:\n  - !x e')
  expect([article?.extra.kind, article?.extra.list, diagnostics]).toEqual([{ c: 'd' }, ['e'], []])
})
