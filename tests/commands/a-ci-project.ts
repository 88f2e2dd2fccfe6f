// A project as CI sees it: a bare repository as origin, a fresh checkout for each run, an SMTP server that counts; and runs that
// are killed again and again.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aSmtpServer, type Script, type SmtpServer } from '../a-smtp-server.ts'

const SETTINGS = `title: The Test
url: https://test.example/
timezone: UTC
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
`
const article = (title: string, date: string) =>
  `---\ntitle: ${title}\ndate: ${date}\n---\n\nText of ${title}.\n`

export const FILES = {
  'articles/publication.yaml': SETTINGS,
  'articles/old.md': article('An old bridge', '2026-01-20T10:00:00Z'),
  'articles/bridge.md': article('A bridge at dawn', '2026-01-28T10:00:00Z'),
}
export const EDITION = 'weekly/2026-W05'
export const FRIDAY = Date.parse('2026-01-30T07:30:00Z')
export const SECRET = 'a-secret-for-the-tests'
const WEEK_MS = 7 * 86_400_000

export interface CiRun {
  readonly now?: number
  readonly env?: Record<string, string>
}

export interface CiProject {
  /** The bare repository that is called origin. */
  readonly origin: string
  readonly server: SmtpServer
  /** A fresh checkout, as a runner has it. */
  checkout(): string
  /** In this process. */
  run(folder: string, argv: readonly string[], options?: CiRun): ReturnType<typeof aRun>
  /** In a process of its own, of the built program. */
  start(folder: string, argv: readonly string[], options?: CiRun): ChildProcess
  /** Messages that the server took. */
  mailed(): number
  /** How many messages came to the same reader more than once, under the same Message-ID. */
  twice(): number
}

interface ProjectOptions {
  readonly script?: Script
  readonly readers?: number
  readonly database?: string
  readonly files?: Readonly<Record<string, string>>
}

export const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@test.example', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

export function aBareRepository(): string {
  const bare = join(aFolder({}), 'origin.git')
  git('/', 'init', '-q', '--bare', '-b', 'main', bare)
  return bare
}

export async function aCiProject({
  script = {},
  readers = 30,
  database = 'git:origin#broadsheet-ledger',
  files = {},
}: ProjectOptions = {}): Promise<CiProject> {
  const server = await aSmtpServer(script)
  const rows = Array.from({ length: readers }, (_, i) => `reader${i}@reader.example`)
  const first = aFolder({ ...FILES, ...files, 'readers.csv': `email\n${rows.join('\n')}\n` })
  const origin = aBareRepository()
  git(first, 'init', '-q', '-b', 'main')
  git(first, 'add', '.')
  git(first, 'commit', '-qm', 'articles')
  git(first, 'commit', '-q', '--allow-empty', '-m', 'more')
  git(first, 'push', '-q', origin, 'main')
  const env: Record<string, string> = {
    BROADSHEET_SMTP: server.address,
    BROADSHEET_SECRET: SECRET,
    CI: 'true',
    ...(database ? { BROADSHEET_DATABASE: database } : {}),
  }
  const cli = resolve(import.meta.dirname, '../../dist/cli.js')
  return {
    origin,
    server,
    checkout() {
      // As actions/checkout leaves it: one commit deep, on no branch.
      const folder = join(aFolder({}), 'checkout')
      git('/', 'clone', '-q', '--depth=1', `file://${origin}`, folder)
      git(folder, 'checkout', '-q', '--detach')
      return folder
    },
    run: (folder, argv, { now = FRIDAY, env: more = {} } = {}) =>
      aRun(folder, argv, { env: { ...env, ...more }, clock: () => now }),
    start: (folder, argv, { now = FRIDAY, env: more = {} } = {}) =>
      spawn(process.execPath, [cli, ...argv, '--now', new Date(now).toISOString()], {
        cwd: folder,
        env: { PATH: process.env.PATH, ...env, ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    mailed: () => [...server.mails.values()].reduce((sum, { taken }) => sum + taken, 0),
    twice: () =>
      [...server.mails.values()].reduce(
        (sum, { messageIds }) => sum + messageIds.length - new Set(messageIds).size,
        0,
      ),
  }
}

/** The same run of CI, tried for the n-th time. */
export const attempt = (number: number) => ({
  GITHUB_RUN_ID: '4711',
  GITHUB_JOB: 'send',
  GITHUB_RUN_ATTEMPT: String(number),
})

/** An article for each of so many weeks, the first of them in the edition of FRIDAY. */
export function weeklyArticles(weeks: number): Record<string, string> {
  const days = Array.from({ length: weeks }, (_, week) =>
    new Date(FRIDAY - 86_400_000 + week * WEEK_MS).toISOString(),
  )
  return Object.fromEntries(
    days.map((date, week) => [`articles/week-${week}.md`, article(`News of week ${week}`, date)]),
  )
}

export interface Killed {
  readonly kills: number
  /** Runs that stopped because of what a killed one had pushed in its last moment. */
  readonly turnedAway: number
  /** What the last run ended with. */
  readonly code: number | null
  readonly stderr: string
}

/**
 * Sends what is due, and is killed at random moments, each time in the middle of another thing; then runs to its end. Each run
 * begins in an empty folder.
 *
 * @param options.kills at most
 * @param options.span ms within which a run is killed that is not killed at a message
 */
export async function sendAndKill(
  project: CiProject,
  {
    kills: most,
    now,
    random,
    span,
    tries,
  }: {
    readonly kills: number
    readonly now: number
    readonly random: () => number
    readonly span: number
    /** Of this run of CI so far. */
    readonly tries: number
  },
): Promise<Killed & { readonly tries: number }> {
  let [kills, turnedAway, tried] = [0, 0, tries]
  for (;;) {
    const folder = project.checkout()
    tried += 1
    const argv = ['send', '--due', '--new-ledger']
    const child = project.start(folder, argv, { now, env: attempt(tried) })
    let stderr = ''
    child.stderr!.on('data', chunk => {
      stderr += chunk
    })
    child.stdout!.resume()
    const ended = new Promise<number | null>(done => child.once('close', code => done(code)))
    if (kills < most) await atRandom(project, child, random, span)
    const code = await ended
    rmSync(dirname(folder), { recursive: true, force: true })
    if (code === null) kills += 1
    else if (code === 2 && /another run (is sending|has changed)/.test(stderr)) turnedAway += 1
    else return { kills, turnedAway, code, stderr, tries: tried }
  }
}

async function atRandom(
  { mailed }: CiProject,
  child: ChildProcess,
  random: () => number,
  span: number,
): Promise<void> {
  const messages = mailed() + Math.floor(random() * 150)
  const until = Date.now() + random() * span
  const byMessage = random() < 0.5
  while (child.exitCode === null && (byMessage ? mailed() < messages : Date.now() < until))
    await pause(1 + random() * 4)
  if (byMessage) await pause(random() * 30)
  child.kill('SIGKILL')
}
