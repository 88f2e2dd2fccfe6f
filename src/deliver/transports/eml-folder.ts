// A message → one .eml file in a folder: nothing is mailed, everything can be looked at. As a transport, and behind an SMTP
// server for the demo.

import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { UserError } from '../../errors.ts'
import type { Message, Outcome } from '../../model.ts'
import type { SendHooks, Transport, TransportKind, TransportOptions } from '../transport.ts'

/** The folder is relative to the publication's. */
export const emlFolder: TransportKind = {
  prefixes: ['eml:'],
  example: 'eml:outbox',
  summary: 'a folder: each message becomes an `.eml` file in it, and nobody is mailed',
  open: openEmlFolder,
}

function openEmlFolder(address: string, { dir }: TransportOptions): Transport {
  const folder = resolve(dir, address.slice('eml:'.length))
  return {
    name: `eml:${folder}`,
    async verify() {
      try {
        mkdirSync(folder, { recursive: true })
      } catch (error) {
        throw new UserError(`${folder} cannot be used for mails: ${(error as Error).message}`)
      }
    },
    send: (message, hooks) => writeMail(folder, message, hooks),
    async close() {},
  }
}

/** Under a name that nobody reads until there is leave for the last byte. */
async function writeMail(folder: string, message: Message, hooks: SendHooks): Promise<Outcome> {
  const name = `${fileName(message.messageId)}.eml`
  const partial = resolve(folder, `.${name}.half`)
  try {
    mkdirSync(folder, { recursive: true })
    await writeFile(partial, message.bytes)
    if (!(await hooks.beforeLastByte())) {
      await rm(partial, { force: true })
      return { kind: 'host-trouble', reply: 'withheld' }
    }
    await rename(partial, resolve(folder, name))
    return { kind: 'accepted', code: 250, reply: `250 2.0.0 ${name}` }
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    return { kind: 'host-trouble', reply: (error as Error).message }
  }
}

function fileName(messageId: string): string {
  return messageId
    .replace(/^<|>$/g, '')
    .replace(/[^A-Za-z0-9@._-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 200)
}

interface Mailbox {
  /** smtp://127.0.0.1:PORT */
  readonly address: string
  close(): Promise<void>
}

/**
 * @param folder where the mails go, one `0001-reader.example.com.eml` each; made when missing
 */
export async function openMailbox(folder: string): Promise<Mailbox> {
  const { SMTPServer } = await import('smtp-server')
  mkdirSync(folder, { recursive: true })
  let count = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', done)
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? 'nobody'
        const name = `${String(++count).padStart(4, '0')}-${to.replace(/[^A-Za-z0-9.+-]+/g, '.')}.eml`
        const partial = join(folder, `.${name}.half`)
        writeFileSync(partial, Buffer.concat(chunks))
        renameSync(partial, join(folder, name))
        done(null)
      })
    },
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', listening)
  })
  const { port } = server.server.address() as AddressInfo
  return {
    address: `smtp://127.0.0.1:${port}`,
    close: () => new Promise(closed => server.close(closed)),
  }
}
