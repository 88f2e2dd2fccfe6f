// mail.dkim and the environment → how mail is signed, and a transport that does; untouched where mail.dkim is not set.

import { createPublicKey, sign as signNow, verify } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { UserError } from '../../errors.ts'
import type { MailSettings } from '../../model.ts'
import type { Transport } from '../transports/transport.ts'
import { checkPublished, type ResolveTxt } from './published-key.ts'
import { readKey } from './read-key.ts'
import { type DkimKey, type SignMessage, signMessage } from './sign-message.ts'
import { signedTransport } from './signed-transport.ts'

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
  prove(): Promise<void>
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
    async prove() {
      await proveKeys(keys, sign)
      const resolve = options.resolveTxt ?? askDns
      const warnings = await Promise.all(keys.map(key => checkPublished(dkim.domain, key, resolve)))
      for (const warning of warnings) if (warning) options.say(warning)
    },
  }
}

export function withDkim(transport: Transport, dkim: DkimSigning | undefined): Transport {
  return dkim ? signedTransport(transport, dkim.sign, dkim.prove) : transport
}

export function dkimKeys(
  { selector, ed25519 }: NonNullable<MailSettings['dkim']>,
  { env, dir }: Pick<DkimOptions, 'env' | 'dir'>,
): DkimKey[] {
  const rsa = readKey('BROADSHEET_DKIM_KEY', env.BROADSHEET_DKIM_KEY, 'rsa', dir)
  const keys: DkimKey[] = [{ algorithm: 'rsa-sha256', selector, key: rsa }]
  // RFC 8463 §3: beside RSA, never alone: not every receiver knows it.
  if (ed25519) {
    const name = 'BROADSHEET_DKIM_KEY_ED25519'
    const key = readKey(name, env[name], 'ed25519', dir)
    keys.push({ algorithm: 'ed25519-sha256', selector: ed25519.selector, key })
  }
  return keys
}

/** A key may be read and still not sign; what it makes is checked with its own public half. */
async function proveKeys(keys: readonly DkimKey[], sign: SignMessage): Promise<void> {
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
