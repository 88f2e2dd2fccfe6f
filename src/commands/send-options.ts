// Arguments and options of `send` → what is asked for, or an error before anything is touched.

import { resolve } from 'node:path'
import type { AttemptLog, Steering } from '../deliver/index.ts'
import { UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import type { Context } from './context.ts'

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
  /** What to do to an edition that is being sent; 'resume' sends as well. */
  readonly steering: Steering | undefined
  /** Leave the sending to the workers. */
  readonly enqueue: boolean
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
    steering: STEERING.find(word => options[word] === true),
    enqueue: options.enqueue === true,
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
  if (asked.list && !asked.dryRun)
    throw new UserError('--list is for --dry-run', 'Say both: --dry-run --list')
  return asked
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

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
export async function openLog({
  options,
  dir,
}: Pick<Context, 'options' | 'dir'>): Promise<AttemptLog | undefined> {
  if (typeof options.log !== 'string') return undefined
  const { openAttemptLog } = await import('../deliver/index.ts')
  return openAttemptLog(resolve(dir, options.log), options.logAddresses === true)
}
