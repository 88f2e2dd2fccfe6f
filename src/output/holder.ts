// Who holds a lock, and whether that program still runs.

import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export interface Holder {
  readonly pid: number
  readonly host: string
  /** When it began, in the machine's own count; '' where that cannot be known. Numbers of processes are used again. */
  readonly started: string
}

export function thisProcess(): Holder {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) }
}

/** Only what is certain: of a program on another machine nothing is. */
export function isDead({ pid, host, started }: Holder): boolean {
  if (host !== hostname()) return false
  // Whoever asks does not hold the lock; a lock with its number is one of before.
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
  return started !== '' && startOf(pid) !== started
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
