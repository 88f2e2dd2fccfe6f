// `broadsheet announce`, against hubs that really listen: who is told of what, and what happens when one does not answer.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { announcedAfter, planAnnouncement } from '../../src/publish/announce-feeds.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

interface Hub {
  readonly url: string
  /** Body of each request, in order. */
  readonly heard: string[]
  status: number
}

async function aHub(): Promise<Hub> {
  const hub = { url: '', heard: [] as string[], status: 204 }
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    hub.heard.push(`${request.method} ${request.headers['content-type']?.split(';')[0]} ${body}`)
    response.writeHead(hub.status).end('as you say')
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return hub
}

const now = ['--now', '2026-02-01T00:00Z']
const article = (title: string, tags = '') => `---\ntitle: ${title}\ndate: 2026-01-30\n${tags}---\nText.\n`

function aPublicationWith(hubs: readonly string[], feeds = 'per: [tag]'): string {
  return aFolder({
    'articles/publication.yaml': `title: The Test\nurl: https://test.example/\nfeeds: { hubs: [${hubs}], ${feeds} }\n`,
    'articles/a.md': article('One', 'tags: [rail]\n'),
    'articles/b.md': article('Two', 'tags: [नदी]\n'),
  })
}

const announce = (folder: string, ...argv: string[]) => aRun(folder, ['announce', '--json', ...now, ...argv])
const build = (folder: string) => aRun(folder, ['build', '--quiet', ...now])

test('every feed the first time, then only those whose bytes changed', async () => {
  const hub = await aHub()
  const folder = aPublicationWith([hub.url])
  await build(folder)
  const first = await announce(folder)
  expect(first.code).toBe(0)
  expect(first.json()).toMatchObject({ feeds: 9, due: 9, notified: 9, failed: 0 })
  expect(hub.heard).toContain(
    'POST application/x-www-form-urlencoded hub.mode=publish&hub.url=https%3A%2F%2Ftest.example%2Fatom.xml',
  )
  const river = encodeURIComponent(`https://test.example/tags/${encodeURIComponent('नदी')}/rss.xml`)
  expect(hub.heard.join()).toContain(`hub.url=${river}`)

  hub.heard.length = 0
  expect((await announce(folder)).json()).toMatchObject({ due: 0, pings: [] })
  expect(hub.heard).toEqual([])

  writeFileSync(join(folder, 'articles/b.md'), `${article('Two', 'tags: [नदी]\n')}And more.\n`)
  await build(folder)
  const pings = (await announce(folder)).json().pings as { feed: string }[]
  expect(
    pings.map(({ feed }) => decodeURIComponent(feed).slice('https://test.example/'.length)).sort(),
  ).toEqual(
    [
      'rss.xml',
      'atom.xml',
      'feed.json',
      'tags/नदी/rss.xml',
      'tags/नदी/atom.xml',
      'tags/नदी/feed.json',
    ].sort(),
  )
})

test('the feed of a newsletter when an edition has appeared in it', async () => {
  const hub = await aHub()
  const folder = aPublicationWith([hub.url], 'per: []')
  const settings = join(folder, 'articles/publication.yaml')
  const weekly = 'newsletters: [{ id: weekly, every: week, on: friday, from: news@test.example }]\n'
  writeFileSync(settings, readFileSync(settings, 'utf8') + weekly)
  await aRun(folder, ['build', '--quiet', '--now', '2026-01-30T01:00Z'])
  expect((await announce(folder)).json()).toMatchObject({ feeds: 6, due: 6, notified: 6 })
  await aRun(folder, ['build', '--quiet', '--now', '2026-01-30T12:00Z'])
  const { pings } = (await announce(folder)).json() as { pings: { feed: string }[] }
  expect(pings.map(({ feed }) => feed).sort()).toEqual(
    ['atom.xml', 'feed.json', 'rss.xml'].map(file => `https://test.example/editions/weekly/${file}`),
  )
})

test('the topic is the self link of the feed, to the byte', async () => {
  const hub = await aHub()
  const folder = aPublicationWith([hub.url])
  await build(folder)
  const { pings } = (await announce(folder, '--dry-run')).json() as { pings: { feed: string }[] }
  for (const { feed } of pings) {
    const path = decodeURIComponent(feed.slice('https://test.example/'.length))
    const text = readFileSync(join(folder, 'out', path), 'utf8')
    expect(text).toContain(path.endsWith('.json') ? `"feed_url": "${feed}"` : `href="${feed}"`)
  }
})

test('a hub that refuses is told again next time, the others are not', async () => {
  const [good, bad] = [await aHub(), await aHub()]
  bad.status = 500
  const folder = aPublicationWith([good.url, bad.url], 'per: []')
  await build(folder)
  const first = await announce(folder)
  expect(first.code).toBe(3)
  expect(first.json()).toMatchObject({ due: 6, notified: 3, failed: 3 })
  expect(first.json().pings.at(-1)).toMatchObject({ hub: bad.url, state: 'failed', reply: '500 as you say' })
  bad.status = 202
  const second = await announce(folder)
  expect(second.code).toBe(0)
  expect(second.json()).toMatchObject({ due: 3, notified: 3 })
  expect(good.heard.length).toBe(3)
})

test('a hub that is not there, or leads elsewhere, is a failure and no bug', async () => {
  const moved = await aHub()
  moved.status = 301
  const folder = aPublicationWith(['http://127.0.0.1:9/', moved.url], 'per: []')
  await build(folder)
  const ran = await announce(folder)
  expect(ran.code).toBe(3)
  expect(ran.json()).toMatchObject({ notified: 0, failed: 6 })
  expect(existsSync(join(folder, '.broadsheet/announced.json'))).toBe(false)
})

test('a dry run tells nobody and remembers nothing', async () => {
  const hub = await aHub()
  const folder = aPublicationWith([hub.url], 'per: []')
  await build(folder)
  expect((await announce(folder, '--dry-run')).json()).toMatchObject({ due: 3, notified: 0 })
  expect(hub.heard).toEqual([])
  expect((await announce(folder)).json()).toMatchObject({ notified: 3 })
})

test('drafts wake nobody, and a state that is broken tells all once more', async () => {
  const hub = await aHub()
  const folder = aPublicationWith([hub.url], 'per: []')
  await build(folder)
  await announce(folder)
  writeFileSync(join(folder, 'articles/c.md'), article('Three', 'draft: true\n'))
  await build(folder)
  expect((await announce(folder)).json()).toMatchObject({ due: 0 })
  writeFileSync(join(folder, '.broadsheet/announced.json'), '{ "hubs": ')
  expect((await announce(folder)).json()).toMatchObject({ due: 3, notified: 3 })
})

test('without a hub there is nothing to do, without a build nothing to announce', async () => {
  const folder = aPublicationWith([])
  expect((await announce(folder)).code).toBe(2)
  await build(folder)
  expect((await announce(folder)).json()).toMatchObject({ hubs: [], due: 0 })
})

test('hubs and feeds that are gone are forgotten', () => {
  const feeds = [{ url: 'a', hash: '2' }]
  const before = { one: { a: '1', b: '1' }, two: { a: '2' } }
  const due = planAnnouncement(feeds, ['one'], before)
  expect(due).toEqual([{ hub: 'one', url: 'a', hash: '2' }])
  expect(announcedAfter(feeds, ['one'], before, [])).toEqual({ one: { a: '1' } })
  expect(announcedAfter(feeds, ['one'], before, due)).toEqual({ one: { a: '2' } })
})
