// `out/` and the number of a program that died → the half-written files that it left are gone.

import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { halfName } from './write-changed.ts'

export function removeHalves(out: string, pid: number): void {
  const name = halfName(pid)
  for (const entry of readdirSync(out, { recursive: true, withFileTypes: true }))
    if (entry.name === name) rmSync(join(entry.parentPath, name), { force: true })
}
