// The publication in numbers: what is counted, that nobody is known by it, who may see the page, and how it looks.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EditionFigures } from '../../src/deliver/index.ts'
import {
  FeedReaders,
  publicationNumbers,
  readAccessLog,
  readFeedAgent,
} from '../../src/serve/publication-figures.ts'
import { statusPage } from '../../src/serve/status-page.ts'
import type { Database } from '../../src/store/database.ts'
import { finishEdition } from '../../src/store/editions.ts'
import { freezeEdition } from '../../src/store/freeze-edition.ts'
import { importSubscribers } from '../../src/store/import-subscribers.ts'
import { feedSubscribers, recordDomainReport } from '../../src/store/numbers.ts'
import { removeSubscriber } from '../../src/store/subscriptions.ts'
import { recordBounce } from '../../src/store/suppressions.ts'
import { builtinTemplates, openTemplates } from '../../src/templates/index.ts'
import { aBrowser } from '../a-browser.ts'
import { aLetter } from '../deliver/a-ledger.ts'
import { aService, DAY, publication, START } from './a-service.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const browser = aBrowser()

/** A year of a list that grows, with three editions, and what came of them. */
async function aYear(db: Database): Promise<void> {
  const sources = ['form', 'form', 'mail', 'import old-readers.csv']
  const domains = ['gmail.com', 'gmail.com', 'outlook.com', 'yahoo.com', 'web.de']
  const people = Array.from({ length: 600 }, (_, i) => ({
    email: i === 599 ? 'lone@a-firm-of-one.example' : `reader${i}@${domains[i % 5]}`,
    source: i === 598 ? 'import my-sister.csv' : sources[i % 4]!,
    now: START - Math.round((600 - i) * 0.6 * DAY),
  }))
  await importSubscribers(
    db,
    people.map(({ email, source, now }) => ({
      email,
      key: email,
      name: '',
      newsletters: ['weekly'],
      topics: [],
      fields: {},
      language: '',
      state: 'active' as const,
      source,
      now,
    })),
  )
  for (const week of [3, 4, 5]) {
    const edition = `weekly/2026-W0${week}`
    const now = START - (6 - week) * 7 * DAY
    await freezeEdition(db, {
      edition,
      newsletter: 'weekly',
      from: now - 7 * DAY,
      until: now,
      letter: { ...aLetter(), edition },
      letterHash: 'hash',
      carried: [edition],
      omitted: [],
      now,
    })
    await db.query(
      `UPDATE deliveries SET state = 'accepted', changed = CAST($1 AS BIGINT) + 1000 * subscriber * ${week}
WHERE state = 'pending'`,
      [now],
    )
    await finishEdition(db, edition, now + 1_800_000)
    for (const subscriber of [week * 10, week * 10 + 1])
      await removeSubscriber(db, { subscriber, newsletter: 'weekly', now: now + DAY })
    await recordBounce(db, { subscriber: week * 20, kind: 'hard', status: '5.1.1', edition, now: now + 1000 })
    await recordBounce(db, {
      subscriber: week * 20 + 3,
      kind: 'complaint',
      status: '',
      edition,
      now: now + 1000,
    })
  }
  await recordBounce(db, { subscriber: 600, kind: 'hard', status: '5.1.1', now: START - DAY })
  await recordDomainReport(
    db,
    {
      kind: 'dmarc',
      reporter: 'receiver.example',
      id: '1',
      domain: 'meridian.example',
      from: START - 2 * DAY,
      until: START - DAY,
      passed: 580,
      failed: 3,
      failures: [{ source: '198.51.100.7', why: 'reject', count: 3 }],
    },
    START,
  )
}

const feeds = {
  'out/rss.xml': '<?xml version="1.0"?><rss version="2.0"/>',
  'out/atom.xml': '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>',
  'out/index.html': '<!doctype html><title>T</title>',
}
const FEEDLY = 'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1234 subscribers; like FeedFetcher-Google)'

test.each([
  [FEEDLY, 'Feedly', 1234, ''],
  ['Feedbin feed-id:1373711 - 4 subscribers', 'Feedbin', 4, '1373711'],
  ['Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 3 subscribers; )', 'Inoreader', 3, ''],
  [
    'NewsBlur Feed Fetcher - 5 subscribers - https://www.newsblur.com/site/1/x (Mozilla/5.0)',
    'NewsBlur Feed Fetcher',
    5,
    '',
  ],
  ['Mozilla/5.0 (compatible; theoldreader.com; 2 subscribers; feed-id=5c0ab)', 'theoldreader', 2, '5c0ab'],
  ['Bloglovin/1.0 (http://www.bloglovin.com; 1 subscribers)', 'Bloglovin', 1, ''],
  ['FeedWrangler/1.0 (1 subscriber; feed-id=42; http://feedwrangler.net)', 'FeedWrangler', 1, '42'],
  ['BazQux/2.4 (+https://bazqux.com/fetcher; 17 subscribers)', 'BazQux', 17, ''],
  ['Netvibes (http://www.netvibes.com/; 9 subscribers; feedID: 12)', 'Netvibes', 9, '12'],
])('what a reader of feeds says of itself: %s', (agent, reader, subscribers, number) => {
  expect(readFeedAgent(agent)).toEqual({ reader, subscribers, number })
})

test('what a person’s program says is nothing', () => {
  for (const agent of [
    'NetNewsWire (RSS Reader; https://netnewswire.com/)',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
    'Miniflux/2.2.1',
    '',
    '12 subscribers',
    '; 99999999999999 subscribers',
    'x'.repeat(100_000),
    '<script>1</script>',
  ])
    expect(readFeedAgent(agent)).toBeUndefined()
  expect(readFeedAgent('<b>Evil</b>/1 (7 subscribers)')?.reader).not.toMatch(/[<>]/)
})

test('an access log is read line by line; the last word of each reader counts, and private feeds do not', async () => {
  const line = (at: string, path: string, status: number, agent: string) =>
    `203.0.113.7 - - [${at} +0000] "GET ${path} HTTP/2.0" ${status} 512 "-" "${agent}"`
  async function* lines() {
    yield line('28/Jan/2026:07:00:00', '/rss.xml', 200, FEEDLY)
    yield line('29/Jan/2026:07:00:00', '/rss.xml', 304, FEEDLY.replace('1234', '1300'))
    yield line('29/Jan/2026:06:00:00', '/rss.xml', 200, FEEDLY.replace('1234', '1'))
    yield line('29/Jan/2026:06:00:00', '/feed.json?x=1', 200, 'Feedbin feed-id:7 - 4 subscribers')
    yield line('29/Jan/2026:06:00:00', '/gone.xml', 404, 'Feedbin feed-id:9 - 4 subscribers')
    yield line('29/Jan/2026:06:00:00', '/f/a-token/rss.xml', 200, 'Feedbin feed-id:8 - 1 subscribers')
    yield 'nonsense "GET'
    yield line('29/Foo/2026:06:00:00', '/rss.xml', 200, FEEDLY)
  }
  expect(await readAccessLog(lines())).toEqual([
    { feed: '/rss.xml', reader: 'Feedly', number: '', subscribers: 1300, at: Date.UTC(2026, 0, 29, 7) },
    { feed: '/feed.json', reader: 'Feedbin', number: '7', subscribers: 4, at: Date.UTC(2026, 0, 29, 6) },
  ])
})

test('what a reader of feeds said is not lost when the database fails', async () => {
  const { db } = await aService()
  let fails = true
  const failing: Database = {
    ...db,
    query: (...asked) => (fails ? Promise.reject(new Error('disk full')) : db.query(...asked)),
  }
  const readers = new FeedReaders(failing, () => START)
  readers.hear('/rss.xml', FEEDLY)
  await expect(readers.save()).rejects.toThrow('disk full')
  readers.hear('/atom.xml', FEEDLY)
  fails = false
  await readers.save()
  expect((await feedSubscribers(db, 0)).map(({ feed }) => feed)).toEqual(['/atom.xml', '/rss.xml'])
})

test('the numbers of a year: growth, sources, leavers, providers, feeds', async () => {
  const { db, visit, clock } = await aService({}, feeds)
  await aYear(db)
  for (const path of ['/rss.xml', '//%72ss.xml', '/atom.xml'])
    await visit(path, { headers: { 'user-agent': FEEDLY } })
  await visit('/rss.xml', { headers: { 'user-agent': 'Feedbin feed-id:1 - 40 subscribers' } })
  await visit('/rss.xml', { headers: { 'user-agent': 'Feedbin feed-id:2 - 2 subscribers' } })
  await visit('/', { headers: { 'user-agent': 'Feedbin feed-id:3 - 9 subscribers' } })
  await visit('/no.xml', { headers: { 'user-agent': 'Feedbin feed-id:3 - 9 subscribers' } })
  clock.now += 61_000
  await visit('/rss.xml', { headers: { 'user-agent': FEEDLY.replace('1234', '1240') } })
  await expect
    .poll(() => publicationNumbers(db, publication, clock.now).then(({ feeds: found }) => found))
    .toEqual([
      { name: '/rss.xml', count: 1282 },
      { name: '/atom.xml', count: 1234 },
    ])
  const numbers = await publicationNumbers(db, publication, clock.now)
  expect(numbers.feedReaders).toEqual([
    { name: 'Feedly', count: 2474 },
    { name: 'Feedbin', count: 42 },
  ])
  const total = (of: 'joined' | 'left') => numbers.growth.reduce((sum, day) => sum + day[of], 0)
  // Six left, three complained, four addresses are dead.
  expect([total('joined'), total('left')]).toEqual([600, 13])
  expect(numbers.sources.map(({ name }) => name)).toEqual(['form', 'import old-readers.csv', 'mail', ''])
  expect(numbers.sources.at(-1)).toEqual({ name: '', count: 1 })
  expect(numbers.editions).toMatchObject([
    { edition: 'weekly/2026-W05', accepted: 592, left: 2, complaint: 1, hard: 2, soft: 0 },
    { edition: 'weekly/2026-W04', accepted: 596, left: 2, complaint: 1, hard: 1, times: { half: 1208 } },
    { edition: 'weekly/2026-W03', accepted: 600, left: 2 },
  ])
  expect(numbers.providers.map(({ provider }) => provider)).toEqual([
    'Gmail',
    'Yahoo',
    'Microsoft',
    'GMX and WEB.DE',
    '',
  ])
  expect(numbers.providers.at(-1)).toMatchObject({ provider: '', hard: 1 })
})

test('nobody is known by the page: no address, no domain or file of one, no number of anybody', async () => {
  const { db, visit } = await aService()
  await aYear(db)
  const { text, status } = await visit('/status', { from: '127.0.0.1' })
  expect(status).toBe(200)
  expect(text).not.toMatch(/\w@\w/)
  expect(text).not.toContain('a-firm-of-one')
  expect(text).not.toContain('my-sister')
  expect(text).toContain('domains of few readers')
  expect(text).toContain('others, fewer than five each')
  expect(text).not.toMatch(/<script|<img|<link|<iframe|https?:|url\(/)
})

test('failures at domains of few readers have no name on the page of an edition', () => {
  const none = { rejected: 0, deferred: 0, unknown: 0 }
  const counts = { audience: 20, pending: 0, accepted: 10, ...none, rejected: 10, skipped: {} }
  const figures: EditionFigures = {
    edition: 'weekly/2026-W05',
    counts,
    inDoubt: [],
    nextAt: undefined,
    state: 'sent',
    frozenAt: START,
    finishedAt: START,
    seconds: 1,
    rate: 1,
    failures: [],
    domains: [
      { ...none, domain: 'gmail.com', rejected: 7 },
      { ...none, domain: 'a-firm-of-one.example', rejected: 1 },
    ],
    returned: { hard: 0, soft: 0, complaint: 0 },
    senders: [],
    accepted: { from: 0, points: [] },
  }
  const failed = { state: 'rejected' as const, code: 550, enhanced: undefined, reply: 'no', count: 10 }
  const html = statusPage(
    { edition: { figures: { ...figures, failures: [failed] }, subject: '' } },
    { title: 'T', timezone: 'UTC', now: START },
    openTemplates(builtinTemplates),
  )
  expect(html).toContain('gmail.com')
  expect(html).not.toContain('a-firm-of-one')
  expect(html).toMatch(/all others[\s\S]*>3</)
})

test('the page is for this machine, or for who has the key; a proxy is not this machine', async () => {
  const open = await aService()
  expect((await open.visit('/status', { from: '127.0.0.1' })).status).toBe(200)
  expect((await open.visit('/status')).status).toBe(403)
  expect(
    (await open.visit('/status', { from: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.7' } }))
      .status,
  ).toBe(403)
  const { visit } = await aService({ metricsKey: 'k e:y' })
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
  const refused = await visit('/status')
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toBe('Basic realm="status", charset="UTF-8"')
  for (const headers of [
    { authorization: 'Bearer wrong' },
    { authorization: 'Bearer' },
    { authorization: '' },
    basic('k e:'),
    basic(''),
    { authorization: `Basic ${'A'.repeat(5000)}` },
  ])
    expect((await visit('/status', { headers })).status).toBe(401)
  const shown = await visit('/status', { headers: basic('anybody:k e:y') })
  expect(shown.status).toBe(200)
  expect(shown.headers.get('cache-control')).toBe('no-store')
  expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect((await visit('/%73tatus', { headers: basic(':k e:y') })).status).toBe(404)
  expect((await visit('/status', { method: 'POST', headers: basic(':k e:y') })).status).toBe(405)
})

test('an empty list has a page, and it is made once a minute at most', async () => {
  const { db, visit, clock } = await aService()
  const see = async () => (await visit('/status', { from: '127.0.0.1' })).text
  expect(await see()).toContain('Nobody has subscribed yet.')
  await aYear(db)
  expect(await see()).toContain('Nobody has subscribed yet.')
  clock.now += 61_000
  expect(await see()).not.toContain('Nobody has subscribed yet.')
})

test('light, dark, wide and narrow: axe finds nothing, nothing scrolls sideways, nothing is fetched', async () => {
  const { db, visit } = await aService({}, feeds)
  await aYear(db)
  await visit('/rss.xml', { headers: { 'user-agent': FEEDLY } })
  const { text: html } = await visit('/status', { from: '127.0.0.1' })
  for (const colorScheme of ['light', 'dark'] as const) {
    const tab = await browser().newPage({ viewport: { width: 360, height: 900 }, colorScheme })
    const asked: string[] = []
    tab.on('request', request => asked.push(request.url()))
    await tab.setContent(html)
    await tab.evaluate(axe)
    for (const width of [320, 360, 640]) {
      await tab.setViewportSize({ width, height: 900 })
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      const { PICTURES } = process.env
      if (PICTURES)
        await tab.screenshot({ path: join(PICTURES, `numbers-${colorScheme}-${width}.png`), fullPage: true })
    }
    const found = await tab.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')
    expect(found).toEqual([])
    // Each plot has words, and a table stands below it.
    const plots = (await tab.evaluate(
      `[...document.querySelectorAll('svg[role=img]')].map(svg => [svg.querySelector('title').textContent, svg.querySelector('desc').textContent.length > 20])`,
    )) as [string, boolean][]
    expect(plots).toEqual([
      ['Readers by mail', true],
      ['Left and complained after each edition', true],
      ['Until nine in ten had the letter, in minutes', true],
    ])
    expect(
      await tab.evaluate(`document.querySelectorAll('svg[role=img] ~ div table').length`),
    ).toBeGreaterThanOrEqual(3)
    expect(asked).toEqual([])
    await tab.close()
  }
})
