// `bounces`: the mail that came back, and what people ask for by mail → the list. What it does not understand stays where it is.

import { resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { InboundReport, Mailbox } from '../inbound/index.ts'
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
    const allowExcess = options.yes === true
    const saved = () => save('bounces')
    const processing = { db, secret, recipient, allowExcess, publication, now, signal, saved }
    const mailbox = await openMailbox(context)
    const report = await processMails(mailbox.mails, processing).finally(() => mailbox.close())
    // A link in a mail must find what it confirms.
    await saved()
    await sendDueMails(context, db, secret, publication)
    await saved()
    context.result(report, () => describe(report))
    if (signal.aborted) return EXIT.interrupted
    const needsPerson = report.excess.length > 0 || report.kept.some(({ leaving }) => leaving)
    return needsPerson ? EXIT.attention : EXIT.done
  } finally {
    await db.close()
  }
}

async function openMailbox(context: Context): Promise<Mailbox> {
  const { openImap, readMails, readMbox } = await import('../inbound/index.ts')
  const [path] = context.args
  if (context.options.imap === true) {
    const address = context.env.BROADSHEET_IMAP
    if (!address) {
      throw new UserError(
        'BROADSHEET_IMAP is not set: there is no mailbox to read',
        'Set it in the environment or in .env:\nBROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX',
      )
    }
    return openImap(address)
  }
  const close = async () => undefined
  if (path === undefined) return { mails: many([]), close }
  const mails =
    path === '-'
      ? readMbox(many([await context.stdin()]), 'standard input')
      : readMails(resolve(context.cwd, path))
  return { mails, close }
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
    ...(report.domainReports > 0
      ? [`${report.domainReports} DMARC or TLS reports, summed in: broadsheet status`]
      : []),
    `${report.suppressed} will not be sent to any more`,
    ...report.kept.map(
      ({ mail, why, leaving }) =>
        `${leaving ? 'look at it yourself' : 'kept, not understood'}: ${mail}: ${why}`,
    ),
    ...(report.keptBefore > 0 ? [`${report.keptBefore} kept that were listed before`] : []),
    ...describeExcess(report.excess),
  ]
  return `${lines.join('\n')}\n`
}

function describeExcess(excess: readonly string[]): string[] {
  if (excess.length === 0) return []
  return [
    'Stopped before any bounce was recorded: more addresses than usual would be suppressed.',
    ...excess.map(what => `  ${what}`),
    'If that is right, run the same command with --yes. If not, look at your name server and at the replies first.',
  ]
}
