// A path and the file that belongs there → whether it had to be written. It is compared while it is made, written only from
// the first difference on, and seen by anybody only when whole; what is large is never in memory whole.

import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ChangedMeanwhile, UserError } from '../../errors.ts'
import type { OutputFile } from '../../model.ts'

/** Enough that system calls cost nothing, little enough that a feed of any length does. */
const BLOCK_BYTES = 256 * 1024
/** A unit of UTF-16 takes at most so many in UTF-8. */
const BYTES_PER_UNIT = 3

/** @throws UserError when the disk refuses: what was there before is whole then, and nothing unfinished is left */
export function writeIfChanged(path: string, blocks: Iterable<Uint8Array>): boolean {
  const partial = join(dirname(path), partialName(process.pid))
  let before: number | undefined
  let made: number | undefined
  try {
    before = openBefore(path)
    let same = 0
    const begin = () => {
      made = openPartial(partial)
      copyBytes(before, made, same)
      return made
    }
    for (const block of blocks) {
      if (made === undefined && before !== undefined && hasBlock(before, block, same)) same += block.length
      else writeAll(made ?? begin(), block)
    }
    if (made === undefined && before !== undefined && fstatSync(before).size === same) return false
    closeSync(made ?? begin())
    made = undefined
    renameSync(partial, path)
    return true
  } catch (error) {
    if (made !== undefined) closeSync(made)
    discard(partial)
    throw isSystemError(error) ? refusal(path, error) : error
  } finally {
    if (before !== undefined) closeSync(before)
  }
}

/** In the same folder, for only there is a rename one step. */
export function partialName(pid: number): string {
  return `.${pid}.broadsheet-half`
}

export function discard(partial: string): void {
  try {
    rmSync(partial, { force: true })
  } catch {
    // Where its folder should be is something else: it was never made.
  }
}

function openBefore(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    // What cannot be read is written anew; a folder in its place stops the rename.
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}

function openPartial(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'w')
  }
}

function hasBlock(handle: number, block: Uint8Array, at: number): boolean {
  return readAt(handle, at, block.length).equals(block)
}

function readAt(handle: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let read = 0
  while (read < length) {
    const more = readSync(handle, bytes, read, length - read, at + read)
    if (more === 0) break
    read += more
  }
  return bytes.subarray(0, read)
}

/** The beginning that was right need not be made again. */
function copyBytes(from: number | undefined, to: number, length: number): void {
  for (let at = 0; from !== undefined && at < length; at += BLOCK_BYTES)
    writeAll(to, readAt(from, at, Math.min(BLOCK_BYTES, length - at)))
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
}

/** Anything else is a fault in what made the bytes. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

function refusal(path: string, { code, message }: NodeJS.ErrnoException): UserError {
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new UserError(
    full ? `the disk is full: ${path} was not written` : `${path} cannot be written: ${message}`,
    'What was in out/ before is intact. Free some space or check the permissions, and build again.',
  )
}

/** The bytes of a body. @param articles absolute path of `articles/`, which `{ copy }` is relative to */
export function blocksOf(body: OutputFile['body'], articles: string): Iterable<Uint8Array> {
  if (typeof body === 'string') return [Buffer.from(body)]
  if (body instanceof Uint8Array) return [body]
  return 'copy' in body ? fileBlocks(join(articles, body.copy)) : gather(body.chunks)
}

/** Small pieces put together. Each block is overwritten by the next, and by those of the next file. */
function* gather(chunks: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  const block = spareBlock ?? Buffer.allocUnsafeSlow(BLOCK_BYTES)
  spareBlock = undefined
  let used = 0
  try {
    for (const chunk of chunks) {
      const maxBytes = typeof chunk === 'string' ? chunk.length * BYTES_PER_UNIT : chunk.length
      if (used + maxBytes > BLOCK_BYTES) {
        if (used > 0) yield block.subarray(0, used)
        used = 0
      }
      if (maxBytes > BLOCK_BYTES) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      else if (typeof chunk === 'string') used += block.write(chunk, used)
      else {
        block.set(chunk, used)
        used += maxBytes
      }
    }
    if (used > 0) yield block.subarray(0, used)
  } finally {
    spareBlock = block
  }
}
let spareBlock: Buffer | undefined

/** Each block is overwritten by the next. */
function* fileBlocks(path: string): Generator<Uint8Array> {
  const handle = openSource(path)
  try {
    const block = Buffer.allocUnsafe(BLOCK_BYTES)
    for (;;) {
      const read = readSync(handle, block, 0, BLOCK_BYTES, -1)
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
