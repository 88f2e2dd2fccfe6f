// `bounces`: the mail that came back → who is not written to any more. What it does not understand stays where it is.

import { resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import { type FoundMail, readMails, readMbox } from './read-mails.ts'
import { readSecret } from './read-secret.ts'

/** The `--json` answer. */
interface BounceReport {
  read: number
  hard: number
  soft: number
  complaints: number
  unsubscribed: number
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
  const { openStore, storeAddress } = await import('../store/index.ts')
  const { db } = await openStore(storeAddress(context.dir, context.env))
  const report: BounceReport = {
    read: 0,
    hard: 0,
    soft: 0,
    complaints: 0,
    unsubscribed: 0,
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
  const { readReport } = await import('../serve/bounces/read-report.ts')
  const { applyNotice } = await import('../serve/apply-notice.ts')
  const { recipient } = context.options
  const told = readReport(secret, mail.bytes, typeof recipient === 'string' ? recipient : '')
  report.read += 1
  if (told.kind === 'unknown') {
    report.kept.push({ mail: mail.name, why: told.why })
    return
  }
  if (told.kind === 'nothing') report.nothing += 1
  else {
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

/** What a server said while the letter was sent is a bounce too, and nobody writes a mail about it. */
async function sweepLedger(db: Database, context: Context, report: BounceReport): Promise<void> {
  const { listEditions } = await import('../store/index.ts')
  const { recordBounce, refusedAddresses } = await import('../store/bounces.ts')
  for (const { edition } of (await listEditions(db)).reverse()) {
    for (const { subscriber, status } of await refusedAddresses(db, edition)) {
      const told = { subscriber, edition, kind: 'hard', status, now: context.now() } as const
      const recorded = await recordBounce(db, told)
      if (recorded === 'suppressed') report.suppressed += 1
      if (recorded !== 'gone') report.refused += 1
    }
  }
}

function describe(report: BounceReport): string {
  const lines = [
    `${report.read} read: ${report.hard} dead addresses, ${report.soft} soft bounces, ${report.complaints} complaints, ${report.unsubscribed} unsubscribed, ${report.nothing} with nothing to do`,
    ...(report.refused > 0 ? [`${report.refused} refused when they were sent to`] : []),
    `${report.suppressed} will not be written to any more`,
    ...report.kept.map(({ mail, why }) => `kept, not understood: ${mail}: ${why}`),
  ]
  return `${lines.join('\n')}\n`
}
