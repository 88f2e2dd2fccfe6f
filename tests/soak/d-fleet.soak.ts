import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import { aSmtpServer } from '../a-smtp-server.ts'
import { aFleet, type Started, subscribe } from '../deliver/a-fleet.ts'
import { type Compiled, compile } from '../deliver/compile.ts'
import { account } from './account.ts'
import { badServer, seeded } from './faults.ts'

const READERS = 10_000
const KILLS = 30
const CONNECTIONS = 5

let compiled: Compiled
let postgres: APostgres
beforeAll(async () => {
  compiled = compile()
  postgres = await aPostgres()
})
afterAll(async () => {
  await postgres?.stop()
})

test(`PostgreSQL: three workers, ${KILLS} kills, and the database gone for ten seconds`, async () => {
  const random = seeded(13)
  const bad = badServer(seeded(17), 1)
  // Silence is for the other benches: a worker waits minutes for an answer.
  const fault: NonNullable<typeof bad.script.fault> = moment => {
    const what = bad.script.fault!(moment)
    return what === 'silence' ? undefined : what
  }
  const server = await aSmtpServer({ fault })
  const database = await postgres.database()
  await subscribe(database, READERS)
  const mail = `connections: ${CONNECTIONS}`
  const fleet = aFleet({ src: compiled.dir, database, smtp: server.address, mail })
  const dots = () => [...server.mails.values()].reduce((sum, mail) => sum + mail.dots, 0)
  const began = performance.now()
  const enqueued = fleet.start('send', { due: true, enqueue: true })
  expect(await enqueued.ended, enqueued.stderr()).toBe(0)

  const workers: Started[] = [1, 2, 3].map(() => fleet.start('work'))
  let kills = 0
  let halted = false
  while (kills < KILLS && dots() < READERS * 0.95) {
    const goal = dots() + random() * ((READERS / KILLS) * 1.6)
    for (let waited = 0; dots() < goal && waited < 5000; waited += 20) await pause(20)
    const [victim] = workers.splice(Math.floor(random() * workers.length), 1)
    victim!.child.kill('SIGKILL')
    if ((await victim!.ended) === null) kills++
    workers.push(fleet.start('work'))
    if (!halted && kills >= KILLS / 2) {
      halted = true
      // A worker that is only starting does not wait for a database that is not there: its supervisor starts it again.
      await pause(3000)
      await postgres.halt()
      await pause(10_000)
      await postgres.resume()
    }
  }
  // The youngest must be far enough to hear that it is to stop.
  await pause(5000)
  for (const { child } of workers) child.kill('SIGTERM')
  for (const worker of workers) expect(await worker.ended, worker.stderr()).toBe(0)
  const { db } = await openStore(database)
  for (let left = 1; left > 0; ) {
    const last = fleet.start('send', { due: true, wait: '60s', json: true })
    await last.ended
    const [row] = await db.query<{ left: number }>(
      "SELECT COUNT(*) AS left FROM deliveries WHERE state NOT IN ('accepted', 'rejected', 'unknown', 'skipped')",
    )
    left = row!.left
  }
  const { line, unknown } = await account(db, server, READERS)
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(`fleet, ${seconds} s: ${kills} × SIGKILL of one of three, PostgreSQL gone for 10 s; ${line}`)
  expect(unknown).toBeLessThanOrEqual(CONNECTIONS * kills + bad.unanswered('body'))
  await db.close()
  await server.close()
})
