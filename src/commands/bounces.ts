// `bounces`: the mail that came back, and what people ask for by mail → the list. What it does not understand stays where it is.

import { resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { FoundMail, InboundReport } from '../inbound/index.ts'
import type { Publication } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import { openLedger, openMail, readSecret } from './environment.ts'
import { sayFault } from './serve.ts'

export async function run(context: Context): Promise<ExitCode> {
  const secret = readSecret(context.env)
  const { processMails } = await import('../inbound/index.ts')
  const { openPublication } = await import('../content/index.ts')
  const { dir, now, signal, options } = context
  const publication = async () => (await openPublication(dir, { now: now() })).publication
  const { db, save } = await openLedger(context)
  try {
    const recipient = typeof options.recipient === 'string' ? options.recipient : ''
    const saved = () => save('bounces')
    const processing = { db, secret, recipient, publication, now, signal, saved }
    const report = await processMails(await mailsOf(context), processing)
    // A link in a mail must find what it confirms.
    await saved()
    await sendDueMails(context, db, secret, publication)
    await saved()
    context.result(report, () => describe(report))
    return signal.aborted ? EXIT.interrupted : EXIT.done
  } finally {
    await db.close()
  }
}

async function mailsOf(context: Context): Promise<AsyncIterable<FoundMail>> {
  const { readImap, readMails, readMbox } = await import('../inbound/index.ts')
  const [path] = context.args
  if (context.options.imap === true) {
    const address = context.env.BROADSHEET_IMAP
    if (!address) {
      throw new UserError(
        'BROADSHEET_IMAP is not set: there is no mailbox to read',
        'Set it in the environment or in .env:\nBROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX',
      )
    }
    return readImap(address)
  }
  if (path === undefined) return many([])
  return path === '-'
    ? readMbox(many([(await context.stdin()).toString('utf8')]), 'standard input')
    : readMails(resolve(context.dir, path))
}

async function* many<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

/** The mails that ask to confirm, also those that an earlier run could not send. */
async function sendDueMails(
  context: Context,
  db: Database,
  secret: string,
  publicationOf: () => Promise<Publication>,
): Promise<void> {
  const { mailIsDue } = await import('../store/index.ts')
  if (!(await mailIsDue(db, context.now()))) return
  const publication = await publicationOf()
  const transport = await openMail(context, publication)
  if (!transport) {
    context.say('BROADSHEET_SMTP is not set: the mails that ask to confirm wait until it is')
    return
  }
  try {
    const { openOutbox } = await import('../serve/index.ts')
    const { now } = context
    const address = publication.service
    const failed = (where: string, error: unknown) => sayFault(context, where, error)
    await openOutbox({ publication, db, secret, address, transport, now, failed }).flush()
  } finally {
    await transport.close()
  }
}

function describe(report: InboundReport): string {
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
