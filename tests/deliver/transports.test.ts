import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTransport } from '../../src/deliver/transport.ts'
import { aSmtpServer, type Script } from '../a-smtp-server.ts'
import { transportContract } from '../contracts/transport.ts'
import { memoryTransport } from './memory-transport.ts'

async function smtpRig(script: Script) {
  const server = await aSmtpServer({ ...script, keep: true })
  const transport = openTransport(server.address, { dir: '/' })
  const arrived = async () => new Map([...server.mails].map(([to, mail]) => [to, mail.raw]))
  return { transport, arrived, stop: server.close }
}

transportContract('smtp, pipelining', () => smtpRig({}))
transportContract('smtp, one command at a time', () => smtpRig({ offers: [] }))

transportContract('a folder of .eml files', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'eml-'))
  const arrived = async () => {
    const mails = new Map<string, string[]>()
    for (const file of readdirSync(join(dir, 'outbox')).filter(name => name.endsWith('.eml'))) {
      const text = readFileSync(join(dir, 'outbox', file), 'utf8')
      const to = /^To: (.*)$/m.exec(text)![1]!.trim()
      mails.set(to, [text])
    }
    return mails
  }
  const transport = openTransport('eml:outbox', { dir })
  await transport.prove()
  return { transport, arrived, stop: async () => rmSync(dir, { recursive: true }) }
})

transportContract('memory', async () => {
  const transport = memoryTransport()
  const arrived = async () => {
    const mails = new Map<string, string[]>()
    for (const { envelope, bytes } of transport.sent) {
      mails.set(envelope.to, [...(mails.get(envelope.to) ?? []), Buffer.from(bytes).toString('utf8')])
    }
    return mails
  }
  return { transport, arrived, stop: async () => {} }
})
