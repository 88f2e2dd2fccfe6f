// `bounces`: the mail that came back, and what people ask for by mail → the list. What it does not understand stays where it is.

import { resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import type { applyWish } from '../../inbound/index.ts'
import type { Publication } from '../../model.ts'
import type { Database } from '../../store/index.ts'
import type { Context } from '../context.ts'
import { readSecret } from '../read-secret.ts'
import { type FoundMail, readMails, readMbox } from './read-mails.ts'

/** The `--json` answer. */
interface BounceReport {
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
  /** Told before. */
  known: number
  /** Understood, and nothing to do: delays, automatic replies, refusals of the message. */
  nothing: number
  /** Not understood; left as they are. */
  kept: { mail: string; why: string }[]
}

export async function run(context: Context): Promise<ExitCode> {
  const secret = readSecret(context.env)
  const { openStore, storeAddress } = await import('../../store/index.ts')
  const { db } = await openStore(storeAddress(context.dir, context.env))
  const report: BounceReport = {
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
  try {
    for await (const mail of await source(context)) {
      if (context.signal.aborted) break
      await hear(db, secret, mail, context, report)
    }
    await sweepLedger(db, context, report)
    await askThem(db, secret, context)
    context.result(report, () => describe(report))
    return context.signal.aborted ? EXIT.interrupted : EXIT.done
  } finally {
    await db.close()
  }
}

async function source(context: Context): Promise<AsyncIterable<FoundMail>> {
  const [path, ...more] = context.args
  if (more.length > 0)
    throw new UserError('bounces takes one place to read from', 'broadsheet bounces Maildir')
  if (context.options.imap === true) {
    const address = context.env.BROADSHEET_IMAP
    if (!address) {
      throw new UserError(
        'BROADSHEET_IMAP is not set: there is no mailbox to read',
        'Set it in the environment or in .env:\nBROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX',
      )
    }
    return (await import('./read-imap.ts')).readImap(address)
  }
  if (path === undefined) return (async function* () {})()
  if (path === '-') {
    const text = await context.stdin()
    return readMbox(
      (async function* () {
        yield text
      })(),
      'standard input',
    )
  }
  return readMails(resolve(context.dir, path))
}

async function hear(
  db: Database,
  secret: string,
  mail: FoundMail,
  context: Context,
  report: BounceReport,
): Promise<void> {
  const { readReport } = await import('../../inbound/index.ts')
  const { applyNotice } = await import('../../inbound/index.ts')
  const { recipient } = context.options
  const told = readReport(secret, {
    bytes: mail.bytes,
    recipient: typeof recipient === 'string' ? recipient : '',
    now: context.now(),
  })
  report.read += 1
  if (told.kind === 'unknown') {
    report.kept.push({ mail: mail.name, why: told.why })
    return
  }
  if (told.kind === 'nothing') report.nothing += 1
  else if (told.kind === 'subscribe' || told.kind === 'confirm') {
    if (!(await grant(db, told, mail.name, context, report))) return
  } else {
    const applied = await applyNotice(
      db,
      { ...told.about, kind: told.kind, status: told.status },
      context.now(),
    )
    count(report, told.kind)
    if (applied === 'suppressed') report.suppressed += 1
    if (applied === 'known') report.known += 1
  }
  // Only once it is on the disk.
  await mail.done()
}

function count(report: BounceReport, kind: 'hard' | 'soft' | 'complaint' | 'unsubscribe'): void {
  if (kind === 'complaint') report.complaints += 1
  else if (kind === 'unsubscribe') report.unsubscribed += 1
  else report[kind] += 1
}

/** @returns false when the mail shall be read again */
async function grant(
  db: Database,
  wish: Parameters<typeof applyWish>[2],
  mail: string,
  context: Context,
  report: BounceReport,
): Promise<boolean> {
  const { applyWish } = await import('../../inbound/index.ts')
  const granted = await applyWish(db, await publicationOf(context), wish, context.now())
  if (granted === 'later') {
    report.kept.push({ mail, why: 'too many ask to subscribe by mail in this hour' })
    return false
  }
  report[granted] += 1
  return true
}

async function publicationOf(context: Context): Promise<Publication> {
  const { loadPublication } = await import('../../content/index.ts')
  return loadPublication(context.dir, { now: context.now() }).publication
}

/** The mails that ask to confirm, also those that an earlier run could not send. */
async function askThem(db: Database, secret: string, context: Context): Promise<void> {
  const { mailIsDue } = await import('../../store/index.ts')
  if (!(await mailIsDue(db, context.now()))) return
  const { openMail, openOutbox } = await import('../open-outbox.ts')
  const publication = await publicationOf(context)
  const transport = await openMail(context, publication)
  if (!transport) {
    context.say('BROADSHEET_SMTP is not set: the mails that ask to confirm wait until it is')
    return
  }
  try {
    const address = publication.service
    const { outbox } = await openOutbox({ context, publication, db, secret, address, transport })
    await outbox.flush()
  } finally {
    await transport.close()
  }
}

/** What a server said while the letter was sent is a bounce too; a send that was cut off left some untold. */
async function sweepLedger(db: Database, context: Context, report: BounceReport): Promise<void> {
  const { listEditions } = await import('../../store/index.ts')
  const { recordRefused } = await import('../../store/index.ts')
  for (const { edition } of (await listEditions(db)).reverse()) {
    const { refused, suppressed } = await recordRefused(db, edition, context.now())
    report.refused += refused
    report.suppressed += suppressed
  }
}

function describe(report: BounceReport): string {
  const lines = [
    `${report.read} read: ${report.hard} dead addresses, ${report.soft} soft bounces, ${report.complaints} complaints, ${report.unsubscribed} unsubscribed, ${report.nothing} with nothing to do`,
    ...(report.asked > 0 ? [`${report.asked} want to subscribe, and are asked to confirm`] : []),
    ...(report.confirmed > 0 ? [`${report.confirmed} have confirmed, and are subscribed`] : []),
    ...(report.refused > 0 ? [`${report.refused} refused when they were sent to`] : []),
    `${report.suppressed} will not be written to any more`,
    ...report.kept.map(({ mail, why }) => `kept, not understood: ${mail}: ${why}`),
  ]
  return `${lines.join('\n')}\n`
}
