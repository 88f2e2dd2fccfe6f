// A value ⇄ one file of the cache. It bears a checksum over the value and over the program that wrote it: whatever is not
// word for word what that very program wrote counts as nothing.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { writeWhole } from '../../base/index.ts'

/** Length of the SHA-1 that begins the file. */
const CHECKSUM_BYTES = 20

/** @param key of the program that wrote it: only the same one reads it. @returns undefined for any doubt at all */
export function readSealed(path: string, key: string): unknown {
  try {
    const bytes = readFileSync(path)
    const content = bytes.subarray(CHECKSUM_BYTES)
    const isWhole = checksum(key, content).equals(bytes.subarray(0, CHECKSUM_BYTES))
    return isWhole ? deserialize(content) : undefined
  } catch {
    return undefined
  }
}

/** Does nothing where nothing can be written: then everything is made again next time. */
export function writeSealed(path: string, key: string, value: unknown): void {
  try {
    const content = serialize(value)
    mkdirSync(dirname(path), { recursive: true })
    writeWhole(path, checksum(key, content), content)
  } catch {
    // A disk that is full or read only has no cache.
  }
}

/** Against accidents, not against people: who may write here may write what is made of it as well. */
function checksum(key: string, content: Uint8Array): Buffer {
  return createHash('sha1').update(key).update(content).digest()
}
