// A newsletter that is sent from CI: each run begins in an empty folder, and nobody gets an edition twice.

import { execFileSync } from 'node:child_process'
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import type { Moment, SmtpServer } from '../a-smtp-server.ts'
import {
  aBareRepository,
  aCiProject,
  attempt,
  type CiProject,
  type CiRun,
  EDITION,
  FILES,
  FRIDAY,
  git,
  SECRET,
} from './a-ci-project.ts'

let server: SmtpServer
let opened: CiProject
afterEach(() => server?.close())

async function aProject(options: Parameters<typeof aCiProject>[0] = {}): Promise<CiProject> {
  opened = await aCiProject(options)
  server = opened.server
  return opened
}

const mailed = () => opened.mailed()
const twice = () => opened.twice()
const refs = (origin: string) => git(origin, 'for-each-ref', '--format=%(refname)').trim().split('\n')
const note = (origin: string) => JSON.parse(git(origin, 'cat-file', 'blob', 'broadsheet-ledger:ledger.json'))

test('a fresh runner with nothing restored sends nothing, in a file and in a branch', async () => {
  for (const database of ['', 'git:origin#broadsheet-ledger']) {
    const project = await aProject({ database })
    const ran = await project.run(project.checkout(), ['send', '--due'])
    expect(ran).toMatchObject({ code: 2 })
    expect(ran.stderr).toMatch(/In CI a send does not start on a new ledger/)
    expect(refs(project.origin)).toEqual(['refs/heads/main'])
    expect(server.mails.size).toBe(0)
    await server.close()
  }
})

test('a list imported into a new ledger does not make it know what was sent; --new-ledger says that it is rightly new', async () => {
  const project = await aProject({ database: '' })
  const folder = project.checkout()
  expect((await project.run(folder, ['subscribers', 'import', 'readers.csv'])).code).toBe(0)
  const refused = await project.run(folder, ['send', '--due'])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toMatch(/knows no edition of weekly/)
  expect(refused.stderr).toMatch(/--new-ledger/)
  expect((await project.run(folder, ['send', EDITION, '--yes'])).code).toBe(2)
  expect(server.mails.size).toBe(0)
  expect((await project.run(folder, ['send', '--due', '--new-ledger'])).code).toBe(0)
  // From now on it knows.
  expect((await project.run(folder, ['send', '--due'])).code).toBe(0)
  expect([mailed(), twice()]).toEqual([30, 0])
})

test('a newsletter whose first article is in this very slot is new, and is sent', async () => {
  const project = await aProject({ database: '' })
  const folder = project.checkout()
  rmSync(join(folder, 'articles/old.md'))
  await project.run(folder, ['subscribers', 'import', 'readers.csv'])
  const sent = await project.run(folder, ['send', '--due'])
  expect(sent.code).toBe(0)
  // It may be an older copy the next time, and nothing in it would tell.
  expect(sent.stderr).toContain('The ledger is a file, and this is CI.')
  expect(mailed()).toBe(30)
})

test('outside CI nobody is asked for anything', async () => {
  const project = await aProject({ database: '' })
  const folder = project.checkout()
  await project.run(folder, ['subscribers', 'import', 'readers.csv'])
  const sent = await project.run(folder, ['send', '--due'], { env: { CI: '' } })
  expect(sent.code).toBe(0)
  expect(sent.stderr).not.toContain('The ledger is a file')
})

test('import and send, the same job again, and next week: everybody once each', async () => {
  const project = await aProject()
  const job = async (options: CiRun = {}, ...more: string[]) => {
    const folder = project.checkout()
    const imported = await project.run(folder, ['subscribers', 'import', 'readers.csv'], options)
    expect(imported.stderr).toBe('')
    return project.run(folder, ['send', '--due', ...more], options)
  }
  expect((await job()).code).toBe(2)
  const sent = await job({}, '--new-ledger')
  expect(sent.code).toBe(0)
  expect(sent.stderr).not.toContain('The ledger is a file')
  expect([mailed(), twice()]).toEqual([30, 0])
  expect((await job()).code).toBe(0)
  expect([mailed(), twice()]).toEqual([30, 0])
  // The branch is one commit, without parent, of two files; nothing in it can be read but the note.
  expect(git(project.origin, 'rev-list', '--count', 'broadsheet-ledger').trim()).toBe('1')
  expect(git(project.origin, 'ls-tree', '--name-only', 'broadsheet-ledger').trim().split('\n')).toEqual([
    'ledger.json',
    'ledger.sealed',
  ])
  const sealed = execFileSync('git', ['cat-file', 'blob', 'broadsheet-ledger:ledger.sealed'], {
    cwd: project.origin,
  })
  expect(sealed.includes('reader')).toBe(false)
  expect(note(project.origin)).toMatchObject({ format: 1, doing: `sent ${EDITION}` })
  // Nothing is left of the list on the runner.
  const left = readdirSync(tmpdir()).filter(name => name.startsWith(`broadsheet-ledger-${process.pid}-`))
  expect(left).toEqual([])
})

test('who reads sees the newest, who changes nothing saves nothing, and who changes is seen by all', async () => {
  const project = await aProject()
  const [one, two] = [project.checkout(), project.checkout()]
  const first = await project.run(one, ['subscribers', 'list', '--json'])
  expect([first.code, first.json().active]).toEqual([0, 0])
  expect((await project.run(one, ['status'])).stdout).toMatch(/nothing was sent yet/)
  expect(refs(project.origin)).toEqual(['refs/heads/main'])
  await project.run(one, ['subscribers', 'import', 'readers.csv'])
  const { generation } = note(project.origin)
  expect((await project.run(two, ['subscribers', 'list', '--json'])).json().active).toBe(30)
  expect(note(project.origin).generation).toBe(generation)
  await project.run(two, ['subscribers', 'remove', 'reader3@reader.example'])
  expect(note(project.origin)).toMatchObject({ generation: generation + 1, doing: 'subscribers remove' })
  expect((await project.run(one, ['subscribers', 'list', '--json'])).json()).toMatchObject({
    active: 29,
    unsubscribed: 1,
  })
})

test('the branch of another remote, by its address; and a list that is kept in no checkout at all', async () => {
  const project = await aProject()
  const other = aBareRepository()
  const folder = project.checkout()
  for (const database of [`git:${other}#a/ledger`, `git:file://${other}#b`]) {
    const env = { BROADSHEET_DATABASE: database }
    expect((await project.run(folder, ['subscribers', 'import', 'readers.csv'], { env })).code).toBe(0)
    const outside = aFolder(FILES)
    expect((await project.run(outside, ['subscribers', 'list', '--json'], { env })).json().active).toBe(30)
  }
  expect(refs(other)).toEqual(['refs/heads/a/ledger', 'refs/heads/b'])
  expect(git(folder, 'status', '--short')).toBe('')
  expect(refs(folder).filter(ref => /ledger/.test(ref))).toEqual([])
})

test('two runs at once: one sends, the other says who does', async () => {
  const project = await aProject({ readers: 250 })
  const folders = [
    project.checkout(),
    project.checkout(),
    project.checkout(),
    project.checkout(),
    project.checkout(),
  ]
  await project.run(folders[0]!, ['subscribers', 'import', 'readers.csv'])
  const runs = await Promise.all(
    folders.map((folder, index) =>
      project.run(folder, ['send', '--due', '--new-ledger'], {
        env: { GITHUB_RUN_ID: String(index), GITHUB_JOB: 'send', GITHUB_RUN_ATTEMPT: '1' },
      }),
    ),
  )
  const sent = runs.filter(({ code }) => code === 0)
  const stopped = runs.filter(({ code }) => code === 2)
  expect([sent.length, stopped.length]).toEqual([1, 4])
  for (const { stderr } of stopped)
    expect(stderr).toMatch(
      /another run is sending weekly\/2026-W05 since 07:30:00 UTC|has changed the ledger/,
    )
  expect([mailed(), twice()]).toEqual([250, 0])
})

test('a wrong secret is named before anything else; after a change both are read', async () => {
  const project = await aProject()
  const folder = project.checkout()
  await project.run(folder, ['subscribers', 'import', 'readers.csv'])
  const wrong = await project.run(folder, ['send', '--due', '--new-ledger'], {
    env: { BROADSHEET_SECRET: 'another-secret-altogether' },
  })
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toMatch(/BROADSHEET_SECRET is not the one that the ledger in origin#broadsheet-ledger/)
  expect(server.connections()).toBe(0)
  const both = { BROADSHEET_SECRET: `another-secret-altogether,${SECRET}` }
  expect((await project.run(folder, ['subscribers', 'add', 'x@y.example'], { env: both })).code).toBe(0)
  const old = await project.run(folder, ['subscribers', 'list'])
  expect(old.stderr).toMatch(/BROADSHEET_SECRET is not the one/)
})

test('a branch with something else in it is left alone', async () => {
  const project = await aProject({ database: 'git:origin#main' })
  const folder = project.checkout()
  const before = git(project.origin, 'rev-parse', 'main')
  const ran = await project.run(folder, ['subscribers', 'import', 'readers.csv'])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/the branch main of origin has something else in it than a ledger/)
  expect(git(project.origin, 'rev-parse', 'main')).toBe(before)
})

test.each([
  {
    what: 'somebody else pushes to the branch',
    before: (origin: string) => git(origin, 'update-ref', 'refs/heads/broadsheet-ledger', 'refs/heads/main'),
    after: (origin: string, commit: string) =>
      git(origin, 'update-ref', 'refs/heads/broadsheet-ledger', commit),
    said: /somebody else has changed the ledger in origin#broadsheet-ledger/,
  },
  {
    what: 'the remote is gone',
    before: (origin: string) => renameSync(origin, `${origin}.away`),
    after: (origin: string) => renameSync(`${origin}.away`, origin),
    said: /git cannot reach origin, where the ledger is/,
  },
])(
  '$what in the middle: the batch in hand is the last, and then unknown; the rest comes later',
  async row => {
    let commit = ''
    const fault = ({ phase }: Moment) => {
      if (phase !== 'dot' || mailed() < 50 || commit !== '') return undefined
      commit = git(project.origin, 'rev-parse', 'broadsheet-ledger').trim()
      row.before(project.origin)
      return undefined
    }
    const project = await aProject({ readers: 250, script: { fault } })
    const folder = project.checkout()
    await project.run(folder, ['subscribers', 'import', 'readers.csv'], { env: attempt(1) })
    const argv = ['send', '--due', '--new-ledger', '--wait', '1s']
    const cut = await project.run(folder, argv, { env: attempt(1) })
    expect(cut.code).toBe(2)
    expect(cut.stderr).toMatch(row.said)
    expect([mailed(), twice()]).toEqual([200, 0])
    row.after(project.origin, commit)

    const other = await project.run(project.checkout(), argv, { env: { GITHUB_RUN_ID: '4712' } })
    expect(other.code).toBe(2)
    expect(other.stderr).toMatch(/another run is sending weekly\/2026-W05 since 07:30:00 UTC/)
    const added = await project.run(folder, ['subscribers', 'add', 'new@reader.example'], { env: { CI: '' } })
    expect(added.code).toBe(2)
    expect(added.stderr).toMatch(
      /another run is sending weekly\/2026-W05 since 07:30:00 UTC: nothing was saved/,
    )
    expect(added.stdout).toBe('')
    // The same run, tried again: it need not wait until the claim has run out.
    const again = await project.run(project.checkout(), [...argv, '--json'], { env: attempt(2) })
    expect(again.code).toBe(3)
    expect(again.json()).toMatchObject({ accepted: 50, unknown: 200 })
    expect([mailed(), twice()]).toEqual([250, 0])
    const later = { env: { GITHUB_RUN_ID: '4713' }, now: FRIDAY + 3_600_000 }
    expect((await project.run(project.checkout(), ['send', '--due'], later)).code).toBe(0)
    expect([mailed(), twice()]).toEqual([250, 0])
  },
)

test('addresses that are none are refused in words, and no password is in them', async () => {
  const project = await aProject()
  const folder = project.checkout()
  for (const [database, words] of [
    ['git:origin', /no git:<remote>#<branch>/],
    ['git:#x', /no git:<remote>#<branch>/],
    ['git:--upload-pack=x#y', /no git:<remote>#<branch>/],
    ['git:origin#-x', /no name for a branch/],
    ['git:origin#a..b', /no name for a branch/],
    ['git:upstream#ledger', /has no remote upstream/],
    ['git:https://u:p%23w@127.0.0.1:1/x.git#ledger', /git cannot reach https:\/\/127\.0\.0\.1:1\/x\.git/],
  ] as const) {
    const ran = await project.run(folder, ['subscribers', 'list'], { env: { BROADSHEET_DATABASE: database } })
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(words)
    expect(ran.stderr).not.toMatch(/p%23w/)
  }
  for (const command of ['serve', 'work']) {
    const ran = await project.run(folder, [command])
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/needs a database of its own/)
  }
})
