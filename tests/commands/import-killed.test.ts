// An import that is killed at any moment, and run again: the list is the one that a single run makes.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { countSubscribers } from '../../src/store/subscribers.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { type Compiled, compile } from '../deliver/compile.ts'

const READERS = 30_000
const SETTINGS = `title: The Test
url: https://test.example/
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
`
const NOW = ['--now', '2026-01-30T07:00:00Z']

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})

function aList(): string {
  const lines = Array.from({ length: READERS }, (_, n) =>
    n % 5_000 === 4_999 ? 'nobody,x,y' : `reader${n}@example.org,Reader ${n},City ${n % 7}`,
  )
  return aFolder({
    'articles/publication.yaml': SETTINGS,
    'readers.csv': `email,name,city\n${lines.join('\n')}\n`,
  })
}

/** @returns how many were on the list when it was killed */
async function killed(dir: string, after: number): Promise<number> {
  const args = [join(compiled.dir, 'main.js'), 'subscribers', 'import', 'readers.csv', '--quiet', ...NOW]
  const child = spawn(process.execPath, args, { cwd: dir, stdio: 'ignore' })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const ended = new Promise(resolve => child.once('exit', resolve))
  const { db } = await openStore(`${dir}/.broadsheet/broadsheet.db`)
  const active = async () => (await countSubscribers(db)).active
  while (child.exitCode === null && (await active()) < after) await pause(5)
  child.kill('SIGKILL')
  await ended
  const count = await active()
  await db.close()
  return count
}

/** Everything but when each of them came. */
async function exported(dir: string): Promise<string> {
  await aRun(dir, ['subscribers', 'export', 'all.csv', ...NOW])
  const lines = readFileSync(`${dir}/all.csv`, 'utf8').split('\n')
  return lines
    .map(line => line.replace(/2026-01-30T[\d:.]+Z/, ''))
    .sort()
    .join('\n')
}

test('killed twice and run again is the same list as one run', async () => {
  const [cut, whole] = [aList(), aList()]
  const first = await killed(cut, 1)
  const second = await killed(cut, 10_000)
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(READERS - 6)
  expect(second).toBeGreaterThanOrEqual(first)
  expect(second).toBeLessThan(READERS - 6)
  const ran = await aRun(cut, ['subscribers', 'import', 'readers.csv', '--json', ...NOW])
  expect(ran.json()).toMatchObject({ read: READERS, added: READERS - 6 - second, unchanged: second })
  expect(ran.json().bad).toHaveLength(6)
  await aRun(whole, ['subscribers', 'import', 'readers.csv', '--json', ...NOW])
  expect((await exported(cut)) === (await exported(whole))).toBe(true)
})
