// The path of a SQLite ledger → its file, never seen half made, and watched while it is open; and errors of SQLite → words for
// the person who can put it right.

import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs'
import { endianness } from 'node:os'
import { basename, dirname } from 'node:path'
import Libsql from 'libsql'
import { IGNORED, makeIgnoredFolder } from '../base/index.ts'
import { UserError } from '../errors.ts'

/**
 * Makes the file, readable by its owner alone, where there is none. It is never empty: an empty file is one that lost
 * what it had.
 */
export function makeFile(file: string): void {
  if (existsSync(file)) return
  const folder = dirname(file)
  if (basename(folder) === IGNORED) makeIgnoredFolder(folder)
  else mkdirSync(folder, { recursive: true })
  const partial = `${file}.${process.pid}.new`
  closeSync(openSync(partial, 'a', 0o600))
  try {
    const empty = new Libsql(partial)
    empty.exec('PRAGMA user_version = 1')
    empty.close()
    linkUnlessThere(partial, file)
  } finally {
    rmSync(partial, { force: true })
  }
}

/** Of two processes at once one makes the file, and the other takes it. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (existsSync(to)) return
    // File systems without hard links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errnoOf(error))) throw error
    copyFileSync(from, to, constants.COPYFILE_EXCL)
  }
}

/** @throws UserError for a file that was emptied */
export function refuseEmptied(file: string): void {
  if (!existsSync(file) || statSync(file).size > 0) return
  throw new UserError(
    `the database ${file} is an empty file: what it had is lost`,
    `Restore it from a backup: without it there is no record of who has been mailed. If it never had anything, delete it and run this again: rm ${file}`,
  )
}

/** 'SQLite format 3\0', file format §1.3. */
const MAGIC = Buffer.from('SQLite format 3\0')
const HEADER_BYTES = 64
/** Offset of `user_version`, which we count up. */
const GENERATION_AT = 60

/** https://sqlite.org/walformat.html §2: the head of the index of the log, in the byte order of this machine. */
const INDEX_BYTES = 100
const PAGE_SIZE_AT = 14
const FRAMES_AT = 16
/** How many frames are in the file of the database already. */
const MOVED_AT = 96
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

/**
 * Notices that the file is no longer the one that was opened. SQLite itself would go on writing to a deleted file to the
 * end, and to one that was restored in place, into a mixture of both.
 */
export class FileWatch {
  readonly #file: string
  /** Kept open as long as the database is: to close it would drop SQLite's own locks (POSIX). */
  readonly #fd: number
  readonly #opened: Stats
  readonly #header = Buffer.alloc(HEADER_BYTES)
  #log: Pick<Stats, 'dev' | 'ino'> | undefined
  /** Of the index of the log; kept open for the same reason. */
  #index: number | undefined
  #size = 0
  #generation = 0
  #isClosed = false

  constructor(file: string) {
    this.#file = file
    this.#fd = openSync(file, 'r')
    this.#opened = fstatSync(this.#fd)
  }

  /** @returns what has become of the file; undefined while it is the same */
  change(): FileChange | undefined {
    const now = statSync(this.#file, { throwIfNoEntry: false })
    if (!now) return 'deleted'
    if (!isSame(now, this.#opened)) return 'replaced'
    // It never shrinks, and its generation only grows: that of a backup is an older one.
    if (now.size < this.#size) return 'overwritten'
    if (now.size > 0) {
      readSync(this.#fd, this.#header, 0, HEADER_BYTES, 0)
      const generation = this.#header.readUInt32BE(GENERATION_AT)
      if (!this.#header.subarray(0, MAGIC.length).equals(MAGIC) || generation < this.#generation)
        return 'overwritten'
      this.#generation = generation
    }
    this.#size = now.size
    // Last: what the log belongs to is still there, and all that was known can be saved.
    const log = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })
    if (this.#log && !(log && isSame(log, this.#log))) return 'log deleted'
    this.#log = log
    return this.#logIsCut() ? 'log truncated' : undefined
  }

  close(): void {
    if (!this.#isClosed) for (const fd of [this.#fd, this.#index]) if (fd !== undefined) closeSync(fd)
    this.#isClosed = true
  }

  /** Frames that the index names are in the log, unless a checkpoint has just moved them: then the index has changed, too. */
  #logIsCut(): boolean {
    const before = this.#readIndex()
    if (!before) return false
    const pageSize = readUInt(before, PAGE_SIZE_AT, 2)
    const [frames, moved] = [readUInt(before, FRAMES_AT, 4), readUInt(before, MOVED_AT, 4)]
    if (frames === moved) return false
    const size = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0
    // 65,536 does not fit.
    const frame = FRAME_HEADER_BYTES + (pageSize === 1 ? 65_536 : pageSize)
    return size < LOG_HEADER_BYTES + frames * frame && this.#readIndex()?.equals(before) === true
  }

  #readIndex(): Buffer | undefined {
    const path = `${this.#file}-shm`
    if (this.#index === undefined && !existsSync(path)) return undefined
    this.#index ??= openSync(path, 'r')
    const bytes = Buffer.alloc(INDEX_BYTES)
    return readSync(this.#index, bytes, 0, INDEX_BYTES, 0) === INDEX_BYTES ? bytes : undefined
  }
}

function readUInt(bytes: Buffer, at: number, length: 2 | 4): number {
  return endianness() === 'LE' ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length)
}

export type FileChange = 'deleted' | 'replaced' | 'log deleted' | 'log truncated' | 'overwritten'

function isSame(left: Pick<Stats, 'dev' | 'ino'>, right: Pick<Stats, 'dev' | 'ino'>): boolean {
  return left.ino === right.ino && left.dev === right.dev
}

/** @param saved where all that the open database knew was saved, if it could be */
export function changedError(file: string, change: FileChange, saved: string | undefined): UserError {
  const what = {
    deleted: `the database ${file} was deleted while it was in use`,
    replaced: `the database ${file} was replaced by another file while it was in use`,
    'log deleted': `the file ${file}-wal, a part of the database, was deleted while it was in use`,
    'log truncated': `the file ${file}-wal, a part of the database, was truncated while it was in use`,
    overwritten: `the database ${file} was truncated or overwritten while it was in use`,
  }[change]
  const restore = saved
    ? `All that it knew up to now was saved. Stop every other command, then put it back: rm -f ${file}-wal ${file}-shm && mv ${saved} ${file}`
    : `Stop every other command, delete ${file}-wal and ${file}-shm, and restore the newest backup. Check with \`broadsheet status\` before you send: a backup does not know who was mailed since.`
  return new UserError(`${what}: stopped, so that nobody is mailed twice`, restore)
}

/** Primary result codes, https://sqlite.org/rescode.html: the lowest eight bits of what SQLite reports. */
const BUSY = [5, 6, 15]
const READ_ONLY = 8
const DAMAGED = [11, 26]
const NO_ACCESS = [3, 14, 23]
const SQLITE_FULL = 13
const DISK_FAILS = 10
/** On a full disk the file that the processes share (-shm) is the first that cannot be made. */
const NO_SPACE_FOR_SHARED = 4874

export function isBusy(error: unknown): boolean {
  return BUSY.includes(primaryCode(error))
}

/** What a person can put right becomes a UserError; any other error is passed on. */
export function explainSqlite(error: unknown, file: string): unknown {
  if (error instanceof UserError) return error
  const code = primaryCode(error)
  const errno = errnoOf(error)
  if (isBusy(error)) {
    return new UserError(
      `the database ${file} is locked by another program`,
      'Wait until the other command has ended, or stop it; then run this one again.',
    )
  }
  if (DAMAGED.includes(code)) {
    return new UserError(
      `${file} is not a Broadsheet database, or it is damaged`,
      'Restore the file from a backup. A new one would not know who has been mailed.',
    )
  }
  if (
    code === SQLITE_FULL ||
    fullCode(error) === NO_SPACE_FOR_SHARED ||
    ['ENOSPC', 'EDQUOT'].includes(errno)
  ) {
    return new UserError(
      `no space left for the database ${file}`,
      'Make room on the disk and run the command again: what was saved before is safe.',
    )
  }
  if (code === READ_ONLY || errno === 'EROFS') {
    return new UserError(
      `the database ${file} cannot be written: it, its folder or its disk is read-only`,
      'Let this user write the file and its folder, or name another: BROADSHEET_DATABASE=/var/lib/broadsheet/list.db',
    )
  }
  if (code === DISK_FAILS || errno === 'EIO') {
    return new UserError(
      `the disk failed under the database ${file}${nameOf(error)}`,
      'Check the disk and its file system; then run the command again: what was saved before is safe.',
    )
  }
  if (NO_ACCESS.includes(code) || /^(EACCES|EPERM|ENOTDIR|EEXIST|EISDIR|ENOENT|ENAMETOOLONG)$/.test(errno)) {
    return new UserError(
      `cannot open or write the database ${file}${nameOf(error)}`,
      'Let this user write the file and its folder, or name another: BROADSHEET_DATABASE=/var/lib/broadsheet/list.db',
    )
  }
  return error
}

function primaryCode(error: unknown): number {
  return fullCode(error) & 0xff
}

/** As SQLite reports it; 0 for an error of something else. A connection that cannot be opened has it in its words alone. */
function fullCode(error: unknown): number {
  const { rawCode, message } = (error ?? {}) as { rawCode?: unknown; message?: unknown }
  if (typeof rawCode === 'number') return rawCode
  return Number(
    /Unable to open connection to local database .*: (\d+)"?\)?$/s.exec(String(message ?? ''))?.[1] ?? 0,
  )
}

function errnoOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}

function nameOf(error: unknown): string {
  const name = errnoOf(error)
  return name ? ` (${name})` : ''
}
