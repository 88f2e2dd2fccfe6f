// The folder `out/` → the right to build there, one program at a time. Whoever waits learns for whom; the lock of a
// program that has died is taken away, with whatever it left unfinished.

import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EXIT, UserError } from '../../errors.ts'
import { discardPartials } from './write-output.ts'

interface OutputLock {
  /** Somebody else had it first: what was read of the folder before that is old. */
  readonly waited: boolean
  /** What the file system's own clock said when the lock was taken: ms since epoch. */
  readonly at: number
  /**
   * Says that the build goes on; from time to time, for others who cannot know.
   *
   * @throws UserError when the lock is no longer there, or another's: what is in `out/` now is not for this build to say
   */
  keep(): void
  release(): void
}

interface LockOptions {
  readonly signal: AbortSignal
  /** A line for the person watching. */
  say(line: string): void
}

const LOCK = '.broadsheet-lock'
const PAUSE_MS = 100
/** A holder of whom nothing can be known, being on another machine, is dead after so many pauses without a sign. */
const SILENT_PAUSES = 1200
/** An illegible lock was left by a crash of the machine. */
const ILLEGIBLE_PAUSES = 50

/** Whether somebody builds there, or died over it. */
export function isLocked(out: string): boolean {
  return lstatSync(join(out, LOCK), { throwIfNoEntry: false }) !== undefined
}

/** @throws UserError when the run is interrupted while it waits, or the folder cannot be written */
export async function lockOutput(out: string, { signal, say }: LockOptions): Promise<OutputLock> {
  const path = join(out, LOCK)
  let waited = false
  let silence: Silence = { sign: '', pauses: 0 }
  for (;;) {
    const step = refusing(out, () => {
      const lock = take(out, path, waited)
      return lock ? { lock } : { other: lastLock(path) }
    })
    if (step.lock) return step.lock
    const { other } = step
    silence = listen(other, silence)
    if (other && isDead(other, silence)) {
      refusing(out, () => removeDead(other, holder => holder && discardPartials(out, holder.pid)))
      continue
    }
    if (!waited) say(`Another build${nameOf(other?.holder)} is writing ${out}; waiting for it to end.`)
    waited = true
    if (signal.aborted)
      throw new UserError('interrupted while another build was writing', '', EXIT.interrupted)
    await pause(PAUSE_MS)
  }
}

/** For how long another lock has given no sign. */
interface Silence {
  readonly sign: string
  readonly pauses: number
}

function listen(other: LockFile | undefined, { sign, pauses }: Silence): Silence {
  return other?.sign === sign ? { sign, pauses: pauses + 1 } : { sign: other?.sign ?? '', pauses: 0 }
}

function isDead({ holder }: LockFile, { pauses }: Silence): boolean {
  if (!holder) return pauses > ILLEGIBLE_PAUSES
  const state = stateOf(holder)
  return state === 'dead' || (state === 'unknown' && pauses > SILENT_PAUSES)
}

function nameOf(holder: Holder | undefined): string {
  return holder ? ` (process ${holder.pid} on ${holder.host})` : ''
}

/** @returns undefined when another has it, or took the folder away in this very moment */
function take(out: string, path: string, waited: boolean): OutputLock | undefined {
  mkdirSync(out, { recursive: true })
  const text = JSON.stringify(thisProcess())
  const at = createLock(path, text)
  if (at === undefined) return undefined
  const lock = lockAt(out, path, text, { at, waited })
  try {
    removeClaims(path)
  } catch (error) {
    lock.release()
    throw error
  }
  return lock
}

function lockAt(
  out: string,
  path: string,
  text: string,
  about: Pick<OutputLock, 'at' | 'waited'>,
): OutputLock {
  const isOurs = () => readLock(path)?.text === text
  return {
    ...about,
    keep() {
      const stats = isOurs() ? statSync(path, { throwIfNoEntry: false }) : undefined
      if (!stats)
        throw new UserError(
          `${out} was deleted, or taken over by another build, while this build was running`,
          'Build again.',
        )
      const sign = stats.mtimeMs / 1000 + 1
      try {
        utimesSync(path, sign, sign)
      } catch {
        // It was removed at this very moment: the next call notices.
      }
    },
    release() {
      try {
        if (isOurs()) rmSync(path, { force: true })
        rmdirSync(out)
      } catch {
        // It is not empty: something was built.
      }
    },
  }
}

/** Errors of the file system, in words for the person who builds. */
function refusing<Result>(out: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    if (error instanceof UserError) throw error
    const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory()
    const taken = !isFolder && lstatSync(out, { throwIfNoEntry: false }) !== undefined
    throw new UserError(
      taken ? `${out} is not a folder` : `${out} cannot be written: ${(error as Error).message}`,
      taken
        ? 'The build needs a folder of that name: move or rename what is there now.'
        : 'Free some space, or check the permissions of the folder.',
    )
  }
}

// ─── The lock's file ─────────────────────────────────────────────────────────────────────────────────────────────────
//
// A lock that may be dead ⇄ its file. No lock is ever moved, and only who has the claim to a dead one takes it away: a
// claim is a lock of its own, named after the very one that it is about.

interface LockFile {
  readonly path: string
  readonly text: string
  /** Changes whenever its holder shows that it is still alive. */
  readonly sign: string
  /** Undefined where the file is illegible: left by a crash of the machine, or just being written. */
  readonly holder: Holder | undefined
}

export interface Holder {
  /** No two locks are ever alike. */
  readonly id: string
  readonly pid: number
  readonly host: string
  /** Within which numbers of processes mean something: containers may have one name of a host. '' where there is one. */
  readonly space: string
  /** When it began, in the machine's own count; '' where that cannot be known. Numbers of processes are used again. */
  readonly started: string
}

/** @returns undefined when there is none @throws the file system's error, also for what is no file */
function readLock(path: string): LockFile | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats) return undefined
  if (!stats.isFile()) throw new Error(`${path} is not a file`)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return { path, text, sign: [text, stats.ino, stats.mtimeMs].join(' '), holder: parse(text) }
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}

/** The lock itself, or the claim to it, or the claim to that: the one that is in the way. */
export function lastLock(path: string): LockFile | undefined {
  let last: LockFile | undefined
  for (let next = readLock(path); next; next = readLock(claimTo(next))) last = next
  return last
}

/**
 * Takes a dead lock away, unless another was quicker or it turned out to be alive.
 *
 * @param clear what else its holder left: done before, and again by the next where this program dies over it
 */
export function removeDead(dead: LockFile, clear: (holder: Holder | undefined) => void): void {
  const claim = claimTo(dead)
  if (createLock(claim, JSON.stringify(thisProcess())) === undefined) return
  try {
    if (readLock(dead.path)?.sign !== dead.sign) return
    clear(dead.holder)
    rmSync(dead.path, { force: true })
  } finally {
    rmSync(claim, { force: true })
  }
}

/** Claims and drafts that programs left which died over them: whoever has the lock knows that nobody needs them. */
function removeClaims(path: string): void {
  const folder = dirname(path)
  const prefix = `${path.slice(folder.length + 1)}-`
  for (const name of readdirSync(folder))
    if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true })
}

/** Path of the claim to one. */
export function claimTo({ path, sign }: LockFile): string {
  const first = path.replace(CLAIM, '')
  return `${first}-${createHash('sha256').update(path).update(sign).digest('hex').slice(0, 32)}`
}

const CLAIM = /-[0-9a-f]{32}$/

/**
 * Makes a file that nobody ever sees without its text. A program that is killed at it leaves a draft beside the path, named
 * after it.
 *
 * @returns when it was made, by the clock of its file system (ms since epoch); undefined when there is one already, or
 *   another cleared the draft away, or its folder
 */
export function createLock(path: string, text: string): number | undefined {
  const draft = `${path}-new-${randomUUID()}`
  const handle = openDraft(draft)
  if (handle === undefined) return undefined
  try {
    writeSync(handle, text)
    const made = fstatSync(handle).mtimeMs
    return place(draft, path, text) ? made : undefined
  } finally {
    closeSync(handle)
    rmSync(draft, { force: true })
  }
}

function openDraft(path: string): number | undefined {
  try {
    return openSync(path, 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A link is made whole or not at all, and never over another file. */
function place(draft: string, path: string, text: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || code === 'ENOENT') return false
  }
  // A file system without links.
  try {
    const handle = openSync(path, 'wx')
    writeSync(handle, text)
    closeSync(handle)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Locks of this process, which may build twice at once. */
const own = new Set<string>()

export function thisProcess(): Holder {
  const { pid } = process
  const id = randomUUID()
  own.add(id)
  return { id, pid, host: hostname(), space: ownSpace(), started: startOf(pid) }
}

/** Whether the program of a lock still runs. 'unknown' for all that is not certain: on another machine nothing is. */
function stateOf({ id, pid, host, space, started }: Holder): 'alive' | 'dead' | 'unknown' {
  if (host !== hostname() || space !== ownSpace()) return 'unknown'
  if (pid === process.pid) return own.has(id) ? 'alive' : 'dead'
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Anything else means that this process may not signal that one.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'dead'
  }
  const now = startOf(pid)
  if (now === '' || started === '') return 'unknown'
  return now === started ? 'alive' : 'dead'
}

/** proc(5): field 22 of /proc/<pid>/stat. The name in field 2 may hold spaces and brackets. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** pid_namespaces(7) */
function ownSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}
