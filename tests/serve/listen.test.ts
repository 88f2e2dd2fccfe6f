// Over a real port: slow, greedy and broken clients end without harm, and who is being served when it stops is served.

import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { App } from '../../src/serve/create-app.ts'
import { explainListenError, type Listening, type ListenOptions, listen } from '../../src/serve/listen.ts'
import { aService } from './a-service.ts'

async function aServer(
  app: App,
  options: Partial<ListenOptions> = {},
): Promise<Listening & { port: number }> {
  const listening = await listen(app, { host: '127.0.0.1', port: 0, ...options })
  onTestFinished(() => listening.close())
  return { ...listening, port: Number(new URL(listening.url).port) }
}

/** Everything that comes back until the end. */
function talk(port: number, text: string, then?: (socket: Socket) => void): Promise<string> {
  return new Promise(resolve => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text)
      then?.(socket)
    })
    socket.on('data', chunk => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', () => resolve(heard))
    socket.on('close', () => resolve(heard))
  })
}

function anEvent(): { readonly awaited: Promise<void>; happen(): void } {
  let happen = () => {}
  const awaited = new Promise<void>(resolve => {
    happen = resolve
  })
  return { awaited, happen: () => happen() }
}

const quick = { headers: 400, request: 800, idle: 1000 }

test('the form, the mail and the button over HTTP', async () => {
  const service = await aService()
  const { url } = await aServer(service.app)
  const body = new URLSearchParams({ email: 'anna@example.org', newsletter: 'weekly' })
  const asked = await fetch(`${url}subscribe`, { method: 'POST', body })
  expect(asked.status).toBe(200)
  const [mail] = await service.mails()
  const done = await fetch(new URL(mail!.link, url), {
    method: 'POST',
    body: new URLSearchParams({ confirm: 'yes' }),
  })
  expect(await done.text()).toContain('You are subscribed')
  const multipart = new FormData()
  multipart.set('email', 'ben@example.org')
  multipart.set('newsletter', 'weekly')
  expect((await fetch(`${url}subscribe`, { method: 'POST', body: multipart })).status).toBe(200)
  expect((await service.mails()).map(({ to }) => to)).toEqual(['ben@example.org'])
})

test('a client that sends a byte at a time is cut off, in the head and in the body', async () => {
  const service = await aService()
  const { port } = await aServer(service.app, { timeouts: quick })
  const drip = (socket: Socket) => {
    const timer = setInterval(() => socket.write('x'), 50)
    socket.on('close', () => clearInterval(timer))
  }
  const heads = await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', drip)
  expect(heads).toMatch(/^(HTTP\/1.1 408|$)/)
  await talk(
    port,
    'POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\n',
    drip,
  )
})

test('a head too long is 431, a body too long 413, nonsense 400', async () => {
  const service = await aService()
  const { port, url } = await aServer(service.app)
  expect(await talk(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 431/,
  )
  expect(await talk(port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
  const body = new URLSearchParams({ email: 'x'.repeat(100_000) })
  expect((await fetch(`${url}subscribe`, { method: 'POST', body })).status).toBe(413)
  // What says of itself that it is too long is not waited for.
  const said = `POST /subscribe HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n`
  expect(await talk(port, said)).toMatch(/^HTTP\/1.1 413/)
  const chunked = `POST /subscribe HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n${`1000\r\n${'x'.repeat(4096)}\r\n`.repeat(6)}0\r\n\r\n`
  expect(await talk(port, chunked)).toMatch(/^HTTP\/1.1 413/)
})

test('a Host that is none and a path that leads away do no harm', async () => {
  const service = await aService({}, { 'out/index.html': 'home', '.env': 'SECRET' })
  const { port } = await aServer(service.app)
  const get = (path: string, host = 'x') =>
    talk(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  for (const path of [
    '/../.env',
    '/%2e%2e/.env',
    '/..%2f.env',
    '/./../.env',
    '//../.env',
    'http://evil.example/../.env',
  ]) {
    expect(await get(path)).not.toContain('SECRET')
  }
  expect(await get('/subscribe', 'evil.example')).not.toContain('evil.example')
  for (const host of ['', 'a b', 'x/y', '[', 'x:99999'])
    expect(await get('/subscribe', host)).toMatch(/^HTTP\/1.1 (200|400)/)
})

test('who is being served when it stops is served; nobody new is', async () => {
  const [arrived, finished] = [anEvent(), anEvent()]
  const { url, close } = await aServer(async () => {
    arrived.happen()
    await finished.awaited
    return new Response('served')
  })
  const answer = fetch(url)
  await arrived.awaited
  const closed = close()
  await expect(fetch(url)).rejects.toThrow()
  finished.happen()
  expect(await (await answer).text()).toBe('served')
  await closed
})

test('a request that takes too long does not hold up the end', async () => {
  const arrived = anEvent()
  const never = () => {
    arrived.happen()
    return new Promise<Response>(() => {})
  }
  const { url, close } = await aServer(never, { grace: 200 })
  const answer = fetch(url).catch(() => 'cut')
  await arrived.awaited
  await close()
  expect(await answer).toBe('cut')
})

test('a port that is taken is said so', async () => {
  const { port } = await aServer(async () => new Response())
  await expect(listen(async () => new Response(), { host: '127.0.0.1', port })).rejects.toThrow(/is taken/)
  await expect(listen(async () => new Response(), { host: '203.0.113.1', port: 0 })).rejects.toThrow(
    /no address/,
  )
})

test('a port that is for other users says what else there is; what nobody can put right is no advice', () => {
  expect(explainListenError(Object.assign(new Error(), { code: 'EACCES' }), '127.0.0.1', 80)).toMatchObject({
    message: 'this user may not listen on port 80',
    hint: 'Take one above 1024 and put a proxy before it: broadsheet serve --port 8080',
  })
  const fault = new Error('of the program')
  expect(explainListenError(fault, '127.0.0.1', 80)).toBe(fault)
})
