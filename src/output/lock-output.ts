// The folder `out/` → the right to build there, one program at a time. Whoever waits is told for whom; the lock of a
// program that has died is taken over, with whatever it left half-made.

import {
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EXIT, UserError } from '../errors.ts'
import { clearLeft } from './clear-left.ts'
import { createWhole } from './create-whole.ts'
import { type Holder, isDead, thisProcess } from './holder.ts'

export interface OutputLock {
  /** Somebody else had it first: what was read of the folder before that is old. */
  readonly waited: boolean
  /** What the file system's own clock said when the lock was taken: ms since epoch. */
  readonly at: number
  /** Says that the build still goes on. */
  touch(): void
  release(): void
}

export interface LockOptions {
  readonly signal: AbortSignal
  /** A line for the person watching. */
  say(line: string): void
}

const LOCK = '.broadsheet-lock'
const PAUSE = 100
/** A holder of whom nothing can be known, being on another machine, is dead after so many pauses without a sign. */
const SILENT = 6000
/** A lock that says nothing was left by a crash of the machine. */
const ILLEGIBLE = 50

/** Locks of this process: the library may build twice at once. */
const held = new Set<string>()

/** @throws UserError when the run is interrupted while it waits, or the folder cannot be written */
export async function lockOutput(out: string, { signal, say }: LockOptions): Promise<OutputLock> {
  const path = join(out, LOCK)
  let waited = false
  let silence = { sign: 0, pauses: 0 }
  for (;;) {
    const at = take(out, path)
    if (at !== undefined) {
      clearLeft(out, LOCK)
      return lockAt(out, path, at, waited)
    }
    const found = readLock(path)
    if (!found) continue
    const { holder, sign } = found
    silence = sign === silence.sign ? { sign, pauses: silence.pauses + 1 } : { sign, pauses: 0 }
    const limit = holder ? SILENT : ILLEGIBLE
    if (holder?.pid === process.pid && held.has(path)) await wait(holder)
    else if ((holder && isDead(holder)) || silence.pauses > limit) moveAside(path, found.text)
    else await wait(holder)
  }

  async function wait(holder?: Holder): Promise<void> {
    const who = holder ? ` (process ${holder.pid} on ${holder.host})` : ''
    if (!waited) say(`Another build${who} is writing ${out}; waiting for it to end.`)
    waited = true
    if (signal.aborted)
      throw new UserError('interrupted while another build was writing', '', EXIT.interrupted)
    await pause(PAUSE)
  }
}

function take(out: string, path: string): number | undefined {
  try {
    mkdirSync(out, { recursive: true })
    return createWhole(path, JSON.stringify(thisProcess()))
  } catch (error) {
    const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory()
    const taken = !isFolder && lstatSync(out, { throwIfNoEntry: false }) !== undefined
    throw new UserError(
      taken ? `${out} is not a folder` : `${out} cannot be written: ${(error as Error).message}`,
      taken
        ? 'The build writes a folder of that name: move what stands there away.'
        : 'Make room, or mend the folder.',
    )
  }
}

function lockAt(out: string, path: string, at: number, waited: boolean): OutputLock {
  held.add(path)
  return {
    waited,
    at,
    touch() {
      try {
        const { mtimeMs } = statSync(path)
        utimesSync(path, mtimeMs / 1000 + 1, mtimeMs / 1000 + 1)
      } catch {
        // out/ was deleted under the build: it makes it anew.
      }
    },
    release() {
      held.delete(path)
      rmSync(path, { force: true })
      try {
        rmdirSync(out)
      } catch {
        // It is not empty: something was built.
      }
    },
  }
}

interface Found {
  readonly text: string
  readonly sign: number
  readonly holder: Holder | undefined
}

function readLock(path: string): Found | undefined {
  let text: string
  let sign: number
  try {
    text = readFileSync(path, 'utf8')
    sign = statSync(path).mtimeMs
  } catch {
    return undefined // Given back meanwhile.
  }
  try {
    return { text, sign, holder: JSON.parse(text) as Holder }
  } catch {
    return { text, sign, holder: undefined }
  }
}

/**
 * Of two that find the same dead lock only one moves it away; who moved a living one puts it back. What its holder left
 * is cleared by whoever has the lock next.
 */
function moveAside(path: string, dead: string): void {
  const aside = `${path}-${process.pid}`
  let moved: string
  try {
    renameSync(path, aside)
    moved = readFileSync(aside, 'utf8')
  } catch {
    return
  }
  if (moved === dead) return
  createWhole(path, moved)
  rmSync(aside, { force: true })
}
