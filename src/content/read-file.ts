// Path → the text of a file, or its bytes, or why it cannot be read; and whether it is still what its folder was listed with.

import { isUtf8 } from 'node:buffer'
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ChangedMeanwhile } from '../errors.ts'
import type { Diagnostic } from '../model.ts'
import { type Listing, STAMP_LENGTH, stampAt } from './list-folder.ts'

/** What a parser makes of the text of a file; undefined, and a problem reported, when it cannot be read. */
export function readFile<T>(
  root: string,
  path: string,
  parse: (file: string, text: string) => T | undefined,
  report: (diagnostic: Diagnostic) => void,
): T | undefined {
  const content = readText(join(root, path))
  if ('text' in content) return parse(path, content.text)
  if (!existsSync(join(root, path))) throw new ChangedMeanwhile(join(root, path))
  report({ file: path, severity: 'error', ...content })
  return undefined
}

export type ReadText =
  | { readonly text: string }
  | { readonly line: number; readonly rule: string; readonly message: string; readonly advice: string }

/** With LF line ends and without a byte order mark. */
export function readText(path: string): ReadText {
  try {
    // One call, a third quicker than reading bytes and judging them: what is not UTF-8 shows as U+FFFD.
    const text = readFileSync(path, 'utf8')
    // UTF-16 of plain letters is UTF-8 as well.
    const odd = text[0] === '\0' || text[1] === '\0' || text.includes('\ufffd')
    if (!odd) return { text: tidy(text) }
    const bytes = readFileSync(path)
    if (isUtf16(bytes)) return notUtf8(bytes)
    return isUtf8(bytes) ? { text: tidy(bytes.toString()) } : notUtf8(bytes)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return {
      line: 0,
      rule: 'readable-file',
      message: `cannot be read: ${READ_ERRORS[code ?? '']?.message ?? code ?? message}`,
      advice: READ_ERRORS[code ?? '']?.advice ?? 'Correct its permissions, or remove it.',
    }
  }
}

const READ_ERRORS: Readonly<Record<string, { readonly message: string; readonly advice: string }>> = {
  ENOENT: {
    message: 'it is a link to a file that does not exist (ENOENT)',
    advice: 'Correct the link, or remove it.',
  },
  EISDIR: { message: 'it is a folder (EISDIR)', advice: 'Give the folder a name without .md.' },
}

function tidy(text: string): string {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  return bare.includes('\r') ? bare.replace(/\r\n?/g, '\n') : bare
}

function notUtf8(bytes: Buffer): ReadText {
  const offset = firstBadByte(bytes)
  const line = bytes.subarray(0, offset).reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 1)
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, '0')
  return {
    line,
    rule: 'utf-8',
    message: isUtf16(bytes) ? 'is UTF-16, not UTF-8' : `is not UTF-8: byte 0x${byte} at offset ${offset}`,
    advice: 'Save the file as UTF-8.',
  }
}

/** By its mark, or by a NUL beside each of the first letters: one alone is in other files, too. */
function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  const start = [...bytes.subarray(0, 8)]
  return [0, 1].some(
    side => start.length > 4 && start.every((byte, at) => (byte === 0) === (at % 2 === side)),
  )
}

/** By halving: the longest beginning that is whole UTF-8. */
function firstBadByte(bytes: Buffer): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isUtf8(bytes.subarray(0, wholeUntil(bytes, middle)))) good = middle
    else bad = middle
  }
  return wholeUntil(bytes, good)
}

/** Not in the middle of a character: continuation bytes are 10xxxxxx. */
function wholeUntil(bytes: Buffer, end: number): number {
  for (let back = 0; back < 4 && end - back > 0; back++)
    if ((bytes[end - back]! & 0xc0) !== 0x80) return end - back
  return end
}

/** Bytes of many small files, in one read each: they lie in one block, which costs a third of making a text of each. */
interface ByteReader {
  /**
   * @param size as the folder's listing says
   * @param keep whether the bytes are needed once the next file is read
   * @returns undefined when they are not as many any more, too many, or cannot be read
   */
  read(path: string, size: number, keep: boolean): Buffer | undefined
}

const BLOCK_BYTES = 4 * 1024 * 1024

export function openByteReader(): ByteReader {
  let block: Buffer = Buffer.alloc(0)
  let used = 0
  return {
    read(path, size, keep) {
      // One byte more tells whether the file has grown.
      if (size >= BLOCK_BYTES) return undefined
      if (used + size >= block.length) {
        block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
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

/** @returns how many bytes were read, at most `limit`; -1 when the file cannot be read */
function fill(path: string, block: Buffer, at: number, limit: number): number {
  let handle: number | undefined
  try {
    handle = openSync(path, 'r')
    return readSync(handle, block, at, limit, null)
  } catch {
    return -1
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** Files of a listing, by their path relative to the publication's folder. */
export class ListedFiles {
  readonly listing: Listing
  readonly #root: string
  readonly #places: ReadonlyMap<string, number>

  /** @param root absolute path of the publication's folder */
  constructor(root: string, listing: Listing) {
    this.#root = root
    this.listing = listing
    this.#places = new Map(listing.paths.map((path, at) => [path, at]))
  }

  /** Absolute. */
  pathOf(file: string): string {
    return `${this.#root}/${file}`
  }

  /** In bytes, when the folder was listed. */
  sizeOf(file: string): number {
    return this.listing.stamps[this.#places.get(file)! * STAMP_LENGTH]!
  }

  /**
   * By size and mtime: there are file systems that number a file anew whenever it is asked for.
   *
   * @throws ChangedMeanwhile when it is no longer what was listed
   */
  expectSame(file: string): void {
    const path = this.pathOf(file)
    const [size, mtime] = stampAt(this.listing, this.#places.get(file)!)
    const now = statSync(path, { throwIfNoEntry: false })
    if (now?.size !== size || now?.mtimeMs !== mtime) throw new ChangedMeanwhile(path)
  }
}
