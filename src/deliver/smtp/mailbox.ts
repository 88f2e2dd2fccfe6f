// A built-in mailbox: an SMTP server on loopback that keeps every mail it takes as one .eml file. For the demo.

import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

export interface Mailbox {
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
