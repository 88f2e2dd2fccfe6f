// The ways in which a send from CI goes wrong, one row each: how many mails came, and how many of them a second time.

import type { ChildProcess } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import type { Moment } from '../a-smtp-server.ts'
import { aCiProject, attempt, type CiProject, FRIDAY } from '../commands/a-ci-project.ts'

const READERS = 400
const KILLED_AT = 125
const SEND = ['send', '--due', '--new-ledger', '--wait', '1s']

let project: CiProject | undefined
let postgres: APostgres
beforeAll(async () => {
  postgres = await aPostgres()
})
afterEach(() => project?.server.close())
afterAll(() => postgres.stop())

interface Row {
  readonly what: string
  readonly database: '' | 'git:origin#broadsheet-ledger' | 'postgres'
  /** @returns exit codes */
  run(project: CiProject): Promise<(number | null)[]>
  readonly codes: readonly (number | null)[]
  readonly mails: readonly [least: number, most: number]
}

const GIT = 'git:origin#broadsheet-ledger'
const LAST_FRIDAY = FRIDAY - 7 * 86_400_000
const job = async (at: CiProject, argv: readonly string[], more = {}) => {
  const folder = at.checkout()
  await at.run(folder, ['subscribers', 'import', 'readers.csv'], more)
  return (await at.run(folder, argv, more)).code
}

/** Sends, and dies when the server has so many. */
function killed(at: CiProject, folder: string, tries: number, mails = KILLED_AT): Promise<number | null> {
  const child = at.start(folder, SEND, { env: attempt(tries) })
  const watch = setInterval(() => at.mailed() >= mails && child.kill('SIGKILL'), 1)
  return ends(child).finally(() => clearInterval(watch))
}

function ends(child: ChildProcess): Promise<number | null> {
  child.stdout!.resume()
  child.stderr!.resume()
  return new Promise(done => child.once('close', done))
}

const rows: readonly Row[] = [
  {
    what: 'a fresh runner, nothing restored',
    database: GIT,
    run: async at => [(await at.run(at.checkout(), ['send', '--due'])).code],
    codes: [2],
    mails: [0, 0],
  },
  {
    what: 'a fresh runner that imports the list first',
    database: '',
    run: async at => [await job(at, ['send', '--due'])],
    codes: [2],
    mails: [0, 0],
  },
  {
    what: 'the same job run again',
    database: GIT,
    run: async at => [await job(at, SEND), await job(at, ['send', '--due'])],
    codes: [0, 0],
    mails: [READERS, READERS],
  },
  {
    what: 'killed, and the same run tried again in an empty folder',
    database: GIT,
    async run(at) {
      await at.run(at.checkout(), ['subscribers', 'import', 'readers.csv'])
      const first = await killed(at, at.checkout(), 1)
      return [first, (await at.run(at.checkout(), SEND, { env: attempt(2) })).code]
    },
    codes: [null, 3],
    mails: [KILLED_AT, READERS],
  },
  {
    what: 'killed, and another run an hour later',
    database: GIT,
    async run(at) {
      await at.run(at.checkout(), ['subscribers', 'import', 'readers.csv'])
      const first = await killed(at, at.checkout(), 1)
      const later = { now: FRIDAY + 3_600_000, env: { GITHUB_RUN_ID: '4712', GITHUB_JOB: 'send' } }
      return [first, (await at.run(at.checkout(), ['send', '--due'], later)).code]
    },
    codes: [null, 3],
    mails: [KILLED_AT, READERS],
  },
  {
    what: 'two runs at once',
    database: GIT,
    async run(at) {
      await at.run(at.checkout(), ['subscribers', 'import', 'readers.csv'])
      const runs = [1, 2].map(number =>
        at.run(at.checkout(), SEND, { env: { GITHUB_RUN_ID: String(number), GITHUB_JOB: 'send' } }),
      )
      return (await Promise.all(runs)).map(({ code }) => code).sort()
    },
    codes: [0, 2],
    mails: [READERS, READERS],
  },
  {
    what: 'killed, and run again where last week left its folder',
    database: GIT,
    async run(at) {
      const old = at.checkout()
      await at.run(old, ['subscribers', 'import', 'readers.csv'], { now: LAST_FRIDAY })
      const before = (await at.run(old, SEND, { now: LAST_FRIDAY })).code
      const kept = join(aFolder({}), 'kept')
      cpSync(old, kept, { recursive: true })
      const first = await killed(at, at.checkout(), 1, at.mailed() + KILLED_AT)
      const second = (await at.run(kept, SEND, { env: attempt(2) })).code
      rmSync(dirname(kept), { recursive: true, force: true })
      return [before, first, second]
    },
    codes: [0, null, 3],
    mails: [READERS + KILLED_AT, 2 * READERS],
  },
  {
    what: 'PostgreSQL, two runs at once',
    database: 'postgres',
    async run(at) {
      await at.run(at.checkout(), ['subscribers', 'import', 'readers.csv'])
      const runs = [1, 2].map(() => at.run(at.checkout(), SEND))
      return (await Promise.all(runs)).map(({ code }) => code).sort()
    },
    codes: [0, 0],
    mails: [READERS, READERS],
  },
  {
    what: 'PostgreSQL, killed and run again in an empty folder',
    database: 'postgres',
    async run(at) {
      await at.run(at.checkout(), ['subscribers', 'import', 'readers.csv'])
      const first = await killed(at, at.checkout(), 1)
      // What the dead one had claimed is free again when its lease of a minute is over, by the database's clock.
      return [first, await ends(at.start(at.checkout(), SEND, { env: attempt(2) }))]
    },
    codes: [null, 3],
    mails: [READERS - 10, READERS],
  },
  {
    what: 'killed, with a file that outlives the run',
    database: '',
    async run(at) {
      const folder = at.checkout()
      await at.run(folder, ['subscribers', 'import', 'readers.csv'])
      const first = await killed(at, folder, 1)
      const second = (await at.run(folder, SEND)).code
      rmSync(folder, { recursive: true, force: true })
      return [first, second]
    },
    codes: [null, 3],
    mails: [READERS - 10, READERS],
  },
]

test.each(rows)('$what', async ({ what, database, run, codes, mails }) => {
  // A server that takes its time, so that there is a middle to be killed in.
  const fault = ({ phase }: Moment) => (phase === 'dot' ? 2 : undefined)
  const address = database === 'postgres' ? await postgres.database() : database
  project = await aCiProject({ readers: READERS, database: address, script: { fault } })
  const ended = await run(project)
  const [mailed, twice] = [project.mailed(), project.twice()]
  console.log(
    `${what}: ${mailed} mails, ${twice} twice, exit ${ended.map(code => code ?? 'killed').join(', ')}`,
  )
  expect(twice).toBe(0)
  expect(ended).toEqual(codes)
  expect(mailed).toBeGreaterThanOrEqual(mails[0])
  expect(mailed).toBeLessThanOrEqual(mails[1])
})
