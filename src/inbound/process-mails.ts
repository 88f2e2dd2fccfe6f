// Mails of the bounce mailbox → the list, and a report of what they did. What is not understood stays where it is.

import type { Publication } from '../model.ts'
import { type Database, listEditions, recordRefused } from '../store/index.ts'
import { applyMailCommand, applyNotice } from './apply.ts'
import type { FoundMail } from './mailboxes.ts'
import { readReport } from './read-report.ts'

export interface InboundReport {
  read: number
  hard: number
  soft: number
  complaints: number
  unsubscribed: number
  /** Who wants to subscribe by mail, and is asked to confirm. */
  asked: number
  confirmed: number
  /** Addresses that the receiving servers refused at once, out of the ledger. */
  refused: number
  suppressed: number
  /** Reported before. */
  known: number
  /** Understood, and nothing to do: delays, automatic replies, refusals of the message. */
  nothing: number
  /** Not understood; left as they are. */
  kept: { mail: string; why: string }[]
}

export interface Processing {
  readonly db: Database
  readonly secret: string
  /** The address that the mails were delivered to, when their own fields do not say. */
  readonly recipient: string
  /** Asked for only when somebody wants to subscribe or to confirm. */
  publication(): Promise<Publication>
  now(): number
  /** Resolves once what was done so far is where the next run finds it; left out where it is there at once. */
  saved?(): Promise<void>
  /** Aborted: the mail in hand is the last. */
  readonly signal: AbortSignal
}

export async function processMails(
  mails: AsyncIterable<FoundMail>,
  processing: Processing,
): Promise<InboundReport> {
  const report: InboundReport = {
    read: 0,
    hard: 0,
    soft: 0,
    complaints: 0,
    unsubscribed: 0,
    asked: 0,
    confirmed: 0,
    refused: 0,
    suppressed: 0,
    known: 0,
    nothing: 0,
    kept: [],
  }
  for await (const mail of mails) {
    if (processing.signal.aborted) break
    report.read += 1
    const why = await processMail(mail, processing, report)
    // Marked only once what it did is kept.
    if (why === undefined) {
      await processing.saved?.()
      await mail.done()
    } else report.kept.push({ mail: mail.name, why })
  }
  await recordRefusals(processing, report)
  return report
}

/** @returns why the mail must be read again, or by a person */
async function processMail(
  { bytes }: FoundMail,
  { db, secret, recipient, publication, now }: Processing,
  report: InboundReport,
): Promise<string | undefined> {
  const found = await readReport(secret, { bytes, recipient, now: now() })
  switch (found.kind) {
    case 'unknown':
      return found.why
    case 'nothing':
      report.nothing += 1
      return undefined
    case 'subscribe':
    case 'confirm': {
      const result = await applyMailCommand(db, await publication(), found, now())
      if (result === 'later') return 'too many ask to subscribe by mail in this hour'
      report[result] += 1
      return undefined
    }
    default: {
      const { about, kind, status } = found
      const result = await applyNotice(db, { ...about, kind, status }, now())
      report[COUNTED_AS[kind]] += 1
      if (result === 'suppressed' || result === 'known') report[result] += 1
      return undefined
    }
  }
}

const COUNTED_AS = {
  hard: 'hard',
  soft: 'soft',
  complaint: 'complaints',
  unsubscribe: 'unsubscribed',
} as const

/** What a server said while the letter was sent is a bounce too; a send that was cut off left some unrecorded. */
async function recordRefusals({ db, now }: Processing, report: InboundReport): Promise<void> {
  for (const { edition } of (await listEditions(db)).reverse()) {
    const { refused, suppressed } = await recordRefused(db, edition, now())
    report.refused += refused
    report.suppressed += suppressed
  }
}
