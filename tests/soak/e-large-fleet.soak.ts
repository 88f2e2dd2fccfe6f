// READERS=1000000 SECONDS=60 npm run soak -- e-large-fleet: PostgreSQL, WORKERS workers (4) and SINKS sinks (2) on this
// machine; an edition to so many readers, planned, frozen, sent by 1, 2 and 4 workers for SECONDS each, with the processor
// time of every kind of process; then to its end, or for MINUTES, with chaos. Each reader exactly once, or listed. Linux,
// as root.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { openStore } from '../../src/store/open-store.ts'
import { countDeliveries, isAnybodyLeft, openDeliveries } from '../../src/store/read-deliveries.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import { aFleet, EDITION, type Fleet, type Started } from '../deliver/a-fleet.ts'
import { type Compiled, compile } from '../deliver/compile.ts'
import {
  aNetwork,
  aSink,
  type Network,
  type Place,
  peakMemory,
  processorSeconds,
  type Sink,
} from './a-large-fleet.ts'
import { seeded } from './faults.ts'

const READERS = Number(process.env.READERS ?? 20_000)
const WORKERS = Number(process.env.WORKERS ?? 4)
const SINKS = Number(process.env.SINKS ?? 2)
const SECONDS = Number(process.env.SECONDS ?? 0)
const ROUNDS = Number(process.env.ROUNDS ?? Math.min(10, Math.max(1, Math.round(READERS / 250_000))))
/** When to stop, however far it has come: what is sent by then is accounted for. */
const MINUTES = Number(process.env.MINUTES ?? 0) || 24 * 60
const CONNECTIONS = 20
/** Longer than a lease, so that the others take over. */
const AWAY_MS = 75_000
const MINUTE_MS = 60_000

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})

test(`${READERS} readers, ${WORKERS} workers, ${SINKS} sinks, ${ROUNDS} × every fault`, {
  timeout: 25 * 60 * MINUTE_MS,
}, async () => {
  const network = aNetwork(WORKERS)
  const sinks: Sink[] = []
  let postgres: APostgres | undefined
  let workers: Workers | undefined
  let db: Database | undefined
  try {
    for (let n = 0; n < SINKS; n++) sinks.push(await aSink(network.host, READERS))
    const set = { shared_preload_libraries: 'pg_stat_statements', max_wal_size: '4GB' }
    postgres = await aPostgres({ fsync: 'on', network: { host: network.host, from: network.all }, set })
    const database = await postgres.database()
    db = (await openStore(database)).db
    await subscribeMany(db)
    // A few readers would be mailed before anything could go wrong; figures are of a fleet that nothing slows down.
    const rate = READERS < 200_000 && SECONDS === 0 ? `, rate: ${Math.ceil(READERS / 300)}` : ''
    const mail = `connections: ${CONNECTIONS}${rate}`
    const fleet = aFleet({ src: compiled.dir, database, smtp: addressOf(network, sinks[0]!), mail })
    const enqueued = await timed(() => run(fleet, { due: true, enqueue: true }))
    say(`${READERS} readers: rendered, frozen and enqueued in ${enqueued} s`)
    workers = new Workers(fleet, network, sinks)
    if (SECONDS > 0)
      for (const count of [1, 2, 4]) say(await measured(count, workers, { db, postgres, sinks }))
    const [began, from] = [performance.now(), await totalOf(sinks)]
    const end = began + MINUTES * MINUTE_MS
    const chaos = await withChaos(workers, { postgres, sinks, network }, end)
    while (performance.now() < end && isAnybodyLeft(await openDeliveries(db, EDITION))) await pause(2000)
    const [sent, seconds] = [(await totalOf(sinks)) - from, (performance.now() - began) / 1000]
    say(
      `${sent} sent by ${WORKERS} workers in ${Math.round(seconds)} s, ${Math.round(sent / seconds)} a second`,
    )
    await workers.stop()
    const isWhole = performance.now() < end
    if (isWhole) await finish(fleet, db)
    say(`${chaos.length} faults: ${chaos.join('; ')}`)
    say(
      `workers that ended by themselves: ${workers.ends.join('; ') || 'none'}; at most ${workers.peak} MiB each`,
    )
    const accounted = await account(db, sinks)
    say(accounted.line)
    if (isWhole) expect(accounted.pending, 'nobody is left').toBe(0)
    expect(accounted.unknown).toBeLessThanOrEqual(CONNECTIONS * (chaos.length + workers.ends.length))
  } finally {
    await workers?.kill()
    await db?.close().catch(() => undefined)
    await postgres?.stop()
    for (const sink of sinks) sink.stop()
    network.remove()
  }
})

test('the disk of PostgreSQL is full in mid-send', async context => {
  const disk = mkdtempSync(join(tmpdir(), 'full-'))
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'none', disk]).status !== 0) {
    rmSync(disk, { recursive: true })
    context.skip('a small disk can be mounted by root on Linux only')
  }
  const readers = 20_000
  const folder = join(disk, 'data')
  const set = { min_wal_size: '32MB', max_wal_size: '64MB' }
  const sink = await aSink('127.0.0.1', readers)
  const postgres = await aPostgres({ folder, set })
  const database = await postgres.database()
  const { db } = await openStore(database)
  try {
    await subscribeMany(db, readers)
    const smtp = `smtp://127.0.0.1:${sink.port}?tls=never`
    const fleet = aFleet({ src: compiled.dir, database, smtp, mail: `connections: ${CONNECTIONS}` })
    await run(fleet, { due: true, enqueue: true })
    const filler = join(disk, 'filler')
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(filler, Buffer.alloc(bavail * bsize - 2_000_000))
    const cut = fleet.start('work')
    const code = await cut.ended
    const before = await sink.total()
    say(
      `disk full after ${before} messages; the worker ended with ${code}: ${cut.stderr().trim().split('\n').at(-2)}`,
    )
    expect(before).toBeLessThan(readers)
    rmSync(filler)
    if (!(await isUp(db))) {
      await postgres.kill().catch(() => undefined)
      await postgres.resume()
    }
    await finish(fleet, db)
    const { line, unknown } = await account(db, [sink], readers)
    say(line)
    expect(unknown).toBeLessThanOrEqual(CONNECTIONS)
  } finally {
    await db.close().catch(() => undefined)
    await postgres.stop()
    sink.stop()
    spawnSync('umount', ['-l', disk])
    rmSync(disk, { recursive: true, force: true })
  }
})

const say = (line: string) => console.log(line)

const addressOf = ({ host }: { host: string }, sink: Sink) => `smtp://${host}:${sink.port}?tls=never`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round((performance.now() - began) / 100) / 10
}

async function subscribeMany(db: Database, readers = READERS): Promise<void> {
  await db.query(
    `INSERT INTO subscribers (email, key, hash, name, language, fields, state, source, since, changed)
SELECT 'reader' || i || '@reader.example', 'reader' || i || '@reader.example', md5('h' || i), 'Reader ' || i, '', '{}',
  'active', 'test', 0, 0 FROM generate_series(1, CAST($1 AS BIGINT)) i`,
    [readers],
  )
  await db.query(
    "INSERT INTO subscriptions (newsletter, subscriber, topics, state, since) SELECT 'weekly', id, '[]', 'active', 0 FROM subscribers",
  )
  await db.query('ANALYZE')
}

async function run(fleet: Fleet, options: Record<string, string | boolean>): Promise<void> {
  const started = fleet.start('send', options)
  expect(await started.ended, started.stderr()).toBe(0)
}

// ─── Workers, each on a machine of its own ───────────────────────────────────────────────────────────────────────────

/** Starts whoever ends without being told to, as a supervisor does. */
class Workers {
  readonly #fleet: Fleet
  readonly #network: Network
  readonly #sinks: readonly Sink[]
  readonly #running = new Map<number, Started>()
  readonly #told = new Set<Started>()
  /** Why some ended that nobody had told to. */
  readonly ends: string[] = []
  /** Most memory that one has had, MiB. */
  peak = 0

  constructor(fleet: Fleet, network: Network, sinks: readonly Sink[]) {
    this.#fleet = fleet
    this.#network = network
    this.#sinks = sinks
  }

  start(place: number): void {
    const { within } = this.#network.places[place]!
    const smtp = addressOf(this.#network, this.#sinks[place % this.#sinks.length]!)
    const worker = this.#fleet.start('work', {}, { within, smtp })
    this.#running.set(place, worker)
    void worker.ended.then(async code => {
      if (this.#told.has(worker)) return
      this.ends.push(`${code}: ${worker.stderr().trim().split('\n').slice(-2).join(' ')}`)
      await pause(1000)
      if (this.#running.get(place) === worker) this.start(place)
    })
  }

  pid(place: number): number {
    return this.#running.get(place)!.child.pid!
  }

  pids(): number[] {
    return [...this.#running.values()].map(({ child }) => child.pid!)
  }

  signal(place: number, name: NodeJS.Signals): void {
    this.#running.get(place)!.child.kill(name)
  }

  look(): void {
    for (const pid of this.pids()) {
      try {
        this.peak = Math.max(this.peak, peakMemory(pid) || 0)
      } catch {
        // It has ended.
      }
    }
  }

  /** Dies while it holds claims, and another takes its place. */
  async killOne(place: number): Promise<void> {
    const worker = this.#running.get(place)!
    this.#told.add(worker)
    worker.child.kill('SIGKILL')
    await worker.ended
    this.start(place)
  }

  /** All of them, in order. */
  async stop(): Promise<void> {
    this.look()
    const all = this.#tell()
    for (const { child } of all) child.kill('SIGTERM')
    for (const worker of all) expect(await worker.ended, worker.stderr()).toBe(0)
  }

  async kill(): Promise<void> {
    const all = this.#tell()
    for (const { child } of all) child.kill('SIGKILL')
    await Promise.all(all.map(({ ended }) => ended))
  }

  #tell(): Started[] {
    const all = [...this.#running.values()]
    for (const worker of all) this.#told.add(worker)
    this.#running.clear()
    return all
  }
}

// ─── Figures ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Parts {
  readonly db: Database
  readonly postgres: APostgres
  readonly sinks: readonly Sink[]
}

async function totalOf(sinks: readonly Sink[]): Promise<number> {
  let sum = 0
  for (const sink of sinks) sum += await sink.total()
  return sum
}

/** What so many workers do in a while, and what it costs. */
async function measured(count: number, workers: Workers, parts: Parts): Promise<string> {
  const warm = (await totalOf(parts.sinks)) + count * 3000
  for (let place = 0; place < count; place++) workers.start(place)
  // Starting costs as much as some thousand messages.
  while ((await totalOf(parts.sinks)) < warm) await pause(200)
  const before = await snapshot(workers, parts)
  await pause(SECONDS * 1000)
  const after = await snapshot(workers, parts)
  await workers.stop()
  const messages = after.messages - before.messages
  const each = (of: 'workers' | 'database' | 'sinks') =>
    Math.round(((after[of] - before[of]) / messages) * 1e6)
  const [worker, database, sink] = [each('workers'), each('database'), each('sinks')]
  const rate = Math.round((messages / (after.at - before.at)) * 1000)
  const share = Math.round((database / (worker + database)) * 100)
  const hot = Math.round(((after.hot - before.hot) / Math.max(1, after.updates - before.updates)) * 100)
  return [
    `${count} worker${count > 1 ? 's' : ''}: ${rate} a second; for each message ${worker} µs of a worker, ${database} of PostgreSQL (${share} %), ${sink} of a sink`,
    `${Math.round(1e6 / worker)} messages a CPU second of a worker, ${Math.round(1e6 / database)} of PostgreSQL`,
    `${Math.round((after.wal - before.wal) / messages)} bytes of WAL a message; ${hot} % of updates HOT`,
  ].join('; ')
}

async function snapshot(workers: Workers, { db, postgres, sinks }: Parts) {
  const sum = (pids: readonly number[]) => pids.reduce((total, pid) => total + processorSeconds(pid), 0)
  const [row] = await db.query<{ wal: number; updates: number; hot: number }>(
    `SELECT CAST(pg_current_wal_lsn() - '0/0' AS DOUBLE PRECISION) AS wal, n_tup_upd AS updates, n_tup_hot_upd AS hot
FROM pg_stat_user_tables WHERE relname = 'deliveries'`,
  )
  return {
    ...row!,
    at: performance.now(),
    messages: await totalOf(sinks),
    workers: sum(workers.pids()),
    database: sum([postgres.pid()]),
    sinks: sum(sinks.map(({ pid }) => pid)),
  }
}

// ─── Chaos ───────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Chaos {
  readonly postgres: APostgres
  readonly sinks: readonly Sink[]
  readonly network: Network
}

/** Every fault, once a round, spread over all that is left to send. @returns what was done */
async function withChaos(
  workers: Workers,
  { postgres, sinks, network }: Chaos,
  end: number,
): Promise<string[]> {
  for (let place = 0; place < WORKERS; place++) workers.start(place)
  await pause(10_000)
  const cut = (port?: number) => async (place: number, where: Place) => {
    where.cut(port)
    await pause(AWAY_MS)
    where.mend(port)
    return `place ${place}`
  }
  const faults: Record<string, (place: number, where: Place) => Promise<string>> = {
    'a worker killed': async place => {
      await workers.killOne(place)
      return `place ${place}`
    },
    'a worker stopped for longer than its lease': async place => {
      const pid = workers.pid(place)
      workers.signal(place, 'SIGSTOP')
      await pause(AWAY_MS)
      if (workers.pid(place) === pid) workers.signal(place, 'SIGCONT')
      return `place ${place}`
    },
    'its cable cut': cut(),
    'cut from the database alone': cut(postgres.port),
    'cut from the mail server alone': async (place, where) =>
      cut(sinks[place % sinks.length]!.port)(place, where),
    'the database killed': async () => {
      await postgres.kill()
      await pause(10_000)
      await postgres.resume()
      return 'back after 10 s'
    },
  }
  const random = seeded(29)
  const names = Array.from({ length: ROUNDS }, () => Object.keys(faults)).flat()
  const [began, start] = [await totalOf(sinks), performance.now()]
  const done: string[] = []
  for (const [index, name] of names.entries()) {
    // The first at once, the last with a tenth still to come, of the readers or of the time.
    const share = (0.9 * index) / names.length
    const goal = began + (READERS - began) * share
    const latest = start + (end - start) * share
    while ((await totalOf(sinks)) < goal && performance.now() < latest) await pause(200)
    workers.look()
    const place = Math.floor(random() * WORKERS)
    const what = await faults[name]!(place, network.places[place]!)
    done.push(`${name} (${what})`)
    process.stderr.write(`${new Date().toISOString()} ${await totalOf(sinks)} sent; ${name}, ${what}\n`)
  }
  return done
}

async function openNow(db: Database): Promise<number> {
  const { pending, deferred, accepted, unknown } = await countDeliveries(db, EDITION)
  process.stderr.write(
    `${new Date().toISOString()} ${accepted} accepted, ${unknown} unknown, ${pending} to go\n`,
  )
  return pending + deferred
}

async function isUp(db: Database): Promise<boolean> {
  return db.query('SELECT 1 AS one').then(
    () => true,
    () => false,
  )
}

/** Whatever the workers left is sent, or found to be unknown. */
async function finish(fleet: Fleet, db: Database): Promise<void> {
  for (let left = 1, runs = 0; left > 0; runs++) {
    if (runs > 20) throw new Error('it never ends')
    await fleet.start('send', { due: true, wait: '90s' }).ended
    left = await openNow(db)
  }
}

/** Fails unless the ledger and the sinks agree about every reader. */
async function account(db: Database, sinks: readonly Sink[], readers = READERS) {
  const all = await Promise.all(sinks.map(sink => sink.counts()))
  const got = (reader: number) => all.reduce((sum, counts) => sum + counts[reader]!, 0)
  const sums: Record<string, number> = { accepted: 0, unknown: 0 }
  const wrong: string[] = []
  let [arrived, messages] = [0, 0]
  for (let last = 0; ; ) {
    const rows = await db.query<{ subscriber: number; email: string; state: string }>(
      'SELECT subscriber, email, state FROM deliveries WHERE edition = 1 AND subscriber > $1 ORDER BY subscriber LIMIT 50000',
      [last],
    )
    for (const { email, state } of rows) {
      const count = got(Number(/\d+/.exec(email)))
      messages += count
      sums[state] = (sums[state] ?? 0) + 1
      if (state === 'unknown') arrived += count
      // Of one whom a worker had in hand at the end nobody can know, as of one who is unknown.
      const isRight =
        state === 'accepted' ? count === 1 : count <= (['unknown', 'handed'].includes(state) ? 1 : 0)
      if (!isRight) wrong.push(`${email} is ${state} and got ${count}`)
    }
    if (rows.length === 0) break
    last = rows.at(-1)!.subscriber
  }
  expect(wrong.slice(0, 20)).toEqual([])
  expect(messages, 'every message went to somebody on the list').toBe(await totalOf(sinks))
  const { accepted = 0, unknown = 0, ...others } = sums
  const pending = Object.values(others).reduce((sum, count) => sum + count, 0)
  expect(accepted + unknown + pending, 'everybody is accounted for').toBe(readers)
  const line = `${readers} readers: ${accepted} accepted, ${unknown} unknown (${arrived} of these had arrived), ${pending} not sent yet; nobody lost, nobody twice`
  return { unknown, pending, line }
}
