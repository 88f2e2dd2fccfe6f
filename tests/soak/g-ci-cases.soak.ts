// The ways in which a send from CI goes wrong, one row each: how many mails came, and how many of them a second time.

import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import type { Moment } from '../a-smtp-server.ts'
import { aCiProject, attempt, type CiProject, FRIDAY } from '../commands/a-ci-project.ts'

const READERS = 400
const KILLED_AT = 125
const SEND = ['send', '--due', '--new-ledger', '--wait', '1s']

let project: CiProject | undefined
afterEach(() => project?.server.close())

interface Row {
  readonly what: string
  readonly database: '' | 'git:origin#broadsheet-ledger'
  /** @returns exit codes */
  run(project: CiProject): Promise<(number | null)[]>
  readonly codes: readonly (number | null)[]
  readonly mails: readonly [least: number, most: number]
}

const GIT = 'git:origin#broadsheet-ledger'
const job = async (at: CiProject, argv: readonly string[], more = {}) => {
  const folder = at.checkout()
  await at.run(folder, ['subscribers', 'import', 'readers.csv'], more)
  return (await at.run(folder, argv, more)).code
}

/** Sends, and dies when the server has so many. */
function killed(at: CiProject, folder: string, tries: number): Promise<number | null> {
  const child = at.start(folder, SEND, { env: attempt(tries) })
  const watch = setInterval(() => at.mailed() >= KILLED_AT && child.kill('SIGKILL'), 1)
  child.stdout!.resume()
  child.stderr!.resume()
  return new Promise(done =>
    child.once('close', code => {
      clearInterval(watch)
      done(code)
    }),
  )
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
  project = await aCiProject({ readers: READERS, database, script: { fault } })
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
