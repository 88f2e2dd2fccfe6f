// Feeds and articles that had another address before: who still asks for it is served.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

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
  expect(existsSync(join(dir, 'out/feed/index.html'))).toBe(false)
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

test('a path that is none is refused', async () => {
  const dir = aFolder({
    'articles/publication.yaml': 'title: T\nurl: https://t.example/\nfeeds: { paths: [/../x] }\n',
  })
  const { code, stderr } = await aRun(dir, ['build', ...now])
  expect([code, stderr]).toEqual([2, expect.stringContaining('feeds.paths')])
})
