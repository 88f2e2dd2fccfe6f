import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openTransport, transports } from '../../src/deliver/open-transport.ts'
import { sendmailOutcome } from '../../src/deliver/transports/sendmail.ts'
import { aSmtpServer, type Script } from '../a-smtp-server.ts'
import { transportContract } from '../contracts/transport.ts'
import { aMessage } from './a-message.ts'
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
  await transport.verify()
  return { transport, arrived, stop: async () => rmSync(dir, { recursive: true }) }
})

/** A sendmail that keeps what it is given, under its last argument; whatever a real one reads until the end is a mail. */
const SENDMAIL = `#!/bin/sh
dir=$(dirname "$0")
[ "$1 $2 $4" = "-i -f --" ] || exit 64
half=$(mktemp "$dir/half.XXXXXX")
cat > "$half"
mv "$half" "$dir/$5.$(basename "$half").mail"
`

function aSendmail(script: string) {
  const dir = mkdtempSync(join(tmpdir(), 'sendmail-'))
  writeFileSync(join(dir, 'sendmail'), script, { mode: 0o755 })
  return { dir, transport: openTransport('sendmail:sendmail', { dir }) }
}

transportContract('sendmail', async () => {
  const { dir, transport } = aSendmail(SENDMAIL)
  const arrived = async () => {
    const mails = new Map<string, string[]>()
    for (const file of readdirSync(dir).filter(name => name.endsWith('.mail'))) {
      const text = readFileSync(join(dir, file), 'utf8').replaceAll('\n', '\r\n')
      mails.set(/^To: (.*)\r$/m.exec(text)![1]!, [text])
      rmSync(join(dir, file))
    }
    return mails
  }
  return { transport, arrived, stop: async () => rmSync(dir, { recursive: true }) }
})

it.each([
  [0, 'accepted'],
  [65, 'rejected'],
  [67, 'rejected'],
  [68, 'rejected'],
  [75, 'deferred'],
  [69, 'host-trouble'],
  [77, 'host-trouble'],
  [127, 'host-trouble'],
  [null, 'unknown'],
] as const)('sendmail ends with %s: %s', (code, kind) => {
  expect(sendmailOutcome(code, 'why').kind).toBe(kind)
})

it('sendmail: what it says is kept, and an address is never an option or a command', async () => {
  const { dir, transport } = aSendmail('#!/bin/sh\necho "no such user: $5" >&2\nexit 67\n')
  const send = (to: string) => transport.send(aMessage(to), { beforeLastByte: async () => true })
  expect(await send('-oQ/tmp@reader.example')).toEqual({
    kind: 'rejected',
    code: 550,
    enhanced: '5.1.1',
    reply: '550 5.1.1 no such user: -oQ/tmp@reader.example',
  })
  expect(await send('a@b.example\n-X')).toMatchObject({ kind: 'rejected', code: 553 })
  rmSync(dir, { recursive: true })
  expect(await send('asha@reader.example')).toMatchObject({ kind: 'host-trouble' })
  await expect(transport.verify()).rejects.toMatchObject({ name: 'UserError' })
})

it.each(transports)('$example is opened by the table, and listed where an address is none', kind => {
  const { name } = openTransport(kind.example, { dir: '/', now: () => 0 })
  expect(name.split(':')[0]).toBe(kind.example.split(':')[0])
  for (const prefix of kind.prefixes)
    expect(() => openTransport('carrier-pigeon:', { dir: '/' })).toThrow(prefix)
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
