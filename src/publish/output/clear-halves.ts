// `out/` and the number of a program that died over it → the half-written files that it left are gone.

import { dirname, join } from 'node:path'
import { readManifest } from './manifest.ts'
import { discard, halfName } from './write-changed.ts'

/** A file is listed before it is written: nowhere else can a half of one be. */
export function clearHalves(out: string, pid: number): void {
  const folders = new Set(['.', ...readManifest(out).map(path => dirname(path))])
  for (const folder of folders) discard(join(out, folder, halfName(pid)))
}
