// A format that nobody had heard of: one row for its name and one for its writer, and everything that lists formats has it.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { FEED_FORMATS, type FeedFormat } from '../../src/content/addresses/feed-formats.ts'
import type { FeedWriter } from '../../src/feed/feed-chunks.ts'
import { movedFeed } from '../../src/serve/create-app.ts'
import { contentType } from '../../src/serve/static-files.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aPublication } from '../builders.ts'

vi.mock('../../src/content/addresses/feed-formats.ts', async original => {
  const names = await original<typeof import('../../src/content/addresses/feed-formats.ts')>()
  const row: FeedFormat = {
    file: 'feed.txt',
    mediaType: 'text/x-feed',
    label: 'Plain Text',
    signature: /^feed of /,
  }
  Object.assign(names.FEED_FORMATS, { text: row })
  return names
})

vi.mock('../../src/feed/feed-writers.ts', async original => {
  const writers = await original<typeof import('../../src/feed/feed-writers.ts')>()
  const { CONTENT_MARK } = await import('../../src/feed/feed-chunks.ts')
  const { rfc3339 } = await import('../../src/feed/feed-xml.ts')
  const writer: FeedWriter = {
    separator: '\n',
    frame: head => ({ before: `feed of ${head.title}\n`, after: '\nend\n' }),
    items: items =>
      items.map(
        ({ id, url, date, title }) => `item ${[id, url, rfc3339(date), title].join(' | ')}\n${CONTENT_MARK}`,
      ),
    readdress: text => text,
    content: ({ content }) => content.toString().replace(/<[^>]*>|\n/g, ''),
    opml: { type: 'text', version: 'TXT' },
    readItems: text =>
      [...text.matchAll(/^item (.*)$/gm)].map(([, line]) => {
        const [id, url, date, title] = line!.split(' | ') as [string, string, string, string]
        return { id, url, title, date }
      }),
  }
  Object.assign(writers.FEED_WRITERS, { text: writer })
  return writers
})

const table = FEED_FORMATS as Record<string, FeedFormat>
const rows = { ...table }
function order(...names: string[]) {
  for (const name of Object.keys(table)) delete table[name]
  for (const name of names) table[name] = rows[name]!
}
afterEach(() => order('rss', 'atom', 'json', 'text'))

const now = ['--now', '2026-02-01T00:00Z']
const settings = `title: The Test
url: https://test.example/
articles: { pages: true }
feeds: { per: [tag], hubs: [https://hub.example/], archive: true, items: 1 }
newsletters: [{ id: weekly, title: Weekly, every: week, on: friday, from: news@test.example }]
address: 1 Test Street
`
const files = {
  'articles/publication.yaml': settings,
  'articles/a.md': '---\ntitle: One\ndate: 2026-01-30\ntags: [rail]\n---\nText of one.\n',
  'articles/b.md': '---\ntitle: Two\ndate: 2026-01-29\n---\nText of two.\n',
}
const build = (folder: string, ...argv: string[]) => aRun(folder, ['build', ...argv, ...now])
const made = (folder: string, path: string) => readFileSync(join(folder, 'out', path), 'utf8')

test('every feed has a file in it, and the report of the build names each', async () => {
  const folder = aFolder(files)
  const { feeds, diagnostics } = (await build(folder, '--json')).json()
  expect(diagnostics).toEqual([])
  expect(feeds.map(({ text }: { text: string }) => text)).toEqual([
    'out/feed.txt',
    'out/tags/rail/feed.txt',
    'out/editions/weekly/feed.txt',
  ])
  expect(Object.keys(feeds[0])).toEqual(['scope', 'name', 'rss', 'atom', 'json', 'text', 'items'])
  expect(made(folder, 'feed.txt')).toMatch(
    /^feed of The Test\nitem tag:test\.example,2026:a \| .* \| One\n.*Text of one\..*\nend\n$/,
  )
  expect(made(folder, 'tags/rail/feed.txt')).toContain('Text of one.')
  expect(made(folder, 'archive/2026-01-first-1/feed.txt')).toContain('Text of two.')
  expect(made(folder, 'editions/weekly/feed.txt')).toContain('feed of The Test: Weekly\n')
  expect((await build(folder)).stdout).toContain(
    'out/rss.xml · out/atom.xml · out/feed.json · out/feed.txt (1 item)',
  )
})

test('what did not change is taken from the last build, as in every other format', async () => {
  const folder = aFolder(files)
  await build(folder)
  writeFileSync(join(folder, 'articles/a.md'), files['articles/a.md'].replace('Text of', 'Words of'))
  expect((await build(folder, '--json')).json().files.removed).toBe(0)
  const clean = aFolder({ ...files, 'articles/a.md': readFileSync(join(folder, 'articles/a.md')) })
  await build(clean)
  for (const path of ['feed.txt', 'tags/rail/feed.txt', 'archive/2026-01-first-1/feed.txt'])
    expect(made(folder, path)).toBe(made(clean, path))
  expect(made(folder, 'feed.txt')).toContain('Words of one.')
})

test('pages announce it, and hosts are told its type, its hubs and where it has moved to', async () => {
  const folder = aFolder({
    ...files,
    'articles/publication.yaml': settings.replace('per:', 'moved: https://new.example/, per:'),
  })
  await build(folder)
  const link = (title: string, path: string) =>
    `<link rel="alternate" type="text/x-feed" title="${title} (Plain Text)" href="https://test.example/${path}feed.txt">`
  expect(made(folder, 'index.html')).toContain(link('The Test', ''))
  expect(made(folder, 'index.html')).toMatch(/<li><a href="[^"]*feed\.txt" type="text\/x-feed">/)
  expect(made(folder, 'tags/rail/index.html')).toContain(link('The Test: #rail', 'tags/rail/'))
  expect(made(folder, 'editions/weekly/index.html')).toContain(link('The Test: Weekly', 'editions/weekly/'))
  expect(made(folder, '_headers')).toContain(
    '/feed.txt\n  Content-Type: text/x-feed; charset=utf-8\n  Access-Control-Allow-Origin: *\n  Last-Modified: Fri, 30 Jan 2026 00:00:00 GMT\n  Link: <https://hub.example/>; rel="hub", <https://test.example/feed.txt>; rel="self"\n',
  )
  expect(made(folder, '_headers')).toContain('/*/feed.txt\n  Content-Type: text/x-feed; charset=utf-8\n')
  expect(made(folder, '_redirects')).toContain(
    '/tags/rail/feed.txt https://new.example/tags/rail/feed.txt 301',
  )
})

test('hubs are told of it', async () => {
  const folder = aFolder(files)
  await build(folder)
  const { pings } = (await aRun(folder, ['announce', '--json', '--dry-run', ...now])).json()
  const feeds = pings.map(({ feed }: { feed: string }) => feed)
  expect(feeds).toHaveLength(12)
  expect(feeds).toContain('https://test.example/feed.txt')
  expect(feeds).toContain('https://test.example/editions/weekly/feed.txt')
})

test('no article has its page where its file stands', async () => {
  const article = '---\ntitle: Three\ndate: 2026-01-29\nurl: /tags/rail/feed.txt\n---\nText.\n'
  const folder = aFolder({ ...files, 'articles/c.md': article })
  const { diagnostics } = (await build(folder, '--json')).json()
  expect(diagnostics).toMatchObject([{ rule: 'page-address', file: 'articles/c.md' }])
  expect(diagnostics[0].message).toContain('is already that of tags/rail/feed.txt')
})

test('lists of feeds name the first format that they can name', async () => {
  const folder = aFolder(files)
  await build(folder)
  expect(made(folder, 'feeds.opml')).not.toContain('feed.txt')
  expect(made(folder, 'feeds.opml')).toContain('type="rss" version="RSS2"')
  order('json', 'text', 'rss', 'atom')
  const other = aFolder(files)
  await build(other)
  expect(made(other, 'feeds.opml')).not.toContain('rss')
  expect(made(other, 'feeds.opml')).toMatch(
    /type="text" version="TXT" [^>]* xmlUrl="https:\/\/test\.example\/tags\/rail\/feed\.txt"/,
  )
})

test('what was published is read back from the first format that can be read', async () => {
  order('atom', 'text', 'json', 'rss')
  const folder = aFolder(files)
  await build(folder)
  // What is in the JSON feed tells nothing now.
  writeFileSync(join(folder, 'out/feed.json'), '{}')
  writeFileSync(join(folder, 'articles/a.md'), files['articles/a.md'].replace('01-30', '01-28'))
  const { diagnostics } = (await build(folder, '--json')).json()
  expect(diagnostics).toMatchObject([{ rule: 'changed-date', file: 'articles/a.md' }])
})

test('the server knows it by what it says, and sends those who ask for it to where it has moved', () => {
  expect(contentType('feed.txt', 'feed of The Test')).toBe('text/x-feed; charset=utf-8')
  expect(contentType('feed.txt', 'Feed your cat')).toBe('text/plain; charset=utf-8')
  const publication = aPublication()
  const moved = { ...publication, feeds: { ...publication.feeds, moved: 'https://new.example/' } }
  expect(movedFeed('/tags/rail/feed.txt', moved)).toBe('https://new.example/tags/rail/feed.txt')
  expect(movedFeed('/tags/rail/feed.text', moved)).toBeUndefined()
})

test('the demo says where it is', async () => {
  const folder = aFolder(files)
  const { feeds } = (await aRun(folder, ['demo', '--json', ...now])).json()
  expect(feeds[0].text).toBe('out/feed.txt')
})
