import { existsSync, rmSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadPublication } from '../../src/content/load-publication.ts'
import type { Diagnostic } from '../../src/model.ts'
import { aFolder } from '../a-folder.ts'
import { load, now, read } from './a-load.ts'

describe('three languages', () => {
  test.each([
    ['yaml', '---\ntitle: Hello\ndate: 2026-01-30T05:06:00+05:30\ntags: [a, b]\n---\nText.'],
    ['yaml, named', '---yaml\ntitle: Hello\ndate: 2026-01-30T05:06:00+05:30\ntags: a, b\n---\nText.'],
    ['yaml, ended by dots', '---\ntitle: Hello\ndate: 2026-01-30T05:06:00+05:30\ntags: [a, b]\n...\nText.'],
    ['toml', '+++\ntitle = "Hello"\ndate = 2026-01-30T05:06:00+05:30\ntags = ["a", "b"]\n+++\nText.'],
    ['json', ';;;\n{"title": "Hello", "date": "2026-01-30T05:06:00+05:30", "tags": ["a", "b"]}\n;;;\nText.'],
    [
      'json, named',
      '---json\n{"title": "Hello", "date": "2026-01-30T05:06:00+05:30", "tags": ["a", "b"]}\n---\nText.',
    ],
    [
      'with a byte order mark and CRLF',
      '\ufeff---\r\ntitle: Hello\r\ndate: 2026-01-30T05:06:00+05:30\r\ntags: [a, b]\r\n---\r\nText.',
    ],
  ])('%s', (_, text) => {
    const { articles, diagnostics } = load({ 'hello.md': text })
    expect(diagnostics).toEqual([])
    expect(articles).toMatchObject([
      {
        title: 'Hello',
        date: { at: Date.parse('2026-01-30T05:06:00+05:30'), offset: 330 },
        tags: ['a', 'b'],
        body: 'Text.',
      },
    ])
  })

  test('a TOML date without a zone is in the publication’s', () => {
    const { articles } = load(
      { 'a.md': '+++\ntitle = "A"\ndate = 2026-01-30T05:06:00\n+++\n' },
      'timezone: Asia/Kolkata\n',
    )
    expect(articles[0]!.date).toEqual({ at: Date.parse('2026-01-30T05:06:00+05:30'), offset: 330 })
  })
})

describe('code is refused and not run', () => {
  const mark = '/tmp/broadsheet-ran-code'
  const code = `require('node:fs').writeFileSync('${mark}', '')`
  test.each([
    'js',
    'javascript',
    'JS',
    'coffee',
    'coffeescript',
    'cson',
    'ts',
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
    ' js ',
  ])('---%s', language => {
    rmSync(mark, { force: true })
    const { articles, broken, diagnostics } = load({
      'evil.md': `---${language}\n(${code}, { title: 'x', date: '2026-01-01' })\n---\n`,
      'good.md': '---\ntitle: Good\ndate: 2026-01-30\n---\n',
    })
    expect(existsSync(mark)).toBe(false)
    expect(articles.map(({ title }) => title)).toEqual(['Good'])
    expect(broken).toBe(1)
    expect(diagnostics).toMatchObject([
      { file: 'articles/evil.md', line: 1, rule: 'front-matter', severity: 'error' },
    ])
  })

  test.each(['!!js/function "function () { return 1 }"', '!!js/regexp /a/', '!!js/undefined ""'])(
    'YAML %s',
    value => {
      const { article, diagnostics } = read(`x: ${value}`)
      expect(article).toBeUndefined()
      expect(diagnostics).toMatchObject([{ rule: 'front-matter', severity: 'error' }])
    },
  )
})

describe('what is wrong is told with its line', () => {
  test.each([
    ['does not end', '---\ntitle: A\n\nText', 1, /does not end/],
    ['YAML', '---\ntitle: A\ndate: 2026-01-01\nx: [1\n---\n', 5, /flow collection/],
    ['a colon in a value', '---\ntitle: Live: the vote\ndate: 2026-01-01\n---\n', 2, /mapping/],
    ['TOML', '+++\ntitle = "A"\ndate = \n+++\n', 3, /./],
    ['JSON', ';;;\n{"title": "A",\n"date": }\n;;;\n', 3, /JSON|token/],
    ['a list', '---\n- a\n- b\n---\n', 2, /not a list/],
    ['none', 'Just text.', 1, /no front matter/],
    ['empty', '', 1, /empty/],
    ['a title that is none', '---\ndate: 2026-01-01\ntitle: [A]\n---\n', 3, /not text/],
    ['no date', '---\ntitle: A\n---\n', 1, /no date/],
    ['no such date', '---\ntitle: A\nx: 1\ndate: 2026-13-30\n---\n', 4, /"2026-13-30" is not a date/],
    ['no such date in the name', '---\ntitle: A\n---\n', 1, /"2026-02-42" in the file/],
  ])('%s', (name, text, line, message) => {
    const file = name.endsWith('name') ? '2026-02-42-a.md' : 'a.md'
    const { articles, broken, diagnostics } = load({ [file]: text })
    expect(articles).toEqual([])
    expect(broken).toBe(1)
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({
      file: `articles/${file}`,
      severity: 'error',
      message: expect.stringMatching(message),
    })
    expect(diagnostics[0]!.line).toBeGreaterThanOrEqual(line - 1)
    expect(diagnostics[0]!.line).toBeLessThanOrEqual(line)
    expect(diagnostics[0]!.advice).not.toBe('')
  })

  test('bytes that are not UTF-8, with line and offset', () => {
    const { diagnostics } = load({
      'a.md': Buffer.concat([Buffer.from('---\ntitle: Caf'), Buffer.from([0xe9]), Buffer.from('\n---\n')]),
    })
    expect(diagnostics).toMatchObject([
      { line: 2, rule: 'utf-8', message: 'is not UTF-8: byte 0xe9 at offset 14' },
    ])
  })

  test('a character cut off at the end', () => {
    const { diagnostics } = load({
      'a.md': Buffer.concat([Buffer.from('---\ntitle: A\n---\n'), Buffer.from('€').subarray(0, 2)]),
    })
    expect(diagnostics).toMatchObject([
      { line: 4, rule: 'utf-8', message: 'is not UTF-8: byte 0xe2 at offset 17' },
    ])
  })
})

describe('a misspelt field', () => {
  test.each([
    ['drafft: true', 'draft'],
    ['Draftt: yes', 'draft'],
    ['unlistd: true', 'unlisted'],
    ['withdrawm: true', 'withdrawn'],
    ['expire: 2026-01-01', 'expires'],
    ['updatd: 2026-01-31', 'updated'],
    ['authr: Anna', 'author'],
    ['sumary: Few words', 'summary'],
    ['imgae: a.jpg', 'image'],
    ['categry: World', 'category'],
    ['tgas: [a]', 'tags'],
    ['last-modfied: 2026-01-31', 'last_modified'],
    ['autor: Anna', 'author'],
  ])('%s', (line, meant) => {
    const { article, diagnostics } = read(`place: Delhi\n${line}`)
    const key = line.slice(0, line.indexOf(':'))
    expect(diagnostics).toMatchObject([
      {
        line: 5,
        rule: 'unknown-field',
        severity: 'warning',
        message: `\`${key}\` is not a field of an article: did you mean \`${meant}\`?`,
      },
    ])
    expect(article!.extra).toHaveProperty(key)
  })

  test('of the title is told, and the file has its name until then', () => {
    const { articles, diagnostics } = load({ 'a-day.md': '---\ndate: 2026-01-01\ntitel: A\n---\n' })
    expect(articles).toMatchObject([{ title: 'A day' }])
    expect(diagnostics).toMatchObject([
      {
        line: 3,
        severity: 'warning',
        message: expect.stringContaining('has `titel`: did you mean `title`?'),
      },
    ])
  })

  test('is none where the right one is there too, or says nothing', () => {
    expect(read('draft: false\ndrafft: true\ntitel: A\nsumary:').diagnostics).toEqual([])
  })

  test('of the date is none where the name of the file has one', () => {
    const { articles, diagnostics } = load({
      '2026-01-01-a.md': '---\ntitle: A\npublishd: Press\n---\nText.',
    })
    expect(articles).toHaveLength(1)
    expect(diagnostics).toEqual([])
  })

  test.each([
    // Jekyll
    'layout categories permalink published excerpt_separator last_modified_at toc sidebar comments header',
    // Hugo
    'aliases cascade headless images isCJKLanguage lastmod linkTitle markup menu outputs params publishDate resources',
    'sitemap translationKey type videos weight series build expiryDate featured_image',
    // Eleventy, Astro, Ghost, Hexo
    'eleventyNavigation eleventyExcludeFromCollections pagination templateEngineOverride data dates collection',
    'pubDate updatedDate heroImage coverImage feature feature_image featured visibility custom_excerpt meta_title',
    'meta_description og_title og_image twitter_title published_at updated_at created_at canonical_url codeinjection_head',
    'comment sticky top mathjax thumbnail subtitle sources places directions image2 title_1 guide desk lead',
    'publisher audit enlisted sourced placed imagen',
  ])('is none that other tools have: %s', keys => {
    const fields = keys.replace(/(\S+) ?/g, '$1: 2026-01-31T05:06:00Z\n')
    const unknown = (found: readonly Diagnostic[]) => found.filter(({ rule }) => rule === 'unknown-field')
    expect(unknown(read(fields).diagnostics)).toEqual([])
    const dated = load({ '2026-01-31-a.md': `---\ntitle: A\n${fields}---\nText.` })
    expect(unknown(dated.diagnostics)).toEqual([])
  })
})

test('aliases of aliases do not fill the memory', () => {
  const rows = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'
      .split('')
      .map((key, at) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(',')}]`),
  ]
  const { article, diagnostics } = read(rows.join('\n'))
  expect(article).toBeUndefined()
  expect(diagnostics).toMatchObject([{ message: expect.stringMatching(/more than 10000/) }])
})

test('a value that holds itself is refused', () => {
  expect(read('a: &a [*a]').article).toBeUndefined()
})

test('`__proto__` changes nothing', () => {
  const { article } = read(
    '__proto__: { polluted: true, title: Evil }\nconstructor: { prototype: { polluted: true } }',
  )
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(article!.title).toBe('Hello')
  expect((article!.extra as Record<string, unknown>).polluted).toBeUndefined()
})

test('the same text twice is not the same object', () => {
  const text = '---\ntitle: A\ndate: 2026-01-01\nx: { y: 1 }\n---\n'
  const { articles } = load({ 'a.md': text, 'b.md': text })
  expect(articles).toHaveLength(2)
  expect(articles[0]!.extra.x).not.toBe(articles[1]!.extra.x)
})

test('a control character in front matter is left out and told', () => {
  const { article, diagnostics } = read('summary: "a\u0008b \\u0007c"')
  expect(article!.summary).toBe('ab c')
  expect(diagnostics).toMatchObject([{ rule: 'control-characters', severity: 'warning', line: 4 }])
})

test('random bytes never throw', () => {
  const dir = aFolder()
  const start = fc.constantFrom(
    '',
    '---\n',
    '---\ntitle: a\ndate: 2026-01-01\n',
    '+++\n',
    ';;;\n',
    '---json\n',
  )
  fc.assert(
    fc.property(
      start,
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('', '\n---\n', '\n+++\n', '\n;;;\n'),
      (head, bytes, tail) => {
        const folder = aFolder({
          'articles/a.md': Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail)]),
        })
        const { read: count, broken, articles } = loadPublication(folder, { now })
        expect(count).toBe(1)
        expect(broken + articles.length).toBe(1)
      },
    ),
    { numRuns: 150 },
  )
  expect(existsSync(dir)).toBe(true)
})

describe('advice speaks of what is wrong', () => {
  const told = (file: string | Uint8Array) => load({ 'a.md': file }).diagnostics
  test('a key that stands there twice is named', () => {
    expect(told('---\ntitle: A\ndate: 2026-01-01\ntitle: B\n---\n')).toMatchObject([
      {
        line: 4,
        message: '`title` is there twice: the last one counts',
        advice: 'Delete one of the two.',
      },
    ])
  })
  test('TOML and JSON are not YAML', () => {
    expect(told('+++\ntitle = \n+++\n')[0]!.advice).toContain('title = "')
    expect(told(';;;\n{"title": }\n;;;\n')[0]!.advice).toContain('"title": "')
  })
  test('an unclosed quote is told where it opens', () => {
    expect(told('---\ntitle: A\nsummary: "x\ntags: [a]\n---\n')).toMatchObject([
      { line: 3, advice: 'Close the quote: "' },
    ])
    const opened = (lines: string) => told(`---\ntitle: A\n${lines}\ntags: [a]\n---\n`)[0]!.line
    expect(opened('summary: "first\n  second"\nplace: "open')).toBe(5)
    expect(opened('summary: |\n  - "first\nplace: "open')).toBe(5)
    expect(opened("summary: it's, 'so\nplace: 'open")).toBe(4)
    expect(opened('summary: "a \\" b"\nextra: [ "c", "d\n  e", "open')).toBe(5)
    expect(opened('place:\n  "open')).toBe(4)
  })
  test('UTF-16 without a mark', () => {
    expect(told(Buffer.from('---\ntitle: A\n---\n', 'utf16le'))).toMatchObject([
      { rule: 'utf-8', message: 'is UTF-16, not UTF-8' },
    ])
  })
  test('a NUL at the beginning makes no UTF-16', () => {
    for (const text of ['\0---\ntitle: A\n---\n', '-\0--\ntitle: A\n---\n', '\0'])
      expect(told(Buffer.from(text))).toMatchObject([{ rule: 'front-matter' }])
    const bigEndian = Buffer.from('---\ntitle: A\n---\n', 'utf16le').swap16()
    expect(told(bigEndian)).toMatchObject([{ rule: 'utf-8', message: 'is UTF-16, not UTF-8' }])
  })
  test('a recording that is not there', () => {
    expect(read('audio: none.mp3').diagnostics[0]!.advice).toContain('audio/episode-1.mp3')
  })
})
