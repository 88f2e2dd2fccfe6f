// Mails of the bounce mailbox → the list, and a report of what they did. What is not understood stays where it is.

import { createHash } from 'node:crypto'
import { domainOf } from '../base/index.ts'
import { recordRefusalsIn, recordWithinLimit, type Suppressed } from '../deliver/index.ts'
import type { Publication } from '../model.ts'
import { type Database, listEditions, recordDomainReport, rememberKept } from '../store/index.ts'
import { applyMailCommand, applyNotice, type Notice } from './apply.ts'
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
  /** Readers whose servers refused the letter at once, out of the ledger. */
  refused: number
  /** DMARC and TLS reports on our domains. */
  domainReports: number
  suppressed: number
  /** Reported before. */
  known: number
  /** Understood, and nothing to do: delays, automatic replies, refusals of the message. */
  nothing: number
  /** Not understood, and not listed by an earlier run; left as they are. `leaving`: it seems to ask to unsubscribe. */
  kept: { mail: string; why: string; leaving: boolean }[]
  /** Not understood, and listed by an earlier run. */
  keptBefore: number
  /** Why no bounce was recorded: so many would have been suppressed at once. Empty when all is well. */
  excess: string[]
}

export interface Processing {
  readonly db: Database
  readonly secret: string
  /** The address that the mails were delivered to, when their own fields do not say. */
  readonly recipient: string
  /** A person has seen how many would be suppressed, and agrees. */
  readonly allowExcess?: boolean | undefined
  /** Asked for only when somebody wants to subscribe or to confirm. */
  publication(): Promise<Publication>
  now(): number
  /** Resolves once what was done so far is where the next run finds it; left out where it is there at once. */
  saved?(): Promise<void>
  /** Aborted: the mail in hand is the last. */
  readonly signal: AbortSignal
}

/** A bounce, applied only once all have been read and counted. */
interface Pending {
  readonly notice: Notice & { readonly text: string }
  done(): Promise<void>
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
    domainReports: 0,
    suppressed: 0,
    known: 0,
    nothing: 0,
    kept: [],
    keptBefore: 0,
    excess: [],
  }
  const pending: Pending[] = []
  const done: Pending['done'][] = []
  for await (const mail of mails) {
    if (processing.signal.aborted) break
    report.read += 1
    const became = await processMail(mail, processing, report)
    if (became === 'done') done.push(mail.done)
    else if ('notice' in became) pending.push({ notice: became.notice, done: mail.done })
    else await keep(mail, became, processing, report)
  }
  const recorded = await recordBounces(pending, processing, report)
  if (recorded) for (const bounce of pending) done.push(bounce.done)
  // Marked only once what they did is kept.
  await processing.saved?.()
  for (const mark of done) await mark()
  return report
}

/** A mail that a person must see is listed once, however often it is read. */
async function keep(
  { name, bytes }: FoundMail,
  { why, leaving }: { readonly why: string; readonly leaving: boolean },
  { db, now }: Processing,
  report: InboundReport,
): Promise<void> {
  const id = createHash('sha256').update(bytes).digest('base64url')
  if (await rememberKept(db, id, now())) report.kept.push({ mail: name, why, leaving })
  else report.keptBefore += 1
}

/** @returns a bounce that is still to be recorded, or why the mail must be read again, or by a person */
async function processMail(
  { bytes }: FoundMail,
  { db, secret, recipient, publication, now }: Processing,
  report: InboundReport,
): Promise<'done' | Pick<Pending, 'notice'> | { readonly why: string; readonly leaving: boolean }> {
  const found = await readReport(secret, { bytes, recipient, now: now() })
  switch (found.kind) {
    case 'unknown':
      return found
    case 'nothing':
      report.nothing += 1
      return 'done'
    case 'domain': {
      const { domain } = found.report
      // Forged ones, and those of another publication that has the same mailbox.
      const own = await publication().then(ownDomains, () => [domain])
      if (!own.some(one => `.${one}`.endsWith(`.${domain}`)))
        return { why: `a report on ${domain}, which is no domain of this publication`, leaving: false }
      const isNew = await recordDomainReport(db, found.report, now())
      report[isNew ? 'domainReports' : 'known'] += 1
      return 'done'
    }
    case 'subscribe':
    case 'confirm': {
      const result = await applyMailCommand(db, await publication(), found, now())
      if (result === 'later') return { why: 'too many ask to subscribe by mail in this hour', leaving: false }
      report[result] += 1
      return 'done'
    }
    case 'hard':
    case 'soft': {
      const { about, kind, status, text } = found
      return { notice: { ...about, kind, status, text } }
    }
    default: {
      const { about, kind, status } = found
      const result = await applyNotice(db, { ...about, kind, status }, now())
      report[kind === 'complaint' ? 'complaints' : 'unsubscribed'] += 1
      if (result === 'suppressed' || result === 'known') report[result] += 1
      return 'done'
    }
  }
}

/** Those that mail is sent from, and comes back to. */
function ownDomains({ newsletters, mail }: Publication): string[] {
  const addresses = [...newsletters.map(({ from }) => from.address), mail.bounces, mail.dkim?.domain]
  return addresses.flatMap(address => (address ? [domainOf(address)] : []))
}

/** What one run did to the list. */
interface Recorded {
  readonly suppressed: readonly Suppressed[]
  /** Addresses of nobody on the list: mistyped ones that were asked to confirm. */
  readonly others: number
  readonly known: number
  readonly refused: number
}

/**
 * The bounces that came by mail, and what servers said while the letters were sent, which is a bounce too: all of it, or,
 * when too many would be suppressed at once, nothing.
 *
 * @returns whether it was recorded
 */
async function recordBounces(
  pending: readonly Pending[],
  processing: Processing,
  report: InboundReport,
): Promise<boolean> {
  const { db, allowExcess = false } = processing
  const record = (tx: Database) => recordAll(tx, pending, processing)
  const recorded = await (allowExcess ? db.transaction(record) : recordWithinLimit(db, record))
  if ('excess' in recorded) {
    report.excess.push(...recorded.excess)
    return false
  }
  for (const { notice } of pending) report[notice.kind === 'hard' ? 'hard' : 'soft'] += 1
  report.suppressed += recorded.suppressed.length + recorded.others
  report.known += recorded.known
  report.refused += recorded.refused
  return true
}

async function recordAll(db: Database, pending: readonly Pending[], { now }: Processing): Promise<Recorded> {
  const suppressed: Suppressed[] = []
  let [others, known, refused] = [0, 0, 0]
  for (const { notice } of pending) {
    const result = await applyNotice(db, notice, now())
    if (result === 'known') known += 1
    if (result !== 'suppressed') continue
    if (notice.subscriber === undefined) others += 1
    else suppressed.push({ subscriber: notice.subscriber, text: notice.text })
  }
  for (const { edition } of (await listEditions(db)).reverse()) {
    const found = await recordRefusalsIn(db, edition, now())
    suppressed.push(...found.suppressed)
    refused += found.refused
  }
  return { suppressed, others, known, refused }
}
