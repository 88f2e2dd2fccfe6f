// The body of one file of `out/` → its bytes, in blocks: what is large is never in memory whole.

import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { ChangedMeanwhile } from '../../errors.ts'
import type { OutputFile } from '../../model.ts'

/** Enough that system calls cost nothing, little enough that a feed of any length does. */
const BLOCK = 256 * 1024
/** Of UTF-8, at most, for one unit of a text. */
const BYTES = 3

/** @param articles absolute path of `articles/`, which `{ copy }` is relative to */
export function blocksOf(body: OutputFile['body'], articles: string): Iterable<Uint8Array> {
  if (typeof body === 'string') return [Buffer.from(body)]
  if (body instanceof Uint8Array) return [body]
  return 'copy' in body ? fileBlocks(join(articles, body.copy)) : gather(body.chunks)
}

/** Small pieces put together. Each block is overwritten by the next, and by those of the next file. */
function* gather(chunks: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  const block = spare ?? Buffer.allocUnsafeSlow(BLOCK)
  spare = undefined
  let used = 0
  try {
    for (const chunk of chunks) {
      const most = typeof chunk === 'string' ? chunk.length * BYTES : chunk.length
      if (used + most > BLOCK) {
        if (used > 0) yield block.subarray(0, used)
        used = 0
      }
      if (most > BLOCK) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      else if (typeof chunk === 'string') used += block.write(chunk, used)
      else {
        block.set(chunk, used)
        used += most
      }
    }
    if (used > 0) yield block.subarray(0, used)
  } finally {
    spare = block
  }
}
let spare: Buffer | undefined

/** Each block is overwritten by the next. */
function* fileBlocks(path: string): Generator<Uint8Array> {
  const handle = openSource(path)
  try {
    const block = Buffer.allocUnsafe(BLOCK)
    for (;;) {
      const read = readSync(handle, block, 0, BLOCK, -1)
      if (read === 0) return
      yield block.subarray(0, read)
    }
  } finally {
    closeSync(handle)
  }
}

function openSource(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new ChangedMeanwhile(path) : error
  }
}
