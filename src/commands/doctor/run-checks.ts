// What one check is and what it may find; a table of checks and a set-up → what each of them found, within a time limit.

import { performance } from 'node:perf_hooks'
import { cutShort, oneLine } from '../../base/index.ts'
import { isNeverInDns } from '../../deliver/index.ts'
import { UserError } from '../../errors.ts'
import { DnsTrouble, WebTrouble } from './network.ts'
import type { Setup } from './setup.ts'

/** 'skip': there was nothing to look at, which is no fault. */
export type Result = 'pass' | 'warn' | 'fail' | 'skip'

export interface Remedy {
  /** What to do, as a sentence. */
  readonly text: string
  /** The record or the command itself, to be copied: one line. */
  readonly copy?: string | undefined
}

export interface Finding {
  readonly result: Result
  /** What was found, as short as a list wants it: '4 of 10 look-ups'. */
  readonly says: string
  readonly remedy?: Remedy | undefined
}

/** One row of a table of checks. */
export interface Check {
  /** kebab-case, unique: 'spf-lookups'. */
  readonly name: string
  /** What goes wrong where it fails, as a sentence. */
  readonly why: string
  /** What there must be to look at. */
  readonly needs?: readonly Need[]
  /** A real send stops where it fails. */
  readonly fatal?: true
  /** One finding, or one for each domain, newsletter or address. */
  find(setup: Setup): Found | Promise<Found>
}

type Found = Finding | readonly Finding[]

export interface Group {
  /** 'SPF' */
  readonly title: string
  readonly checks: readonly Check[]
}

export interface Examined extends Finding {
  readonly name: string
  readonly group: string
  readonly why: string
  readonly fatal: boolean
}

export const pass = (says: string): Finding => ({ result: 'pass', says })
export const skip = (says: string): Finding => ({ result: 'skip', says })
export const warn = (says: string, text: string, copy?: string): Finding => ({
  result: 'warn',
  says,
  remedy: { text, copy },
})
export const fail = (says: string, text: string, copy?: string): Finding => ({
  result: 'fail',
  says,
  remedy: { text, copy },
})

type Need =
  | 'newsletter'
  | 'smtp'
  | 'mail server'
  | 'service'
  | 'site'
  | 'secret'
  | 'domain'
  | 'dkim'
  | 'bounces'

/** Why there is nothing to look at; undefined when there is. */
const MISSING: Readonly<Record<Need, (setup: Setup) => string | undefined>> = {
  newsletter: ({ newsletters }) => (newsletters.length > 0 ? undefined : 'there is no newsletter'),
  smtp: ({ outgoing }) => (outgoing === undefined ? 'BROADSHEET_SMTP is not set' : undefined),
  'mail server': ({ outgoing }) =>
    outgoing === undefined || /^smtps?:/i.test(outgoing) ? undefined : 'mail does not leave through SMTP',
  service: ({ publication: { service } }) =>
    service === undefined ? 'service is not set' : exampleAt(service),
  site: ({ publication: { url } }) => exampleAt(url),
  secret: ({ secret }) => (secret === undefined ? 'BROADSHEET_SECRET is not set' : undefined),
  domain: ({ senders }) =>
    senders.length > 0 ? undefined : 'letters are from a name that is only for examples',
  dkim: ({ publication }) => (publication.mail.dkim ? undefined : 'mail.dkim is not set'),
  bounces: ({ publication }) => (publication.mail.bounces ? undefined : 'mail.bounces is not set'),
}

/** RFC 2606: nobody answers there. */
function exampleAt(url: string): string | undefined {
  const { hostname } = new URL(url)
  return isNeverInDns(hostname) && hostname !== 'localhost' ? `${hostname} is a name for examples` : undefined
}

/**
 * All at once.
 *
 * @param limit ms of waiting for others; what takes longer is a warning, and is not waited for
 */
export async function examine(groups: readonly Group[], setup: Setup, limit: number): Promise<Examined[]> {
  const began = performance.eventLoopUtilization()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => {
    // A machine that is busy with other things waits for nobody: only idle time counts.
    timer = setInterval(() => {
      if (performance.eventLoopUtilization(began).idle >= limit) resolve()
    }, LOOK_MS)
  })
  try {
    const found = groups.flatMap(({ title, checks }) => {
      // Each group asks others: one that is late says nothing of the next.
      const tooLate = warn(
        `${title}: no answer within ${limit / 1000} s`,
        'Try again; if it stays so, something on the way drops what is asked.',
      )
      return checks.map(async check => {
        const { name, why, fatal = false } = check
        const findings = [await Promise.race([findSafely(check, setup), late.then(() => tooLate)])].flat()
        return findings.map(finding => ({ name, group: title, why, fatal, ...plainly(finding) }))
      })
    })
    return withoutRepeats((await Promise.all(found)).flat())
  } finally {
    clearInterval(timer)
  }
}

/** What others wrote into DNS, or answered, is on its way to a terminal. */
function plainly({ result, says, remedy }: Finding): Finding {
  const plain = (text: string) => cutShort(oneLine(text.replace(/\p{Bidi_Control}/gu, '')), MAX_LENGTH)
  return {
    result,
    says: plain(says),
    ...(remedy
      ? {
          remedy: {
            text: plain(remedy.text),
            copy: remedy.copy === undefined ? undefined : plain(remedy.copy),
          },
        }
      : {}),
  }
}

const MAX_LENGTH = 2000

const LOOK_MS = 50

/** One trouble, such as a server that does not answer, is said by the first check that meets it. */
function withoutRepeats(all: readonly Examined[]): Examined[] {
  return all.map((one, at) => {
    if (one.result === 'pass' || one.result === 'skip') return one
    const first = all.findIndex(({ result, says }) => result === one.result && says === one.says)
    return first === at ? one : { ...one, ...skip(`as ${all[first]!.name}`), remedy: undefined }
  })
}

async function findSafely(check: Check, setup: Setup): Promise<Found> {
  const missing = check.needs?.map(need => MISSING[need](setup)).find(reason => reason !== undefined)
  if (missing !== undefined) return skip(missing)
  try {
    return await check.find(setup)
  } catch (error) {
    if (error instanceof DnsTrouble)
      return warn(error.message, 'Whether it is right is not known. Try again, or ask another name server.')
    if (error instanceof WebTrouble) {
      const text = error.aboutTls
        ? 'Renew the certificate, or correct its names.'
        : 'See whether it runs, and is reached from outside.'
      return (error.certain ? fail : warn)(error.message, text)
    }
    if (error instanceof UserError) return fail(error.message, error.hint ?? 'Correct it.')
    throw error
  }
}
