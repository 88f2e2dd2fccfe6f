// A path and the bytes that are to stand there → whether others stood there. Compared while they are made, written only
// from the first difference on, and seen by anybody only when whole.

import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../errors.ts'

/** @throws UserError when the disk refuses: what stood there before is whole then, and no half file is left */
export function writeChanged(path: string, blocks: Iterable<Uint8Array>): boolean {
  const half = join(dirname(path), halfName(process.pid))
  let before: number | undefined
  let made: number | undefined
  try {
    before = openBefore(path)
    let same = 0
    const begin = () => {
      made = openHalf(half)
      copyBytes(before, made, same)
      return made
    }
    for (const block of blocks) {
      if (made === undefined && before !== undefined && holds(before, block, same)) same += block.length
      else writeAll(made ?? begin(), block)
    }
    if (made === undefined && before !== undefined && fstatSync(before).size === same) return false
    closeSync(made ?? begin())
    made = undefined
    renameSync(half, path)
    return true
  } catch (error) {
    if (made !== undefined) closeSync(made)
    discard(half)
    throw isSystemError(error) ? refusal(path, error) : error
  } finally {
    if (before !== undefined) closeSync(before)
  }
}

export function discard(half: string): void {
  try {
    rmSync(half, { force: true })
  } catch {
    // Where its folder should be is something else: it was never made.
  }
}

function openHalf(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'w')
  }
}

/** In the same folder, for only there is a rename one step. */
export function halfName(pid: number): string {
  return `.${pid}.broadsheet-half`
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

function holds(handle: number, block: Uint8Array, at: number): boolean {
  const there = readAt(handle, at, block.length)
  return there.equals(block)
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
  const most = 1024 * 1024
  for (let at = 0; from !== undefined && at < length; at += most)
    writeAll(to, readAt(from, at, Math.min(most, length - at)))
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
    'What stood in out/ before is whole. Make room or mend the folder, and build again.',
  )
}
