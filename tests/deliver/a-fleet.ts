// A publication's folder, a database and an SMTP server → commands on them, in this process or in processes that can be killed.

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { importSubscribers } from '../../src/store/import-subscribers.ts'
import { openStore } from '../../src/store/open-store.ts'
import { aFolder } from '../a-folder.ts'

export const EDITION = 'weekly/2026-W05'
export const NOW = '2026-01-30T07:30:00+05:30'

const settings = (mail: string) => `title: The Test
url: https://test.example/
timezone: Asia/Kolkata
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
service: https://letters.test.example/
mail: { ${mail} }
`

export interface Fleet {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  start(command: string, options?: Record<string, string | boolean>, where?: Where): Started
}

export interface Where {
  readonly args?: readonly string[]
  /** A command that runs the rest of its line: ip netns exec NAME. */
  readonly within?: readonly string[]
  /** The server of this one. */
  readonly smtp?: string
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  stdout(): string
  stderr(): string
}

export interface Needs {
  /** Of compile(). */
  readonly src: string
  readonly database: string
  readonly smtp: string
  /** Of the settings: 'connections: 5'. */
  readonly mail?: string
}

export function aFleet({ src, database, smtp, mail = 'connections: 4' }: Needs): Fleet {
  const folder = aFolder({
    'articles/publication.yaml': settings(mail),
    'articles/bridge.md':
      '---\ntitle: A bridge at dawn\ndate: 2026-01-28T10:00:00+05:30\n---\n\nGood morning.\n',
  })
  const env = {
    BROADSHEET_SMTP: smtp,
    BROADSHEET_SECRET: 'a-secret-for-the-tests',
    ...(database ? { BROADSHEET_DATABASE: database } : {}),
  }
  const script = join(import.meta.dirname, 'process.mjs')
  return {
    folder,
    env,
    start(command, options = {}, { args = [], within = [], smtp } = {}) {
      const call = JSON.stringify({ args, options: { now: NOW, ...options } })
      const [program, ...rest] = [...within, process.execPath, script, src, command, folder, call]
      const child = spawn(program!, rest, {
        env: { PATH: process.env.PATH, ...env, ...(smtp ? { BROADSHEET_SMTP: smtp } : {}) },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', chunk => (stdout += chunk))
      child.stderr.on('data', chunk => (stderr += chunk))
      const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
      // A process that failed says why where the test's own failure is read.
      void ended.then(code => {
        if (code === 70) console.error(stderr)
      })
      return { child, ended, stdout: () => stdout, stderr: () => stderr }
    },
  }
}

/** reader0@reader.example, reader1@… */
export async function subscribe(database: string, readers: number): Promise<void> {
  const { db } = await openStore(database)
  for (let first = 0; first < readers; first += 1000) {
    const length = Math.min(1000, readers - first)
    const emails = Array.from({ length }, (_, i) => `reader${first + i}@reader.example`)
    await importSubscribers(
      db,
      emails.map(email => ({
        email,
        key: email,
        name: '',
        newsletters: ['weekly'],
        topics: [],
        fields: {},
        language: '',
        state: 'active' as const,
        source: 'test',
        now: Date.parse(NOW),
      })),
    )
  }
  await db.close()
}

/** For however long it takes: what never comes runs into the limit of every test. */
export async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise(resolve => setTimeout(resolve, 20))
}
