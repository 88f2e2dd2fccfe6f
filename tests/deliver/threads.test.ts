// Sending by threads, compiled because a thread runs no TypeScript: the same contract, the same promise when killed.

import { generateKeyPairSync } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { beforeAll, expect, it } from 'vitest'
import { recordFor } from '../../src/deliver/dkim/signing.ts'
import type { OpenSending } from '../../src/deliver/open-transport.ts'
import type { Transport } from '../../src/deliver/transport.ts'
import { aSmtpServer, type Script } from '../a-smtp-server.ts'
import { transportContract } from '../contracts/transport.ts'
import { aMessage } from './a-message.ts'
import { type Compiled, compile } from './compile.ts'

let compiled: Compiled
let openSending: (address: string, options: OpenSending) => Transport
beforeAll(async () => {
  compiled = compile()
  ;({ openSending } = await import(`${compiled.dir}/deliver/index.js`))
})

const open = (address: string, more: Partial<OpenSending> = {}) =>
  openSending(address, {
    mail: {},
    env: {},
    dir: '/',
    say: () => {},
    threading: { threads: 2, after: 0 },
    ...more,
  })

async function rig(script: Script, threading: OpenSending['threading']) {
  const server = await aSmtpServer({ ...script, keep: true })
  const transport = open(server.address, { threading })
  const arrived = async () => new Map([...server.mails].map(([to, mail]) => [to, mail.raw]))
  return { transport, arrived, stop: server.close, server }
}

transportContract('two threads', () => rig({}, { threads: 2, after: 0 }))
transportContract('threads that begin half-way', () => rig({}, { threads: 2, after: 20 }))

const sendAll = (transport: Transport, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      transport.send(aMessage(`reader${i}@reader.example`), { beforeLastByte: async () => true }),
    ),
  )

it('signs in the threads', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const server = await aSmtpServer({ keep: true })
  const transport = open(server.address, {
    mail: { dkim: { domain: 'meridian.example', selector: 's1' } },
    env: { BROADSHEET_DKIM_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
  })
  await sendAll(transport, 4)
  await transport.close()
  await server.close()
  const resolver = async () => [[recordFor({ algorithm: 'rsa-sha256', selector: 's1', key: privateKey })]]
  for (const { raw } of server.mails.values()) {
    const { results } = await dkimVerify(Buffer.from(raw[0]!), { resolver } as never)
    expect(results[0]!.status.result).toBe('pass')
  }
  expect(server.mails.size).toBe(4)
})

it('does with as many connections as the server gives, though it gives one thread none', async () => {
  const { transport, server } = await rig(
    {
      fault: ({ phase }) => {
        if (phase === 'greeting') return server.open() > 1 ? '421 4.7.0 too many connections' : undefined
        return phase === 'dot' ? 2 : undefined
      },
    },
    { threads: 2, after: 0 },
  )
  const first = await transport.send(aMessage('first@reader.example'), { beforeLastByte: async () => true })
  expect(first.kind).toBe('accepted')
  const outcomes = await sendAll(transport, 60)
  await transport.close()
  await server.close()
  expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true)
})

it('is cut: what was let go is unknown, the rest is not sent', async () => {
  const { transport, server } = await rig(
    {
      fault: ({ phase, recipient }) =>
        phase === 'dot' && /reader[01]@/.test(recipient) ? 'silence' : undefined,
    },
    { threads: 2, after: 0 },
  )
  const sending = Promise.all([
    sendAll(transport, 2),
    transport.send(aMessage('late@reader.example'), { beforeLastByte: () => new Promise(() => {}) }),
  ])
  while (server.mails.size < 2) await new Promise(resolve => setTimeout(resolve, 20))
  await transport.close('cut')
  const [gone, late] = await sending
  expect(gone.map(({ kind }) => kind)).toEqual(['unknown', 'unknown'])
  expect(late.kind).toBe('host-trouble')
  await server.close()
  expect(server.mails.has('late@reader.example')).toBe(false)
})

it('a thread that dies takes nobody with it', async () => {
  const { SenderThread } = await import(`${compiled.dir}/deliver/threads/index.js`)
  const { pathToFileURL } = await import('node:url')
  const { writeFileSync } = await import('node:fs')
  const file = `${compiled.dir}/dies.js`
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads'
parentPort.on('message', things => {
  for (const thing of things) {
    if ('send' in thing && thing.id === 1) parentPort.postMessage([{ asks: 1 }])
    if ('granted' in thing) throw new Error('a bug')
  }
})`,
  )
  const thread = new SenderThread(pathToFileURL(file), { address: '', dir: '/' })
  const hooks = { beforeLastByte: async () => true }
  const outcomes = await Promise.all([
    thread.send(aMessage('a@reader.example'), hooks),
    thread.send(aMessage('b@reader.example'), hooks),
  ])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'host-trouble'])
  expect(thread.alive()).toBe(false)
  expect(await thread.send(aMessage('c@reader.example'), hooks)).toMatchObject({ kind: 'host-trouble' })
  await thread.close()
})
