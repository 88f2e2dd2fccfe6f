// A command → how long it took by the clock, how much work of processors, and the most memory that it held.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export interface Measured {
  /** ms */
  readonly wall: number
  /** ms of all processors together, where it is known. */
  readonly work?: number | undefined
  /** MiB at its peak; undefined where GNU time is not installed. */
  readonly memory: number | undefined
}

const TIME = '/usr/bin/time'

/** @throws Error with what it said when it ends badly */
export function measure(command: readonly string[], cwd: string): Measured {
  const timed = existsSync(TIME)
  const [program, ...args] = timed ? [TIME, '-f', '\n%U %S %M KiB at most', ...command] : command
  const began = performance.now()
  const { status, error, stderr, stdout } = spawnSync(program!, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1e9,
    env: { ...process.env, NO_COLOR: '1' },
  })
  const wall = performance.now() - began
  if (error) throw error
  if (status !== 0)
    throw new Error(`${command.join(' ')} ended with ${status}:\n${stdout}${stderr}`.slice(0, 2000))
  const told = /([\d.]+) ([\d.]+) (\d+) KiB at most\s*$/.exec(stderr)
  if (!told) return { wall, memory: undefined }
  const [user, system, peak] = told.slice(1).map(Number) as [number, number, number]
  return { wall, work: (user + system) * 1000, memory: peak / 1024 }
}

/** Whether a program of this name can be run at all. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['version'], { stdio: 'ignore' }).error === undefined
}
