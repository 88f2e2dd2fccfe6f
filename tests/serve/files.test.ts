// The files of out/: right types, 304, compression, parts; and nothing outside out/, whatever is asked for.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { aPublication } from '../builders.ts'
import { aService } from './a-service.ts'

const RSS = `<?xml version="1.0"?><rss version="2.0"><channel><title>${'The Meridian '.repeat(50)}</title></channel></rss>`
const files = {
  'out/index.html': '<!doctype html><title>The Meridian</title>',
  'out/rss.xml': RSS,
  'out/atom.xml': '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
  'out/feed.json': '{"version":"https://jsonfeed.org/version/1.1"}',
  'out/feeds.opml': '<opml/>',
  'out/feed.css': 'item { display: block }',
  'out/world/2026/a bridge/index.html': '<p>बधाई</p>',
  'out/audio/show.mp3': 'ID3'.repeat(1000),
  'out/.broadsheet/broadsheet.db': 'SECRET LIST',
  'out/.env': 'SECRET',
  '.env': 'SECRET',
  'articles/draft.md': 'SECRET DRAFT',
}

test('feeds that moved are redirected for good, and nothing else is', async () => {
  const { feeds } = aPublication()
  const service = await aService(
    { publication: aPublication({ feeds: { ...feeds, moved: 'https://new.example/' } }) },
    files,
  )
  for (const path of ['/rss.xml', '/tags/rail/feed.json', '/feeds.opml']) {
    const { status, headers } = await service.visit(path)
    expect([path, status, headers.get('location')]).toEqual([path, 301, `https://new.example${path}`])
    expect(headers.get('access-control-allow-origin')).toBe('*')
  }
  expect((await service.visit('/')).status).toBe(200)
  expect((await service.visit('/feed.css')).status).toBe(200)
})

test('every kind of file has its type', async () => {
  const service = await aService({}, files)
  const types = {
    '/': 'text/html; charset=utf-8',
    '/rss.xml': 'application/rss+xml; charset=utf-8',
    '/atom.xml': 'application/atom+xml; charset=utf-8',
    '/feed.json': 'application/feed+json; charset=utf-8',
    '/feeds.opml': 'text/x-opml; charset=utf-8',
    '/feed.css': 'text/css; charset=utf-8',
    '/audio/show.mp3': 'audio/mpeg',
    '/world/2026/a%20bridge/': 'text/html; charset=utf-8',
  }
  for (const [path, type] of Object.entries(types)) {
    const { status, headers } = await service.visit(path)
    expect([path, status, headers.get('content-type')]).toEqual([path, 200, type])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('feeds say when they changed, and readers in browsers may read them', async () => {
  const service = await aService({}, files)
  const { headers } = await service.visit('/rss.xml')
  const changed = headers.get('last-modified')!
  expect(changed).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
  expect(headers.get('access-control-allow-origin')).toBe('*')
  expect((await service.visit('/')).headers.has('access-control-allow-origin')).toBe(false)
  const since = (date: string, more = {}) =>
    service.visit('/rss.xml', { headers: { 'If-Modified-Since': date, ...more } })
  expect((await since(changed)).status).toBe(304)
  expect((await since('Thu, 01 Jan 2015 00:00:00 GMT')).status).toBe(200)
  expect((await since('never')).status).toBe(200)
  // RFC 9110 §13.1.3: a tag counts more than a date.
  expect((await since(changed, { 'If-None-Match': '"other"' })).status).toBe(200)
  const preflight = await service.visit('/rss.xml', { method: 'OPTIONS' })
  expect(preflight.headers.get('access-control-allow-headers')).toContain('If-None-Match')
})

test('a browser gets a feed as something that it shows', async () => {
  const service = await aService({}, files)
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  const type = async (path: string, Accept: string) =>
    (await service.visit(path, { headers: { Accept } })).headers.get('content-type')
  expect(await type('/rss.xml', accept)).toBe('application/xml; charset=utf-8')
  expect(await type('/atom.xml', accept)).toBe('application/xml; charset=utf-8')
  expect(await type('/feed.json', accept)).toBe('application/json; charset=utf-8')
  expect(await type('/rss.xml', '*/*')).toBe('application/rss+xml; charset=utf-8')
  expect(await type('/rss.xml', 'application/rss+xml, text/xml;q=0.5')).toBe(
    'application/rss+xml; charset=utf-8',
  )
  expect(await type('/', accept)).toBe('text/html; charset=utf-8')
})

test('a folder is found with and without its slash', async () => {
  const service = await aService({}, files)
  const { status, headers } = await service.visit('/world/2026/a%20bridge')
  expect([status, headers.get('location')]).toEqual([301, './a%20bridge/'])
  expect((await service.visit('/world/')).status).toBe(404)
})

test('an unchanged file is 304 in whatever encoding it was had; a changed one is not', async () => {
  const service = await aService({}, files)
  const tags = new Set<string>()
  for (const encoding of ['br', 'gzip', 'identity']) {
    const headers = { 'accept-encoding': encoding }
    const first = await service.visit('/rss.xml', { headers })
    const tag = first.headers.get('etag')!
    expect(tag).toMatch(/^"[\w-]+"$/)
    tags.add(tag)
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const again = await service.visit('/rss.xml', { headers: { ...headers, 'if-none-match': known } })
      expect([again.status, again.text]).toEqual([304, ''])
      expect(again.headers.get('etag')).toBe(tag)
    }
    expect(
      (await service.visit('/rss.xml', { headers: { ...headers, 'if-none-match': '"other"' } })).status,
    ).toBe(200)
  }
  expect(tags.size).toBe(3)
  const [tag] = tags
  writeFileSync(`${service.dir}/out/rss.xml`, RSS.replace('2.0', '2.1'))
  expect((await service.visit('/rss.xml', { headers: { 'if-none-match': tag! } })).status).toBe(200)
})

test('text is compressed as the reader likes it, and is the same when unpacked', async () => {
  const service = await aService({}, files)
  const get = (encoding: string) => service.visit('/rss.xml', { headers: { 'accept-encoding': encoding } })
  const br = await get('gzip, deflate, br')
  expect(br.headers.get('content-encoding')).toBe('br')
  expect(br.headers.get('vary')).toBe('Accept, Accept-Encoding')
  expect(brotliDecompressSync(br.bytes).toString()).toBe(RSS)
  expect(br.bytes.length).toBeLessThan(RSS.length / 3)
  const gz = await get('gzip;q=0.5, br;q=0')
  expect(gunzipSync(gz.bytes).toString()).toBe(RSS)
  expect((await get('identity')).text).toBe(RSS)
  const audio = await service.visit('/audio/show.mp3', { headers: { 'accept-encoding': 'br' } })
  expect(audio.headers.get('content-encoding')).toBeNull()
})

test('a podcast player gets the part it asks for', async () => {
  const service = await aService({}, files)
  const get = (range: string, more = {}) => service.visit('/audio/show.mp3', { headers: { range, ...more } })
  const part = await get('bytes=3-5')
  expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, 'ID3', 'bytes 3-5/3000'])
  expect((await get('bytes=-3')).text).toBe('ID3')
  expect((await get('bytes=2997-')).text).toBe('ID3')
  expect((await get('bytes=0-99999')).bytes.length).toBe(3000)
  expect((await get('bytes=5000-')).status).toBe(416)
  expect((await get('bytes=0-1,5-6')).status).toBe(200)
  expect((await get('bytes=0-1', { 'if-range': '"other"' })).status).toBe(200)
  expect((await get('bytes=0-1', { 'if-range': part.headers.get('etag')! })).status).toBe(206)
})

test('HEAD says what GET would, without it; other methods are refused', async () => {
  const service = await aService({}, files)
  const head = await service.visit('/rss.xml', { method: 'HEAD' })
  expect([head.status, head.text]).toEqual([200, ''])
  expect(head.headers.get('content-length')).toBe(String(RSS.length))
  for (const method of ['POST', 'PUT', 'DELETE']) {
    expect((await service.visit('/rss.xml', { method })).status).toBe(405)
  }
})

test('nothing outside out/ and nothing hidden is ever shown', async () => {
  const service = await aService({}, files)
  symlinkSync(`${service.dir}/articles`, `${service.dir}/out/linked`)
  symlinkSync(`${service.dir}/.env`, `${service.dir}/out/env.txt`)
  symlinkSync('.broadsheet/broadsheet.db', `${service.dir}/out/list.db`)
  symlinkSync('/etc/passwd', `${service.dir}/out/passwd.txt`)
  mkdirSync(`${service.dir}/outside`)
  const paths = [
    '/..%2f.env',
    '/..%2f..%2f..%2f..%2fetc/passwd',
    '/%2e%2e/.env',
    '/%2e%2e%2f.env',
    '/world/..%2f..%2f.env',
    '/..%5c.env',
    '/.broadsheet/broadsheet.db',
    '/.broadsheet%2fbroadsheet.db',
    '/%2ebroadsheet/broadsheet.db',
    '/.env',
    '/linked/draft.md',
    '/env.txt',
    '/list.db',
    '/passwd.txt',
    '/rss.xml%00.html',
    '/%',
    '/%c0%ae%c0%ae/.env',
    '//etc/passwd',
    '/rss.xml/',
    '/articles/draft.md',
  ]
  for (const path of paths) {
    const request = new Request(`https://letters.meridian.example${path}`)
    const response = await service.app(request, { address: '203.0.113.7' })
    const text = await response.text()
    expect([path, response.status]).toEqual([path, 404])
    expect(text).not.toContain('SECRET')
    expect(text).not.toContain('root:')
  }
})

test('without out/ the front page is the form', async () => {
  const service = await aService()
  const { status, headers } = await service.visit('/')
  expect([status, headers.get('location')]).toEqual([302, '/subscribe'])
})

test('below a path of its own, whether or not the proxy takes it away', async () => {
  const { publication } = await import('./a-service.ts')
  const service = await aService(
    { publication: { ...publication, service: 'https://meridian.example/letters/' } },
    files,
  )
  for (const path of ['/letters/subscribe', '/subscribe']) {
    expect((await service.visit(path)).text).toContain('action="/letters/subscribe"')
  }
  expect((await service.visit('/letters/rss.xml')).text).toBe(RSS)
  expect((await service.visit('/letters/')).text).toContain('The Meridian')
})

test('who runs it learns how it is: health for all, counts for this machine or with the key', async () => {
  const service = await aService({ metricsKey: 'a-key' })
  expect(JSON.parse((await service.visit('/health')).text)).toEqual({ status: 'ok' })
  expect((await service.visit('/metrics')).status).toBe(403)
  const proxied = { 'x-forwarded-for': '203.0.113.7' }
  expect((await service.visit('/metrics', { from: '127.0.0.1', headers: proxied })).status).toBe(403)
  expect((await service.visit('/metrics', { headers: { authorization: 'Bearer a-key' } })).status).toBe(200)
  await service.visit('/subscribe', { form: { email: 'anna@example.org', newsletter: 'weekly' } })
  const { text, headers } = await service.visit('/metrics', { from: '127.0.0.1' })
  expect(headers.get('content-type')).toContain('version=0.0.4')
  expect(text).toContain('broadsheet_requests_total{purpose="subscribe"} 1')
  expect(text).toMatch(/broadsheet_answers_total\{route="\/subscribe",method="POST",status="200"\} 1/)
  expect(text).toContain('broadsheet_subscribers_active 0')
  expect(text).not.toContain('anna')
  await service.db.close()
  expect((await service.visit('/health')).status).toBe(503)
})

test('a fault is a page without its reason, and is told to who runs it without token or address', async () => {
  const told: unknown[] = []
  const service = await aService({ failed: (route, error) => told.push(route, error) })
  await service.db.close()
  const { status, text } = await service.visit('/subscribe', {
    form: { email: 'anna@example.org', newsletter: 'weekly' },
  })
  expect(status).toBe(503)
  expect(text).toContain('The fault is ours')
  expect(text).not.toMatch(/sqlite|database|Error:/i)
  expect(told[0]).toBe('/subscribe')
})
