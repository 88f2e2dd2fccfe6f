// The folder `out/` → the right to build there, one program at a time. Whoever waits learns for whom; the lock of a
// program that has died is taken away, with whatever it left unfinished.

import { lstatSync, mkdirSync, rmdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EXIT, UserError } from '../../errors.ts'
import {
  createLock,
  type Holder,
  type LockFile,
  lastLock,
  readLock,
  removeClaims,
  removeDead,
  stateOf,
  thisProcess,
} from './lock-file.ts'
import { discardPartials } from './write-output.ts'

export interface OutputLock {
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
