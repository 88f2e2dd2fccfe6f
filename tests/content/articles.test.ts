import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadPublication } from '../../src/content/load-publication.ts'
import { aFolder } from '../a-folder.ts'
import { load, now, png, read } from './a-load.ts'

const kolkata = 'timezone: Asia/Kolkata\n'

describe('every field, in every spelling', () => {
  test.each<readonly [string, string, object]>([
    ['date', 'published: 2026-01-02', { date: { at: Date.UTC(2026, 0, 2), offset: 0 } }],
    ['date', 'pubDate: 2026-01-02', { date: { at: Date.UTC(2026, 0, 2), offset: 0 } }],
    ['date', 'pubDatetime: 2026-01-02T00:00:00Z', { date: { at: Date.UTC(2026, 0, 2), offset: 0 } }],
    ['date', 'publishDate: 2026-01-02', { date: { at: Date.UTC(2026, 0, 2), offset: 0 } }],
    ...[
      'updated',
      'lastmod',
      'modified',
      'last_modified_at',
      'dateModified',
      'LastMod',
      'date-modified',
      'modDatetime',
    ].map(
      key =>
        [
          'updated',
          `${key}: 2026-01-31T00:00:00Z`,
          { updated: { at: Date.UTC(2026, 0, 31), offset: 0 } },
        ] as const,
    ),
    ['authors', 'author: World Desk', { authors: [{ name: 'World Desk', social: [], biography: '' }] }],
    ['authors', 'authors: [A, B]', { authors: [{ name: 'A' }, { name: 'B' }] }],
    [
      'authors',
      'author: { name: A, url: "https://a.example", role: Editor }',
      { authors: [{ name: 'A', url: 'https://a.example/', role: 'Editor' }] },
    ],
    ['authors', 'author: "Smith, Jones and Sons"', { authors: [{ name: 'Smith, Jones and Sons' }] }],
    ['section', 'section: world', { section: { slug: 'world', title: 'World' } }],
    ['section', 'section: Long Reads', { section: { slug: 'long-reads', title: 'Long Reads' } }],
    ['tags', 'tags: a, b , A', { tags: ['a', 'b'] }],
    ['tags', 'tags: [a, 2024, b]', { tags: ['a', '2024', 'b'] }],
    ['tags', 'categories: [x]\ntags: [y]', { tags: ['y', 'x'] }],
    ['tags', 'keywords: x, y', { tags: ['x', 'y'] }],
    ['tags', 'category: release', { tags: ['release'], section: undefined }],
    ...['summary', 'description', 'excerpt', 'standfirst', 'deck'].map(
      key => ['summary', `${key}: "A *short* one\\r\\nhere"`, { summary: 'A short one here' }] as const,
    ),
    ['place', 'dateline: New Delhi', { place: 'New Delhi' }],
    ...['image', 'cover', 'featured_image', 'hero'].map(
      key =>
        [
          'image',
          `${key}: https://x.example/a b.png`.replace(' b', 'b'),
          { image: { url: 'https://x.example/ab.png', alt: '' } },
        ] as const,
    ),
    [
      'image',
      'image: { src: "https://x.example/a.png", alt: A, caption: B, credit: C, credit_role: agency, copyright: D }',
      { image: { alt: 'A', caption: 'B', credit: 'C', creditRole: 'agency', copyright: 'D' } },
    ],
    [
      'image',
      'image: { src: "https://x.example/a.png", caption: "The bitmap and *the* [map](/m)s", credit: "[B](https://b.example/) & C" }',
      {
        image: {
          links: [
            { text: 'map', of: 'The bitmap and the maps', at: 19, url: expect.stringMatching(/\/m$/) },
            { text: 'B', of: 'B & C', at: 0, url: 'https://b.example/' },
          ],
        },
      },
    ],
    [
      'audio',
      'audio: { src: "https://x.example/a.mp3", episode_type: Bonus }',
      { audio: { url: 'https://x.example/a.mp3', kind: 'bonus' } },
    ],
    [
      'source',
      'source: { url: "https://x.example/a", title: X, feed: "https://x.example/rss" }',
      { source: { url: 'https://x.example/a', title: 'X', feed: 'https://x.example/rss' } },
    ],
    [
      'audio',
      'podcast: { src: "https://x.example/a.mp3", duration: "34:10", episode: 3, season: 1, explicit: false }',
      {
        audio: {
          url: 'https://x.example/a.mp3',
          type: 'audio/mpeg',
          duration: 2050,
          episode: 3,
          season: 1,
          explicit: false,
        },
      },
    ],
    [
      'audio',
      'enclosure: { url: "https://x.example/a.m4a", length: 99, duration: PT1H2M3S }',
      { audio: { type: 'audio/mp4', bytes: 99, duration: 3723 } },
    ],
    [
      'slug',
      'slug: नमस्ते दुनिया',
      { slug: 'नमस्ते-दुनिया', url: `https://test.example/2026/${encodeURIComponent('नमस्ते-दुनिया')}/` },
    ],
    ['slug', 'slug: ../../etc/passwd', { slug: 'etc-passwd' }],
    // Windows has no file of that name; addresses that somebody writes down whole are hers.
    ['slug', 'slug: con', { slug: 'con-1143da', url: 'https://test.example/2026/con-1143da/' }],
    ['slug', 'slug: Aux.2', { slug: expect.stringMatching(/^Aux-[0-9a-f]{6}\.2$/) }],
    ['slug', 'slug: console', { slug: 'console' }],
    ['slug', 'slug: a\nurl: /con/', { slug: 'a', url: 'https://test.example/con/' }],
    [
      'section',
      'section: prn\nslug: a',
      { url: expect.stringMatching(/example\/prn-[0-9a-f]{6}\/2026\/a\/$/) },
    ],
    ['url', 'permalink: /about/us/', { url: 'https://test.example/about/us/' }],
    ['url', 'path: old/page.html', { url: 'https://test.example/old/page.html' }],
    ['url', 'url: http://test.example/x', { url: 'https://test.example/x' }],
    ['url', 'permalink: "/{{ page.fileSlug }}/"', { url: 'https://test.example/hello/' }],
    ['id', 'guid: urn:x:1', { id: 'urn:x:1' }],
    ['id', 'id: post-42', { id: 'post-42' }],
    ['id', 'id: 42', { id: '42' }],
    ['language', 'lang: hi', { language: 'hi', direction: 'ltr' }],
    ['language', 'language: ur-PK', { language: 'ur-PK', direction: 'rtl' }],
    ['language', 'language: uz-Arab', { direction: 'rtl' }],
    ['direction', 'language: ur\ndirection: ltr', { direction: 'ltr' }],
    ['draft', 'draft: true', { state: 'draft' }],
    ['draft', 'draft: yes', { state: 'draft' }],
    ['draft', 'draft: false', { state: 'published' }],
    ['published', 'date: 2026-01-01\npublished: false', { state: 'draft' }],
    ['published', 'date: 2026-01-01\npublished: true', { state: 'published' }],
    ['unlisted', 'unlisted: true', { state: 'unlisted' }],
    ['expires', 'expires: 2026-01-31', { state: 'expired' }],
    ['expires', 'expires: 2026-03-31', { state: 'published' }],
    ['future', 'date: 2026-03-31', { state: 'future' }],
    ['withdrawn', 'withdrawn: true', { state: 'withdrawn', withdrawn: { reason: '' } }],
    [
      'withdrawn',
      'withdrawn: The numbers were wrong',
      { state: 'withdrawn', withdrawn: { reason: 'The numbers were wrong' } },
    ],
    [
      'withdrawn',
      'withdrawn: { at: 2026-01-31, reason: Wrong }',
      { withdrawn: { at: { at: Date.UTC(2026, 0, 31), offset: 0 }, reason: 'Wrong' } },
    ],
    ['comments', 'comments: https://talk.example/1', { comments: 'https://talk.example/1' }],
    ['comments', 'comments: true', { comments: undefined }],
    [
      'source',
      'source: { url: "https://s.example/", title: The *source* }',
      { source: { url: 'https://s.example/', title: 'The source' } },
    ],
    ['canonical', 'canonical: https://c.example/x', { canonical: 'https://c.example/x' }],
    ['title', 'title: 1.10', { title: '1.10' }],
    ['title', 'title: true', { title: 'true' }],
    ['extra', 'layout: post\nversion: 1.10', { extra: { layout: 'post', version: '1.10' } }],
  ])('%s ← %s', (_, lines, expected) => {
    const { article, diagnostics } = read(lines)
    expect(diagnostics).toEqual([])
    expect(article).toMatchObject(expected)
  })

  test('a field of ours wins over another tool’s spelling, wherever it stands', () => {
    expect(read('description: b\nsummary: a').article!.summary).toBe('a')
    expect(read('summary: a\ndescription: b').article!.summary).toBe('a')
    expect(read('summary:\ndescription: b').article!.summary).toBe('b')
    expect(read('draft: false\npublished: false').article!.state).toBe('draft')
    expect(read('published: false\ndraft: false').article!.state).toBe('draft')
  })

  test('what is wrong is told of the spelling that won', () => {
    const lines = ({ diagnostics }: ReturnType<typeof read>) => diagnostics.map(({ line }) => line)
    expect(lines(read('lastmod: never'))).toEqual([4])
    expect(lines(read('lastmod: never\nupdated: never'))).toEqual([5])
    expect(lines(read('updated: never\nlastmod: never'))).toEqual([4])
    expect(lines(read('updated:\nlastmod: never'))).toEqual([5])
  })

  test('what is neither true nor false is a draft', () => {
    const { article, diagnostics } = read('draft: maybe')
    expect(article!.state).toBe('draft')
    expect(diagnostics).toMatchObject([{ severity: 'warning', line: 4 }])
  })
})

describe('a text that is printed whole has a length', () => {
  const long = 'word '.repeat(6000).trim()
  test.each([
    ['title', `title: ${long}`],
    ['tags', `tags: [short, ${long}]`],
    ['tags', `tags: short, ${long}`],
    ['authors', `authors: [{ name: ${long} }]`],
    ['place', `place: ${long}`],
    ['section', `section: ${long}`],
    ['image', `image: { src: "https://x.example/a.png", alt: ${long} }`],
    ['image', `image: { src: "https://x.example/a.png", caption: ${long} }`],
    ['keywords', `keywords: [${long}]`],
  ])('%s: beyond a thousand characters it is an error on its line', (field, line) => {
    const { article, diagnostics } = read(line)
    expect(article).toBeUndefined()
    expect(diagnostics).toMatchObject([{ rule: 'too-long', severity: 'error' }])
    expect(diagnostics[0]!.message).toMatch(new RegExp(`^${field}: a text of (?:29,999|30,000) characters`))
  })

  test('what is long in all but has short parts, is an address or a summary, is none', () => {
    const many = Array.from({ length: 300 }, (_, n) => `tag${n}`)
    for (const line of [
      `tags: ${many.join(', ')}`,
      `tags: [${many.join(', ')}]`,
      `image: { src: "https://x.example/${'a'.repeat(1500)}.png", alt: A }`,
      `image: "https://x.example/${'a'.repeat(1500)}.png"`,
      `summary: ${long}`,
    ])
      expect(read(line).article).toBeDefined()
  })
})

describe('dates', () => {
  test('keep their offset; without one they are in the publication’s zone', () => {
    expect(read('date: 2026-01-30T05:06:00-08:00', { settings: kolkata }).article!.date).toEqual({
      at: Date.parse('2026-01-30T13:06:00Z'),
      offset: -480,
    })
    expect(read('date: 2026-01-30 05:06', { settings: kolkata }).article!.date).toEqual({
      at: Date.parse('2026-01-29T23:36:00Z'),
      offset: 330,
    })
  })

  test('stand in the file’s name when front matter has none', () => {
    const { articles } = load({ '2026-01-30-hello.md': '---\ntitle: A\n---\n' }, kolkata)
    expect(articles).toMatchObject([
      { slug: 'hello', date: { at: Date.parse('2026-01-30T00:00+05:30'), offset: 330 } },
    ])
  })

  test('stand in the names of folders, of which the innermost counts', () => {
    const { articles } = load({ '2024-05-01 trip/2026-01-30 last day/notes.md': '---\ntitle: A\n---\n' })
    expect(articles[0]!.date.at).toBe(Date.parse('2026-01-30T00:00Z'))
  })

  test('updated is never before the date: readers are told of no change', () => {
    const { article, diagnostics } = read('date: 2026-01-30\nupdated: 2026-01-29')
    expect(article!.updated).toBeUndefined()
    expect(diagnostics).toMatchObject([{ rule: 'updated-before-date', severity: 'warning', line: 4 }])
  })

  test('a change that lies in the future is not told until then', () => {
    const fields = 'date: 2026-01-30\nupdated: 2026-02-01T10:00:00Z'
    const dir = aFolder({ 'articles/a.md': `---\ntitle: A\n${fields}\n---\n\nText.\n` })
    const at = (time: string) => loadPublication(dir, { now: Date.parse(time) })
    const before = at('2026-02-01T09:59:59Z')
    expect(before.articles[0]!.updated).toBeUndefined()
    expect(before.articles[0]!.body).toContain('Text.')
    expect(before.diagnostics).toMatchObject([{ rule: 'updated-in-future', severity: 'warning' }])
    const after = at('2026-02-01T10:00:00Z')
    expect(after.articles[0]!.updated).toMatchObject({ at: Date.parse('2026-02-01T10:00:00Z') })
    expect(after.diagnostics).toEqual([])
  })
  test('a withdrawal that is dated in the future is one now, and names no time until then', () => {
    const fields = 'date: 2026-01-30\nwithdrawn: { at: 2026-02-01T10:00:00Z, reason: Wrong }'
    const dir = aFolder({ 'articles/a.md': `---\ntitle: A\n${fields}\n---\n\nText.\n` })
    const at = (time: string) => loadPublication(dir, { now: Date.parse(time) })
    const before = at('2026-02-01T09:59:59Z')
    expect(before.articles[0]).toMatchObject({ state: 'withdrawn', withdrawn: { reason: 'Wrong' } })
    expect(before.articles[0]!.withdrawn!.at).toBeUndefined()
    expect(before.diagnostics).toMatchObject([{ rule: 'withdrawn-in-future', severity: 'warning' }])
    const after = at('2026-02-01T10:00:00Z')
    expect(after.articles[0]!.withdrawn!.at).toMatchObject({ at: Date.parse('2026-02-01T10:00:00Z') })
    expect(after.diagnostics).toEqual([])
  })

  test('what never came out is not withdrawn, but still to come', () => {
    const dir = aFolder({
      'articles/a.md': '---\ntitle: A\ndate: 2026-03-01\nwithdrawn: true\n---\n\nText.\n',
    })
    const stateAt = (time: string) => loadPublication(dir, { now: Date.parse(time) }).articles[0]!.state
    expect(stateAt('2026-02-28T23:59:59Z')).toBe('future')
    expect(stateAt('2026-03-01T00:00:00Z')).toBe('withdrawn')
  })

  test('a draft needs none', () => {
    expect(load({ '_drafts/a.md': '---\ntitle: A\n---\n' }).articles).toMatchObject([
      { state: 'draft', slug: 'a' },
    ])
  })
})

describe('ids', () => {
  test.each([
    ['2026-01-30-hello.md', 'date: 2025-12-31T23:30:00-05:00', 'tag:test.example,2025:hello'],
    ['deep/er/2026-01-30-hello.markdown', 'date: 2026-01-30', 'tag:test.example,2026:hello'],
    ['bundle/index.md', 'date: 2026-01-30', 'tag:test.example,2026:bundle'],
    ['a b#c?.md', 'date: 2026-01-30', 'tag:test.example,2026:a%20b%23c%3F'],
    ['cafe\u0301.md', 'date: 2026-01-30', 'tag:test.example,2026:caf%C3%A9'],
  ])('%s with %s', (file, lines, id) => {
    expect(read(lines, { file }).article!.id).toBe(id)
  })

  test('change with neither title, slug, folder, address nor http', () => {
    const one = read('slug: x\ntitle: X', { file: 'a/hello.md' }).article!.id
    expect(
      read('slug: y\ntitle: Y\npermalink: /z/', {
        file: 'b/c/hello.md',
        settings: 'articles: { url: "/{year}/{month}/{day}/{slug}" }\n',
      }).article!.id,
    ).toBe(one)
  })

  test('carry id_host once the domain has changed', () => {
    expect(read('', { settings: 'articles: { id_host: old.example }\n' }).article!.id).toBe(
      'tag:old.example,2026:hello',
    )
  })
})

test('the pattern of addresses', () => {
  const settings =
    'sections: { world: World }\narticles: { url: "/{section}/{year}/{month}/{day}/{author}/{slug}.html" }\n'
  expect(read('section: world\nauthor: World Desk', { settings }).article!.url).toBe(
    'https://test.example/world/2026/01/30/World-Desk/hello.html',
  )
  expect(read('', { settings }).article!.url).toBe('https://test.example/2026/01/30/hello.html')
})

test.each([
  '/../x',
  'https://evil.example/x',
  '/a?b=1',
  '/a#b',
  '\\\\evil.example\\x',
  '//evil.example/x',
  '/%2e%2e/x',
  'javascript:alert(1)',
])('the permalink %s is refused', permalink => {
  const { article, diagnostics } = read(`permalink: '${permalink}'`)
  expect(article).toBeUndefined()
  expect(diagnostics).toMatchObject([{ rule: 'article-address', severity: 'error', line: 4 }])
})

test('an icon that is no square is told', () => {
  const files = { 'images/i.png': png(64, 32), 'images/j.png': png(64, 64) }
  const told = (icon: string) =>
    load({ 'a.md': '---\ntitle: A\ndate: 2026-01-01\n---\n', ...files }, `icon: ${icon}\n`).diagnostics.map(
      ({ message }) => message,
    )
  expect(told('images/i.png')).toEqual(['icon: images/i.png is 64 × 32, and no square'])
  expect(told('images/j.png')).toEqual([])
})

describe('sections', () => {
  const settings = 'sections: { world: World, business: Business News }\n'
  test('by slug, title or category', () => {
    for (const line of ['section: world', 'section: WORLD', 'category: World'])
      expect(read(line, { settings }).article).toMatchObject({ section: { slug: 'world' }, tags: [] })
    expect(read('section: business news', { settings }).article!.section!.slug).toBe('business')
  })
  test('one that is none is kept, and told with the one that was meant', () => {
    const { article, diagnostics } = read('section: wrold', { settings })
    expect(article!.section).toEqual({ slug: 'wrold', title: 'Wrold' })
    expect(diagnostics).toMatchObject([
      { rule: 'unknown-section', severity: 'warning', line: 4, advice: 'Did you mean "world"?' },
    ])
  })
})

describe('authors', () => {
  const files = {
    'authors/world-desk.md':
      '---\nname: World Desk\nrole: Foreign news\nphoto: ../images/desk.png\nemail: world@test.example\nsocial: { Mastodon: "https://m.example/@w" }\n---\nReports from *everywhere*.\n',
    'images/desk.png': png(200, 100),
  }
  test.each(['world-desk', 'World Desk', 'world desk', '{ id: world-desk }', '{ name: World Desk }'])(
    '%s is that desk',
    author => {
      const { article, diagnostics, loaded } = read(`author: ${author}`, { files })
      expect(diagnostics).toEqual([])
      expect(article!.authors).toEqual([
        {
          id: 'world-desk',
          name: 'World Desk',
          role: 'Foreign news',
          email: 'world@test.example',
          social: [{ name: 'Mastodon', url: 'https://m.example/@w' }],
          biography: 'Reports from *everywhere*.',
          photo: expect.objectContaining({
            url: 'https://test.example/images/desk.png',
            file: 'images/desk.png',
            width: 200,
            height: 100,
            alt: 'World Desk',
          }),
        },
      ])
      expect([...loaded.authors.keys()]).toEqual(['world-desk'])
    },
  )
  test('a photo may be a path or { src, alt }', () => {
    const desk = (photo: string) => ({
      'authors/desk.md': `---\nname: Desk\nphoto: ${photo}\n---\n`,
      'images/desk.png': Buffer.from(PNG, 'base64'),
    })
    const PNG =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const photoOf = (photo: string) => read('author: desk', { files: desk(photo) }).article!.authors[0]!.photo
    expect(photoOf('../images/desk.png')).toMatchObject({ file: 'images/desk.png', alt: 'Desk', width: 1 })
    expect(photoOf('{ src: ../images/desk.png, alt: A globe }')).toMatchObject({
      file: 'images/desk.png',
      alt: 'A globe',
    })
  })

  test('a broken author file is told and the name stays', () => {
    const { article, diagnostics } = read('author: x', { files: { 'authors/x.md': '---js\n---\n' } })
    expect(article!.authors).toEqual([{ name: 'x', social: [], biography: '' }])
    expect(diagnostics).toMatchObject([{ file: 'articles/authors/x.md', severity: 'error' }])
  })
})

describe('pictures and recordings', () => {
  const files = { 'images/my boat.png': png(1200, 800), '2026/near.png': png(10, 20), 'audio/one.mp3': 'ID3' }
  test.each([
    ['near.png', '2026/near.png', 'https://test.example/2026/near.png'],
    ['../images/my boat.png', 'images/my boat.png', 'https://test.example/images/my%20boat.png'],
    ['images/my%20boat.png', 'images/my boat.png', 'https://test.example/images/my%20boat.png'],
    ['/images/my boat.png', 'images/my boat.png', 'https://test.example/images/my%20boat.png'],
  ])('%s is the file %s', (src, file, url) => {
    const { article, diagnostics } = read(`image: '${src}'`, { file: '2026/hello.md', files })
    expect(diagnostics).toEqual([])
    expect(article!.image).toMatchObject({ file, url, type: 'image/png', bytes: 33 })
    expect(article!.image!.width).toBeGreaterThan(0)
  })
  test('the size of a recording is the file’s', () => {
    expect(read('audio: audio/one.mp3', { files }).article!.audio).toMatchObject({
      file: 'audio/one.mp3',
      bytes: 3,
      type: 'audio/mpeg',
    })
  })
  test('a kind of episode that is none is told, and the episode is a whole one', () => {
    const { article, diagnostics } = read('audio: { src: audio/one.mp3, kind: pilot }', { files })
    expect(article!.audio!.kind).toBeUndefined()
    expect(diagnostics).toMatchObject([{ rule: 'article-audio', severity: 'warning', line: 4 }])
  })
  test('a file that is missing is a warning, and an address of the site', () => {
    const { article, diagnostics } = read('image: images/none.png')
    expect(article!.image).toMatchObject({ url: 'https://test.example/2026/hello/images/none.png' })
    expect(article!.image!.file).toBeUndefined()
    expect(diagnostics).toMatchObject([{ rule: 'article-image', severity: 'warning', line: 4 }])
  })
  test.each([
    '../../secret.png',
    '/../secret.png',
    'images/../../../secret.png',
    '%2e%2e/secret.png',
    'link.png',
    'folder/secret.png',
  ])('%s leads out and is not read', src => {
    const dir = aFolder({
      'articles/a.md': `---\ntitle: A\ndate: 2026-01-01\nimage: "${src}"\n---\n`,
      'secret.png': png(7, 7),
    })
    symlinkSync(join(dir, 'secret.png'), join(dir, 'articles/link.png'))
    symlinkSync(dir, join(dir, 'articles/folder'))
    const { articles, diagnostics } = loadPublication(dir, { now })
    expect(articles).toMatchObject([{ title: 'A', image: undefined }])
    expect(diagnostics.filter(({ rule }) => rule === 'article-image')).toMatchObject([
      { severity: 'warning', line: 4, message: expect.stringMatching(/outside/) },
    ])
  })
  test.each(['publication.yaml', 'b.md', '.env'])('%s is not a picture to be copied', src => {
    const { article, diagnostics } = read(`image: ${src}`, {
      files: { 'b.md': '---\ntitle: B\ndraft: true\n---\n', '.env': 'SECRET=1' },
    })
    expect(article).toMatchObject({ image: undefined })
    expect(diagnostics).toMatchObject([{ severity: 'warning', line: 4 }])
  })
})

describe('live', () => {
  const live = (date: string, body: string) =>
    read(`date: ${date}\nlive: true`, { body, settings: kolkata }).article!.updated
  test('the newest entry moves `updated`, in either order of the page', () => {
    const right = { at: Date.parse('2026-02-01T15:10+05:30'), offset: 330 }
    expect(live('2026-02-01T13:00+05:30', '## 14:05 A\n\n## 15:10 B')).toEqual(right)
    expect(live('2026-02-01T13:00+05:30', '## 15:10 B\n\n## 14:05 A')).toEqual(right)
  })
  test('a clock that goes back has passed midnight', () => {
    const right = { at: Date.parse('2026-02-02T00:20+05:30'), offset: 330 }
    expect(live('2026-02-01T22:00+05:30', '## 22:05 A\n\n## 23:30 B\n\n## 00:20 C')).toEqual(right)
    expect(live('2026-02-01T22:00+05:30', '## 00:20 C\n\n## 23:30 B\n\n## 22:05 A')).toEqual(right)
  })
  test('an entry may name its day; code holds none', () => {
    expect(live('2026-02-01T13:00+05:30', '## 2026-02-03 09:00 A\n\n```\n## 23:59 no\n```')).toEqual({
      at: Date.parse('2026-02-03T09:00+05:30'),
      offset: 330,
    })
  })
})

describe('editor’s notes', () => {
  const settings = 'newsletters: [{ id: weekly, from: "A <a@test.example>" }]\n'
  test('are read whole', () => {
    const { notes, diagnostics } = load(
      {
        'a.md': '---\ntitle: A\ndate: 2026-01-01\n---\n',
        'editions/weekly/2026-W05.md':
          '---\nsubject: "This week\\r\\nBcc: x"\nlead: hello\npick: [a, b]\nomit: c, d\nsend_at: 2026-01-30T08:00:00+05:30\nhold: true\n---\nDear *readers*.\n',
      },
      settings,
    )
    expect(diagnostics).toEqual([])
    expect(notes).toMatchObject([
      {
        newsletter: 'weekly',
        id: '2026-W05',
        subject: 'This week Bcc: x',
        lead: 'hello',
        pick: ['a', 'b'],
        omit: ['c', 'd'],
        order: [],
        hold: true,
        sendAt: { offset: 330 },
        body: 'Dear *readers*.\n',
      },
    ])
  })
  test('of no newsletter are an error, and no article', () => {
    const { notes, diagnostics, read: count } = load({ 'editions/weakly/2026-W05.md': 'Hello.' }, settings)
    expect({ notes, count }).toEqual({ notes: [], count: 0 })
    expect(diagnostics).toMatchObject([
      { rule: 'no-articles' },
      { severity: 'error', advice: 'Did you mean "weekly"?' },
    ])
  })
})

describe('what stands in the folder', () => {
  test('two of one id or address: the second is left out where its own front matter says so, both are named', () => {
    const { articles, broken, diagnostics } = load({
      'a.md': '---\ntitle: A\ndate: 2026-01-01\nid: x\n---\n',
      'b.md': '---\ntitle: B\ndate: 2026-01-02\nid: x\n---\n',
      'c.md': '---\ntitle: C\ndate: 2026-01-03\nurl: /d/\n---\n',
      'd.md': '---\ntitle: D\ndate: 2026-01-04\nurl: /d\n---\n',
    })
    expect(articles.map(({ title }) => title)).toEqual(['C', 'A'])
    expect(broken).toBe(2)
    expect(diagnostics).toMatchObject([
      {
        file: 'articles/b.md',
        rule: 'article-id',
        severity: 'error',
        message: expect.stringContaining('articles/a.md'),
      },
      { file: 'articles/d.md', rule: 'article-address', message: expect.stringContaining('articles/c.md') },
    ])
  })
  test('a draft never takes the id or the address of what is published', () => {
    const { articles } = load({
      'a/same.md': '---\ntitle: A\ndate: 2026-01-01\ndraft: true\n---\n',
      'b/same.md': '---\ntitle: B\ndate: 2026-01-02\n---\n',
    })
    expect(articles).toMatchObject([
      { title: 'B', id: 'tag:test.example,2026:same' },
      { title: 'A', state: 'draft' },
    ])
  })
  test('hidden folders, node_modules, READMEs and other files are no articles', () => {
    const { read: count } = load({
      '.git/a.md': 'x',
      'node_modules/p/README.md': 'x',
      'README.md': '# About',
      'notes.txt': 'x',
      'a.MD': '---\ntitle: A\ndate: 2026-01-01\n---\n',
    })
    expect(count).toBe(1)
  })
  test('a symlink out of the publication is refused, one inside is followed, a loop ends', () => {
    const outside = aFolder({ 'articles/x.md': '---\ntitle: Outside\ndate: 2026-01-01\n---\n' })
    const dir = aFolder({
      'articles/a/in.md': '---\ntitle: In\ndate: 2026-01-01\n---\n',
      'more/more.md': '---\ntitle: More\ndate: 2026-01-01\n---\n',
    })
    symlinkSync(join(outside, 'articles/x.md'), join(dir, 'articles/x.md'))
    symlinkSync(join(outside, 'articles'), join(dir, 'articles/y'))
    symlinkSync(join(dir, 'more'), join(dir, 'articles/more'))
    symlinkSync(join(dir, 'articles'), join(dir, 'articles/a/loop'))
    symlinkSync(join(dir, 'nowhere.md'), join(dir, 'articles/dangling.md'))
    const { articles, diagnostics } = loadPublication(dir, { now })
    expect(articles.map(({ title }) => title).sort()).toEqual(['In', 'More'])
    expect(diagnostics).toMatchObject([
      { file: 'articles/dangling.md', rule: 'readable-file', severity: 'error' },
      { file: 'articles/x.md', rule: 'symlink-outside', severity: 'error' },
      { file: 'articles/y', rule: 'symlink-outside', severity: 'error' },
    ])
  })
  test('a folder named like an article is a folder', () => {
    const dir = aFolder({ 'articles/a.md/b.md': '---\ntitle: B\ndate: 2026-01-01\n---\n' })
    expect(loadPublication(dir, { now }).articles).toMatchObject([{ title: 'B' }])
  })
  test('a thousand errors are a thousand diagnostics, and the rest is read', () => {
    const dir = aFolder({ 'articles/good.md': '---\ntitle: Good\ndate: 2026-01-01\n---\n' })
    mkdirSync(join(dir, 'articles/bad'))
    for (let at = 0; at < 1000; at++)
      writeFileSync(join(dir, `articles/bad/${at}.md`), `---\ntitle: Bad\ndate: never\n---\n`)
    const { articles, diagnostics, read: count, broken } = loadPublication(dir, { now })
    expect({ count, broken, good: articles.length }).toEqual({ count: 1001, broken: 1000, good: 1 })
    expect(diagnostics).toHaveLength(1000)
    expect(diagnostics.every(({ file, line }) => file.startsWith('articles/bad/') && line === 3)).toBe(true)
  })
  test('newest first, then by id', () => {
    const { articles } = load(
      Object.fromEntries(
        ['b', 'a', 'c'].map(name => [
          `${name}.md`,
          `---\ntitle: ${name}\ndate: ${name === 'c' ? '2026-01-02' : '2026-01-01'}\n---\n`,
        ]),
      ),
    )
    expect(articles.map(({ slug }) => slug)).toEqual(['c', 'a', 'b'])
  })
  test('none at all is a warning', () => {
    const diagnostics = [{ rule: 'no-articles', severity: 'warning' }]
    expect(load({})).toMatchObject({ articles: [], read: 0, broken: 0, diagnostics })
  })
  test('no articles/ is an error that says what to do', () => {
    const dir = aFolder()
    rmSync(join(dir, 'articles'), { recursive: true })
    onTestFinished(() => {})
    expect(() => loadPublication(dir, { now })).toThrow(
      expect.objectContaining({ exit: 2, hint: expect.stringContaining('broadsheet init') }),
    )
  })
})

describe('what a field is not for is told on its line', () => {
  test.each([
    ['summary: {a: 1}', 'summary: {"a":1} is a table of keys and values, not text'],
    ['slug: {}', 'slug: {} is a table of keys and values, not text'],
    ['id: {}', 'id: {} is a table of keys and values, not text'],
    ['place: [1]', 'place: [1] is a list, not text'],
    ['section: [a, b]', 'section: ["a","b"] is a list, not one name'],
    ['tags: {a: b}', 'tags: {"a":"b"} is a table of keys and values, not a list'],
    ['authors: 5', 'authors: "5" is a number, not a name'],
    ['direction: up', 'direction: "up" is neither rtl nor ltr'],
    ['unlisted: perhaps', 'unlisted: "perhaps" is neither true nor false; taken for unlisted'],
  ])('%s', (line, message) => {
    const { article, diagnostics } = read(`language: en\n${line}`)
    expect(diagnostics).toMatchObject([{ line: 5, severity: 'warning', message }])
    expect(article!.state).toBe(line.startsWith('unlisted') ? 'unlisted' : 'published')
  })

  test('a title that is a list', () => {
    expect(read('title: [a, b]').diagnostics).toMatchObject([
      { severity: 'error', message: 'title: ["a","b"] is a list, not text' },
    ])
  })

  test('what other tools mean by it is not', () => {
    const lines =
      'excerpt: false\npermalink: false\nsection: [World]\ndir: auto\ncomments: true\nimage: false'
    expect(read(lines).diagnostics).toEqual([])
  })
})

test('a link to nothing is told as such', () => {
  const dir = aFolder({
    'articles/publication.yaml': 'title: T\nurl: https://test.example/\n',
    'articles/b.md': '---\ntitle: B\ndate: 2026-01-30\n---\n',
  })
  symlinkSync('nothing.md', join(dir, 'articles/a.md'))
  expect(loadPublication(dir, { now }).diagnostics).toMatchObject([
    { file: 'articles/a.md', message: 'is a link to a file that does not exist' },
  ])
})
