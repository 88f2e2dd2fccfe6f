// A disk that is full when the result is written: said in one line, never as a crash. The bundle, as it is installed.

import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'

const article = { 'articles/a.md': '---\ntitle: A\ndate: 2026-01-01\n---\n\nText\n' }
const program = new URL('../../dist/cli.js', import.meta.url).pathname

// Linux has a device that is always full.
test.runIf(existsSync('/dev/full'))('standard output on a full disk: one line and exit 2', () => {
  const full = openSync('/dev/full', 'w')
  try {
    const run = (...argv: string[]) =>
      spawnSync('node', [program, ...argv], {
        cwd: aFolder(article),
        encoding: 'utf8',
        stdio: ['ignore', full, 'pipe'],
      })
    for (const argv of [['build'], ['build', '--json'], ['check', '--json', '--quiet'], ['--help']]) {
      const { status, stderr } = run(...argv)
      expect(status).toBe(2)
      expect(stderr).toMatch(/^broadsheet: standard output cannot be written: ENOSPC.*\n$/)
    }
    const silent = spawnSync('node', [program, 'build'], {
      cwd: aFolder(article),
      stdio: ['ignore', full, full],
    })
    expect([silent.status, silent.signal]).toEqual([2, null])
  } finally {
    closeSync(full)
  }
})
