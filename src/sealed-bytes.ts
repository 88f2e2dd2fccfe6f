// Bytes ⇄ a file that bears a checksum over them and over what they belong to: whatever is not word for word what was
// written for that very thing counts as nothing. A leaf.

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Bytes of the checksum that begins the file. */
const SUM = 20
/** Ends the name of a file that is being written. */
const HALF = '.half'

/** @param owner what they belong to @returns undefined for any doubt at all */
export function readSealedBytes(path: string, owner: string | Uint8Array): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    const content = bytes.subarray(SUM)
    return checksum(owner, content).equals(bytes.subarray(0, SUM)) ? content : undefined
  } catch {
    return undefined
  }
}

/** Whole or not at all; does nothing where nothing can be written. @param make the bytes */
export function writeSealedBytes(path: string, owner: string | Uint8Array, make: () => Uint8Array): void {
  const half = `${path}.${process.pid}${HALF}`
  try {
    const content = make()
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(half, checksum(owner, content))
    writeFileSync(half, content, { flag: 'a' })
    renameSync(half, path)
  } catch {
    discard(half)
  }
}

/** Removes what programs that were killed left half-written. @param folder where only this program writes now */
export function discardHalves(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (name.endsWith(HALF)) discard(join(folder, name))
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
function checksum(owner: string | Uint8Array, content: Uint8Array): Buffer {
  return createHash('sha1').update(owner).update(content).digest()
}
