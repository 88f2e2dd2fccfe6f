// A lock that may be dead ⇄ its file. No lock is ever moved, and only who has the claim to a dead one takes it away: a
// claim is a lock of its own, named after the very one that it is about.

import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createWhole } from './create-whole.ts'
import { type Holder, thisProcess } from './holder.ts'

export interface LockFile {
  readonly path: string
  readonly text: string
  /** Changes whenever its holder says that it is still there. */
  readonly sign: string
  /** Undefined where it says nothing: left by a crash of the machine, or just being written. */
  readonly holder: Holder | undefined
}

/** @returns undefined when there is none @throws the file system's error, also for what is no file */
export function readLock(path: string): LockFile | undefined {
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

/** The lock itself, or the claim to it, or the claim to that: the one that stands in the way. */
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
  if (createWhole(claim, JSON.stringify(thisProcess())) === undefined) return
  try {
    if (readLock(dead.path)?.sign !== dead.sign) return
    clear(dead.holder)
    rmSync(dead.path, { force: true })
  } finally {
    rmSync(claim, { force: true })
  }
}

/** Claims and drafts that programs left which died over them: whoever has the lock knows that nobody needs them. */
export function removeClaims(path: string): void {
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

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}
