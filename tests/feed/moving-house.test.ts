// A blog that moves here: its feed as another tool wrote it, then ours, read by readers that go by id. No article shows twice,
// and none is lost.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadPublication } from '../../src/content/load-publication.ts'
import { buildFeeds } from '../../src/feed/build-feeds.ts'
import { changedIdentities } from '../../src/feed/changed-identities.ts'
import { createRenderer } from '../../src/render/index.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aFolder } from '../a-folder.ts'
import { textOf as bytesOf } from './fixture.ts'
import { childrenOf, readXml, textOf } from './read-xml.ts'

const now = Date.parse('2026-03-01T00:00Z')

function build(settings: string, articles: Readonly<Record<string, string>>) {
  const dir = aFolder({
    'articles/publication.yaml': `title: T\n${settings}`,
    ...Object.fromEntries(
      Object.entries(articles).map(([name, head]) => [`articles/${name}`, `---\n${head}\n---\nText.\n`]),
    ),
  })
  const loaded = loadPublication(dir, { now })
  const { files } = buildFeeds(loaded, createRenderer(loaded), openTemplates(join(dir, 'templates')))
  const file = (path: string) => bytesOf(files.find(one => one.path === path)!.body)
  return { loaded, file }
}

/** As feedparser and NetNewsWire know an item: by its guid or id, to the letter; without one by its link. */
function idsOf(feed: string): string[] {
  const { root } = readXml(feed)
  const items =
    root.name === 'rss' ? childrenOf(childrenOf(root, 'channel')[0]!, 'item') : childrenOf(root, 'entry')
  return items.map(item => textOf(item, 'guid') || textOf(item, 'id') || textOf(item, 'link'))
}

const rss = (items: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>${items}</channel></rss>`
const atom = (entries: string) =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${entries}</feed>`

test.each([
  {
    tool: 'Jekyll',
    // jekyll-feed: the id is the address without its ending.
    before: atom(
      '<entry><title>A &amp; b</title><link href="https://t.example/news/2026/01/30/a-b.html"/><id>https://t.example/news/2026/01/30/a-b</id></entry>' +
        '<entry><title>D</title><link href="https://t.example/about/d.html"/><id>https://t.example/about/dee</id></entry>' +
        '<entry><title>E</title><link href="https://t.example/old/"/><id>https://t.example/e</id></entry>' +
        '<entry><title>C</title><link href="https://t.example/news/sea/2026/01/02/c.html"/><id>https://t.example/news/sea/2026/01/02/c</id></entry>',
    ),
    settings:
      "url: https://t.example/\narticles: { url: '/{categories}/{year}/{month}/{day}/{slug}.html', id: '/{categories}/{year}/{month}/{day}/{slug}' }\nfeeds: { paths: [/feed.xml] }\n",
    articles: {
      '2026-01-30-a-b.md': 'title: A & b\ncategories: news',
      '2026-01-04-dee.md': 'title: D\npermalink: /about/d.html',
      '2026-01-03-e.md': 'title: E\npermalink: /old/',
      '2026-01-02-c.md': 'title: C\ncategories: news sea',
    },
    now: 'feed.xml',
  },
  {
    tool: 'Hugo',
    before: rss(
      '<item><title>A</title><link>https://t.example/posts/%C3%BCber/</link><guid>https://t.example/posts/%C3%BCber/</guid></item>' +
        '<item><title>C</title><link>https://t.example/posts/c/</link><guid>https://t.example/posts/c/</guid></item>' +
        '<item><title>D</title><link>https://t.example/posts/2026-01-28-dry-dock/</link><guid>https://t.example/posts/2026-01-28-dry-dock/</guid></item>',
    ),
    settings:
      "url: https://t.example/\narticles: { url: '/{hugo_path}/', id: url }\nfeeds: { paths: [/index.xml] }\n",
    articles: {
      'posts/2026-01-28-Dry Dock.md': 'title: D',
      'posts/über.md': 'title: A\ndate: 2026-01-30',
      'posts/c/index.md': 'title: C\ndate: 2026-01-29',
    },
    now: 'index.xml',
  },
  {
    tool: 'Eleventy',
    before: atom(
      '<entry><title>A</title><link href="https://t.example/blog/a/"/><id>https://t.example/blog/a/</id></entry>',
    ),
    settings:
      "url: https://t.example/\narticles: { url: '/blog/{slug}/', id: url }\nfeeds: { paths: [/feed/feed.xml] }\n",
    articles: { 'a.md': 'title: A\ndate: 2026-01-30' },
    now: 'feed/feed.xml',
  },
  {
    tool: 'Pelican',
    before: atom(
      '<entry><title>A</title><link href="https://t.example/a.html"/><id>tag:t.example,2026-01-30:/a.html</id></entry>',
    ),
    settings:
      "url: https://t.example/\narticles: { url: '/{slug}.html', id: 'tag:t.example,{year}-{month}-{day}:/{slug}.html' }\nfeeds: { paths: [/feeds/all.atom.xml] }\n",
    articles: { 'a.md': 'title: A\ndate: 2026-01-30' },
    now: 'feeds/all.atom.xml',
  },
  {
    tool: 'WordPress',
    before: rss(
      '<item><title>A</title><link>https://t.example/2026/01/a/</link><guid isPermaLink="false">http://www.t.example/?p=123</guid></item>' +
        '<item><title>C</title><link>https://t.example/2026/01/c/</link><guid isPermaLink="false">https://t.example/?p=99&amp;x=1</guid></item>',
    ),
    settings:
      "url: https://t.example/\narticles: { url: '/{year}/{month}/{slug}/', id: guid }\nfeeds: { paths: [/feed/] }\n",
    articles: {
      'a.md': 'title: A\ndate: 2026-01-30\nguid: http://www.t.example/?p=123',
      'c.md': 'title: C\ndate: 2026-01-29\nguid: https://t.example/?p=99&x=1',
    },
    now: 'feed/index.html',
  },
  {
    tool: 'Ghost',
    before: rss(
      '<item><title>A</title><link>https://t.example/a/</link><guid isPermaLink="false">5f3c2b1a9d8e7f6a5b4c3d2e</guid></item>',
    ),
    settings: "url: https://t.example/\narticles: { url: '/{slug}/', id: guid }\nfeeds: { paths: [/rss/] }\n",
    articles: { 'a.md': 'title: A\ndate: 2026-01-30\nguid: 5f3c2b1a9d8e7f6a5b4c3d2e' },
    now: 'rss/index.html',
  },
  {
    tool: 'Substack',
    before: rss(
      '<item><title>A</title><link>https://t.substack.example/p/a</link><guid isPermaLink="false">https://t.substack.example/p/a</guid></item>',
    ),
    settings:
      "url: https://t.example/\narticles: { url: '/p/{slug}', id: 'https://t.substack.example/p/{slug}' }\nfeeds: { paths: [/feed] }\n",
    articles: { 'a.md': 'title: A\ndate: 2026-01-30' },
    now: 'feed/index.html',
  },
])(
  '$tool: every article keeps its id, in the feed at its old address',
  ({ before, settings, articles, now }) => {
    const { loaded, file } = build(settings, articles)
    expect(loaded.diagnostics).toEqual([])
    expect(idsOf(file(now)).sort()).toEqual(idsOf(before).sort())
  },
)

test('a guid of any kind is in RSS as it was; Atom and JSON have an address of it', () => {
  const { file } = build('url: https://t.example/\narticles: { id: guid }\n', {
    'a.md': 'title: A\ndate: 2026-01-30\nguid: "42"',
    'b.md': 'title: B\ndate: 2026-01-29\nguid: 42@T.example',
    'c.md': 'title: C\ndate: 2026-01-28',
  })
  expect(idsOf(file('rss.xml'))).toEqual(['42', '42@T.example', 'https://t.example/2026/c/'])
  expect(idsOf(file('atom.xml'))).toEqual([
    expect.stringMatching(/^urn:uuid:/),
    expect.stringMatching(/^urn:uuid:/),
    'https://t.example/2026/c/',
  ])
})

test.each([
  ['tags', '', /articles: \{ id_host: t\.example \}/],
  [
    'addresses',
    'articles: { id: url }\n',
    /articles: \{ id: 'https:\/\/t\.example\/\{section\}\/\{year\}\/\{slug\}\/' \}/,
  ],
])('after a change of host the advice is one line, and it is right (%s)', (_, more, advice) => {
  const articles = Object.fromEntries(
    'abcd'.split('').map(name => [`${name}.md`, `title: ${name}\ndate: 2026-01-30`]),
  )
  const before = build(`url: https://t.example/\n${more}`, articles).file('feed.json')
  const moved = build(`url: https://new.example/\n${more}`, articles)
  const found = changedIdentities([before], moved.loaded)
  expect(found).toMatchObject([{ rule: 'changed-host', file: 'articles/publication.yaml', line: 2 }])
  expect(found[0]!.message).toBe(
    'the ids of 4 articles were of t.example when last built and are now of new.example',
  )
  const [line] = advice.exec(found[0]!.advice)!
  const kept = build(`url: https://new.example/\n${line}\n`, articles)
  expect(JSON.parse(kept.file('feed.json')).items.map(({ id }: { id: string }) => id)).toEqual(
    JSON.parse(before).items.map(({ id }: { id: string }) => id),
  )
  expect(changedIdentities([before], kept.loaded).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    'changed-host: the addresses of 4 articles were of t.example when last built and are now of new.example',
  ])
})
