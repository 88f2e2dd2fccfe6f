// The service is killed at any moment: whoever had been answered 200 has left, or is subscribed.

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { signPass, signToken } from '../../src/base/signed-links.ts'
import { importSubscribers } from '../../src/store/import-subscribers.ts'
import { openStore } from '../../src/store/open-store.ts'
import { saveRequest } from '../../src/store/requests.ts'
import { aFolder } from '../a-folder.ts'
import { type Compiled, compile } from '../deliver/compile.ts'
import { SECRET } from './a-service.ts'

const READERS = 400
const templates = new URL('../../templates/', import.meta.url).pathname

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})

async function aServer(database: string): Promise<{ url: string; child: ChildProcess }> {
  const script = join(import.meta.dirname, 'server.mjs')
  const child = spawn(process.execPath, [script, compiled.dir, templates, database, SECRET], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.once('data', chunk => resolve(String(chunk).trim()))
    child.once('exit', code => reject(new Error(`the service ended at once, with ${code}`)))
  })
  return { url, child }
}

test('killed while everybody leaves and confirms: nothing that was answered is lost', async () => {
  const database = `${aFolder()}/list.db`
  const { db } = await openStore(database)
  const person = (n: number) => ({ email: `reader${n}@example.org`, key: `reader${n}@example.org` })
  const now = Date.now()
  await importSubscribers(
    db,
    Array.from({ length: READERS }, (_, n) => ({
      ...person(n),
      name: '',
      newsletters: ['weekly'],
      topics: [],
      fields: {},
      language: '',
      state: 'active' as const,
      source: 'add',
      now,
    })),
  )
  for (let n = 0; n < READERS; n++) {
    const { email } = { email: `new${n}@example.org` }
    await saveRequest(db, {
      purpose: 'subscribe',
      email,
      key: email,
      newsletters: { weekly: [] },
      language: 'en',
      source: 'form',
      network: '',
      wording: '',
      expires: now + 86_400_000,
      now,
    })
  }
  await db.close()

  const left = new Set<number>()
  const joined = new Set<number>()
  let next = 0
  for (let kills = 0; kills < 8; kills++) {
    const { url, child } = await aServer(database)
    let answers = 0
    const enough = 5 + Math.floor(Math.random() * 40)
    const clients = Array.from({ length: 8 }, async () => {
      for (;;) {
        const n = next++
        const leave = `u/${signToken(SECRET, 'unsubscribe', { subscriber: (n >> 1) + 1, edition: 'weekly/1' })}`
        const join = `confirm/${signPass(SECRET, 'confirm', { id: (n >> 1) + 1, until: now + 86_400_000, about: '' })}`
        const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
        const answer = await fetch(url + (n % 2 ? leave : join), { method: 'POST', body }).catch(
          () => undefined,
        )
        if (!answer) return
        if (++answers === enough) child.kill('SIGKILL')
        if (answer.status === 200 && n >> 1 < READERS) (n % 2 ? left : joined).add((n >> 1) + 1)
      }
    })
    await Promise.all(clients)
  }
  const again = await openStore(database)
  onTestFinished(() => again.db.close())
  expect(left.size + joined.size).toBeGreaterThan(50)
  const gone = await again.db.query<{ id: number }>("SELECT id FROM subscribers WHERE state = 'unsubscribed'")
  const confirmed = await again.db.query<{ id: number }>(
    'SELECT id FROM requests WHERE confirmed IS NOT NULL',
  )
  const missing = (answered: Set<number>, kept: readonly { id: number }[]) => {
    const ids = new Set(kept.map(({ id }) => id))
    return [...answered].filter(id => !ids.has(id))
  }
  expect(missing(left, gone)).toEqual([])
  expect(missing(joined, confirmed)).toEqual([])
})
