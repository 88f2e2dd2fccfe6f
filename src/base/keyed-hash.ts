// A key → a function from one text after another to its HMAC-SHA256: what `createHmac` makes, at half its cost and less,
// for those who sign for a whole list.

import { hash } from 'node:crypto'

/** Octets that SHA-256 takes at a time, and that it gives. RFC 2104 §2: B and L. */
const [BLOCK, LENGTH] = [64, 32]

/** Text → its HMAC in base64url, or as a string of octets. */
export type KeyedHash = (text: string, as?: 'base64url' | 'binary') => string

export function keyedHash(key: string): KeyedHash {
  const octets = Buffer.from(key)
  const own = octets.length > BLOCK ? hash('sha256', octets, 'buffer') : octets
  // What is hashed lies ready but for the text: an object of OpenSSL's for each text costs more than hashing it.
  let inner = Buffer.alloc(BLOCK + 256, 0x36)
  const outer = Buffer.alloc(BLOCK + LENGTH, 0x5c)
  for (const [at, octet] of own.entries()) {
    inner[at] = octet ^ 0x36
    outer[at] = octet ^ 0x5c
  }

  return (text, as = 'base64url') => {
    // An octet in UTF-8 for each character at least, three at most.
    if (text.length * 3 > inner.length - BLOCK) {
      inner = Buffer.concat([inner.subarray(0, BLOCK)], BLOCK + text.length * 3)
    }
    const end = BLOCK + inner.write(text, BLOCK)
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK, 'binary')
    return hash('sha256', outer, as)
  }
}
