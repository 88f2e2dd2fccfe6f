// The files that `init` writes for CI → their own steps, run one after the other in fresh checkouts, as the host would: `broadsheet`
// answers from this process, `npm` and `gh` only say that they were called.

import { execFile } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { parse } from 'yaml'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { git } from './a-ci-project.ts'

export interface StepRan {
  readonly name: string
  readonly code: number
  readonly output: string
}

export interface Ran {
  readonly steps: readonly StepRan[]
  /** Exit code of the first step that failed; 0 when the run is green. */
  readonly code: number
  /** What `gh` and `npm` were called with, one line each. */
  readonly calls: readonly string[]
  /** The body of an issue that was opened. */
  readonly issue: string
  readonly summary: string
}

export interface RunOptions {
  readonly now: number
  readonly secrets: Readonly<Record<string, string>>
  readonly event?: 'push' | 'schedule' | 'pull_request'
  readonly inputs?: Readonly<Record<string, boolean>>
  /** Replaces the program in this process. */
  readonly program?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Step {
  readonly name?: string
  readonly id?: string
  readonly if?: string
  readonly run?: string
  readonly uses?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Job {
  readonly needs?: string
  readonly if?: string
  readonly steps: readonly Step[]
}

export interface Github {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] }
  readonly permissions: unknown
  readonly env: Readonly<Record<string, string>>
  readonly defaults: { readonly run: { readonly 'working-directory': string } }
  readonly jobs: Readonly<
    Record<string, Job & { readonly permissions: Record<string, string>; readonly 'timeout-minutes': number }>
  >
}

export const githubFile = (folder: string): Github =>
  parse(readFileSync(join(folder, '.github/workflows/broadsheet.yml'), 'utf8'))

/** All jobs that the event starts, each in a checkout of its own; a job whose need failed is left out. */
export async function runGithub(origin: string, options: RunOptions): Promise<Ran> {
  const runner = await aRunner(options)
  const { event = 'schedule', inputs = {}, secrets } = options
  const temp = aFolder({})
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_PATH: 'path' }
  const host = {
    CI: 'true',
    RUNNER_TEMP: temp,
    ...Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(temp, file)])),
    ...options.env,
  }
  for (const file of Object.values(files)) writeFileSync(join(temp, file), '')
  const steps: StepRan[] = []
  const failed = new Set<string>()
  try {
    const { jobs, env, defaults } = githubFile(checkout(origin))
    for (const [name, job] of Object.entries(jobs)) {
      const values = {
        github: { event_name: event, token: 'token', repository: 'ann/paper' },
        inputs,
        secrets,
      }
      // A job that failed or was not wanted takes along those that need it.
      if ((job.needs && failed.has(job.needs)) || (job.if && !evaluate(job.if, values))) failed.add(name)
      if (failed.has(name)) continue
      const folder = checkout(origin)
      const outputs: Record<string, { outputs: Record<string, string> }> = {}
      for (const step of job.steps) {
        const known = { ...values, steps: outputs }
        const goesOn = !failed.has(name) || /always\(\)/.test(step.if ?? '')
        if (!step.run || !goesOn || (step.if && !evaluate(step.if, known))) continue
        const own = { ...env, ...step.env }
        const filled = Object.entries(own).map(([key, text]) => [key, fill(text, known)])
        const cwd = join(folder, defaults.run['working-directory'])
        const ran = await runner.bash(step.run, cwd, {
          ...host,
          GITHUB_WORKSPACE: folder,
          ...Object.fromEntries(filled),
        })
        steps.push({ name: step.name ?? step.run, ...ran })
        if (ran.code !== 0) failed.add(name)
        if (step.id) outputs[step.id] = { outputs: readOutputs(join(temp, 'output')) }
      }
    }
  } finally {
    runner.close()
  }
  return {
    ...runner.told(),
    steps,
    code: firstFailure(steps),
    summary: readFileSync(join(temp, 'summary'), 'utf8'),
  }
}

interface Gitlab {
  readonly default: { readonly before_script: readonly string[] }
  readonly variables: Readonly<Record<string, string | number>>
  readonly [job: string]: unknown
}

/** Its lines of one job are one script. @param jobs in the order of their stages */
export async function runGitlab(origin: string, jobs: readonly string[], options: RunOptions): Promise<Ran> {
  const runner = await aRunner(options)
  const steps: StepRan[] = []
  let summary = ''
  try {
    const file: Gitlab = parse(readFileSync(join(checkout(origin), '.gitlab-ci.yml'), 'utf8'))
    for (const name of jobs) {
      const folder = checkout(origin)
      const job = file[name] as { script: readonly string[]; variables?: Record<string, string> }
      const env = {
        CI: 'true',
        CI_PROJECT_DIR: folder,
        ...file.variables,
        ...job.variables,
        ...options.secrets,
        ...options.env,
      }
      const script = [...file.default.before_script, ...job.script].join('\n')
      const ran = await runner.bash(script, folder, env)
      steps.push({ name, ...ran })
      if (ran.code !== 0) break
      if (existsSync(join(folder, 'problems.json')))
        summary = readFileSync(join(folder, 'problems.json'), 'utf8')
    }
  } finally {
    runner.close()
  }
  return { ...runner.told(), steps, code: firstFailure(steps), summary }
}

const firstFailure = (steps: readonly StepRan[]) => steps.find(({ code }) => code !== 0)?.code ?? 0

function checkout(origin: string): string {
  const folder = join(aFolder({}), 'checkout')
  git('/', 'clone', '-q', origin, folder)
  return folder
}

// ─── GitHub's expressions, as far as the file has any ──────────────────────────────────────────────────────────────────

function fill(text: string, values: object): string {
  return String(text).replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    String(evaluate(expression, values) ?? ''),
  )
}

function evaluate(expression: string, values: object): unknown {
  const source = expression
    .replace(/\b[a-z]+(?:\.[\w-]+)+/g, path => {
      const value = path
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], values)
      return JSON.stringify(value ?? '')
    })
    .replace(/\balways\(\)/g, 'true')
  return new Function(`return (${source})`)()
}

function readOutputs(file: string): Record<string, string> {
  return Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => line.split('=')),
  )
}

// ─── The runner ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Arguments and environment to a port of this process, and back what was printed, and the exit code. */
export const PROGRAM = `#!/bin/bash
exec 3<>"/dev/tcp/127.0.0.1/$PROGRAM_PORT"
{ printf '%s\\0' "$PWD" "$#" "$@"; env -0; } | base64 -w0 >&3
echo >&3
read -r code out err <&3
printf %s "\${err#-}" | base64 -d >&2
printf %s "\${out#-}" | base64 -d
exit "$code"
`

const RECORDER = `#!/bin/bash
echo "$(basename "$0") $*" >> "$CALLS"
while [ $# -gt 0 ]; do
  if [ "$1" = --body-file ]; then cat "$2" > "$CALLS.issue"; fi
  case "$1" in description@*) cat "\${1#description@}" > "$CALLS.issue";; esac
  shift
done
`

async function aRunner({ now, program }: RunOptions) {
  const server = await answering(now)
  const folder = aFolder({ calls: '', 'calls.issue': '' })
  const script = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), 0o755)
  }
  script('broadsheet', program ?? PROGRAM)
  for (const name of ['npm', 'gh', 'curl']) script(name, RECORDER)
  const calls = join(folder, 'calls')
  return {
    bash(text: string, cwd: string, env: Readonly<Record<string, string | number>>) {
      const file = join(aFolder({}), 'step.sh')
      writeFileSync(file, text)
      const port = String((server.address() as AddressInfo).port)
      const path = { PATH: `${folder}:/usr/local/bin:/usr/bin:/bin`, PROGRAM_PORT: port, CALLS: calls }
      return new Promise<{ code: number; output: string }>(done => {
        const argv = ['--noprofile', '--norc', '-eo', 'pipefail', file]
        execFile('bash', argv, { cwd, env: { ...path, ...strings(env) } }, (error, stdout, stderr) => {
          const code = error ? ((error as { code?: number }).code ?? -1) : 0
          done({ code, output: stdout + stderr })
        })
      })
    },
    told: () => ({
      calls: readFileSync(calls, 'utf8').split('\n').filter(Boolean),
      issue: readFileSync(`${calls}.issue`, 'utf8'),
    }),
    close: () => server.close(),
  }
}

const strings = (env: Readonly<Record<string, string | number>>) =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]))

function answering(now: number): Promise<Server> {
  const server = createServer(socket => {
    let input = ''
    socket.on('data', async chunk => {
      input += chunk.toString('latin1')
      if (!input.endsWith('\n')) return
      const [cwd = '', count = '0', ...rest] = Buffer.from(input, 'base64').toString('utf8').split('\0')
      const env = rest.slice(Number(count)).filter(Boolean)
      const { code, stdout, stderr } = await aRun(cwd, rest.slice(0, Number(count)), {
        env: Object.fromEntries(
          env.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        ),
        clock: () => now,
      })
      const packed = (text: string) => `-${Buffer.from(text).toString('base64')}`
      socket.end(`${code} ${packed(stdout)} ${packed(stderr)}\n`)
    })
  })
  return new Promise(done => server.listen(0, '127.0.0.1', () => done(server)))
}
