// `doctor`: a folder and an environment → what would go wrong on the day of the send, by every check of every group, with the
// record or the command that mends it; for people and as JSON. And what a send asks of these checks before it begins.

import { textWidth } from '../../base/index.ts'
import { EXIT, type ExitCode } from '../../errors.ts'
import type { Context } from '../context.ts'
import { openLedgerToRead, openOutgoing } from '../environment.ts'
import { database } from './database-checks.ts'
import { dkim } from './dkim-checks.ts'
import { bimi, dmarc } from './dmarc-checks.ts'
import { returning } from './return-checks.ts'
import { type Check, type Examined, examine, type Group, type Result } from './run-checks.ts'
import { letters, settings } from './settings-checks.ts'
import { openSetup, type SetupOptions } from './setup.ts'
import { smtp } from './smtp-checks.ts'
import { spf } from './spf-checks.ts'
import { clock, service, site } from './web-checks.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { dir, env, now, nameServers, signal } = context
  const { openPublication } = await import('../../content/index.ts')
  const loaded = await openPublication(dir, { now: now() })
  const openDatabase = () => openLedgerToRead(context)
  const isTimeSet = context.options.now !== undefined || Boolean(env.SOURCE_DATE_EPOCH)
  const options = { loaded, env, now, isTimeSet, nameServers, signal, openDatabase }
  const found = [
    ...(await examineSetup(options)),
    ...(context.options.sendTest === true ? await sendTest(context, options) : []),
  ]
  if (signal.aborted) return EXIT.interrupted
  const counts = countResults(found)
  const all = context.options.all === true
  context.result({ result: worst(counts), counts, checks: found.map(asJson) }, () =>
    describe(found, context, all),
  )
  return counts.fail > 0 ? EXIT.content : EXIT.done
}

async function sendTest(context: Context, options: SetupOptions): Promise<Examined[]> {
  const { sendToBounces } = await import('./test-message.ts')
  return sendToBounces({
    ...options,
    openOutgoing: () => openOutgoing(context, options.loaded.publication),
    onSent: to => context.say(`A test is on its way to ${to}; waiting for it, for up to a minute.`),
  })
}

// ─── The checks ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** In the order in which they are shown: what is wrong at the top is often why something below is. */
export const groups: readonly Group[] = [
  settings,
  letters,
  smtp,
  spf,
  dkim,
  dmarc,
  bimi,
  returning,
  service,
  site,
  database,
  clock,
]

/** All of it must be seen within five seconds, of which the work of this process takes one or two. */
const LIMIT_MS = 3500

export async function examineSetup(options: SetupOptions): Promise<Examined[]> {
  const setup = openSetup(options)
  try {
    return await examine(groups, setup, LIMIT_MS)
  } finally {
    await setup.close()
  }
}

/** What a transport tries by itself before a send. */
const TRIED_BY_TRANSPORT = ['smtp-connection', 'smtp-login', 'dkim-key']

const isAsked = ({ fatal, name }: Check) => fatal === true && !TRIED_BY_TRANSPORT.includes(name)

/** The names of those that `findFatal` makes. */
export const fatalChecks: readonly string[] = groups.flatMap(({ checks }) =>
  checks.filter(isAsked).map(({ name }) => name),
)

/**
 * The fatal checks that a transport does not make by itself, before a real send: none is a failure unless it is certain.
 *
 * @returns those that fail
 */
export async function findFatal(options: SetupOptions): Promise<Examined[]> {
  const fatal = groups.map(({ title, checks }) => ({ title, checks: checks.filter(isAsked) }))
  const setup = openSetup(options)
  try {
    return (await examine(fatal, setup, LIMIT_MS)).filter(({ result }) => result === 'fail')
  } finally {
    await setup.close()
  }
}

// ─── What they found ─────────────────────────────────────────────────────────────────────────────────────────────────

type Counts = Record<Result, number>

const GRAVEST: readonly Result[] = ['fail', 'warn', 'pass', 'skip']

/** Checks by the gravest of what each found. */
function countResults(found: readonly Examined[]): Counts {
  const counts: Counts = { pass: 0, warn: 0, fail: 0, skip: 0 }
  for (const name of new Set(found.map(one => one.name))) {
    const results = found.filter(one => one.name === name).map(({ result }) => result)
    counts[GRAVEST.find(result => results.includes(result))!]++
  }
  return counts
}

function worst({ fail, warn }: Counts): Result {
  return fail > 0 ? 'fail' : warn > 0 ? 'warn' : 'pass'
}

function asJson({ name, group, result, says, why, fatal, remedy }: Examined) {
  return { name, group, result, says, why, fatal, ...(remedy ? { remedy } : {}) }
}

// ─── For people ──────────────────────────────────────────────────────────────────────────────────────────────────────

const MARKS: Readonly<Record<Result, string>> = { pass: '✓', warn: '!', fail: '✗', skip: '–' }
const WORDS: Readonly<Record<Result, string>> = {
  pass: 'ok',
  warn: 'warning',
  fail: 'error',
  skip: 'not checked',
}

/** ECMA-48 §8.3.117: green, yellow, red, faint. */
const COLOURS: Readonly<Record<Result, number>> = { pass: 32, warn: 33, fail: 31, skip: 2 }
const BOLD = 1

const MAX_COLUMNS = 100

interface Paper {
  readonly columns: number
  paint(text: string, colour: number): string
}

/** One block a group: what is right in a line or two, then what is not, each with what mends it. */
function describe(found: readonly Examined[], { page }: Context, all: boolean): string {
  const paint = (text: string, colour: number) => (page.colour ? `\u001b[${colour}m${text}\u001b[0m` : text)
  const paper = { columns: Math.min(page.columns, MAX_COLUMNS), paint }
  const titles = [...new Set(found.map(({ group }) => group))]
  const blocks = titles.flatMap(title => {
    const own = found.filter(({ group }) => group === title)
    const lines = all ? own.flatMap(one => fully(one, paper)) : shortly(own, paper)
    return lines.length > 0 ? [`${paint(title, BOLD)}\n${lines.join('\n')}\n`] : []
  })
  return `${blocks.join('\n')}\n${summary(found, all)}\n`
}

function shortly(own: readonly Examined[], paper: Paper): string[] {
  const right = own.filter(({ result }) => result === 'pass').map(({ says }) => says)
  const wrong = own.filter(({ result }) => result === 'warn' || result === 'fail')
  return [
    ...(right.length > 0 ? marked('pass', [...new Set(right)].join(' · '), paper) : []),
    ...wrong.flatMap(one => [...marked(one.result, one.says, paper), ...advice(one, paper)]),
  ]
}

function fully(one: Examined, paper: Paper): string[] {
  const { name, result, says } = one
  return [...marked(result, `${name}: ${says}`, paper), ...advice(one, paper)]
}

/** '  ✗ error: …' and what does not fit below it. */
function marked(result: Result, text: string, { columns, paint }: Paper): string[] {
  const [first = '', ...rest] = wrapped(`${WORDS[result]}: ${text}`, columns - 4)
  const word = WORDS[result]
  const head = first.startsWith(word) ? `${paint(word, COLOURS[result])}${first.slice(word.length)}` : first
  return [`  ${paint(MARKS[result], COLOURS[result])} ${head}`, ...rest.map(line => `    ${line}`)]
}

/** Why it matters, what to do, and the record itself on a line of its own, however long. */
function advice({ result, why, remedy, name, fatal }: Examined, { columns, paint }: Paper): string[] {
  const indented = (text: string) => wrapped(text, columns - 6).map(line => `      ${line}`)
  const stops = fatal && result === 'fail' ? [`No letter is sent while this is so (${name}).`] : []
  return [
    ...[why, ...stops].flatMap(indented).map(line => paint(line, COLOURS.skip)),
    ...(remedy ? indented(remedy.text) : []),
    ...(remedy?.copy === undefined ? [] : [`      ${remedy.copy}`]),
  ]
}

function summary(found: readonly Examined[], all: boolean): string {
  const { pass, warn, fail, skip } = countResults(found)
  const parts = [
    `${pass} ok`,
    ...(warn > 0 ? [`${warn} ${warn === 1 ? 'warning' : 'warnings'}`] : []),
    ...(fail > 0 ? [`${fail} ${fail === 1 ? 'error' : 'errors'}`] : []),
    ...(skip > 0 ? [`${skip} not checked${all ? '' : ' (--all says why)'}`] : []),
  ]
  return `${pass + warn + fail + skip} checks: ${parts.join(', ')}.`
}

/** At spaces; a word that is longer than a line has one of its own. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  // No line begins with the dot between two findings.
  for (const word of text.split(/ (?!·)/)) {
    const line = lines.at(-1)
    if (line !== undefined && textWidth(line) + 1 + textWidth(word) <= columns)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
