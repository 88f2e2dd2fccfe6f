// Arguments and options of `send` → what is asked for, or an error before anything is touched; and the two that are done
// apart: the log of attempts, and `--pause`, `--resume`, `--cancel`.

import { closeSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { DAY_MS, figure, HOUR_MS } from '../base/index.ts'
import type { Attempted, Steering } from '../deliver/index.ts'
import { UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import { failureText, type Segment, type Store } from '../store/index.ts'
import type { Context } from './context.ts'
import { openExistingStore } from './environment.ts'

export interface SendOptions {
  /** Undefined for all of them. */
  readonly newsletter: string | undefined
  /** The edition's id, when one was named. */
  readonly id: string | undefined
  /** What the schedule says, and nobody is asked. */
  readonly due: boolean
  readonly dryRun: boolean
  readonly list: boolean
  readonly to: string | undefined
  readonly resendUnknown: boolean
  /** ms */
  readonly wait: number
  readonly newLedger: boolean
  /** Checks of `doctor` that may fail. */
  readonly despite: readonly string[]
  /** What to do to an edition that is being sent; 'resume' sends as well. */
  readonly steering: Steering | undefined
  /** Leave the sending to the workers. */
  readonly enqueue: boolean
  /** The edition that is named is outside the schedule. */
  readonly extra: boolean
  /** Only these readers; of an extra edition. */
  readonly segment: Segment | undefined
}

const STEERING: readonly Steering[] = ['pause', 'resume', 'cancel']

const DEFAULT_WAIT_MS = 120_000

export function sendOptions({ args, options }: Pick<Context, 'args' | 'options'>): SendOptions {
  const [reference = ''] = args
  const [newsletter = '', ...rest] = reference.split('/')
  const id = rest.join('/')
  const asked: SendOptions = {
    newsletter: newsletter || undefined,
    id: id || undefined,
    due: options.due === true || reference === '',
    dryRun: options.dryRun === true,
    list: options.list === true,
    to: typeof options.to === 'string' ? options.to : undefined,
    resendUnknown: options.resendUnknown === true,
    wait: typeof options.wait === 'string' ? parseDuration(options.wait, '--wait') : DEFAULT_WAIT_MS,
    newLedger: options.newLedger === true,
    despite: typeof options.despite === 'string' ? options.despite.split(',').map(name => name.trim()) : [],
    steering: STEERING.find(word => options[word] === true),
    enqueue: options.enqueue === true,
    extra: options.extra === true,
    segment: typeof options.for === 'string' ? readSegment(options.for) : undefined,
  }
  const words = STEERING.filter(word => options[word] === true).map(word => `--${word}`)
  const more = [
    options.due === true && '--due',
    asked.dryRun && '--dry-run',
    asked.to !== undefined && '--to',
    asked.resendUnknown && '--resend-unknown',
  ].filter(option => option !== false)
  if (words.length > 1 || (words.length === 1 && more.length > 0)) {
    throw new UserError(`${[...words, ...more].join(' and ')} do not go together`, 'Say one thing at a time.')
  }
  if (options.due === true && asked.id) {
    throw new UserError(
      '--due sends what the schedule says, not an edition that is named',
      `Leave --due out: broadsheet send ${reference}`,
    )
  }
  if (asked.to !== undefined && (asked.dryRun || asked.resendUnknown)) {
    throw new UserError(
      '--to goes alone: it is a test that touches no ledger',
      'Leave out --dry-run and --resend-unknown.',
    )
  }
  if (asked.extra && (!asked.id || options.due === true))
    throw new UserError(
      '--extra needs the article, or the note of the edition, and goes without --due',
      `Name it: broadsheet send ${newsletter || 'weekly'}/flood.md --extra`,
    )
  if (asked.segment && !asked.extra)
    throw new UserError(
      '--for goes with --extra: an edition of the schedule is for every reader of its newsletter',
      `Say both: broadsheet send ${newsletter || 'weekly'}/flood.md --extra --for ${options.for}`,
    )
  if (asked.list && !asked.dryRun)
    throw new UserError('--list is for --dry-run', 'Say both: --dry-run --list')
  return asked
}

/** 'language=hi,city=Delhi': every condition must be met. @throws UserError for what is none */
function readSegment(text: string): Segment {
  const fields: Record<string, string> = {}
  const known: Record<string, string> = {}
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec(part) ?? []
    if (value === '')
      throw new UserError(
        `--for ${text} says nothing about "${part.trim()}"`,
        'Write it like --for section=world, --for language=hi, --for domain=example.org, or --for city=Delhi with a column of your list; several, comma-separated, must all be met.',
      )
    const key = { section: 'topic', tag: 'topic', topic: 'topic', language: 'language', domain: 'domain' }[
      name
    ]
    if (key) known[key] = key === 'domain' ? value.replace(/^@/, '') : value
    else fields[name] = value
  }
  return { ...known, ...(Object.keys(fields).length > 0 ? { fields } : {}) }
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: HOUR_MS, d: DAY_MS }

/** '90s', '2m', '1h30m' → ms. @param option the option's name, for the error: '--wait' */
function parseDuration(text: string, option: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)]
  if (text === '0') return 0
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new UserError(
      `${option} ${text} is not a duration`,
      `Write it like ${option} 90s, ${option} 10m or ${option} 2h.`,
    )
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNIT_MS[unit!]!, 0)
}

/** @throws UserError when there is no newsletter of that name, or none at all */
export function newslettersAsked({ newsletters }: Publication, { newsletter }: SendOptions) {
  if (newsletters.length === 0) {
    throw new UserError(
      'This publication has no newsletter',
      'Add one to articles/publication.yaml:\nnewsletters: [{ id: weekly, title: The Weekly, every: week, on: friday, from: News <news@example.org> }]',
    )
  }
  if (newsletter === undefined) return newsletters
  const found = newsletters.filter(({ id }) => id === newsletter)
  if (found.length > 0) return found
  throw new UserError(
    `There is no newsletter ${newsletter}`,
    `There are: ${newsletters.map(({ id }) => id).join(', ')}.`,
  )
}

/** --log names a file; --log-addresses says that it may know who. */
export function openLog({ options, cwd }: Pick<Context, 'options' | 'cwd'>): AttemptLog | undefined {
  if (typeof options.log !== 'string') return undefined
  return openAttemptLog(resolve(cwd, options.log), options.logAddresses === true)
}

/** A line of JSON for each attempt, at the end of a file. */
interface AttemptLog {
  write(attempted: Attempted): void
  close(): void
}

/** @throws UserError when the file cannot be written */
export function openAttemptLog(file: string, addresses: boolean): AttemptLog {
  const fd = open(file)
  return {
    write: attempted => void writeSync(fd, `${logLine(attempted, addresses)}\n`),
    close: () => closeSync(fd),
  }
}

/** Servers repeat addresses and give each message a number of its own: where addresses are not wanted, neither is kept. */
function logLine({ delivery, outcome, at, took }: Attempted, addresses: boolean): string {
  const { kind, reply, ...codes } = outcome
  return JSON.stringify({
    at: new Date(at).toISOString(),
    edition: delivery.edition,
    subscriber: delivery.subscriber,
    ...(addresses ? { email: delivery.email } : {}),
    attempt: delivery.attempts + 1,
    outcome: kind,
    ...codes,
    reply: addresses ? reply : failureText(reply),
    ms: Math.round(took),
  })
}

function open(file: string): number {
  try {
    return openSync(file, 'a', 0o600)
  } catch (error) {
    throw new UserError(
      `--log ${file}: it cannot be written (${(error as NodeJS.ErrnoException).code})`,
      'Name a file in a folder that exists: --log send.log',
    )
  }
}

// `--pause`, `--resume`, `--cancel` are written into the ledger, where every sender reads them before the next message.

/** @returns the edition that goes on, for 'resume'; undefined when nothing is to be sent now */
export async function steerEdition(
  context: Context,
  options: SendOptions,
  steering: Steering,
): Promise<{ readonly newsletter: string; readonly id: string } | undefined> {
  const { editionToSteer } = await import('../deliver/index.ts')
  const store = await openExistingStore(context)
  if (!store) throw new UserError(`There is nothing to ${steering}: nothing was sent yet`)
  try {
    const edition = await editionToSteer(store.db, options, steering)
    if (steering === 'resume') return await resume(store, edition)
    await (steering === 'pause' ? pause : cancel)(context, store, edition)
    return undefined
  } finally {
    await store.db.close()
  }
}

async function resume({ db, save }: Store, edition: string) {
  const { resumeEdition } = await import('../store/index.ts')
  await resumeEdition(db, edition)
  await save('send --resume')
  const [newsletter = '', ...id] = edition.split('/')
  return { newsletter, id: id.join('/') }
}

async function pause({ now, result }: Context, { db, save }: Store, edition: string): Promise<void> {
  const { countDeliveries, pauseEdition } = await import('../store/index.ts')
  await pauseEdition(db, edition, now())
  await save('send --pause')
  const { accepted, pending, deferred } = await countDeliveries(db, edition)
  const left = pending + deferred
  result(
    { edition, state: 'paused', accepted, left },
    () =>
      `${edition} is paused: ${figure(accepted)} have received it, ${figure(left)} have not.\nTo continue: broadsheet send ${edition} --resume\nTo cancel it: broadsheet send ${edition} --cancel\n`,
  )
}

async function cancel(
  { now, result, confirm, say }: Context,
  { db, save, shared }: Store,
  edition: string,
): Promise<void> {
  const { countDeliveries, cancelEdition, recoverDeliveries } = await import('../store/index.ts')
  // What a run that died had claimed may have arrived: it is unknown, and not skipped.
  if (shared) await recoverDeliveries(db, { edition, now: now(), claimsInDoubt: true })
  const { pending, deferred } = await countDeliveries(db, edition)
  const left = pending + deferred
  const question = `Cancel ${edition}? ${figure(left)} reader${left === 1 ? '' : 's'} will never get it.`
  if (!(await confirm(question))) {
    say('Nothing was cancelled.')
    return
  }
  const skipped = await cancelEdition(db, edition, now())
  await save('send --cancel')
  const { accepted } = await countDeliveries(db, edition)
  result(
    { edition, state: 'cancelled', accepted, skipped },
    () => `${edition} is cancelled: ${figure(accepted)} have received it, ${figure(skipped)} will not.\n`,
  )
}
