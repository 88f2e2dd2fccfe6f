// Feeds and articles that had another address before: who still asks for it is served.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aPublication } from '../builders.ts'
import { aService } from '../serve/a-service.ts'

const article = (lines: string) => `---\ntitle: A\ndate: 2026-01-30\n${lines}\n---\nText.\n`
const now = ['--now', '2026-02-01T00:00Z']

function folder(): string {
  return aFolder({
    'articles/publication.yaml':
      'title: T\nurl: https://t.example/blog/\nfeeds: { paths: [/feed.xml, /index.xml, /feed/, /a/feed.json, /rss.xml] }\n',
    'articles/a.md': article('aliases: [/was/here/, A name, "//evil.example/x"]'),
    'articles/b.md': article('redirect_from: /was/there.html'),
  })
}

test('the main feed is where it was, byte for byte, also when it was built before', async () => {
  const dir = folder()
  const out = (path: string) => readFileSync(join(dir, 'out', path), 'utf8')
  for (const change of [() => {}, () => {}, () => rmSync(join(dir, 'out/feed.xml'))]) {
    change()
    expect((await aRun(dir, ['build', ...now])).code).toBe(0)
    expect(out('feed.xml')).toBe(out('atom.xml'))
    expect(out('index.xml')).toBe(out('rss.xml'))
    expect(out('a/feed.json')).toBe(out('feed.json'))
    expect(out('rss.xml')).toContain('<rss')
  }
  expect(out('feed/index.html')).toBe(out('rss.xml'))
  expect(out('_headers')).toMatch(/^\/feed\/\n {2}Content-Type: application\/rss\+xml/m)
})

test('hosts that read _redirects lead on', async () => {
  const dir = folder()
  await aRun(dir, ['build', ...now])
  expect(readFileSync(join(dir, 'out/_redirects'), 'utf8').split('\n')).toEqual([
    '/feed.xml /blog/atom.xml 301',
    '/index.xml /blog/rss.xml 301',
    '/feed/ /blog/rss.xml 301',
    '/a/feed.json /blog/feed.json 301',
    '/was/here/ /blog/2026/a/ 301',
    '/was/there.html /blog/2026/b/ 301',
    '',
  ])
})

test('so does a page at the old address, where nothing else is', async () => {
  const dir = aFolder({
    'articles/publication.yaml': 'title: T\nurl: https://t.example/\n',
    'articles/a.md': article('aliases: [/was/here/, /was/there.html, /2026/b/, /rss.xml, /../x, /tags/]'),
    'articles/b.md': article(''),
  })
  expect((await aRun(dir, ['build', ...now])).code).toBe(0)
  for (const path of ['was/here/index.html', 'was/there.html'])
    expect(readFileSync(join(dir, 'out', path), 'utf8')).toContain('url=https://t.example/2026/a/')
  expect(readFileSync(join(dir, 'out/2026/b/index.html'), 'utf8')).not.toContain('http-equiv')
  expect(readFileSync(join(dir, 'out/rss.xml'), 'utf8')).toContain('<rss')
})

test('as Hugo and Jekyll write them; what can be no path is named', async () => {
  const dir = aFolder({
    'articles/publication.yaml': 'title: T\nurl: https://t.example/\n',
    'articles/a.md': article(
      'aliases: [old-a, was/b/, /caf%C3%A9/, https://t.example/c/, A name, NASA, /?p=12]',
    ),
    'articles/b.md': article('redirect_from: [top/d, "//evil.example/x"]'),
  })
  const { code, stderr } = await aRun(dir, ['build', ...now])
  expect(code).toBe(0)
  expect(readFileSync(join(dir, 'out/_redirects'), 'utf8').split('\n')).toEqual([
    '/2026/old-a /2026/a/ 301',
    '/2026/was/b/ /2026/a/ 301',
    '/caf%C3%A9/ /2026/a/ 301',
    '/c/ /2026/a/ 301',
    '/top/d /2026/b/ 301',
    '',
  ])
  expect(stderr).toContain('articles/a.md:4: aliases: "/?p=12" has a query')
  expect(stderr).toContain('articles/b.md:4: redirect_from: "//evil.example/x" is on another host')
  expect(stderr).not.toContain('NASA')
})

test('a path that is none is refused', async () => {
  const dir = aFolder({
    'articles/publication.yaml': 'title: T\nurl: https://t.example/\nfeeds: { paths: [/../x] }\n',
  })
  const { code, stderr } = await aRun(dir, ['build', ...now])
  expect([code, stderr]).toEqual([2, expect.stringContaining('feeds.paths')])
})

test('feeds of sections, tags and authors are where they were', async () => {
  const dir = aFolder({
    'articles/publication.yaml':
      "title: T\nurl: https://t.example/\nsections: { news: News }\nfeeds: { paths: ['/tags/{tag}/index.xml', '/category/{section}/feed/', '/author/{author}/rss/', '/feed'] }\n",
    'articles/a.md': article('tags: [rail, Sea Air]\nsection: news\nauthor: Ann'),
  })
  expect((await aRun(dir, ['build', ...now])).code).toBe(0)
  const out = (path: string) => readFileSync(join(dir, 'out', path), 'utf8')
  expect(out('tags/sea-air/index.xml')).toBe(out('tags/sea-air/rss.xml'))
  expect(out('category/news/feed/index.html')).toBe(out('sections/news/rss.xml'))
  expect(out('author/ann/rss/index.html')).toBe(out('authors/ann/rss.xml'))
  expect(out('feed/index.html')).toBe(out('rss.xml'))
  expect(out('_redirects')).toContain('/category/news/feed/ /sections/news/rss.xml 301\n')
  expect(out('_redirects')).toContain('/tags/rail/index.xml /tags/rail/rss.xml 301\n')
})

test('serve leads on, for good', async () => {
  const publication = aPublication({ url: 'https://t.example/blog/' })
  const service = await aService(
    { publication },
    {
      'out/_redirects':
        '/feed.xml /blog/atom.xml 301\n/blog/was/h%C3%A9re/ /blog/2026/a/ 301\n/x https://new.example/x 301\n',
      'out/feed.xml': '<feed/>',
    },
  )
  const location = async (path: string) => {
    const { status, headers } = await service.visit(path)
    // Without it a reader in a browser could not follow.
    if (status === 301) expect(headers.get('access-control-allow-origin')).toBe('*')
    return status === 301 ? headers.get('location') : status
  }
  expect(await location('/feed.xml')).toBe('./atom.xml')
  expect(await location('/was/h%c3%a9re/')).toBe('../../2026/a/')
  expect(await location('/x')).toBe('https://new.example/x')
  expect(await location('/nothing')).toBe(404)
})
