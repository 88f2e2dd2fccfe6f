// The workflow that `init --github` writes, run by its own steps: killed in the middle and run again, without secrets, for a pull
// request; what it may do; and the action of this repository, which has the same steps.

import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import type { Moment } from '../a-smtp-server.ts'
import { THOROUGH } from '../thorough.ts'
import { aCiProject, attempt, type CiProject, EDITION, FILES, FRIDAY, git, SECRET } from './a-ci-project.ts'
import { type Github, githubFile, PROGRAM, runGithub } from './a-workflow.ts'

const packageFolder = resolve(import.meta.dirname, '../..')
const THURSDAY = FRIDAY - 86_400_000

let project: CiProject | undefined
afterEach(() => project?.server.close())

/** What `init --github` writes for those articles. */
async function workflowFile(): Promise<{ readonly text: string; readonly file: Github }> {
  const folder = aFolder(FILES)
  mkdirSync(join(folder, '.git'))
  await aRun(folder, ['init', '--github'])
  return {
    text: readFileSync(join(folder, '.github/workflows/broadsheet.yml'), 'utf8'),
    file: githubFile(folder),
  }
}

async function aProject(options: Parameters<typeof aCiProject>[0] = {}) {
  const { text } = await workflowFile()
  project = await aCiProject({ ...options, files: { '.github/workflows/broadsheet.yml': text } })
  const imported = await project.run(project.checkout(), ['subscribers', 'import', 'readers.csv'])
  expect(imported.code).toBe(0)
  const secrets = { BROADSHEET_SECRET: SECRET, BROADSHEET_SMTP: project.server.address }
  return { project, secrets }
}

test('killed in the middle and tried again: nobody twice, and an issue says what needs a person', async () => {
  const READERS = 230
  const pid = join(aFolder({}), 'pid')
  const cli = resolve(import.meta.dirname, '../../dist/cli.js')
  const now = new Date(FRIDAY).toISOString()
  // The program itself, which can be killed; only where it sends.
  const program = PROGRAM.replace(
    '\n',
    () =>
      `\nif [ "$1" = send ]; then echo $$ > ${pid}; exec ${process.execPath} ${cli} "$@" --now ${now}; fi\n`,
  )
  let isKilled = false
  const fault = ({ phase }: Moment) => {
    if (phase === 'dot' && !isKilled && project!.mailed() >= 60) {
      isKilled = true
      process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL')
    }
    return undefined
  }
  const { secrets } = await aProject({ readers: READERS, script: { fault } })
  const run = (tries: number, more = {}) =>
    runGithub(project!.origin, { now: FRIDAY, secrets, env: attempt(tries), ...more })
  const killed = await run(1, { inputs: { 'new-ledger': true }, program })
  expect(killed.steps.find(({ name }) => name === 'Send what is due')?.code).toBe(137)
  expect(killed.steps.map(({ name }) => name)).not.toContain('Announce the feeds that changed')
  const again = await run(2)
  expect(again.code).toBe(0)
  expect(again.calls.filter(call => call.startsWith('gh issue create'))).toHaveLength(1)
  expect(again.issue).toMatch(/^ {4}200 may or may not have received it/m)
  expect(again.issue).not.toMatch(/@/)
  expect([project!.mailed() <= READERS, project!.twice()]).toEqual([true, 0])

  if (!THOROUGH) return
  const later = await run(3)
  expect([later.code, later.calls.filter(call => /issue create/.test(call))]).toEqual([0, []])
  const status = await project!.run(project!.checkout(), ['status', EDITION, '--json'])
  expect(status.json()).toMatchObject({ accepted: READERS - 200, unknown: 200 })
  expect(project!.twice()).toBe(0)
})

test('until there are secrets, the site is published, nothing is sent, and the run says so', async () => {
  const { project } = await aProject()
  const ran = await runGithub(project.origin, { now: FRIDAY, secrets: {} })
  expect(ran.code).toBe(0)
  expect(ran.steps.map(({ name }) => name)).not.toContain('Send what is due')
  expect(ran.steps.find(({ name }) => name === 'Look for the secrets')?.output).toMatch(
    /^::warning title=Nothing is sent::/,
  )
  expect(project.mailed()).toBe(0)
})

test('a pull request is checked and described, with and without the secret, and publishes and sends nothing', async () => {
  const { project, secrets } = await aProject()
  const before = git(project.origin, 'for-each-ref')
  const own = await runGithub(project.origin, { now: THURSDAY, secrets, event: 'pull_request' })
  expect([own.code, own.steps.map(({ name }) => name)]).toEqual([
    0,
    [
      'Install Broadsheet',
      'Check articles, feeds and letters',
      'Describe the next letter',
      'Take pictures of it',
    ],
  ])
  expect(own.summary).toMatch(/^\| audience \| 30 readers \|$/m)
  const fork = await runGithub(project.origin, { now: THURSDAY, secrets: {}, event: 'pull_request' })
  expect(fork.code).toBe(0)
  expect(fork.summary).toBe(own.summary.replace('30 readers', 'not known here'))
  expect([git(project.origin, 'for-each-ref'), project.mailed()]).toEqual([before, 0])
})

test('each job may do what it needs and no more, and ends by itself', async () => {
  const { file, text } = await workflowFile()
  expect(file.permissions).toEqual({})
  const may = Object.entries(file.jobs).map(([name, { permissions }]) => [name, permissions])
  expect(Object.fromEntries(may)).toEqual({
    check: { contents: 'read' },
    build: { contents: 'read' },
    publish: { pages: 'write', 'id-token': 'write' },
    send: { contents: 'write', issues: 'write' },
  })
  for (const job of Object.values(file.jobs)) {
    expect(job['timeout-minutes']).toBeGreaterThan(0)
    // What installs packages sees no secret.
    for (const { name, env } of job.steps) if (name === 'Install Broadsheet') expect(env).toBeUndefined()
  }
  // Nothing that somebody else wrote, a title or a branch, becomes a part of a script.
  const scripts = Object.values(file.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
  expect(scripts.filter(run => run.includes('${{'))).toEqual([])
  const named = new Set([...text.matchAll(/\{\{ secrets\.(\w+)/g)].map(match => match[1]!))
  for (const secret of named) expect(text).toMatch(new RegExp(`^# +${secret} +\\S`, 'm'))
})

test('the action of this repository has the same steps', async () => {
  const { file } = await workflowFile()
  const action = parse(readFileSync(join(packageFolder, 'action.yml'), 'utf8'))
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  expect(action.inputs.version.default).toBe(`^${version}`)
  const same = (run: string) =>
    run
      .replace(`broadsheet@^${version}`, '"broadsheet@$VERSION"')
      .replace(
        'The secrets BROADSHEET_SECRET and BROADSHEET_SMTP are not set',
        'The inputs secret and smtp are empty',
      )
      .replace('The secret BROADSHEET_IMAP is not set', 'The input imap is empty')
      .trim()
  const steps = Object.values(file.jobs).flatMap(job => job.steps.filter(({ run }) => run))
  const unique = [...new Map(steps.map(({ name, run }) => [name, same(run!)]))]
  const own = action.runs.steps as {
    name?: string
    run?: string
    shell?: string
    env?: Record<string, string>
  }[]
  expect(own.filter(({ run }) => run).map(({ name, run }) => [name, run!.trim()])).toEqual(unique)
  for (const { run, shell } of own) if (run) expect([shell, run.includes('${{')]).toEqual(['bash', false])
  const inputs = new Set(JSON.stringify(action.runs).match(/(?<=inputs\.)[\w-]+/g))
  expect([...inputs].filter(name => !Object.hasOwn(action.inputs, name))).toEqual([])
})
