// Who holds a lock, and whether that program still runs.

import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

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

/** Locks of this process, which may build twice at once. */
const own = new Set<string>()

export function thisProcess(): Holder {
  const { pid } = process
  const id = randomUUID()
  own.add(id)
  return { id, pid, host: hostname(), space: ownSpace(), started: startOf(pid) }
}

/** 'unknown' for all that is not certain: of a program on another machine nothing is. */
export function stateOf({ id, pid, host, space, started }: Holder): 'alive' | 'dead' | 'unknown' {
  if (host !== hostname() || space !== ownSpace()) return 'unknown'
  if (pid === process.pid) return own.has(id) ? 'alive' : 'dead'
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Anything else says that it may not be asked.
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
