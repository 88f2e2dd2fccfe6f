// OutputFile[] → `out/`: the only writer there. What did not change is not written; what a build made before and no
// longer makes is removed; every write is a rename, so that nobody ever sees a part of a file.

import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { foldedName } from '../../base/index.ts'
import { ownFilePath } from '../../content/index.ts'
import { ChangedMeanwhile, UserError } from '../../errors.ts'
import type { OutputFile } from '../../model.ts'

/** Files between two calls of `progress`. */
const FILES_PER_SIGN = 200

export interface WriteReport {
  readonly written: number
  readonly unchanged: number
  readonly removed: number
}

/**
 * @param out absolute path of `out/`
 * @param articles absolute path of `articles/`, which `{ copy }` bodies are relative to
 * @throws UserError when a path leaves `out/`, two files claim one path, or the disk refuses (nothing unfinished is left)
 */
export function writeOutput(out: string, articles: string, files: readonly OutputFile[]): WriteReport {
  const paths = files.map(file => file.path)
  const end = beginOutput(out, paths)
  return end(writeFiles(out, files, { articles }))
}

/**
 * Prepares `out/` for files that are to be written.
 *
 * @returns what removes, when they are there, all that is no longer made; its argument is how many files were written
 * @throws UserError when a path leaves `out/`, or is there twice
 */
export function beginOutput(out: string, unsorted: readonly string[]): (written: number) => WriteReport {
  const paths = unsorted.toSorted()
  checkPaths(paths)
  const before = readManifest(out)
  const stale = staleFiles(out, before, paths)
  // Known before it is made: a build that is killed leaves nothing that no later one removes.
  const known = new Set(before)
  if (!paths.every(path => known.has(path))) writeManifest(out, [...new Set([...before, ...paths])].sort())
  let removed = stale.inTheWay.filter(stale.remove).length
  return written => {
    removed += stale.others.filter(stale.remove).length
    writeManifest(out, paths)
    return { written, unchanged: paths.length - written, removed }
  }
}

interface WriteOptions {
  /** Absolute path of `articles/`, which `{ copy }` bodies are relative to. */
  readonly articles?: string
  /** Whether a file need not even be compared: it is there as it would be made, or somebody else writes it. */
  isDone?(file: OutputFile): boolean
  /** Called from time to time with how many files there are by now; may throw. */
  progress?(done: number): void
}

/**
 * Into an `out/` that was prepared for them.
 *
 * @returns how many were not there as they are
 * @throws UserError when the disk refuses (nothing unfinished is left)
 */
export function writeFiles(
  out: string,
  files: readonly OutputFile[],
  { articles = '', isDone = () => false, progress = () => {} }: WriteOptions = {},
): number {
  // In a folder that was just made nothing is looked for.
  const fresh: { folder?: string } = {}
  let written = 0
  for (const [index, file] of files.entries()) {
    if (index % FILES_PER_SIGN === 0) progress(index)
    if (isDone(file)) continue
    if (writeIfChanged(join(out, file.path), blocksOf(file.body, articles), fresh)) written++
  }
  return written
}

function checkPaths(sorted: readonly string[]): void {
  for (const [index, path] of sorted.entries()) {
    if (!isInside(path)) throw new UserError(`${path} is not a valid path inside out/`)
    if (path === sorted[index + 1]) throw new UserError(`two things would be written to out/${path}`)
  }
}

interface Stale {
  /** A file where a folder is wanted, or in a folder where a file is wanted: to be removed before writing. */
  readonly inTheWay: readonly string[]
  /** To be removed when everything new is there. */
  readonly others: readonly string[]
  /** @returns whether there was such a file */
  remove(path: string): boolean
}

/** Files that are no longer made. @param before @param now paths below `out`, as the two builds list them */
function staleFiles(out: string, before: readonly string[], now: readonly string[]): Stale {
  const made = new Set(now)
  const stale = before.filter(path => !made.has(path))
  // As after most builds.
  if (stale.length === 0) return { inTheWay: [], others: [], remove: () => false }
  const folders = new Set(now.flatMap(foldersAbove))
  const byFold = new Map(now.map(path => [foldedName(path), path]))
  const isInTheWay = (path: string) =>
    folders.has(path) || foldersAbove(path).some(folder => made.has(folder))
  return {
    inTheWay: stale.filter(isInTheWay),
    others: stale.filter(path => !isInTheWay(path)),
    remove(path) {
      // On a disk that ignores case, it may be a file of this build.
      const renamed = byFold.get(foldedName(path))
      if (renamed !== undefined && isSame(join(out, path), join(out, renamed))) return false
      try {
        unlinkSync(join(out, path))
      } catch {
        return false // Gone already, or a folder that somebody put there.
      }
      removeEmpty(out, dirname(path))
      return true
    },
  }
}

/** 'a/b/c' → 'a', 'a/b' */
function foldersAbove(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

function isSame(left: string, right: string): boolean {
  const options = { throwIfNoEntry: false, bigint: true } as const
  const [a, b] = [lstatSync(left, options), lstatSync(right, options)]
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}

function removeEmpty(out: string, folder: string): void {
  if (folder === '.') return
  try {
    rmdirSync(join(out, folder))
  } catch {
    return // Something else is still in it.
  }
  removeEmpty(out, dirname(folder))
}

// ─── The manifest ───────────────────────────────────────────────────────────────────────────────────────────────────
//
// It lists what the last build made: only these files are ever removed, and unfinished files are only beside them.

/** One path a line, relative to `out/`. */
export const MANIFEST = '.broadsheet'

/** @throws UserError when it cannot be read: without it nobody knows what is to be removed */
function readManifest(out: string): string[] {
  const path = join(out, MANIFEST)
  if (!existsSync(path)) return []
  try {
    return readFileSync(path, 'utf8').split('\n').filter(isInside)
  } catch (error) {
    throw new UserError(
      `${path} cannot be read: ${(error as Error).message}`,
      'It lists the files that a build made. Delete out/, and build again.',
    )
  }
}

function writeManifest(out: string, paths: readonly string[]): void {
  writeIfChanged(join(out, MANIFEST), [Buffer.from(paths.map(path => `${path}\n`).join(''))], {})
}

/** Whether a path stays in the folder, and means the same file on every system. */
function isInside(path: string): boolean {
  return !NOT_INSIDE.test(path)
}

/** A part that is empty, or leads elsewhere, or a sign that is no part of a name everywhere. */
const NOT_INSIDE = /(?:^|\/)(?:\.\.?)?(?:\/|$)|[\\\0]/

/**
 * Removes the unfinished files that a program left which died over them. A file is listed before it is written: nowhere
 * else can one be.
 */
export function discardPartials(out: string, pid: number): void {
  const folders = new Set(['.', ...readManifest(out).map(path => dirname(path))])
  for (const folder of folders)
    for (const isMain of [true, false]) discard(join(out, folder, partialName(pid, isMain)))
}

/**
 * The texts of the feeds in which articles are in `out/`, in one format.
 *
 * @param file name of the format's files
 * @param isUpToDate whether a file is for certain made of the same articles as now: reading it would show nothing new
 */
export function* publishedBefore(
  out: string,
  file: string,
  isUpToDate: (path: string) => boolean = () => false,
): Generator<string> {
  for (const path of readManifest(out)) {
    // The feeds of newsletters carry editions.
    if (basename(path) !== file || path.startsWith('editions/') || isUpToDate(path)) continue
    const text = textOf(join(out, path))
    if (text !== undefined) yield text
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // Somebody took it away.
  }
}

// ─── One file ────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A path and the file that belongs there → whether it had to be written. It is compared while it is made, written only from
// the first difference on, and seen by anybody only when whole; what is large is never in memory whole.

/** Enough that system calls cost nothing, little enough that a feed of any length does. */
const BLOCK_BYTES = 256 * 1024
/** A unit of UTF-16 takes at most so many in UTF-8. */
const BYTES_PER_UNIT = 3

/** @throws UserError when the disk refuses: what was there before is whole then, and nothing unfinished is left */
function writeIfChanged(path: string, blocks: Iterable<Uint8Array>, fresh: { folder?: string }): boolean {
  const folder = dirname(path)
  const partial = join(folder, partialName(process.pid))
  let before: number | undefined
  let made: number | undefined
  try {
    before = folder === fresh.folder ? undefined : openBefore(path)
    let same = 0
    const begin = () => {
      if (folder !== fresh.folder && !existsSync(folder)) {
        mkdirSync(folder, { recursive: true })
        fresh.folder = folder
      }
      made = openSync(partial, 'w')
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

/** In the same folder, for only there is a rename one step. Two threads may write there. */
function partialName(pid: number, isMain = isMainThread): string {
  return `.${pid}${isMain ? '' : '-2'}.broadsheet-half`
}

function discard(partial: string): void {
  try {
    rmSync(partial, { force: true })
  } catch {
    // Where its folder should be is something else: it was never made.
  }
}

function openBefore(path: string): number | undefined {
  // To ask first costs a tenth of an error.
  if (!existsSync(path)) return undefined
  try {
    return openSync(path, 'r')
  } catch (error) {
    // What cannot be read is written anew; a folder in its place stops the rename.
    if (['ENOENT', 'EACCES', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
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
function blocksOf(body: OutputFile['body'], articles: string): Iterable<Uint8Array> {
  if (typeof body === 'string') return [Buffer.from(body)]
  if (body instanceof Uint8Array) return [body]
  return 'copy' in body ? fileBlocks(ownFilePath(articles, body.copy)) : gather(body.chunks)
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
