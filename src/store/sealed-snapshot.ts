// The bytes of a database and BROADSHEET_SECRET → one compressed, encrypted file that may lie in public, and back. A wrong
// secret is distinguished from a damaged file.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'
import { keysOf } from '../base/index.ts'
import { UserError } from '../errors.ts'

/** What the file begins with; then follow the salt, the mark of the key, the ciphertext and its tag. */
const MAGIC = Buffer.from('Broadsheet ledger 1\n')
const SALT_BYTES = 16
const KEY_BYTES = 32
const NONCE_BYTES = 12
/** By which the right one of several secrets is found. */
const MARK_BYTES = 8
/** NIST SP 800-38D: AES-GCM with a tag of 128 bits. */
const TAG_BYTES = 16

/** A part is compressed by itself, and again only when it has changed: of a long list a save changes few. */
const PART_BYTES = 1 << 20
const COMPRESSION = { level: 3 }

/** Seals one database again and again. */
export class Sealer {
  #parts: { readonly bytes: Uint8Array; readonly packed: Buffer }[] = []

  /**
   * @param secret BROADSHEET_SECRET; its first key encrypts
   * @param note the plain text that lies beside the file: altered, neither can be read any more
   */
  async seal(bytes: Uint8Array, secret: string, note: string): Promise<Uint8Array> {
    const salt = randomBytes(SALT_BYTES)
    const { key, nonce, mark } = derive(keysOf(secret)[0]!, salt)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(note))
    const encrypted = (await this.#pack(bytes)).map(part => cipher.update(part))
    return Buffer.concat([MAGIC, salt, mark, ...encrypted, cipher.final(), cipher.getAuthTag()])
  }

  /** @returns each part's length when packed, then the part */
  async #pack(bytes: Uint8Array): Promise<Buffer[]> {
    const before = this.#parts
    this.#parts = []
    for (let start = 0; start < bytes.length; start += PART_BYTES) {
      const part = bytes.subarray(start, start + PART_BYTES)
      const known = before[this.#parts.length]
      const same = known !== undefined && Buffer.compare(known.bytes, part) === 0
      const packed = same ? known.packed : await promisify(deflate)(part, COMPRESSION)
      this.#parts.push({ bytes: part, packed })
    }
    return this.#parts.flatMap(({ packed }) => [lengthOf(packed), packed])
  }
}

function lengthOf(packed: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(packed.length)
  return length
}

async function unpack(packed: Buffer): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for (let at = 0; at < packed.length; ) {
    const end = at + 4 + packed.readUInt32BE(at)
    parts.push(await promisify(inflate)(packed.subarray(at + 4, end)))
    at = end
  }
  return Buffer.concat(parts)
}

/**
 * @param secret BROADSHEET_SECRET; all its keys are tried
 * @param name of the place, for the error
 * @throws UserError for a wrong secret, and for what was damaged or altered
 */
export async function unseal(
  sealed: Uint8Array,
  secret: string,
  note: string,
  name: string,
): Promise<Uint8Array> {
  const file = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const head = MAGIC.length + SALT_BYTES
  if (!file.subarray(0, MAGIC.length).equals(MAGIC) || file.length < head + MARK_BYTES + TAG_BYTES)
    throw damaged(name)
  const salt = file.subarray(MAGIC.length, head)
  const mark = file.subarray(head, head + MARK_BYTES)
  const right = keysOf(secret)
    .map(one => derive(one, salt))
    .find(derived => timingSafeEqual(derived.mark, mark))
  if (!right) {
    throw new UserError(
      `BROADSHEET_SECRET is not the one that the ledger in ${name} was encrypted with`,
      'Set the one that the last run had. After a change of the secret name both, the new one first: BROADSHEET_SECRET=new,old',
    )
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', right.key, right.nonce)
      .setAAD(Buffer.from(note))
      .setAuthTag(file.subarray(-TAG_BYTES))
    const packed = [decipher.update(file.subarray(head + MARK_BYTES, -TAG_BYTES)), decipher.final()]
    return await unpack(Buffer.concat(packed))
  } catch {
    throw damaged(name)
  }
}

/** RFC 5869. Each snapshot has a salt, and so a key, of its own: it encrypts once. */
function derive(secret: string, salt: Uint8Array) {
  const length = KEY_BYTES + NONCE_BYTES + MARK_BYTES
  const bytes = Buffer.from(hkdfSync('sha256', secret, salt, 'broadsheet ledger snapshot', length))
  return {
    key: bytes.subarray(0, KEY_BYTES),
    nonce: bytes.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES),
    mark: bytes.subarray(KEY_BYTES + NONCE_BYTES),
  }
}

function damaged(name: string): UserError {
  return new UserError(
    `the ledger in ${name} is damaged, or someone has altered it`,
    'Put the last good commit back, or begin anew: subscribers import of your last export, and a look at who was mailed.',
  )
}
