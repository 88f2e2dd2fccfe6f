import { afterEach, describe, expect, it } from 'vitest'
import { openTransport } from '../../src/deliver/open-transport.ts'
import type { Transport } from '../../src/deliver/transport.ts'
import {
  aSmtpServer,
  type Fault,
  type Moment,
  type Phase,
  type Script,
  type SmtpServer,
} from '../a-smtp-server.ts'
import { aMessage } from './a-message.ts'

/** Only for servers that fall silent: on a busy machine a good answer may take as long. */
const SHORT = { connect: 500, message: 600, reply: 700 }
const PATIENT = { connect: 30_000, message: 30_000, reply: 30_000 }
const READER = 'asha@reader.example'

let server: SmtpServer
let transport: Transport

async function start(
  script: Script,
  { settings = '', timeouts = PATIENT }: { settings?: string; timeouts?: typeof PATIENT } = {},
): Promise<void> {
  server = await aSmtpServer(script)
  transport = openTransport(server.address.replace('//', `//${settings}`), { dir: '/', timeouts })
}

/** With more patience, for the same server. */
async function startAgain(): Promise<void> {
  await transport.close('cut')
  transport = openTransport(server.address, { dir: '/', timeouts: PATIENT })
}

afterEach(async () => {
  await transport.close('cut')
  await server.close()
})

const send = (to = READER, leave = async () => true) =>
  transport.send(aMessage(to), { beforeLastByte: leave })
const dots = () => server.mails.get(READER)?.dots ?? 0
const taken = () => server.mails.get(READER)?.taken ?? 0

/** The fault at one phase of the first message; all that follows goes well. */
const once = (phase: Phase, fault: Fault) => {
  let done = false
  return (moment: Moment) => {
    if (done || moment.phase !== phase) return undefined
    done = true
    return fault
  }
}

const REPLIES = [
  ['421 4.3.2 closing', 'host-trouble'],
  ['450 4.2.1 greylisted, come back later', 'deferred'],
  ['451 4.7.1 try again', 'deferred'],
  ['452 4.2.2 mailbox full', 'deferred'],
  ['503 5.5.1 bad sequence', 'host-trouble'],
  ['530 5.7.0 authentication required', 'host-trouble'],
  ['550 5.1.1 no such user', 'rejected'],
  ['552 5.2.2 over quota', 'rejected'],
  ['554 5.7.1 policy', 'rejected'],
  ['571 5.7.1 refused', 'rejected'],
] as const

describe.each([
  ['pipelined', ['PIPELINING']],
  ['one by one', []],
] as const)('a reply code decides, %s', (_, offers) => {
  describe.each(['MAIL', 'RCPT', 'DATA', 'dot'] as const)('at %s', phase => {
    it.each(REPLIES)('%s is %s', async (reply, kind) => {
      await start({ offers, fault: once(phase, reply) })
      const outcome = await send()
      const [code, enhanced] = reply.split(' ')
      expect(outcome).toMatchObject({ kind, reply })
      if (outcome.kind === 'rejected' || outcome.kind === 'deferred') {
        expect(outcome).toMatchObject({ code: Number(code), enhanced })
      }
      expect(taken()).toBe(0)
      expect(dots()).toBe(phase === 'dot' ? 1 : 0)
      // The connection, or another, carries the next message, and this one again.
      expect(await send('ravi@reader.example')).toMatchObject({ kind: 'accepted' })
      expect(await send()).toMatchObject({ kind: 'accepted' })
      expect(taken()).toBe(1)
      const refusedOnly = kind !== 'host-trouble'
      expect(server.connections()).toBe(refusedOnly ? 1 : 2)
    })
  })

  describe.each(['close', 'silence'] as const)('%s', fault => {
    const timeouts = fault === 'silence' ? SHORT : PATIENT
    it.each(['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const)(
      'at %s is safe to try again',
      async phase => {
        await start({ offers, fault: once(phase, fault) }, { timeouts })
        expect(await send()).toMatchObject({ kind: 'host-trouble' })
        expect(dots()).toBe(0)
        if (fault === 'silence') await startAgain()
        expect(await send()).toMatchObject({ kind: 'accepted' })
        expect(taken()).toBe(1)
      },
    )

    it('in the body is unknown when the last byte was free to go', async () => {
      await start({ offers, fault: once('body', fault) }, { timeouts })
      expect(await send()).toMatchObject({ kind: 'unknown' })
    })

    it('in the body is safe to try again when it was not', async () => {
      await start({ offers, fault: once('body', fault) }, { timeouts })
      const slow = () =>
        new Promise<boolean>(resolve =>
          setTimeout(resolve, fault === 'close' ? 50 : SHORT.message + 100, true),
        )
      expect(await send(READER, slow)).toMatchObject({ kind: 'host-trouble' })
      await new Promise(resolve => setTimeout(resolve, 150))
      expect(dots()).toBe(0)
    })

    it('after the final dot is unknown', async () => {
      await start({ offers, fault: once('dot', fault) }, { timeouts })
      expect(await send()).toMatchObject({ kind: 'unknown' })
      expect(dots()).toBe(1)
    })

    it('between two messages is nobody’s trouble', async () => {
      await start(
        {
          offers,
          fault: ({ phase, message }) => (phase === 'MAIL' && message === 2 ? fault : undefined),
        },
        { timeouts },
      )
      expect(await send()).toMatchObject({ kind: 'accepted' })
      expect(await send('ravi@reader.example')).toMatchObject({ kind: 'accepted' })
      expect(server.connections()).toBe(2)
    })
  })
})

it('takes a slow server for what it is', async () => {
  await start({ fault: ({ phase }) => (phase === 'body' ? undefined : 30) })
  expect(await send()).toMatchObject({ kind: 'accepted' })
})

it('does not ask for leave when the reader is refused', async () => {
  await start({ fault: once('RCPT', '550 5.1.1 no such user') })
  let asked = false
  const outcome = await send(READER, async () => {
    asked = true
    return true
  })
  expect(outcome.kind).toBe('rejected')
  expect(asked).toBe(false)
})

it('keeps the last byte when the server refuses in the middle of the body', async () => {
  await start({ fault: once('body', '552 5.3.4 too big') })
  const outcome = await send(READER, () => new Promise(resolve => setTimeout(resolve, 50, true)))
  expect(outcome).toMatchObject({ kind: 'rejected', code: 552 })
  await new Promise(resolve => setTimeout(resolve, 80))
  expect(dots()).toBe(0)
  expect(await send()).toMatchObject({ kind: 'accepted' })
})

it('does not attempt a message over the server’s SIZE (RFC 1870)', async () => {
  await start({ offers: ['SIZE 100'] })
  expect(await send()).toMatchObject({ kind: 'rejected', code: 552, enhanced: '5.3.4' })
  expect(server.begun()).toBe(0)
})

it('speaks no address outside ASCII without SMTPUTF8 (RFC 6531)', async () => {
  await start({ offers: ['PIPELINING'] })
  expect(await send('आशा@reader.example')).toMatchObject({ kind: 'rejected', code: 553, enhanced: '5.6.7' })
  expect(server.begun()).toBe(0)
})

it('speaks it where SMTPUTF8 is offered', async () => {
  await start({})
  expect(await send('आशा@reader.example')).toMatchObject({ kind: 'accepted' })
  expect([...server.mails.keys()]).toEqual(['आशा@reader.example'])
})

it('refuses an address that would change the envelope, without repeating it', async () => {
  await start({})
  for (const evil of ['a@b.example>\r\nRCPT TO:<evil@z.example', 'a<b@c.example', 'a@b.example\nDATA']) {
    const outcome = await send(evil)
    expect(outcome).toMatchObject({ kind: 'rejected', code: 553 })
    expect(outcome.reply).not.toContain('example')
  }
  expect(server.begun()).toBe(0)
})

it('changes to a new connection after a hundred messages', async () => {
  await start({})
  for (let i = 0; i < 101; i++) await send(`reader${i}@reader.example`)
  expect(server.connections()).toBe(2)
})

describe('an account', () => {
  const login = { user: 'news@meridian', password: 'p@ss/w#rd' }

  it('is logged in, its signs percent-encoded in the address', async () => {
    await start({ login }, { settings: 'news%40meridian:p%40ss%2Fw%23rd@' })
    await transport.verify()
    expect(await send()).toMatchObject({ kind: 'accepted' })
    expect(transport.name).not.toContain('ss')
  })

  it('with a wrong password is an error that does not tell it', async () => {
    const echo = (moment: Moment) => (moment.phase === 'AUTH' ? ('535 5.7.8 no: wr0ng' as const) : undefined)
    await start({ login, fault: echo }, { settings: 'news%40meridian:wr0ng@' })
    const error = await transport.verify().catch(error => error)
    expect(error).toMatchObject({ name: 'UserError', exit: 2 })
    expect(error.message).toContain('127.0.0.1')
    expect(`${error.message} ${error.hint}`).not.toContain('wr0ng')
    const outcome = await send()
    expect(outcome.kind).toBe('host-trouble')
    expect(outcome.reply).not.toContain('wr0ng')
  })
})

describe('proof before the first message', () => {
  it.each([
    ['greeting', '554 5.7.1 go away', /554 5\.7\.1 go away/],
    ['greeting', '421 4.3.2 too busy', /421 4\.3\.2 too busy/],
    ['greeting', 'close', /closed/i],
    ['greeting', 'silence', /no answer|never received|timed? ?out/i],
    ['EHLO', 'silence', /no answer/],
  ] as const)('%s %s is an error', async (phase, fault, message) => {
    await start({ fault: once(phase, fault) }, { timeouts: fault === 'silence' ? SHORT : PATIENT })
    await expect(transport.verify()).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(message),
    })
  })

  it('nobody there', async () => {
    await start({})
    await server.close()
    await expect(transport.verify()).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`127.0.0.1:${server.port}`),
    })
    expect(await send()).toMatchObject({ kind: 'host-trouble' })
  })

  it('no such host', async () => {
    await start({})
    const other = openTransport('smtp://nowhere.invalid:25', { dir: '/', timeouts: { connect: 3000 } })
    await expect(other.verify()).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('nowhere.invalid'),
    })
  })

  it('TLS required and not offered', async () => {
    await start({})
    const other = openTransport(`${server.address}?tls=required`, { dir: '/', timeouts: PATIENT })
    await expect(other.verify()).rejects.toMatchObject({ name: 'UserError' })
  })
})
