// Keys and a domain → a function from a mail's bytes to the same with one DKIM-Signature field for each key on top.
// RFC 6376, RFC 8301, RFC 8463. The private-key work is done in Node's thread pool: as many at once as it has threads.

import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { domainToASCII } from 'node:url'

export interface DkimKey {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256'
  /** Under `<selector>._domainkey.<domain>` its public half is in DNS. */
  readonly selector: string
  readonly key: KeyObject
}

/** @param buffer that may be written over; where it is long enough, its beginning is what is returned */
export type SignMessage = (bytes: Uint8Array, buffer?: Uint8Array) => Promise<Uint8Array>

/** @param domain `d=`, which the From address is to be under */
export function signMessage(domain: string, keys: readonly DkimKey[]): SignMessage {
  const d = domainToASCII(domain) || domain
  const signers = keys.map(({ key, ...named }) => ({ ...named, withKey: keyCopies(key) }))

  return async (bytes, buffer) => {
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
      buffer && buffer.length >= length
        ? Buffer.from(buffer.buffer, buffer.byteOffset, length)
        : Buffer.allocUnsafe(length)
    signed.set(mail, signed.write(top, 0, 'latin1'))
    return signed
  }
}

/** A field is covered as often as it occurs; with `sealed` once more, so that nobody can add one. */
interface Covered {
  readonly name: string
  readonly sealed: boolean
}

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

/**
 * The fields of a header that a signature covers. All text is Latin-1, a character for each byte: what is in UTF-8 is
 * signed as the bytes it is. RFC 6376 §5.4.2: of fields of one name the last is taken first.
 *
 * @param head all fields, without the empty line
 * @returns the value of `h=` as a list, and the fields, each with CRLF
 */
function coverHeader(head: string, covered: readonly Covered[]): { names: string[]; fields: string } {
  const found = new Map<string, string[]>()
  for (const field of head.split(/\r\n(?![ \t])/)) {
    const name = field.slice(0, field.indexOf(':')).trim().toLowerCase()
    const others = found.get(name)
    if (others) others.unshift(field)
    else found.set(name, [field])
  }
  const names: string[] = []
  let fields = ''
  for (const { name, sealed } of covered) {
    for (const field of found.get(name) ?? []) {
      names.push(name)
      fields += `${relaxedField(field)}\r\n`
    }
    if (sealed) names.push(name)
  }
  return { names, fields }
}

/** RFC 6376 §3.4.2: name in lower case, unfolded, white space of any length one space, none at either end. */
function relaxedField(field: string): string {
  const colon = field.indexOf(':')
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
  return `${field
    .slice(0, colon)
    .toLowerCase()
    .replace(/[ \t]+$/, '')}:${value}`
}

const CRLF = Buffer.from('\r\n')

/** `bh=`: SHA-256 of the body in relaxed form, base64. RFC 6376 §3.4.4. */
function bodyHash(body: Buffer): string {
  const hash = createHash('sha256')
  const relaxed = isRelaxed(body) ? body : relax(body)
  const end = endOfText(relaxed)
  // An empty body stays empty, every other ends with one line end.
  if (end > 0) hash.update(relaxed.subarray(0, end)).update(CRLF)
  return hash.digest('base64')
}

/** Nothing to change but the end: what we compose is mostly so, and looking is cheaper than writing anew. */
function isRelaxed(body: Buffer): boolean {
  return !body.includes('  ') && !body.includes('\t') && !body.includes(' \r\n') && body.at(-1) !== 0x20
}

function relax(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    .replace(/[ \t]{2,}|\t/g, ' ')
    .replace(/ (?=\r\n|$)/g, '')
  return Buffer.from(text, 'latin1')
}

/** Without the empty lines at the end. */
function endOfText(body: Buffer): number {
  let end = body.length
  while (end >= 2 && body[end - 1] === 0x0a && body[end - 2] === 0x0d) end -= 2
  return end
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

/** RFC 6376 §3.5: white space is allowed around the colons of `h=`. */
function fold(names: readonly string[]): string {
  const rows = ['']
  for (const [at, name] of names.entries()) {
    const word = at < names.length - 1 ? `${name}:` : name
    if (rows.at(-1)!.length + word.length > 72) rows.push('')
    rows[rows.length - 1] += word
  }
  return rows.join('\r\n ')
}

/** Node's thread pool has so many threads unless UV_THREADPOOL_SIZE says otherwise. */
const POOL_THREADS = 4

/**
 * A private key → copies of it, each lent to one signature at a time. Node locks a key for as long as somebody signs with
 * it: with one key the threads of the pool take turns, and the thread that asks for the next signature is blocked.
 */
export function keyCopies(
  key: KeyObject,
): <Result>(work: (key: KeyObject) => Promise<Result>) => Promise<Result> {
  const free: KeyObject[] = [key]
  const waiting: ((copy: KeyObject) => void)[] = []
  let copies = 1

  function take(): KeyObject | Promise<KeyObject> {
    const copy = free.pop()
    if (copy) return copy
    if (copies === POOL_THREADS) return new Promise(resolve => waiting.push(resolve))
    copies++
    return createPrivateKey({
      key: key.export({ type: 'pkcs8', format: 'der' }),
      type: 'pkcs8',
      format: 'der',
    })
  }

  function give(copy: KeyObject): void {
    const next = waiting.shift()
    if (next) next(copy)
    else free.push(copy)
  }

  return async work => {
    const copy = await take()
    try {
      return await work(copy)
    } finally {
      give(copy)
    }
  }
}
