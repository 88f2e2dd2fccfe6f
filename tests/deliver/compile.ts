// src/ → JavaScript in a temporary folder: Node 20 runs no TypeScript, and a process of its own is needed to kill it.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

export interface Compiled {
  readonly dir: string
}

/** What is left beside it once it is whole, or will never be. */
const DONE = 'done'

/** Once for all test files of a run: the first that asks makes it, and it goes with the run's folder for temporary files. */
export function compile(): Compiled {
  const root = join(tmpdir(), 'compiled')
  const dir = join(root, 'src')
  if (isFirst(root)) {
    try {
      make(root, dir)
    } finally {
      // Also where it failed: the others would wait for ever, where no limit of a test ends them.
      writeFileSync(join(root, DONE), '')
    }
  }
  while (!existsSync(join(root, DONE))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  return { dir }
}

function isFirst(root: string): boolean {
  try {
    mkdirSync(root)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function make(root: string, dir: string): void {
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
}
