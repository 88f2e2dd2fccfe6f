// mail.dkim and the environment → how mail is signed, and a transport that does; untouched where mail.dkim is not set.

import { createPublicKey, sign as signNow, verify } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { UserError } from '../../errors.ts'
import type { MailSettings, Message, Outcome } from '../../model.ts'
import { BufferPool, replyText, type SendHooks, type Transport } from '../transports/transport.ts'
import { checkPublished, dkimKeys, type ResolveTxt } from './keys.ts'
import { type DkimKey, type SignMessage, signMessage } from './sign-message.ts'

export interface DkimOptions {
  readonly mail: Pick<MailSettings, 'dkim'>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that relative paths start from. */
  readonly dir: string
  /** Takes warnings. */
  say(line: string): void
  /** How DNS is asked; by this machine's resolver if left out. */
  readonly resolveTxt?: ResolveTxt | undefined
}

export interface DkimSigning {
  readonly domain: string
  readonly keys: readonly DkimKey[]
  readonly sign: SignMessage
  /** Throws UserError when a key cannot sign, or is not the one that is published. */
  verify(): Promise<void>
}

/**
 * @returns undefined where mail.dkim is not set
 * @throws UserError for a key that is missing, unreadable, of the wrong kind or too short
 */
export function dkimSigning(options: DkimOptions): DkimSigning | undefined {
  const { dkim } = options.mail
  if (!dkim) return undefined
  const keys = dkimKeys(dkim, options)
  const sign = signMessage(dkim.domain, keys)
  return {
    domain: dkim.domain,
    keys,
    sign,
    async verify() {
      await verifyKeys(keys, sign)
      const resolve = options.resolveTxt ?? askDns
      const warnings = await Promise.all(keys.map(key => checkPublished(dkim.domain, key, resolve)))
      for (const warning of warnings) if (warning) options.say(warning)
    },
  }
}

/** A key may be read and still not sign; what it makes is checked with its own public half. */
async function verifyKeys(keys: readonly DkimKey[], sign: SignMessage): Promise<void> {
  try {
    const mail = Buffer.from(await sign(Buffer.from('From: a@example.org\r\n\r\n')))
    if (!mail.toString('latin1').startsWith('DKIM-Signature: ')) throw new Error('no signature')
    for (const { key, algorithm } of keys) {
      const hash = algorithm === 'rsa-sha256' ? 'sha256' : null
      const data = Buffer.from('proof')
      if (!verify(hash, data, createPublicKey(key as never), signNow(hash, data, key)))
        throw new Error(`${algorithm} does not verify`)
    }
  } catch (error) {
    throw new UserError(
      `The DKIM key cannot sign: ${(error as Error).message}`,
      'Make a new one, and publish it.',
    )
  }
}

function askDns(name: string): Promise<string[][]> {
  return new Resolver({ timeout: 2000, tries: 2 }).resolveTxt(name)
}

export function withDkim(transport: Transport, dkim: DkimSigning | undefined): Transport {
  return dkim ? signedTransport(transport, dkim.sign, dkim.verify) : transport
}

/** @param verify throws UserError when a key cannot sign or is not the one that is published */
export function signedTransport(
  transport: Transport,
  sign: SignMessage,
  verify: () => Promise<void>,
): Transport {
  const buffers = new BufferPool()

  async function send(message: Message, hooks: SendHooks): Promise<Outcome> {
    const buffer = buffers.take()
    let bytes: Uint8Array
    try {
      bytes = await sign(message.bytes, buffer)
    } catch (error) {
      // Ours and not the reader's; nothing leaves unsigned.
      return { kind: 'host-trouble', reply: replyText(`DKIM cannot sign: ${(error as Error).message}`) }
    }
    const outcome = await transport.send({ ...message, bytes }, hooks)
    // As with the message itself: only what was accepted is read by nobody any more.
    if (outcome.kind === 'accepted') buffers.give(buffer, bytes.length)
    return outcome
  }

  return {
    name: transport.name,
    async verify() {
      await verify()
      await transport.verify()
    },
    send,
    close: how => transport.close(how),
  }
}
