// src/ → JavaScript in a temporary folder: Node 20 runs no TypeScript, and a process of its own is needed to kill it.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

export interface Compiled {
  readonly dir: string
}

let made: Compiled | undefined

/** Once for all test files of a worker, which removes it when it ends. */
export function compile(): Compiled {
  made ??= make()
  return made
}

function make(): Compiled {
  const root = mkdtempSync(join(tmpdir(), 'compiled-'))
  const dir = join(root, 'src')
  for (const beside of ['node_modules', 'templates', 'package.json'])
    symlinkSync(join(ROOT, beside), join(root, beside))
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  // Mistakes of type are the gate's business: what it writes runs all the same.
  spawnSync(process.execPath, [
    tsc,
    '-p',
    join(ROOT, 'tsconfig.build.json'),
    '--outDir',
    dir,
    '--declaration',
    'false',
  ])
  process.once('exit', () => rmSync(root, { recursive: true, force: true }))
  return { dir }
}
