// An environment variable that holds a private key, or the path of its file → a key object. Errors never repeat it.

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '../../errors.ts'

const MAKE = {
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
export function readKey(
  variable: string,
  text: string | undefined,
  kind: 'rsa' | 'ed25519',
  dir: string,
): KeyObject {
  const example = `Make one: ${MAKE[kind]}\nand say ${variable}=${kind === 'rsa' ? 'dkim' : 'dkim-ed25519'}.pem`
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
      'It holds a private key in PEM, or the path of one from the publication’s folder.',
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
      `${variable} ${locked ? 'is locked by a passphrase' : 'holds no private key in PEM'}`,
      locked ? 'Take the passphrase off: openssl pkey -in locked.pem -out dkim.pem' : `${example}.`,
    )
  }
}
