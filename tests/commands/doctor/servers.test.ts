// What a mail server and the addresses of the web show, and what is said of it: each check of them fails for its own reason.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { once } from '../../../src/base/index.ts'
import { openWeb } from '../../../src/commands/doctor/network.ts'
import { type Examined, examine, type Group } from '../../../src/commands/doctor/run-checks.ts'
import type { Setup } from '../../../src/commands/doctor/setup.ts'
import { smtp } from '../../../src/commands/doctor/smtp-checks.ts'
import { clock, service, site } from '../../../src/commands/doctor/web-checks.ts'
import { meetSmtpServer } from '../../../src/deliver/index.ts'
import type { App } from '../../../src/serve/create-app.ts'
import { listen } from '../../../src/serve/listen.ts'
import { removeSubscriber, subscriberByKey } from '../../../src/store/index.ts'
import { aSmtpServer, type Script } from '../../a-smtp-server.ts'
import { type AService, aService, publication, subscribed } from '../../serve/a-service.ts'
import { alarms, aSetup, found, LIMIT_MS, NOW, SECRET } from './a-setup.ts'

const WEEKLY =
  'newsletters: [{ id: weekly, title: The Weekly, every: week, on: friday, from: The Gazette <news@gazette.org> }]\n'

const all = (examined: readonly Examined[]) =>
  examined.map(({ name, result, says }) => `${name} ${result}: ${says}`)

describe('mail server', () => {
  async function smtpOf(script: Script, login = '', query = ''): Promise<Examined[]> {
    const server = await aSmtpServer(script)
    onTestFinished(() => server.close())
    const env = { BROADSHEET_SMTP: `smtp://${login}127.0.0.1:${server.port}${query}` }
    return found([smtp], { settings: WEEKLY, zone: '', env })
  }

  test('one on this machine', async () => {
    const examined = await smtpOf({ offers: ['SIZE 10240000'] })
    expect(alarms(examined)).toEqual([])
    expect(all(examined)).toContain('smtp-tls skip: not encrypted, on this machine')
    expect(all(examined)).toContainEqual(
      expect.stringMatching(/^smtp-size pass: letters of \d+ kB, and it takes 10 MB$/),
    )
  })

  test('nobody answers', async () => {
    const examined = await found([smtp], {
      settings: WEEKLY,
      zone: '',
      env: { BROADSHEET_SMTP: 'smtp://127.0.0.1:1' },
    })
    expect(alarms(examined)).toEqual([
      expect.stringMatching(/^smtp-connection fail: Nobody answers at 127\.0\.0\.1:1/),
    ])
    expect(examined.every(({ says }) => !says.includes('undefined'))).toBe(true)
  })

  test('a wrong password, which is not repeated', async () => {
    const login = { user: 'news', password: 'right' }
    expect(alarms(await smtpOf({ login }, 'news:right@'))).toEqual([])
    const examined = await smtpOf({ login }, 'news:wrong-one@')
    expect(alarms(examined)).toEqual([expect.stringContaining('smtp-login fail')])
    expect(JSON.stringify(examined)).not.toContain('wrong-one')
  })

  test('letters that are larger than it takes', async () => {
    expect(alarms(await smtpOf({ offers: ['SIZE 2048'] }))).toEqual([
      expect.stringMatching(/^smtp-size fail: letters of \d+ kB, and it takes 3 kB$/),
    ])
    expect(all(await smtpOf({ offers: ['SIZE'] }))).toContain('smtp-size pass: no limit of size')
  })

  test('TLS that nobody vouches for, and until when', async () => {
    const server = new SMTPServer({ disabledCommands: ['AUTH'], logger: false })
    server.on('error', () => {})
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => new Promise<void>(closed => void server.close(closed)))
    const { port } = server.server.address() as AddressInfo
    const at = (query: string) =>
      found([smtp], {
        settings: WEEKLY,
        zone: '',
        env: { BROADSHEET_SMTP: `smtp://localhost:${port}${query}` },
      })
    expect(alarms(await at(''))).toEqual([
      expect.stringMatching(/^smtp-tls fail: No safe connection to localhost/),
    ])
    const taken = all(await at('?tls=self-signed'))
    expect(taken).toContainEqual(expect.stringMatching(/^smtp-tls pass: TLSv1/))
    expect(taken).toContainEqual(
      expect.stringMatching(/^smtp-certificate (pass|fail): its certificate (is good for|ended)/),
    )
  })

  /** A server at another address than this machine’s, as it showed itself. */
  async function seen(zone: string, facts: object, env = 'smtp://mx.gazette.org:25'): Promise<string[]> {
    const setup = await aSetup({ settings: WEEKLY, zone, env: { BROADSHEET_SMTP: env } })
    const shown = {
      ip: '198.51.100.1',
      name: 'mx.gazette.org',
      ourName: 'news.gazette.org',
      maxBytes: undefined,
      tls: { protocol: 'TLSv1.3', validUntil: NOW + 40 * 86_400_000 },
      ...facts,
    }
    const server = async () => ({ host: 'mx.gazette.org', port: 25, loggedIn: false, facts: shown })
    return alarms(await examine([smtp], { ...setup, server }, LIMIT_MS))
  }
  const NAMED = 'mx.gazette.org A 198.51.100.1\n1.100.51.198.in-addr.arpa PTR mx.gazette.org\n'

  test('the names of a server', async () => {
    expect(await seen(NAMED, {})).toEqual([])
    expect(await seen('', { name: 'mx' })).toEqual([
      'smtp-name warn: the server calls itself mx',
      'smtp-ptr warn: 198.51.100.1 has no name (PTR)',
    ])
    expect(await seen(NAMED.split('\n')[1]!, {})).toEqual([
      'smtp-name warn: the server calls itself mx.gazette.org, which is not in DNS',
      'smtp-ptr warn: 198.51.100.1 is called mx.gazette.org, whose address it is not',
    ])
    expect(await seen('', { ip: '10.0.0.7', name: 'mx' })).toEqual([])
    expect(await seen('', { name: 'smtp' }, 'smtp://u:p@smtp.sendgrid.net:587')).toEqual([])
    expect(await seen(NAMED, { ourName: '[127.0.0.1]' })).toEqual([
      'our-name warn: we call ourselves [127.0.0.1]',
    ])
  })

  test('nothing encrypted, and a certificate that ends', async () => {
    expect(await seen(NAMED, { tls: undefined })).toEqual(['smtp-tls warn: nothing is encrypted'])
    const until = (days: number) =>
      seen(NAMED, { tls: { protocol: 'TLSv1.3', validUntil: NOW + days * 86_400_000 } })
    expect(await until(1.5)).toEqual(['smtp-certificate warn: its certificate ends in 1 day'])
    expect(await until(0.5)).toEqual(['smtp-certificate warn: its certificate ends within a day'])
    expect(await until(-0.1)).toEqual(['smtp-certificate fail: its certificate ended today'])
    expect(await until(-1)).toEqual(['smtp-certificate fail: its certificate ended 1 day ago'])
    expect(await until(-2)).toEqual(['smtp-certificate fail: its certificate ended 2 days ago'])
  })

  test('an address that lacks something is an error with what is right', async () => {
    await expect(meetSmtpServer('smtp://', 1000, new AbortController().signal)).rejects.toThrow(
      'BROADSHEET_SMTP',
    )
  })
})

describe('service', () => {
  let serving: AService
  /** The real one, behind whatever stands in front of it. */
  async function at(
    front: (request: Request, answer: () => Promise<Response>) => Promise<Response>,
    secret = SECRET,
  ) {
    let app: App = async () => new Response(null, { status: 503 })
    const listening = await listen((request, peer) => app(request, peer), {
      host: '127.0.0.1',
      port: 0,
      grace: 0,
    })
    onTestFinished(() => listening.close())
    const { url } = listening
    serving = await aService({ publication: { ...publication, service: url }, secret })
    app = (request, peer) => front(request, () => serving.app(request, peer))
    return found([service], { settings: `service: ${url}\n${WEEKLY}`, zone: '' })
  }

  test('the real one is right, and the click of nobody changes nothing', async () => {
    const examined = await at((_, answer) => answer())
    expect(alarms(examined)).toEqual([])
    expect(all(examined)).toEqual(
      expect.arrayContaining([
        'one-click pass: one click unsubscribes',
        'one-click-forged pass: a forged link is refused',
        'get-changes-nothing pass: opening a link shows a button',
        'service-headers pass: no cache, no referrer, no robots',
        'sign-up-form pass: the form to subscribe',
      ]),
    )
    expect(serving.bugs).toEqual([])
  })

  test('a reader stays when the click of nobody is made', async () => {
    let clicks = 0
    const anna = once(() => subscribed(serving, 'anna@example.org'))
    const examined = await at(async (request, answer) => {
      await anna()
      if (request.method === 'POST') clicks++
      return answer()
    })
    expect(alarms(examined)).toEqual([])
    // The signed one, and the forged one.
    expect(clicks).toBe(2)
    const stays = await subscriberByKey(serving.db, 'anna@example.org')
    expect([stays?.state, stays?.left]).toEqual(['active', []])
    // A link of hers would have had an effect.
    const leaving = { subscriber: stays!.id, newsletter: 'weekly', now: NOW }
    expect(await removeSubscriber(serving.db, leaving)).toBeTruthy()
  })

  test('another secret', async () => {
    const examined = await at((_, answer) => answer(), 'another-secret-altogether')
    expect(alarms(examined)).toEqual([
      'one-click fail: the service does not know our links: it runs with another BROADSHEET_SECRET',
      'get-changes-nothing fail: the page to leave by answers 404',
    ])
  })

  test('a proxy that redirects, asks for a login or lets no POST through', async () => {
    const elsewhere = new Response(null, { status: 301, headers: { location: 'https://www.gazette.org/u' } })
    const post = (response: Response) =>
      at(async (request, answer) => (request.method === 'POST' ? response.clone() : answer()))
    expect(alarms(await post(elsewhere))).toEqual([
      'one-click fail: the one-click POST is redirected to https://www.gazette.org/u, and providers do not follow',
    ])
  })

  test('no POST', async () => {
    const examined = await at(async (request, answer) =>
      request.method === 'POST' ? new Response('no', { status: 405 }) : answer(),
    )
    expect(alarms(examined)).toEqual(['one-click fail: the one-click POST is answered with 405'])
  })

  test('something that says yes to everything', async () => {
    const examined = await at(
      async () => new Response('<h1>Welcome</h1>', { headers: { 'content-type': 'text/html' } }),
    )
    expect(alarms(examined)).toEqual([
      expect.stringMatching(/^service-answers fail: what answers at .*health \(200\) is not/),
      'one-click-forged fail: a forged link is taken',
      'get-changes-nothing fail: the page to leave by has no button, or does not wait for it',
      'service-headers warn: something takes Referrer-Policy, Cache-Control, X-Robots-Tag, X-Content-Type-Options away',
    ])
  })

  test('a service that is being started anew is waited for', async () => {
    let asked = 0
    const examined = await at(async (request, answer) => {
      if (request.method === 'POST' && asked++ === 0) return new Response('starting', { status: 503 })
      return answer()
    })
    expect(alarms(examined)).toEqual([])
  })

  test('until when a certificate is good, by name and by address', async () => {
    const server = new SMTPServer({ secure: true, logger: false })
    server.on('error', () => {})
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => new Promise<void>(closed => void server.close(closed)))
    const { port } = server.server.address() as AddressInfo
    const web = openWeb(new AbortController().signal)
    for (const host of ['localhost', '127.0.0.1'])
      expect(await web.validUntil(`https://${host}:${port}/`)).toBeGreaterThan(Date.parse('2020-01-01'))
  })

  test('nobody answers: said once', async () => {
    const { url, close } = await listen(async () => new Response(), { host: '127.0.0.1', port: 0 })
    await close()
    const examined = await found([service], { settings: `service: ${url}\n${WEEKLY}`, zone: '' })
    expect(alarms(examined)).toEqual([`service-answers fail: nobody answers at ${new URL(url).host}`])
  })
})

describe('pages and feeds', () => {
  const RIGHT: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': ['text/html; charset=utf-8', '<!doctype html>'],
    '/rss.xml': ['application/rss+xml', '<?xml version="1.0"?><rss version="2.0">'],
    '/atom.xml': ['application/atom+xml', '<feed xmlns="http://www.w3.org/2005/Atom">'],
    '/feed.json': ['application/feed+json', '{"version":"https://jsonfeed.org/version/1.1"}'],
  }

  async function siteOf(
    pages: typeof RIGHT,
    headers: Record<string, string> = { etag: '"1"' },
    groups: readonly Group[] = [site],
  ) {
    const server = createServer((request, response) => {
      const [type, text] = pages[request.url ?? ''] ?? []
      const fields = { date: new Date(NOW).toUTCString(), ...headers }
      if (type === undefined) response.writeHead(404, fields).end()
      else if (headers.etag && request.headers['if-none-match'] === headers.etag)
        response.writeHead(304, fields).end()
      else if (type === 'moved') response.writeHead(301, { ...fields, location: text }).end()
      else response.writeHead(200, { ...fields, 'content-type': type }).end(text)
    })
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => {
      server.closeAllConnections()
      return new Promise<void>(closed => void server.close(() => closed()))
    })
    const { port } = server.address() as AddressInfo
    const setup = await aSetup({ settings: WEEKLY, zone: '' })
    const publication: Setup['publication'] = { ...setup.publication, url: `http://127.0.0.1:${port}/` }
    return alarms(await examine(groups, { ...setup, publication }, LIMIT_MS))
  }

  test('what is right', async () => {
    expect(await siteOf(RIGHT, undefined, [site, clock])).toEqual([])
  })

  test('what is not there', async () => {
    expect(await siteOf({})).toEqual([
      expect.stringMatching(/^site-answers fail: .* answers 404$/),
      expect.stringMatching(/^feeds-answer fail: .*atom\.xml answers 404 \(and 2 more\)$/),
    ])
  })

  test('what leads elsewhere', async () => {
    expect(await siteOf({ ...RIGHT, '/': ['moved', 'https://www.gazette.org/'] })).toEqual([
      expect.stringMatching(/^site-answers warn: .* leads to https:\/\/www\.gazette\.org\/$/),
    ])
  })

  test('the wrong type, the wrong text', async () => {
    expect(
      await siteOf({
        ...RIGHT,
        '/': ['text/plain', 'x'],
        '/rss.xml': ['text/html', '<rss version="2.0">'],
        '/feed.json': ['application/json', '{"error":1}'],
      }),
    ).toEqual([
      expect.stringContaining('site-answers fail'),
      expect.stringMatching(/^feeds-answer fail: what is at .*feed\.json is no feed$/),
      expect.stringMatching(/^feeds-type warn: .*rss\.xml is text\/html$/),
    ])
  })

  test('what is sent again and again', async () => {
    expect(await siteOf(RIGHT, {})).toEqual([
      expect.stringMatching(/^feeds-caching warn: .*has neither ETag nor Last-Modified \(and 2 more\)$/),
    ])
    expect(await siteOf(RIGHT, { 'last-modified': 'Fri, 06 Feb 2026 07:00:00 GMT' })).toEqual([
      expect.stringMatching(/^feeds-caching warn: .*is sent again in full/),
    ])
  })

  test('a clock that is wrong', async () => {
    const date = new Date(NOW - 600_000).toUTCString()
    expect(await siteOf(RIGHT, { etag: '"1"', date }, [clock])).toEqual(['clock fail: off by 10 minutes'])
    // A page that a cache has had for so long.
    expect(await siteOf(RIGHT, { etag: '"1"', date, age: '600' }, [clock])).toEqual([])
  })
})
