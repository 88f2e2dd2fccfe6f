// Path and size of a file → its bytes, in one read: many small files lie in one block of memory, which costs a third of
// making a text of each.

import { closeSync, openSync, readSync } from 'node:fs'

export interface ByteReader {
  /**
   * @param size as the folder's listing says
   * @param keep whether the bytes are needed once the next file is read
   * @returns undefined when they are not as many any more, too many, or cannot be read
   */
  read(path: string, size: number, keep: boolean): Buffer | undefined
}

const BLOCK = 4 * 1024 * 1024

export function openByteReader(): ByteReader {
  let block: Buffer = Buffer.alloc(0)
  let used = 0
  return {
    read(path, size, keep) {
      // One byte more tells whether the file has grown.
      if (size >= BLOCK) return undefined
      if (used + size >= block.length) {
        block = Buffer.allocUnsafeSlow(BLOCK)
        used = 0
      }
      const found = fill(path, block, used, size + 1)
      if (found !== size) return undefined
      const bytes = block.subarray(used, used + size)
      if (keep) used += size
      return bytes
    },
  }
}

/** @returns how many bytes were read; -1 when the file cannot be */
export function fill(path: string, block: Buffer, at: number, most: number): number {
  let handle: number | undefined
  try {
    handle = openSync(path, 'r')
    return readSync(handle, block, at, most, null)
  } catch {
    return -1
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}
