// The power fails right after each time that the ledger was brought to the disk, and in the middle of what came next: a copy
// is made, and sent on from as if nothing after it had ever been. Linux with strace, which stops the sender at each barrier.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aSmtpServer, type SmtpServer } from '../a-smtp-server.ts'
import { FILES, FRIDAY, SECRET } from '../commands/a-ci-project.ts'
import { seeded } from './faults.ts'

const READERS = Number(process.env.SOAK_READERS ?? 60)
const LEDGER = '.broadsheet/broadsheet.db'
const LOG = `${LEDGER}-wal`
const cli = resolve(import.meta.dirname, '../../dist/cli.js')
const taken = ({ mails }: SmtpServer) =>
  new Set([...mails].filter(([, mail]) => mail.taken > 0).map(([email]) => email))

interface Barrier {
  /** A folder with the ledger as it is on the disk then. */
  readonly folder: string
  /** Who has been mailed by then. */
  readonly mailed: ReadonlySet<string>
  /** Bytes of the write-ahead log. */
  readonly log: number
}

/** The process that strace began. */
function childOf({ pid }: ChildProcess): number | undefined {
  const file = `/proc/${pid}/task/${pid}/children`
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) || undefined : undefined
}

/** Sends, and keeps a copy of the ledger at each barrier. */
async function sendInSteps(folder: string, server: SmtpServer): Promise<Barrier[]> {
  const barriers: Barrier[] = []
  const log = join(folder, 'barriers.log')
  const trace = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:signal=STOP']
  const stops = ['-f', '-qq', '-o', log, ...trace]
  const send = [process.execPath, cli, 'send', '--due', '--now', new Date(FRIDAY).toISOString()]
  const child = spawn('strace', [...stops, ...send], {
    cwd: folder,
    env: { PATH: process.env.PATH, BROADSHEET_SMTP: server.address, BROADSHEET_SECRET: SECRET },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr!.on('data', chunk => {
    stderr += chunk
  })
  const ended = new Promise<number | null>(done => child.once('close', done))
  for (let handled = 0; child.exitCode === null; ) {
    const seen = existsSync(log) ? readFileSync(log, 'utf8') : ''
    const stopped = seen.split('--- SIGSTOP {').length - 1
    if (stopped === handled || !seen.endsWith('--- stopped by SIGSTOP ---\n')) {
      await pause(1)
      continue
    }
    handled = stopped
    // What it has handed over must arrive here first.
    await pause(15)
    if (existsSync(join(folder, LEDGER))) barriers.push(keep(folder, server))
    process.kill(childOf(child)!, 'SIGCONT')
  }
  expect([await ended, stderr]).toEqual([0, expect.anything()])
  return barriers
}

function keep(folder: string, server: SmtpServer): Barrier {
  const copy = aFolder({})
  cpSync(join(folder, 'articles'), join(copy, 'articles'), { recursive: true })
  mkdirSync(join(copy, '.broadsheet'))
  copyFileSync(join(folder, LEDGER), join(copy, LEDGER))
  const hasLog = existsSync(join(folder, LOG))
  if (hasLog) copyFileSync(join(folder, LOG), join(copy, LOG))
  return { folder: copy, mailed: taken(server), log: hasLog ? statSync(join(copy, LOG)).size : 0 }
}

/** Half of what was written until the next barrier is on the disk, too. */
function tear(barrier: Barrier, next: Barrier, random: () => number): Barrier | undefined {
  if (next.log <= barrier.log) return undefined
  const folder = aFolder({})
  cpSync(barrier.folder, folder, { recursive: true })
  const bytes = readFileSync(join(next.folder, LOG))
  const size = barrier.log + Math.floor(random() * (next.log - barrier.log))
  writeFileSync(join(folder, LOG), bytes.subarray(0, size))
  return { ...barrier, folder, log: size }
}

async function goOn({ folder, mailed }: Barrier): Promise<{ unknown: number }> {
  const server = await aSmtpServer()
  const env = { BROADSHEET_SMTP: server.address, BROADSHEET_SECRET: SECRET }
  const run = (argv: readonly string[]) => aRun(folder, argv, { env, clock: () => FRIDAY + 60_000 })
  const sent = await run(['send', '--due'])
  expect([0, 3], sent.stderr).toContain(sent.code)
  const { list } = (await run(['status', '--json', '--list', 'unknown'])).json()
  const unknown = new Set<string>(list.map(({ email }: { email: string }) => email))
  const later = taken(server)
  expect(
    [...later].filter(email => mailed.has(email)),
    'twice',
  ).toEqual([])
  expect(new Set([...mailed, ...later, ...unknown]).size, 'nobody is lost').toBe(READERS)
  await server.close()
  rmSync(folder, { recursive: true, force: true })
  return { unknown: unknown.size }
}

test('the power fails at every barrier of a send', async () => {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' })
  } catch {
    throw new Error('This needs strace: apt-get install strace')
  }
  const rows = Array.from({ length: READERS }, (_, i) => `reader${i}@reader.example`)
  const folder = aFolder({ ...FILES, 'readers.csv': `email\n${rows.join('\n')}\n` })
  await aRun(folder, ['subscribers', 'import', 'readers.csv'])
  const server = await aSmtpServer()
  const barriers = await sendInSteps(folder, server)
  expect(taken(server).size).toBe(READERS)
  await server.close()
  expect(barriers.length).toBeGreaterThan(10)
  const random = seeded(5)
  const torn = barriers.slice(1).map((next, at) => tear(barriers[at]!, next, random))
  let [most, states] = [0, 0]
  for (const state of [...barriers, ...torn]) {
    if (!state) continue
    states += 1
    most = Math.max(most, (await goOn(state)).unknown)
  }
  console.log(
    `${barriers.length} barriers in a send to ${READERS} readers, ${states} states sent on from: nobody lost, nobody twice, at most ${most} unknown`,
  )
})
