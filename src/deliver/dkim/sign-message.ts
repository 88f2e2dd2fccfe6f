// Keys and a domain → a function from a mail's bytes to the same with one DKIM-Signature field for each key on top.
// RFC 6376, RFC 8301, RFC 8463. The private-key work is done in Node's thread pool: as many at once as it has threads.

import { createHash, type KeyObject, sign } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { bodyHash } from './body-hash.ts'
import { keyCopies } from './key-copies.ts'
import { type Covered, coverHeader, relaxedField } from './relaxed-header.ts'

export interface DkimKey {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256'
  /** Under `<selector>._domainkey.<domain>` its public half stands in DNS. */
  readonly selector: string
  readonly key: KeyObject
}

/** @param room memory that may be written over; where it is long enough, its beginning is what is returned */
export type SignMessage = (bytes: Uint8Array, room?: Uint8Array) => Promise<Uint8Array>

/** RFC 6376 §5.4.1; RFC 8058 §4 asks for both List-Unsubscribe fields, Gmail's feedback loop for Feedback-ID. */
const COVERED: readonly Covered[] = [
  ...['from', 'to', 'subject', 'date', 'message-id', 'reply-to', 'mime-version', 'content-type'].map(sealed),
  ...['list-unsubscribe', 'list-unsubscribe-post', 'list-id', 'feedback-id'].map(sealed),
  ...['sender', 'cc', 'in-reply-to', 'references', 'content-language', 'content-transfer-encoding'].map(open),
  ...['list-post', 'list-owner', 'list-help', 'list-archive', 'auto-submitted', 'precedence'].map(open),
]

/** RFC 6376 §8.15: of these there is one at most, and a second one that somebody adds must break the signature. */
function sealed(name: string): Covered {
  return { name, sealed: true }
}

function open(name: string): Covered {
  return { name, sealed: false }
}

/** @param domain `d=`, which the From address is to be under */
export function signMessage(domain: string, keys: readonly DkimKey[]): SignMessage {
  const d = domainToASCII(domain) || domain
  const signers = keys.map(({ key, ...named }) => ({ ...named, withKey: keyCopies(key) }))

  return async (bytes, room) => {
    const mail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const end = mail.indexOf('\r\n\r\n')
    const head = mail.toString('latin1', 0, end < 0 ? mail.length : end)
    const { names, fields } = coverHeader(head.replace(/\r\n$/, ''), COVERED)
    const body = end < 0 ? mail.subarray(mail.length) : mail.subarray(end + 4)
    const about = `${fold(names)};\r\n bh=${bodyHash(body)};\r\n b=`
    const signatures = await Promise.all(
      signers.map(async ({ algorithm, selector, withKey }) => {
        const unsigned = `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed;\r\n d=${d}; s=${selector};\r\n h=${about}`
        const signature = await withKey(key => signatureOf(algorithm, fields + relaxedField(unsigned), key))
        return `${unsigned}${signature.replace(/.{72}(?=.)/g, '$&\r\n ')}\r\n`
      }),
    )
    const top = signatures.join('')
    const length = top.length + mail.length
    const signed =
      room && room.length >= length
        ? Buffer.from(room.buffer, room.byteOffset, length)
        : Buffer.allocUnsafe(length)
    signed.set(mail, signed.write(top, 0, 'latin1'))
    return signed
  }
}

/** RFC 8463 §3: Ed25519 signs the SHA-256 of what RSA signs. */
function signatureOf(algorithm: DkimKey['algorithm'], text: string, key: KeyObject): Promise<string> {
  const data = Buffer.from(text, 'latin1')
  const [hash, what] =
    algorithm === 'rsa-sha256' ? ['sha256', data] : [null, createHash('sha256').update(data).digest()]
  return new Promise((resolve, reject) => {
    sign(hash, what as Buffer, key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    )
  })
}

/** RFC 6376 §3.5: white space may stand around the colons of `h=`. */
function fold(names: readonly string[]): string {
  const rows = ['']
  for (const [at, name] of names.entries()) {
    const word = at < names.length - 1 ? `${name}:` : name
    if (rows.at(-1)!.length + word.length > 72) rows.push('')
    rows[rows.length - 1] += word
  }
  return rows.join('\r\n ')
}
