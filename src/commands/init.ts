// `init`: a folder's name → a new publication in it that builds at once, and the file that its CI works by.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { DAY_MS, MINUTE_MS, packageFolder } from '../base/index.ts'
import { openPublication } from '../content/index.ts'
import { slotsBetween } from '../edition/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Newsletter, Publication } from '../model.ts'
import { builtinTemplates } from '../templates/index.ts'
import type { Context } from './context.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { args, dir, now, options } = context
  if (args[0] === '') throw new UserError('the folder’s name is empty', 'Name one: broadsheet init site')
  const { isPublication, startPublication } = await import('../content/index.ts')
  const folder = resolve(dir, args[0] ?? '.')
  const hosts = (['github', 'gitlab'] as const).filter(host => options[host] === true)
  // In a publication that is there, CI is all that is asked for.
  const isThere = hosts.length > 0 && isPublication(folder)
  const started = isThere
    ? { files: [], ignored: [] }
    : startPublication(folder, new Date(now()).toISOString().slice(0, 10))
  const workflows: WrittenWorkflow[] = []
  for (const host of hosts) workflows.push(await writeWorkflow(host, folder, now()))
  const { files, ignored } = started
  const typed = asTyped(context)
  context.result({ dir: folder, files, ignored, ...(workflows.length > 0 ? { workflows } : {}) }, () => {
    const lines = files.map(file => `made  ${join(typed, file)}`)
    if (ignored.length > 0) lines.push(`added ${ignored.join(', ')} to ${join(typed, '.gitignore')}`)
    for (const { file, became, schedule } of workflows) {
      lines.push(`${became.padEnd(5)} ${relative(context.cwd, file)}`)
      for (const { cron, why } of schedule) lines.push(`      ${cron}  UTC: ${why}`)
    }
    if (workflows.length > 0)
      lines.push(
        'next  do what the first lines of that file say: the secrets, and where the site is published',
      )
    if (!isThere) lines.push(`next  ${typed === '.' ? '' : `cd ${shellWord(typed)} && `}npx broadsheet build`)
    if (!isThere) lines.push('then  npx broadsheet preview, to see everything in a browser')
    return lines.map(line => `${line}\n`).join('')
  })
  return EXIT.done
}

/** The folder by the words of the command line, so that what is printed can be pasted where that was typed. */
function asTyped({ options, args }: Context): string {
  const folder = args[0] ?? '.'
  const dir = typeof options.dir === 'string' ? options.dir : '.'
  return isAbsolute(folder) ? folder : join(dir, folder)
}

/** One word of a POSIX shell: quoted only where the shell, or a command that takes it for an option, would read something else. */
export function shellWord(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

type CiHost = 'github' | 'gitlab'

// ─── The file that makes the CI of its host check, publish and send it, with the times of its newsletters ────────────

interface WrittenWorkflow {
  /** Absolute. */
  readonly file: string
  /** 'updated': it was there, and only the times in it are new. */
  readonly became: 'made' | 'updated' | 'unchanged'
  /** One a line, as it is in the file: '7 5,6 * * 5'. */
  readonly schedule: readonly CronLine[]
}

interface CronLine {
  readonly cron: string
  /** What it is for. */
  readonly why: string
}

/**
 * @param dir absolute path of a publication
 * @param now ms since epoch
 * @throws UserError when another file is in the way
 */
async function writeWorkflow(host: CiHost, dir: string, now: number): Promise<WrittenWorkflow> {
  const { publication } = await openPublication(dir, { now })
  const root = repositoryOf(dir)
  const { name, block } = HOSTS[host]
  const file = join(root, name)
  const schedule = cronLines(publication, now)
  const text = workflowText(host, { publication, schedule, root, dir })
  if (!existsSync(file)) {
    write(file, text)
    return { file, became: 'made', schedule }
  }
  const before = readFileSync(file, 'utf8')
  const times = block.exec(text)![0]
  if (!block.test(before) || !/\bbroadsheet send --due\b/.test(before)) throw inTheWay(host, file)
  const after = before.replace(block, () => times)
  if (after === before) return { file, became: 'unchanged', schedule }
  write(file, after)
  return { file, became: 'updated', schedule }
}

/** The path of the file in a repository, and the lines in it that follow from the newsletters. */
const HOSTS: Readonly<Record<CiHost, { readonly name: string; readonly block: RegExp }>> = {
  github: {
    name: '.github/workflows/broadsheet.yml',
    block: /^ {2}schedule:\n(?: {4}(?:#|- cron:).*\n)+/m,
  },
  gitlab: { name: '.gitlab-ci.yml', block: /(?:^# {4}(?: {3}.*|(?:[\d*,/-]+ ){5}.*)\n)+(?=image:)/m },
}

function inTheWay(host: CiHost, file: string): UserError {
  return new UserError(
    `${file} exists, and was not written by broadsheet init --${host}`,
    host === 'gitlab'
      ? 'Rename it, run this again, and include the one from the other (include: - local: …).'
      : 'Rename it, or remove it, and run this again.',
  )
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${(error as Error).message}`)
  }
}

/** The checkout that a folder lies in; the folder itself where there is none. */
function repositoryOf(dir: string): string {
  for (let at = dir; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return dir
  }
}

interface Filling {
  readonly publication: Publication
  readonly schedule: readonly CronLine[]
  readonly root: string
  readonly dir: string
}

function workflowText(host: CiHost, { publication, schedule, root, dir }: Filling): string {
  const folder = relative(root, dir).replaceAll(sep, '/')
  if (!/^[\w@+./-]*$/.test(folder))
    throw new UserError(
      `the folder ${folder} has characters in its name that a shell reads in another way`,
      'Give it a name of letters, digits, - and _, and run this again.',
    )
  const values: Readonly<Record<string, string>> = {
    branch: branchOf(root),
    dir: folder === '' ? '.' : folder,
    path: folder === '' ? '' : `${folder}/`,
    // Dates from git need its whole history; a ledger in a branch needs none.
    depth: publication.articles.datesFrom === 'git' ? '0' : '1',
    version: `^${packageVersion()}`,
    schedule: host === 'github' ? forGithub(schedule) : forGitlab(schedule),
  }
  const text = readFileSync(join(builtinTemplates, 'ci', `${host}.yml`), 'utf8')
  return text.replace(/<<(\w+)>>/g, (_, name: string) => values[name]!)
}

function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version
}

/** The branch that is published: the remote's own, else the one that is checked out, if it has the usual name. */
function branchOf(root: string): string {
  const head = (path: string) => {
    try {
      return /^ref: refs\/(?:heads|remotes\/origin)\/([\w./-]+)$/m.exec(
        readFileSync(join(root, path), 'utf8'),
      )?.[1]
    } catch {
      return undefined
    }
  }
  const current = head('.git/HEAD')
  return (
    head('.git/refs/remotes/origin/HEAD') ??
    (/^(?:main|master|trunk)$/.test(current ?? '') ? current! : 'main')
  )
}

const NOTE = [
  'Behind the time of each newsletter, in UTC: one line, or one hour, for each side of a clock change. A run before the time',
  'finds nothing due. When the newsletters change, `broadsheet init --HOST` writes these lines anew.',
]

function forGithub(schedule: readonly CronLine[]): string {
  const notes = NOTE.map(line => `    # ${line.replace('HOST', 'github')}`)
  return [...notes, ...schedule.map(({ cron, why }) => `    - cron: '${cron}' # ${why}`)].join('\n')
}

/** GitLab's schedules are not in a file. */
function forGitlab(schedule: readonly CronLine[]): string {
  const notes = NOTE.map(line => `#       ${line.replace('HOST', 'gitlab')}`)
  return [...notes, ...schedule.map(({ cron, why }) => `#    ${cron}  (UTC; ${why})`)].join('\n')
}

// ─── The times ──────────────────────────────────────────────────────────────────────────────────────────────────────

const HORIZON_MS = 5 * 366 * DAY_MS

/** CI starts late rather than early; and at the full hour, when everybody's jobs begin, latest of all. */
const MARGIN_MINUTES = 7

/**
 * When CI has to run, in UTC: behind each slot of the next years, whatever the clocks do; and some time every day.
 *
 * @param now ms since epoch
 */
function cronLines({ newsletters, timezone, service }: Publication, now: number): CronLine[] {
  const lines = newsletters.flatMap(newsletter => slotLines(newsletter, timezone, now))
  // Where people sign up by mail, and where an article is an edition, somebody waits for an answer.
  const often = newsletters.some(({ every }) => every === 'article' || service === undefined)
  const first = Number(/^\d+ (\d+)/.exec(lines[0]?.cron ?? '')?.[1] ?? 5)
  const hours = often ? [0, 4, 8, 12, 16, 20].map(hour => hour + (first % 4)) : [(first + 6) % 24]
  const why = often
    ? 'for articles with a later date, readers who write, and readers whose server asked to wait'
    : 'for articles with a later date, and readers whose server asked to wait'
  return [...lines, { cron: `41 ${hours.join(',')} * * *`, why }]
}

/** The same minute of the same days is one line, with all its hours. */
function slotLines(newsletter: Newsletter, timezone: string, now: number): CronLine[] {
  const { id, every } = newsletter
  const times = new Map<number, Set<number>>()
  for (const { until } of slotsBetween(newsletter, timezone, now, now + HORIZON_MS)) {
    const at = until + margin(until)
    const date = new Date(at)
    const minutes = date.getUTCHours() * 60 + date.getUTCMinutes()
    const day = every === 'month' ? date.getUTCDate() : every === 'week' ? date.getUTCDay() : 0
    times.set(minutes, (times.get(minutes) ?? new Set()).add(day))
  }
  const hours = new Map<string, number[]>()
  for (const [minutes, days] of [...times].sort(([a], [b]) => a - b)) {
    const list = [...days].sort((a, b) => a - b).join(',')
    const of = { month: `${list} * *`, week: `* * ${list}`, day: '* * *', article: '' }[every]
    const key = `${minutes % 60} ${of}`
    hours.set(key, [...(hours.get(key) ?? []), Math.floor(minutes / 60)])
  }
  return [...hours].map(([key, list]) => ({ cron: key.replace(' ', ` ${list.join(',')} `), why: id }))
}

/** Never at the full hour. @returns ms */
function margin(at: number): number {
  const minute = (Math.floor(at / MINUTE_MS) + MARGIN_MINUTES) % 60
  return (MARGIN_MINUTES + (minute === 0 ? 3 : 0)) * MINUTE_MS
}
