// The rows of DESIGN.md section 13 that concern sending: messages of 60 kB to a sink on loopback, each contender in a
// process of its own; and lists of any length. By the clock, with the processor time of the sender alone beside it.

import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { type Contender, inTurns, type Standing } from './in-turns.ts'
import { type Measured, measure } from './measure.ts'
import type { Bench, Row } from './rows.ts'

const RUN = new URL('delivery-run.js', import.meta.url).pathname
const CONNECTIONS = 20

/** What is slow would take minutes for as many messages. */
const FEWER = 5

export const deliveryRows: readonly Row[] = [
  {
    name: 'deliver',
    what: 'a message of 60 kB sent to a sink on loopback, 20 connections; Broadsheet with its ledger',
    goal: 'smtp-source ≥ 0.8 ×, the naive loop ≥ 8 ×',
    run: bench => toSink(bench, []),
  },
  {
    name: 'signed',
    what: 'the same, signed by DKIM (RSA 2048)',
    goal: 'RSA alone on all cores ≥ 0.75 ×',
    run: bench => toSink(bench, ['--dkim']),
  },
  {
    name: 'threads',
    what: 'the same, signed, Broadsheet by its sending threads beside the one that writes the ledger',
    goal: '—',
    run: bench =>
      withSink(bench, port =>
        inTurns(
          [0, 1, 2].map(threads => ({
            name: `${threads} threads`,
            run: () => one(bench, 'broadsheet', port, bench.readers, ['--dkim', '--threads', `${threads}`]),
          })),
          turns(bench),
        ),
      ),
  },
  {
    name: 'freeze',
    what: 'the audience of an edition frozen, SQLite',
    goal: 'a million ≤ 10 s',
    run: async bench => inOrder(bench, size => frozenList(bench, size).measured),
  },
  {
    name: 'list',
    what: 'a message sent out of that list (the first of them, or all with --whole)',
    goal: 'the memory of a thousand',
    run: bench =>
      withSink(bench, port =>
        inOrder(bench, size => {
          const { file } = frozen.get(size) ?? frozenList(bench, size)
          frozen.delete(size)
          const count = bench.whole ? size : Math.min(size, bench.readers)
          return one(bench, 'broadsheet', port, count, ['--file', file])
        }),
      ),
  },
]

/** Of the row before, not sent yet: a million take a minute to make. */
const frozen = new Map<number, ReturnType<typeof frozenList>>()

function frozenList(bench: Bench, size: number): { readonly file: string; readonly measured: Measured } {
  const file = join(bench.scratch, `list-${size}.db`)
  told([...node(bench), 'list', '--file', file, '--readers', `${size}`])
  const made = { file, measured: told([...node(bench), 'freeze', '--file', file]) }
  frozen.set(size, made)
  return made
}

function toSink(bench: Bench, how: readonly string[]): Promise<Standing[]> {
  const { readers } = bench
  const few = Math.ceil(readers / FEWER)
  return withSink(bench, port => {
    const contenders: Contender[] = [
      { name: 'Broadsheet', run: () => one(bench, 'broadsheet', port, readers, how) },
      { name: 'nodemailer’s pool with raw', run: () => one(bench, 'pool', port, few, how) },
      { name: 'the naive nodemailer loop', run: () => one(bench, 'naive', port, few, how) },
    ]
    if (how.includes('--dkim'))
      contenders.push({ name: 'RSA alone, all cores', run: () => one(bench, 'rsa', port, readers, []) })
    else if (isThere('smtp-source'))
      contenders.push({ name: 'smtp-source', run: () => source(port, readers) })
    else bench.say('smtp-source is left out: it is not installed (Debian: apt-get install postfix).')
    return inTurns(contenders, turns(bench))
  })
}

function turns({ rounds }: Bench): number {
  return Math.min(rounds, 3)
}

/** Each length of list once: a million takes its time. */
function inOrder({ say }: Bench, run: (size: number) => Measured): Standing[] {
  const found = [1000, 100_000, 1_000_000].map(size => {
    say(`${size.toLocaleString('en')} subscribers`)
    return { name: `${size.toLocaleString('en')} subscribers`, ...run(size) }
  })
  return found.map(one => ({ ...one, ratio: one.wall / found[0]!.wall }))
}

function node({ program }: Bench): string[] {
  return [process.execPath, RUN, '--dist', dirname(program.at(-1)!), '--run']
}

function one(bench: Bench, what: string, port: number, readers: number, more: readonly string[]): Measured {
  const args = ['--port', `${port}`, '--readers', `${readers}`, '--connections', `${CONNECTIONS}`, ...more]
  return told([...node(bench), what, ...args])
}

/** @throws Error with what it said when it ends badly */
function told([program, ...args]: readonly string[]): Measured {
  const { status, stdout, stderr } = spawnSync(program!, args, { encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`.slice(0, 2000))
  return JSON.parse(stdout) as Measured
}

function source(port: number, readers: number): Measured {
  const envelope = ['-f', 'news@example.org', '-t', 'reader@example.com']
  const args = ['-s', `${CONNECTIONS}`, '-m', `${readers}`, '-l', '60000', ...envelope, `127.0.0.1:${port}`]
  const { wall, work, memory } = measure(['smtp-source', ...args], '/')
  return { wall: wall / readers, work: work && work / readers, memory }
}

/** Postfix's where there is one: it costs less than anything written here, and says the same to everybody. */
async function withSink(bench: Bench, run: (port: number) => Promise<Standing[]> | Standing[]) {
  const port = await freePort()
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const theirs = ['smtp-sink', ...user, '-c', `127.0.0.1:${port}`, '1000']
  const [program, ...args] = isThere('smtp-sink') ? theirs : [...node(bench), 'sink', '--port', `${port}`]
  const sink = spawn(program!, args, { stdio: 'ignore' })
  try {
    await new Promise(resolve => setTimeout(resolve, 1000))
    return await run(port)
  } finally {
    sink.kill()
  }
}

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
