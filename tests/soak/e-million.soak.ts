// MILLION=1000000 npm run soak -- e-million: a large edition on PostgreSQL, planned, frozen, and sent to Postfix's sink by
// 1, 2 and 4 workers, a minute each, then to its end by as many as there are cores: figures, and every reader once.

import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import { aFleet } from '../deliver/a-fleet.ts'
import { type Compiled, compile } from '../deliver/compile.ts'

const READERS = Number(process.env.MILLION ?? 0)
const SECONDS = Number(process.env.SECONDS ?? 60)

let compiled: Compiled
let postgres: APostgres
beforeAll(async () => {
  if (READERS === 0) return
  compiled = compile()
  postgres = await aPostgres({ fsync: 'on' })
})
afterAll(async () => {
  await postgres?.stop()
})

test.runIf(READERS > 0)(`${READERS} readers`, async () => {
  const port = await freePort()
  const sink = spawn('/usr/sbin/smtp-sink', ['-u', 'nobody', `127.0.0.1:${port}`, '1000'])
  const database = await postgres.database()
  const { db } = await openStore(database)
  await db.query(
    `INSERT INTO subscribers (email, key, hash, name, language, fields, state, source, since, changed)
SELECT 'reader' || i || '@reader.example', 'reader' || i || '@reader.example', 'h' || i, 'Reader ' || i, '', '{}',
  'active', 'test', 0, 0 FROM generate_series(1, CAST($1 AS BIGINT)) i`,
    [READERS],
  )
  await db.query(
    "INSERT INTO subscriptions (newsletter, subscriber, topics, state, since) SELECT 'weekly', id, '[]', 'active', 0 FROM subscribers",
  )
  await db.query('ANALYZE')
  const fleet = aFleet({
    src: compiled.dir,
    database,
    smtp: `smtp://127.0.0.1:${port}?tls=never`,
    mail: 'connections: 20',
  })
  for (let i = 0; i < 30; i++) {
    const text = `---\ntitle: Story number ${i}\ndate: 2026-01-28T10:00:00+05:30\n---\n\n${'What happened, and why it matters. '.repeat(40)}\n`
    writeFileSync(join(fleet.folder, `articles/story${i}.md`), text)
  }
  const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
    const began = performance.now()
    const result = await work()
    return [Math.round((performance.now() - began) / 100) / 10, result]
  }
  const send = (options: Record<string, string | boolean>) => {
    const started = fleet.start('send', options)
    return timed(() => started.ended)
  }
  const [planned] = await send({ dryRun: true, due: true })
  const [frozen, code] = await send({ due: true, enqueue: true })
  expect(code).toBe(0)
  console.log(`${READERS} readers: planned in ${planned} s, rendered, frozen and enqueued in ${frozen} s`)

  const accepted = async () => {
    const [row] = await db.query<{ count: number }>(
      "SELECT COUNT(*) AS count FROM deliveries WHERE state = 'accepted'",
    )
    return row!.count
  }
  for (const count of [1, 2, 4]) {
    const workers = Array.from({ length: count }, () => fleet.start('work'))
    await pause(8000)
    const before = await accepted()
    const [seconds] = await timed(() => pause(SECONDS * 1000))
    const rate = Math.round(((await accepted()) - before) / seconds)
    for (const { child } of workers) child.kill('SIGTERM')
    for (const worker of workers) expect(await worker.ended, worker.stderr()).toBe(0)
    console.log(`${count} worker${count > 1 ? 's' : ''}: ${rate} accepted a second over ${seconds} s`)
  }

  const left = READERS - (await accepted())
  const workers = cpus().map(() => fleet.start('work'))
  let memory = 0
  const [seconds] = await timed(async () => {
    for (let open = READERS; open > 0; ) {
      await pause(5000)
      memory = Math.max(memory, ...workers.map(({ child }) => peak(child.pid!)))
      const [row] = await db.query<{ count: number }>(
        "SELECT COUNT(*) AS count FROM deliveries WHERE state IN ('pending', 'leased', 'handed', 'deferred')",
      )
      open = row!.count
      process.stderr.write(`${new Date().toISOString()} ${open} to go, ${memory} MiB\n`)
    }
  })
  for (const { child } of workers) child.kill('SIGTERM')
  for (const worker of workers) expect(await worker.ended, worker.stderr()).toBe(0)
  console.log(`${left} to the end by ${workers.length} workers: ${seconds} s, at most ${memory} MiB each`)
  const states = await db.query<{ state: string; count: number; subscribers: number }>(
    'SELECT state, COUNT(*) AS count, COUNT(DISTINCT subscriber) AS subscribers FROM deliveries GROUP BY state',
  )
  expect(states).toEqual([{ state: 'accepted', count: READERS, subscribers: READERS }])
  await db.close()
  sink.kill()
})

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** Most memory that a process has had, MiB. */
function peak(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
}
