// A message → one .eml file in a folder: nothing is mailed, everything can be looked at. The same message takes the
// same file on every attempt.

import { mkdirSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '../../errors.ts'
import type { Message, Outcome } from '../../model.ts'
import type { SendHooks, Transport, TransportKind, TransportOptions } from './transport.ts'

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
