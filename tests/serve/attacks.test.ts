// What people who mean harm send: it costs nothing, leads nowhere and tells nothing.

import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readReport } from '../../src/inbound/read-report.ts'
import { listen } from '../../src/serve/listen.ts'
import { busyTime } from '../busy-time.ts'
import { aMail } from '../inbound/a-report.ts'
import { aService, SECRET, START } from './a-service.ts'

function talk(port: number, text: string): Promise<string> {
  return new Promise(resolve => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', chunk => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', () => resolve(heard))
    socket.on('close', () => resolve(heard))
  })
}

async function aPort(
  files: Record<string, string> = { 'out/index.html': 'home', 'out/world/index.html': 'world' },
) {
  const service = await aService({}, files)
  const listening = await listen(service.app, { host: '127.0.0.1', port: 0 })
  onTestFinished(() => listening.close())
  const port = Number(new URL(listening.url).port)
  const ask = (method: string, path: string, fields = '') =>
    talk(port, `${method} ${path} HTTP/1.1\r\nHost: evil.example\r\n${fields}Connection: close\r\n\r\n`)
  return { service, ask }
}

test('methods that nobody needs are refused without a fault, and echo nothing', async () => {
  const { service, ask } = await aPort()
  for (const path of ['/', '/subscribe', '/u/x', '/health']) {
    for (const method of ['TRACE', 'PROPFIND', 'PUT', 'DELETE', 'PATCH', 'PURGE']) {
      const answer = await ask(method, path, 'Cookie: secret=1\r\n')
      expect(answer, `${method} ${path}`).toMatch(/^HTTP\/1\.1 405 /)
      expect(answer).not.toContain('secret')
    }
  }
  expect(await ask('CONNECT', 'evil.example:443')).not.toMatch(/^HTTP\/1\.1 200/)
  expect(service.bugs).toEqual([])
})

test('no name of a host and no path makes a link or a redirect that leads elsewhere', async () => {
  const { ask } = await aPort()
  const forged =
    'X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Forwarded-Proto: javascript\r\n'
  for (const path of [
    '/world',
    '//world',
    '//evil.example/world',
    '/%2fevil.example/..%2fworld',
    '/\\evil.example',
    '/world%0d%0aSet-Cookie:x=1',
    '/subscribe?next=https://evil.example/',
    'http://evil.example/world',
    '/nothing',
  ]) {
    const answer = await ask('GET', path, forged)
    const location = /^location: (.*)\r$/im.exec(answer)?.[1]
    if (location !== undefined) expect(location).toMatch(/^\.\/world\/$/)
    expect(answer.replaceAll(path, '')).not.toMatch(/evil\.example|set-cookie/i)
  }
})

test('tokens of broken escapes, line ends and slashes are links that do not work', async () => {
  const { service, ask } = await aPort()
  for (const route of ['u', 'p', 'confirm', 'undo', 'data', 'erase']) {
    for (const token of [
      '%ff',
      '%00',
      '%E0%A4%A',
      'a%2fb',
      '%0d%0ax:1',
      '%',
      '.',
      '__proto__',
      'constructor',
    ]) {
      expect(await ask('GET', `/${route}/${token}`), `${route} ${token}`).toMatch(/^HTTP\/1\.1 404 /)
    }
  }
  expect(service.bugs).toEqual([])
})

test('fields that are called like what every object has are nothing special', async () => {
  const service = await aService()
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const body = `{"email":"anna@example.org","newsletter":["${name}"],"${name}":["weekly"],"topic.weekly":["${name}"]}`
    const headers = { 'content-type': 'application/json' }
    expect((await service.visit('/subscribe', { body, headers })).status).toBe(422)
    expect((await service.visit(`/webhooks/${name}`, { body, headers })).status).toBe(404)
  }
  expect(service.bugs).toEqual([])
})

/** Of CPU, ten times what the slowest takes; a pattern that tries again at every blank takes far more. */
const BUSY_MS = 1000

/** In ms of CPU, the quickest of three. */
async function quickest(task: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    best = Math.min(best, await busyTime(task))
  }
  return best
}

test('no header and no form of the size that is let in keeps the service busy', async () => {
  const service = await aService({}, { 'out/index.html': 'home' })
  await service.visit('/')
  await service.visit('/subscribe')
  const blanks = ' '.repeat(15_000)
  const form = 'application/x-www-form-urlencoded'
  for (const [name, value] of [
    ['accept-encoding', `gzip${blanks}x`],
    ['accept-language', `en${blanks};${blanks}q=1`],
    ['range', `bytes=${'1'.repeat(15_000)}`],
    ['if-none-match', `"${'W/'.repeat(7_000)}`],
    ['x-forwarded-for', ','.repeat(15_000)],
    ['authorization', `Basic ${blanks}x`],
    ['content-type', `multipart/form-data; boundary=${'a'.repeat(15_000)}`],
  ] as const) {
    for (const path of ['/', '/metrics', '/subscribe']) {
      const took = await quickest(() => service.visit(path, { headers: { [name]: value } }))
      expect(took, `${name} ${path}`).toBeLessThan(BUSY_MS)
    }
  }
  for (const body of [
    'a&'.repeat(8_000),
    'newsletter=weekly&'.repeat(900),
    '%'.repeat(16_000),
    '+'.repeat(16_000),
  ]) {
    const took = await quickest(() =>
      service.visit('/subscribe', { body, headers: { 'content-type': form } }),
    )
    expect(took, body.slice(0, 20)).toBeLessThan(BUSY_MS)
  }
  expect(service.bugs).toEqual([])
})

test('a mail of a megabyte that was made to be a burden is read in no time', async () => {
  const much = 1_000_000
  const quotedPrintable = { 'Content-Type': 'text/plain', 'Content-Transfer-Encoding': 'quoted-printable' }
  for (const [name, mail] of Object.entries({
    'blanks in quoted-printable': aMail(quotedPrintable, `${' '.repeat(much)}x`),
    'tabs and lines': aMail(quotedPrintable, '\t\n '.repeat(much / 3)),
    'a subject of blanks': aMail({ Subject: `subscribe${' '.repeat(much)}x` }),
    'a sender of brackets': aMail({ From: '<'.repeat(much), Subject: 'subscribe weekly' }),
    'a sender of names': aMail({
      From: `${'a '.repeat(much / 2)}<a@example.org> x`,
      Subject: 'subscribe weekly',
    }),
    'many addresses': aMail({ To: 'bounces+16-abcdefg-abcdefghijklmnop@x.example, '.repeat(much / 50) }),
    'a field of blanks': aMail({ 'X-A': `${' '.repeat(much)}x` }),
    links: aMail({ 'Content-Type': 'message/rfc822' }, `List-Unsubscribe: ${'/u/a'.repeat(much / 4)}\n\n`),
    'a report of blanks': aMail(
      { 'Content-Type': 'message/delivery-status' },
      `Action: x\n${' '.repeat(much)}x\n`,
    ),
    'prose of digits': aMail({ From: 'MAILER-DAEMON@x.example' }, '5.1.'.repeat(much / 4)),
  })) {
    const took = await busyTime(() => readReport(SECRET, { bytes: Buffer.from(mail), now: START }))
    expect(took, name).toBeLessThan(10_000)
  }
})
