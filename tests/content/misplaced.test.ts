// An article at an address where the program has a file of its own is left out of everything, as any article with an error.

import { describe, expect, test } from 'vitest'
import { channelCollisions } from '../../src/content/addresses/channels.ts'
import { load, png } from './a-load.ts'

const article = (lines: string) => `---\ntitle: A\ndate: 2026-01-30\n${lines}\n---\nText.`
const newsletter =
  'address: Street 1\nnewsletters: [{ id: weekly, title: W, every: week, from: a@b.example, on: friday, at: "07:00" }]\n'

describe('places that are taken', () => {
  test.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/rss.xml', 'rss.xml'],
    ['/%72ss.xml', 'rss.xml'],
    ['/RSS.xml/', 'rss.xml'],
    ['https://test.example/feed.json', 'feed.json'],
    ['/_headers', '_headers'],
    ['/_redirects/', '_redirects'],
    ['/feed.css', 'feed.css'],
    ['/feeds.opml/a/', 'feeds.opml'],
    ['/tags/rail/', 'tags/rail/index.html'],
    ['/tags/Rail/rss.xml', 'tags/rail/rss.xml'],
    ['/archive/2026-01/', 'archive/'],
    ['/editions/', 'editions/index.html'],
    ['/editions/weekly/2026-W05/', 'editions/weekly/'],
    ['/images/bridge.png', 'images/bridge.png'],
    ['/other.html/b/', 'other.html'],
    ['/.broadsheet/', '.broadsheet'],
  ])('%s', (url, rival) => {
    const { articles, broken, read, diagnostics } = load(
      {
        'bad.md': article(`url: ${url}`),
        'other.md': article('tags: [Rail]\nurl: /other.html'),
        'images/bridge.png': png(10, 10),
      },
      newsletter,
    )
    expect(diagnostics).toMatchObject([
      {
        file: 'articles/bad.md',
        line: 4,
        rule: 'page-address',
        severity: 'error',
        message: expect.stringMatching(new RegExp(`already that of ${rival}$`)),
      },
    ])
    expect(articles.map(({ file }) => file)).toEqual(['articles/other.md'])
    expect([read, broken]).toEqual([2, 1])
  })

  test.each([
    'url: /a%2Fb/',
    'url: /%00/',
    'url: /%E0%A4/',
    `slug: ${'a'.repeat(256)}`,
    `url: /${'a/'.repeat(2500)}`,
  ])('%s', line => {
    const { articles, broken, diagnostics } = load({ 'bad.md': article(line) })
    expect(diagnostics).toMatchObject([{ line: 4, rule: 'page-address', severity: 'error' }])
    expect(diagnostics[0]!.message.length).toBeLessThan(250)
    expect(articles).toEqual([])
    expect(broken).toBe(1)
  })
})

test.each([
  '/sections/world/one/',
  '/tags/rail/two/',
  '/tags/',
  '/editions/of-the-sagas/',
  '/images/',
  '/v1.2/',
  '/rss/',
  '/पुल/',
])('%s is nobody else’s', url => {
  const files = {
    'a.md': article(`url: ${url}`),
    'b.md': article('tags: [Rail]'),
    'images/bridge.png': png(10, 10),
  }
  expect(load(files).diagnostics).toEqual([])
})

test('without pages every address is somebody else’s', () => {
  const { articles, diagnostics } = load({ 'a.md': article('url: /rss.xml') }, 'articles: { pages: false }\n')
  expect(diagnostics).toEqual([])
  expect(articles).toHaveLength(1)
})

test('two articles of one id, or at one address, are told on the line that says so', () => {
  const lines = ({ diagnostics }: ReturnType<typeof load>) =>
    diagnostics.map(({ rule, line }) => [rule, line])
  expect(lines(load({ 'a.md': article('id: x'), 'b.md': article('tags: [a]\nguid: x') }))).toEqual([
    ['article-id', 5],
  ])
  expect(lines(load({ 'a.md': article('slug: x'), 'b.md': article('place: Oslo\nslug: x') }))).toEqual([
    ['article-address', 5],
  ])
  expect(
    lines(load({ 'a.md': article('slug: x\nurl: /y/'), 'b.md': article('slug: x\npermalink: /y/') })),
  ).toEqual([['article-address', 5]])
})

test('two tags of one address are told where one of them stands', () => {
  const loaded = load({ 'a.md': article('place: Oslo\ntags: [R&D]'), 'b.md': article('tags: [R-D]') })
  expect(channelCollisions(loaded)).toMatchObject([{ file: 'articles/a.md', line: 5 }])
})
