// Servers that do what no RFC foresees → outcomes that can be relied on, and nothing told that nobody asked for.

import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { openTransport } from '../../src/deliver/open-transport.ts'
import type { Transport } from '../../src/deliver/transport.ts'
import { aMessage } from './a-message.ts'

/** So that no answer is late on a machine that is busy with other things. */
const PATIENT = { connect: 60_000, message: 60_000, reply: 60_000 }
const GO = '354 go ahead'

interface Odd {
  readonly offers?: readonly string[]
  /** Answers to commands by their first word; undefined for 250. */
  readonly answers?: Readonly<Record<string, string>>
  /** After the body's end. */
  readonly taken?: string
  /** Takes over once DATA was answered: nothing is read any more. */
  onData?(socket: Socket): void
  readonly closeAfter?: boolean
}

/** Says what it is told to, whatever it hears; a line at a time. */
async function anOddServer({ offers = ['PIPELINING'], answers = {}, taken = '250 2.0.0 ok', ...odd }: Odd) {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    let input = ''
    let body = false
    socket.setNoDelay(true).on('error', () => {})
    const say = (text: string) => void socket.write(`${text}\r\n`)
    say('220 odd')
    socket.on('data', chunk => {
      input += chunk.toString('latin1')
      for (let end = input.indexOf('\r\n'); end >= 0; end = input.indexOf('\r\n')) {
        const line = input.slice(0, end)
        input = input.slice(end + 2)
        if (body) {
          if (line !== '.') continue
          body = false
          say(taken)
          if (odd.closeAfter) socket.end()
          continue
        }
        heard.push(line)
        const word = line.split(' ')[0]!.toUpperCase()
        if (word === 'EHLO')
          say(
            ['odd', ...offers].map((offer, i) => `250${i < offers.length ? '-' : ' '}${offer}`).join('\r\n'),
          )
        else if (word === 'DATA') {
          const answer = answers.DATA ?? GO
          say(answer)
          body = answer === GO
          if (odd.onData) {
            socket.pause()
            return odd.onData(socket)
          }
        } else say(answers[word] ?? '250 ok')
      }
    })
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, heard, connections: () => sockets.size }
}

let transport: Transport
afterEach(() => transport.close('cut'))

async function start(odd: Odd, { login = '', timeouts = PATIENT } = {}) {
  const server = await anOddServer(odd)
  transport = openTransport(`smtp://${login}127.0.0.1:${server.port}`, { dir: '/', timeouts })
  return server
}

const send = (to = 'asha@reader.example', body = 'Hello.') =>
  transport.send(aMessage(to, body), { beforeLastByte: async () => true })

it.each([[['PIPELINING']], [[]]])(
  '250 to DATA is no wish for the message: none of its lines is told, %s',
  async offers => {
    const { heard } = await start({ offers, answers: { DATA: '250 ok' } })
    const outcome = await send('asha@reader.example', 'MAIL FROM:<evil@z.example>')
    expect(outcome).toMatchObject({ kind: 'host-trouble', reply: expect.stringContaining('250 ok') })
    expect(heard).not.toContain('Subject: Test')
    expect(heard.filter(line => line.startsWith('MAIL'))).toEqual(['MAIL FROM:<bounces@meridian.example>'])
  },
)

it('an acceptance while most of the message is still here is none', async () => {
  const timeouts = { ...PATIENT, message: 1000, reply: 1000 }
  await start({ onData: socket => void socket.write('250 2.0.0 taken\r\n') }, { timeouts })
  const outcome = await send('asha@reader.example', 'x'.repeat(60).concat('\r\n').repeat(200_000))
  expect(outcome.kind).toBe('unknown')
})

it('a server that refuses many of one connection costs no memory', async () => {
  const warnings: Error[] = []
  const warned = (warning: Error) => warnings.push(warning)
  process.on('warning', warned)
  onTestFinished(() => void process.off('warning', warned))
  const { connections } = await start({ answers: { RCPT: '550 5.1.1 nobody' } })
  for (let i = 0; i < 30; i++) expect((await send()).kind).toBe('rejected')
  await new Promise(resolve => setImmediate(resolve))
  expect(warnings).toEqual([])
  expect(connections()).toBe(1)
})

it('one that closes after each message is taken for what it is', async () => {
  const { connections } = await start({ closeAfter: true })
  for (let i = 0; i < 5; i++) expect((await send()).kind).toBe('accepted')
  expect(connections()).toBe(5)
})

it('several lines, control characters and ten megabytes become one short line', async () => {
  await start({ taken: '250-2.0.0 first\r\n250-2.0.0 \u001b[31msecond\u0007\r\n250 2.0.0 third' })
  expect((await send()).reply).toBe('250 2.0.0 first [31msecond third')
  await transport.close()
  await start({ taken: `550 5.1.1 ${'y'.repeat(1e7)}` })
  const { kind, reply } = await send()
  expect(kind).not.toBe('accepted')
  expect(reply.length).toBeLessThanOrEqual(500)
})

it.each([
  ['as PLAIN', '535 5.7.8 no: AUTH PLAIN AG5ld3MAczNjcjN0LXdvcmQ='],
  ['without its filling', '535 5.7.8 no: AG5ld3MAczNjcjN0LXdvcmQ'],
  ['as LOGIN', '535 5.7.8 no: czNjcjN0LXdvcmQ='],
])('a password that comes back %s is not shown', async (_, answer) => {
  await start({ offers: ['AUTH PLAIN'], answers: { AUTH: answer } }, { login: 'news:s3cr3t-word@' })
  const error = await transport.verify().catch(error => error)
  expect(error).toMatchObject({ name: 'UserError', exit: 2 })
  expect(error.message).toContain('•••')
  expect(`${error.message} ${(await send()).reply}`).not.toMatch(/czNjcjN0LXdvcmQ|AczNjcjN0/)
})

it('STARTTLS stripped on the way: nothing is told, and what is missing is said', async () => {
  const server = await anOddServer({ offers: ['AUTH PLAIN'], answers: { STARTTLS: '502 5.5.1 what?' } })
  transport = openTransport(`smtp://127.0.0.1:${server.port}?tls=required`, { dir: '/', timeouts: PATIENT })
  await expect(transport.verify()).rejects.toMatchObject({ message: expect.stringContaining('STARTTLS') })
  expect(server.heard.filter(line => /^(AUTH|MAIL)/.test(line))).toEqual([])
})

it('a port without TLS said to have it from the first byte: told in words', async () => {
  const server = await anOddServer({})
  transport = openTransport(`smtps://127.0.0.1:${server.port}`, { dir: '/', timeouts: PATIENT })
  await expect(transport.verify()).rejects.toMatchObject({
    message: expect.stringContaining('does not speak TLS'),
    hint: expect.stringContaining('smtp://'),
  })
})
