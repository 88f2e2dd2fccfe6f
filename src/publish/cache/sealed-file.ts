// A value → one file of the cache, and back.

import { type Stats, statSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { readSealedBytes, writeSealedBytes } from '../../sealed-bytes.ts'

/** @param key of the program that wrote it: only the same one reads it. @returns undefined for any doubt at all */
export function readSealed(path: string, key: string): unknown {
  const bytes = readSealedBytes(path, key)
  try {
    return bytes && deserialize(bytes)
  } catch {
    return undefined
  }
}

/** Does nothing where nothing can be written: then everything is made again next time. */
export function writeSealed(path: string, key: string, value: unknown): void {
  writeSealedBytes(path, key, () => serialize(value))
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
