// A value ⇄ one file of the cache. It bears a checksum over the value and over the program that wrote it: whatever is not
// word for word what that very program wrote counts as nothing.

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'

/** Length of the SHA-1 that begins the file. */
const CHECKSUM_BYTES = 20
/** Ends the name of a file that is still being written. */
const PARTIAL = '.half'

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

/** Whole or not at all; does nothing where nothing can be written: then everything is made again next time. */
export function writeSealed(path: string, key: string, value: unknown): void {
  const partial = `${path}.${process.pid}${PARTIAL}`
  try {
    const content = serialize(value)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(partial, checksum(key, content))
    writeFileSync(partial, content, { flag: 'a' })
    renameSync(partial, path)
  } catch {
    discard(partial)
  }
}

/** Removes what builds that were killed left unfinished. @param folder where only this build writes now */
export function discardPartials(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (name.endsWith(PARTIAL)) discard(join(folder, name))
  } catch {
    // There is no such folder.
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Its folder is no folder.
  }
}

/** Against accidents, not against people: who may write here may write what is made of it as well. */
function checksum(key: string, content: Uint8Array): Buffer {
  return createHash('sha1').update(key).update(content).digest()
}
