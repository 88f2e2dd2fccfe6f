// An import that is killed at two moments, and run again: the list is the one that a single run makes.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { countSubscribers } from '../../src/store/subscribers.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { type Compiled, compile } from '../deliver/compile.ts'

const READERS = 20_000
/** Every five thousandth line is no reader. */
const BAD = READERS / 5_000
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

/** @param at the commit, from 1, in or before which it is killed @returns how many are on the list then */
async function killed(dir: string, at: number, isBefore: boolean): Promise<number> {
  const { db } = await openStore(`${dir}/.broadsheet/broadsheet.db`)
  const preload = ['--import', new URL('kill-at-commit.mjs', import.meta.url).href]
  const args = [join(compiled.dir, 'main.js'), 'subscribers', 'import', 'readers.csv', '--quiet', ...NOW]
  const child = spawn(process.execPath, [...preload, ...args], {
    cwd: dir,
    stdio: 'ignore',
    env: { ...process.env, KILL_AT: String(at), ...(isBefore ? { KILL_BEFORE: '1' } : {}) },
  })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
  const { active } = await countSubscribers(db)
  await db.close()
  return active
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
  const first = await killed(cut, 5, true)
  const second = await killed(cut, 12, false)
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(READERS - BAD)
  expect(second).toBeGreaterThan(first)
  expect(second).toBeLessThan(READERS - BAD)
  const ran = await aRun(cut, ['subscribers', 'import', 'readers.csv', '--json', ...NOW])
  expect(ran.json()).toMatchObject({ read: READERS, added: READERS - BAD - second, unchanged: second })
  expect(ran.json().bad).toHaveLength(BAD)
  await aRun(whole, ['subscribers', 'import', 'readers.csv', '--json', ...NOW])
  expect((await exported(cut)) === (await exported(whole))).toBe(true)
})
