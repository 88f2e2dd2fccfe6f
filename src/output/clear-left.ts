// `out/`, held by this program → what programs that were killed left there is gone: drafts of locks, locks that were
// moved away, and the half-written files of their holders.

import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Holder } from './holder.ts'
import { halfName } from './write-changed.ts'

/**
 * Goes on where another was killed at it: a lock is the last that goes. The draft of a program that lives and waits may
 * go too: it makes another.
 *
 * @param lock name of the lock, which the names of all that is left of locks begin with
 */
export function clearLeft(out: string, lock: string): void {
  for (const name of readdirSync(out)) {
    if (!name.startsWith(`${lock}-`)) continue
    const path = join(out, name)
    const pid = holderOf(path)?.pid
    if (pid !== undefined) removeHalves(out, pid)
    rmSync(path, { force: true })
  }
}

/** @returns undefined for a draft without its text */
function holderOf(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function removeHalves(out: string, pid: number): void {
  const name = halfName(pid)
  for (const entry of readdirSync(out, { recursive: true, withFileTypes: true }))
    if (entry.name === name) rmSync(join(entry.parentPath, name), { force: true })
}
