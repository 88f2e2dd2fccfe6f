// Many senders on a real PostgreSQL: shared out, killed, drained, halted, and the promise kept.

import { readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import * as send from '../../src/commands/send.ts'
import { databaseClock, realClock } from '../../src/deliver/clock.ts'
import { rateLimiter } from '../../src/deliver/gates.ts'
import { ENGINE_VERSION, openEngine } from '../../src/deliver/workers.ts'
import type { Database } from '../../src/store/database.ts'
import { openStore } from '../../src/store/open-store.ts'
import { countDeliveries, listDeliveries } from '../../src/store/read-deliveries.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import { aSmtpServer, type Script, type SmtpServer } from '../a-smtp-server.ts'
import { aCommand } from '../commands/a-command.ts'
import { aFleet, EDITION, type Fleet, NOW, type Started, subscribe, until } from './a-fleet.ts'
import { type Compiled, compile } from './compile.ts'

let postgres: APostgres
let compiled: Compiled
beforeAll(async () => {
  compiled = compile()
  postgres = await aPostgres()
})
afterAll(async () => {
  await postgres?.stop()
})

const running: Started[] = []
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.splice(0).map(({ ended }) => ended))
})

interface Desk extends Fleet {
  readonly server: SmtpServer
  readonly db: Database
  send(options?: Record<string, string | boolean>, args?: readonly string[]): ReturnType<typeof aCommand>
}

async function aDesk(readers: number, script: Script = {}, mail?: string): Promise<Desk> {
  const server = await aSmtpServer(script)
  const database = await postgres.database()
  const { db } = await openStore(database)
  onTestFinished(async () => {
    await server.close()
    await db.close()
  })
  await subscribe(database, readers)
  const fleet = aFleet({
    src: compiled.dir,
    database,
    smtp: server.address,
    ...(mail === undefined ? {} : { mail }),
  })
  return {
    ...fleet,
    server,
    db,
    start(...given) {
      const started = fleet.start(...given)
      running.push(started)
      return started
    },
    send: (options = {}, args = []) =>
      aCommand(send, fleet.folder, { args, options: { now: NOW, json: true, ...options }, env: fleet.env }),
  }
}

const dots = ({ server }: Desk) => [...server.mails.values()].reduce((sum, mail) => sum + mail.dots, 0)

/** Whoever is accepted has it once, and nobody has two. */
async function expectKept({ server, db }: Desk, readers: number): Promise<{ unknown: number }> {
  const counts = await countDeliveries(db, EDITION)
  expect(counts.accepted + counts.rejected + counts.unknown).toBe(readers)
  const got = (email: string) => server.mails.get(email)?.taken ?? 0
  const accepted = await listDeliveries(db, EDITION, 'accepted')
  expect(accepted.filter(({ email }) => got(email) !== 1).map(({ email }) => email)).toEqual([])
  expect([...server.mails.values()].filter(({ taken }) => taken > 1)).toEqual([])
  return counts
}

test('one of three workers is killed in mid-send: the others finish, and what it had in flight is listed', async () => {
  const desk = await aDesk(900, { fault: ({ phase }) => (phase === 'dot' ? 8 : undefined) })
  // Leases of a minute are for real machines; the dead one's are made to run out sooner.
  const enqueued = await desk.send({ due: true, enqueue: true }).done
  expect(enqueued.code).toBe(0)
  expect(JSON.parse(enqueued.stdout)).toMatchObject({ edition: EDITION, audience: 900, state: 'enqueued' })
  const workers = [1, 2, 3].map(() => desk.start('work', { once: true }))
  await until(() => dots(desk) > 200)
  const owners = await desk.db.query<{ owner: string }>(
    'SELECT DISTINCT owner FROM deliveries WHERE owner IS NOT NULL',
  )
  expect(owners.length).toBeGreaterThanOrEqual(2)
  const [, killed] = workers
  killed!.child.kill('SIGKILL')
  await killed!.ended
  await desk.db.query('UPDATE deliveries SET lease_until = 0 WHERE owner LIKE $1', [
    `% ${killed!.child.pid} %`,
  ])
  const others = workers.filter(worker => worker !== killed)
  expect(await Promise.all(others.map(({ ended }) => ended))).toEqual([0, 0])
  const { unknown } = await expectKept(desk, 900)
  expect(unknown).toBeLessThanOrEqual(4)
  const [row] = await desk.db.query<{ state: string }>('SELECT state FROM editions')
  expect(row!.state).toBe('sent')
})

test('`send` needs no worker; two at once both end well, and each reader has it once', async () => {
  const desk = await aDesk(200, { fault: ({ phase }) => (phase === 'dot' ? 5 : undefined) })
  const both = await Promise.all([desk.send({ due: true }).done, desk.send({ due: true }).done])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  for (const { stdout } of both) expect(JSON.parse(stdout)).toMatchObject({ edition: EDITION, accepted: 200 })
  await expectKept(desk, 200)
  expect(dots(desk)).toBe(200)
})

test('many senders keep to one warm-up, and end when only another day can bring more', async () => {
  const desk = await aDesk(60, {}, 'connections: 3, warm_up: { start: 15, growth: 2 }')
  const sent = desk.send({ due: true }).done
  const workers = [1, 2].map(() => desk.start('work', { once: true }))
  const { code, stdout } = await sent
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ state: 'waiting', warmUp: { waiting: 45 } })
  expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0])
  expect(await countDeliveries(desk.db, EDITION)).toMatchObject({ accepted: 15, pending: 45 })
})

test('told to stop, a worker finishes what is in flight and gives the rest back', async () => {
  const desk = await aDesk(300, { fault: ({ phase }) => (phase === 'dot' ? 20 : undefined) })
  await desk.send({ due: true, enqueue: true }).done
  const worker = desk.start('work', { log: 'own.log' })
  await until(() => dots(desk) > 60)
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toBe(0)
  expect(worker.stdout()).toMatch(/Stopped in order: \d+ messages settled/)
  const counts = await countDeliveries(desk.db, EDITION)
  expect(counts).toMatchObject({ unknown: 0, accepted: dots(desk) })
  const attempts = readFileSync(join(desk.folder, 'own.log'), 'utf8').trim().split('\n')
  expect(attempts).toHaveLength(counts.accepted)
  expect(JSON.parse(attempts[0]!)).toMatchObject({ edition: EDITION, outcome: 'accepted', attempt: 1 })
  expect(attempts.join()).not.toContain('@')
  expect(await desk.db.query("SELECT 1 AS one FROM deliveries WHERE state IN ('leased', 'handed')")).toEqual(
    [],
  )
  expect((await desk.send({ due: true }).done).code).toBe(0)
  await expectKept(desk, 300)
})

test('the database is gone for a while: sending goes on, and nobody has two', async () => {
  const desk = await aDesk(400, { fault: ({ phase }) => (phase === 'dot' ? 15 : undefined) })
  const worker = desk.start('work')
  // While it starts, a database that is not there is an error, and on a busy machine that takes a while.
  await until(() => worker.stderr().includes('Working'))
  const sending = desk.send({ due: true })
  await until(() => dots(desk) > 100)
  await postgres.halt()
  // Of the worker and of the command.
  await postgres.missed(20)
  await postgres.resume()
  expect((await sending.done).code).toBe(0)
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toBe(0)
  expect(await expectKept(desk, 400)).toMatchObject({ unknown: 0 })
})

test('one rate for all senders, and one for those of a newsletter: nobody leaves before his place', async () => {
  const { env } = await aDesk(0)
  const departures: { readonly newsletter: string; readonly at: number }[] = []
  const began = Date.now()
  const stop = new AbortController()
  await Promise.all(
    ['weekly', 'weekly', 'daily'].map(async newsletter => {
      const { db } = await openStore(env.BROADSHEET_DATABASE!)
      onTestFinished(() => db.close())
      const clock = await databaseClock(db, realClock(Date.now))
      const limits = { rate: 50, newsletterRate: newsletter === 'weekly' ? 15 : undefined }
      const limiter = rateLimiter(db, newsletter, limits, clock)
      await Promise.all(
        [1, 2, 3, 4].map(async () => {
          for (;;) {
            await limiter('asha@reader.example', stop.signal)
            if (stop.signal.aborted) return
            departures.push({ newsletter, at: Date.now() - began })
            if (departures.length === 100) stop.abort()
          }
        }),
      )
    }),
  )
  // However late a busy machine lets them go: what the clocks of two senders differ by is far less than the tolerance.
  const expectPlaces = (times: readonly { readonly at: number }[], interval: number) => {
    for (const [place, { at }] of times.entries()) expect(at).toBeGreaterThan(place * interval - 250)
  }
  const weekly = departures.filter(({ newsletter }) => newsletter === 'weekly')
  expectPlaces(departures, 1000 / 50)
  expectPlaces(weekly, 1000 / 15)
  expect(weekly.length).toBeGreaterThan(10)
})

test('another program installed under a worker: it ends in order, and the next one sends', async () => {
  const desk = await aDesk(20)
  const worker = desk.start('work')
  await until(() => worker.stderr().includes('Working'))
  utimesSync(join(compiled.dir, 'base/program.js'), 0, 0)
  expect(await worker.ended).toBe(2)
  expect(worker.stderr()).toMatch(/another Broadsheet was installed/)
  expect((await desk.send({ due: true, enqueue: true }).done).code).toBe(0)
  expect(await desk.start('work', { once: true }).ended).toBe(0)
  await expectKept(desk, 20)
})

test('tables of a newer engine are refused, by name of what to do', async () => {
  const { db, env } = await aDesk(0)
  const engine = await openEngine(env.BROADSHEET_DATABASE!, db)
  await engine.close()
  await db.query('UPDATE broadsheet_jobs.version SET version = $1', [ENGINE_VERSION + 1])
  await expect(openEngine(env.BROADSHEET_DATABASE!, db)).rejects.toThrow(/newer Broadsheet/)
})

test('the version that we know is that of pg-boss', async () => {
  const { db, env } = await aDesk(0)
  const engine = await openEngine(env.BROADSHEET_DATABASE!, db)
  await engine.close()
  expect(await db.query('SELECT version FROM broadsheet_jobs.version')).toEqual([{ version: ENGINE_VERSION }])
})
