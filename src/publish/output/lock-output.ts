// The folder `out/` → the right to build there, one program at a time. Whoever waits is told for whom; the lock of a
// program that has died is taken away, with whatever it left half-made.

import { lstatSync, mkdirSync, rmdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EXIT, UserError } from '../../errors.ts'
import { clearHalves } from './clear-halves.ts'
import { createWhole } from './create-whole.ts'
import { type Holder, stateOf, thisProcess } from './holder.ts'
import { lastLock, readLock, removeClaims, removeDead } from './lock-file.ts'

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

export interface LockOptions {
  readonly signal: AbortSignal
  /** A line for the person watching. */
  say(line: string): void
}

const LOCK = '.broadsheet-lock'
const PAUSE = 100
/** A holder of whom nothing can be known, being on another machine, is dead after so many pauses without a sign. */
const SILENT = 1200
/** A lock that says nothing was left by a crash of the machine. */
const ILLEGIBLE = 50

/** Whether somebody builds there, or died over it. */
export function isLocked(out: string): boolean {
  return lstatSync(join(out, LOCK), { throwIfNoEntry: false }) !== undefined
}

/** @throws UserError when the run is interrupted while it waits, or the folder cannot be written */
export async function lockOutput(out: string, { signal, say }: LockOptions): Promise<OutputLock> {
  const path = join(out, LOCK)
  let waited = false
  let silence = { sign: '', pauses: 0 }
  for (;;) {
    const step = refusing(out, () => {
      const lock = take(out, path, waited)
      return lock ? { lock } : { other: lastLock(path) }
    })
    if (step.lock) return step.lock
    const { other } = step
    silence = other?.sign === silence.sign ? { ...silence, pauses: silence.pauses + 1 } : fresh(other?.sign)
    const state = other?.holder ? stateOf(other.holder) : 'unknown'
    const limit = other?.holder ? SILENT : ILLEGIBLE
    if (other && (state === 'dead' || (state === 'unknown' && silence.pauses > limit)))
      refusing(out, () => removeDead(other, clear))
    else await wait(other?.holder)
  }

  function clear(holder: Holder | undefined): void {
    if (holder) clearHalves(out, holder.pid)
  }

  async function wait(holder: Holder | undefined): Promise<void> {
    const who = holder ? ` (process ${holder.pid} on ${holder.host})` : ''
    if (!waited) say(`Another build${who} is writing ${out}; waiting for it to end.`)
    waited = true
    if (signal.aborted)
      throw new UserError('interrupted while another build was writing', '', EXIT.interrupted)
    await pause(PAUSE)
  }
}

function fresh(sign = ''): { sign: string; pauses: number } {
  return { sign, pauses: 0 }
}

/** @returns undefined when another has it, or took the folder away in this very moment */
function take(out: string, path: string, waited: boolean): OutputLock | undefined {
  mkdirSync(out, { recursive: true })
  const text = JSON.stringify(thisProcess())
  const at = createWhole(path, text)
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
          `${out} was deleted, or taken over by another build, while this one went on`,
          'Build again.',
        )
      const sign = stats.mtimeMs / 1000 + 1
      try {
        utimesSync(path, sign, sign)
      } catch {
        // Gone in this very moment: the next time tells.
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

/** What the file system says against it, as the person who builds has to hear it. */
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
        ? 'The build writes a folder of that name: move what stands there away.'
        : 'Make room, or mend the folder.',
    )
  }
}
