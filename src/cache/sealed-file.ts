// A value → one file of the cache, and back; whatever is not word for word what was written counts as nothing.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'

/** Bytes of the checksum that begins the file. */
const SUM = 20

/** @param key of the program that wrote it: only the same one reads it. @returns undefined for any doubt at all */
export function readSealed(path: string, key: string): unknown {
  try {
    const bytes = readFileSync(path)
    const content = bytes.subarray(SUM)
    return checksum(key, content).equals(bytes.subarray(0, SUM)) ? deserialize(content) : undefined
  } catch {
    return undefined
  }
}

/**
 * Does nothing where nothing can be written: then everything is made again next time.
 */
export function writeSealed(path: string, key: string, value: unknown): void {
  const half = `${path}.${process.pid}.half`
  try {
    const content = serialize(value)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(half, checksum(key, content))
    writeFileSync(half, content, { flag: 'a' })
    renameSync(half, path)
  } catch {
    discard(half)
  }
}

/** @returns what was written just now, as its file system tells; undefined where nothing can be */
export function askClock(path: string): Stats | undefined {
  try {
    writeFileSync(path, '')
    return statSync(path)
  } catch {
    return undefined
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Its folder is no folder.
  }
}

/** Against accidents, not against people: who may write here may write out/ as well. */
function checksum(key: string, content: Uint8Array): Buffer {
  return createHash('sha1').update(key).update(content).digest()
}
