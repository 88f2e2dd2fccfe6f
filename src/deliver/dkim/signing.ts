// mail.dkim and the environment → how mail is signed, and a transport that does; untouched where mail.dkim is not set.

import { createPrivateKey, createPublicKey, type KeyObject, sign as signNow, verify } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { domainToASCII } from 'node:url'
import { UserError } from '../../errors.ts'
import type { MailSettings, Message, Outcome } from '../../model.ts'
import { BufferPool, replyText, type SendHooks, type Transport } from '../transport.ts'
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
  /** Name servers to ask in place of this machine's: 'address:port'. */
  readonly nameServers?: readonly string[] | undefined
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
      const resolve = options.resolveTxt ?? (name => askDns(name, options.nameServers))
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

function askDns(name: string, servers: readonly string[] | undefined): Promise<string[][]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  if (servers) resolver.setServers([...servers])
  return resolver.resolveTxt(name)
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

// The private keys, and whether their public halves are in DNS. No error repeats a key.

/** @throws UserError for a key that is missing, unreadable, of the wrong kind or too short */
function dkimKeys(
  { selector, ed25519 }: NonNullable<MailSettings['dkim']>,
  { env, dir }: { readonly env: Readonly<Record<string, string | undefined>>; readonly dir: string },
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

const MAKE_KEY = {
  rsa: 'openssl genrsa -out dkim.pem 2048',
  ed25519: 'openssl genpkey -algorithm ed25519 -out dkim-ed25519.pem',
}

/**
 * RFC 8301 §3.2: signers use RSA keys of 2048 bits or more.
 *
 * @param variable its name, for errors
 * @param text PEM, with real line ends or with \n written out, or a path from `dir`
 * @throws UserError when it is no key of that kind, or too short
 */
function readKey(
  variable: string,
  text: string | undefined,
  kind: 'rsa' | 'ed25519',
  dir: string,
): KeyObject {
  const example = `Make one: ${MAKE_KEY[kind]}\nand say ${variable}=${kind === 'rsa' ? 'dkim' : 'dkim-ed25519'}.pem`
  if (!text?.trim()) {
    throw new UserError(
      `mail.dkim is set and ${variable} is not: letters would go out unsigned`,
      `${example}, or leave mail.dkim out.`,
    )
  }
  const key = parse(variable, pem(variable, text.trim(), dir), example)
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type !== kind) {
    const only = type === 'ed25519' ? ' Many receivers do not know Ed25519: it only goes beside RSA.' : ''
    throw new UserError(`${variable} is a key of type ${type}, not ${kind}`, `${example}.${only}`)
  }
  const bits = details?.modulusLength ?? 0
  if (kind === 'rsa' && bits < 2048) {
    throw new UserError(`${variable} has ${bits} bits; receivers take signatures from 2048 on`, `${example}.`)
  }
  return key
}

function pem(variable: string, text: string, dir: string): string {
  if (text.includes('-----BEGIN')) return text.replaceAll('\\n', '\n')
  try {
    return readFileSync(resolve(dir, text), 'utf8')
  } catch (error) {
    throw new UserError(
      `${variable} names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`,
      'It must be a private key in PEM, or the path of one from the publication’s folder.',
    )
  }
}

function parse(variable: string, text: string, example: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const locked = code === 'ERR_MISSING_PASSPHRASE' || /passphrase|password/i.test(String(error))
    throw new UserError(
      `${variable} ${locked ? 'is locked by a passphrase' : 'contains no private key in PEM'}`,
      locked ? 'Take the passphrase off: openssl pkey -in locked.pem -out dkim.pem' : `${example}.`,
    )
  }
}

/** As `dns.promises.resolveTxt`: records, each in pieces. */
export type ResolveTxt = (name: string) => Promise<string[][]>

/** RFC 2606, RFC 6761: names that are for examples and tests are in nobody's DNS. */
export function isNeverInDns(name: string): boolean {
  return /(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$/i.test(name)
}

/**
 * Is the public half that receivers find under the selector ours?
 *
 * @returns a warning when nobody could be asked, undefined when all is well
 * @throws UserError when there is no record, or it is another key's, revoked, or not for SHA-256
 */
export async function checkPublished(
  domain: string,
  key: DkimKey,
  resolveTxt: ResolveTxt,
): Promise<string | undefined> {
  if (isNeverInDns(domain)) return undefined
  const name = `${key.selector}._domainkey.${domainToASCII(domain) || domain}`
  const hint = `Publish this TXT record at ${name}, and wait until it is seen:\n${recordFor(key)}`
  let records: string[]
  try {
    records = (await resolveTxt(name)).map(pieces => pieces.join(''))
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException
    if (code !== 'ENOTFOUND' && code !== 'ENODATA') {
      return `DNS could not be asked for the DKIM key at ${name} (${code}): whether it matches is not known.`
    }
    records = []
  }
  const found = records.map(tagsOf).filter(tags => tags.has('p') && (tags.get('v') ?? 'DKIM1') === 'DKIM1')
  if (found.length === 0) throw new UserError(`There is no DKIM key at ${name}`, hint)
  const why = found.map(tags => mismatch(tags, key))
  if (why.every(reason => reason !== undefined))
    throw new UserError(`The DKIM key at ${name} ${why[0]}`, hint)
  return undefined
}

/** What receivers need to check the signatures of a key. RFC 6376 §3.6.1, RFC 8463 §4. */
export function recordFor({ key, algorithm }: DkimKey): string {
  const der = createPublicKey(key as never).export({ type: 'spki', format: 'der' })
  return algorithm === 'rsa-sha256'
    ? `v=DKIM1; k=rsa; p=${der.toString('base64')}`
    : `v=DKIM1; k=ed25519; p=${der.subarray(-32).toString('base64')}`
}

/** RFC 6376 §3.2: name=value pairs between semicolons; white space inside a value means nothing here. */
function tagsOf(record: string): Map<string, string> {
  const pairs = record.split(';').map(pair => pair.replace(/\s+/g, ''))
  return new Map(
    pairs
      .filter(pair => pair.includes('='))
      .map(pair => [pair.split('=', 1)[0]!, pair.slice(pair.indexOf('=') + 1)]),
  )
}

function mismatch(tags: Map<string, string>, { key, algorithm }: DkimKey): string | undefined {
  const published = tags.get('p')!
  if (published === '') return 'is revoked (p= is empty)'
  const kind = algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519'
  if ((tags.get('k') ?? 'rsa') !== kind) return `is of type ${tags.get('k') ?? 'rsa'}, and ours is ${kind}`
  if (tags.has('h') && !tags.get('h')!.split(':').includes('sha256')) return 'is not for SHA-256'
  const ours = createPublicKey(key as never)
  const spki = ours.export({ type: 'spki', format: 'der' })
  // RFC 6376 §3.6.1 speaks of RSAPublicKey, and everybody publishes the other form.
  const forms = kind === 'rsa' ? [spki, ours.export({ type: 'pkcs1', format: 'der' })] : [spki.subarray(-32)]
  const bytes = Buffer.from(published, 'base64')
  return forms.some(form => form.equals(bytes)) ? undefined : 'is another one than ours'
}
