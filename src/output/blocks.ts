// The body of one file of `out/` → its bytes, in blocks: what is large is never in memory whole.

import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { ChangedMeanwhile } from '../errors.ts'
import type { OutputFile } from '../model.ts'

/** Enough that system calls cost nothing, little enough that a feed of any length does. */
const BLOCK = 1024 * 1024

/** @param articles absolute path of `articles/`, which `{ copy }` is relative to */
export function blocksOf(body: OutputFile['body'], articles: string): Iterable<Uint8Array> {
  if (typeof body === 'string') return [Buffer.from(body)]
  if (body instanceof Uint8Array) return [body]
  return 'copy' in body ? fileBlocks(join(articles, body.copy)) : gather(body.chunks)
}

/** Small pieces put together. */
function* gather(chunks: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    held.push(bytes)
    size += bytes.length
    if (size < BLOCK) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}

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
