// `status`: the ledger of one edition in numbers, as a page where asked for; addresses only where they are asked for.

import { hostname } from 'node:os'
import { DAY_MS, duration, figure } from '../base/index.ts'
import type { EditionFigures, WarmUpToday } from '../deliver/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { DeliveryState } from '../model.ts'
import type {
  Database,
  DomainFailures,
  DomainSum,
  EditionRecord,
  FeedSubscribers,
  Returned,
} from '../store/index.ts'
import type { Context } from './context.ts'
import {
  describeComplaints,
  describeCounts,
  describeDeferred,
  describeFailure,
  describeWarmUpWait,
} from './describe-send.ts'
import { describeNext, type Listed, nextEditions } from './edition.ts'
import { openLedgerToRead } from './environment.ts'

const LISTABLE: readonly DeliveryState[] = [
  'pending',
  'accepted',
  'rejected',
  'deferred',
  'unknown',
  'skipped',
]

export async function run(context: Context): Promise<ExitCode> {
  const list = listed(context.options.list)
  const html = typeof context.options.html === 'string' ? context.options.html : undefined
  if (context.options.accessLog !== undefined && html === undefined)
    throw new UserError('--access-log is read for the page', 'Add --html numbers.html')
  const db = await openLedgerToRead(context)
  try {
    const coming = await nextOf(context, db)
    if (!db) return nothing(context, 'nothing was sent yet', { coming })
    const reports = await domainReports(context, db)
    const record = await findRecord(db, context.args[0])
    const isSent = record !== undefined && record.state !== 'skipped'
    if (html !== undefined && !isSent) await writePage(context, db, undefined, html)
    if (!record) return nothing(context, 'nothing was sent yet', { coming, reports })
    if (record.state === 'skipped')
      return nothing(context, `${record.edition} was skipped: ${record.why}`, { coming, reports })
    await report(context, db, record, { list, html, coming, reports })
    return EXIT.done
  } finally {
    await db?.close()
  }
}

/** What comes next, as the folder is now. */
interface Coming {
  readonly next: readonly Listed[]
  readonly timezone: string
}

/** Undefined for an edition that is named, and where there is no publication, or a broken one: the ledger is shown all the same. */
async function nextOf({ args, dir, now }: Context, db: Database | undefined): Promise<Coming | undefined> {
  const [name = ''] = args
  if (name.includes('/')) return undefined
  const { openPublication } = await import('../content/index.ts')
  const loaded = await openPublication(dir, { now: now() }).catch(() => undefined)
  if (!loaded) return undefined
  const { newsletters, timezone } = loaded.publication
  const asked = newsletters.filter(({ id }) => name === '' || id === name)
  return { next: await nextEditions(loaded, asked, db, now()), timezone }
}

/** What is shown beside an edition. */
interface Beside {
  readonly coming?: Coming | undefined
  /** What receivers reported of our domains lately; none where one edition is named. */
  readonly reports?: readonly DomainSum[] | undefined
}

interface Asked extends Beside {
  readonly list: DeliveryState | undefined
  /** Where the page goes, as it was typed. */
  readonly html: string | undefined
}

const REPORT_DAYS = 30
const MAX_REPORT_FAILURES = 5

async function domainReports({ args, now }: Context, db: Database): Promise<readonly DomainSum[]> {
  if (args[0]?.includes('/')) return []
  const { sumDomainReports } = await import('../store/index.ts')
  return sumDomainReports(db, now() - REPORT_DAYS * DAY_MS, MAX_REPORT_FAILURES)
}

function describeReports(reports: readonly DomainSum[]): string {
  const lines = reports.flatMap(({ kind, domain, reporters, passed, failed, failures, ...sum }) => {
    const what = kind === 'dmarc' ? 'messages pass DMARC' : 'sessions are encrypted (TLS)'
    const all = passed + failed
    const by = `${figure(sum.reports)} report${sum.reports === 1 ? '' : 's'} by ${figure(reporters)}`
    return [
      `${domain}, last ${REPORT_DAYS} days: ${figure(passed)} of ${figure(all)} ${what} (${by})`,
      ...failures.map(({ source, why, count }) => `  ${figure(count)} × failed: ${source} ${why}`.trimEnd()),
    ]
  })
  return lines.map(line => `${line}\n`).join('')
}

/** Addresses of one state, and what was said of each. */
type Entries = readonly { readonly email: string; readonly why: string }[]

async function report(context: Context, db: Database, record: EditionRecord, asked: Asked): Promise<void> {
  const { editionFigures } = await import('../deliver/index.ts')
  const { isSharedAddress, storeAddress } = await import('../store/index.ts')
  const isSnapshot = isSharedAddress(storeAddress(context.dir, context.env))
  const figures = await editionFigures(db, record, { now: context.now(), host: hostname(), isSnapshot })
  const { edition, counts, seconds, state, rate, failures, domains, returned, senders, nextAt } = figures
  const { audience, pending, accepted, rejected, deferred, unknown, skipped } = counts
  const { list, html, coming, reports = [] } = asked
  const { complaintRates } = await import('../deliver/index.ts')
  const complaints = await complaintRates(db, context.now())
  const warmUp = await warmUpOf(context, db, figures)
  if (html !== undefined) await writePage(context, db, figures, html)
  const entries = list && (await entriesOf(db, figures, list))
  const numbers = { audience, pending, accepted, rejected, deferred, unknown, skipped, seconds }
  const value = {
    edition,
    ...numbers,
    state,
    rate,
    failures,
    domains,
    returned,
    senders,
    ...(nextAt === undefined ? {} : { nextAt: new Date(nextAt).toISOString() }),
    ...(entries ? { list: entries } : {}),
    ...(html === undefined ? {} : { html }),
    ...(coming ? { next: coming.next } : {}),
    ...(reports.length > 0 ? { reports } : {}),
    ...(complaints.length > 0 ? { complaints } : {}),
    ...(warmUp ? { warmUp: { ...warmUp, nextAt: new Date(warmUp.nextAt).toISOString() } } : {}),
  }
  const timezone =
    coming?.timezone ?? warmUp?.timezone ?? (nextAt === undefined ? 'UTC' : await timezoneOf(context))
  context.result(value, () => {
    const more = [
      ...(warmUp ? [`${describeWarmUpWait(counts.pending, warmUp.nextAt, timezone)}.`] : []),
      ...describeComplaints(complaints),
    ]
    return describe(figures, asked, more, { entries, database: db.kind, timezone })
  })
}

/** Of an edition whose readers wait for another day of the warm-up: what today's limit is. */
async function warmUpOf(
  { dir, now }: Context,
  db: Database,
  { state, senders, counts }: EditionFigures,
): Promise<(WarmUpToday & { readonly timezone: string }) | undefined> {
  if (state !== 'sending' || senders.length > 0 || counts.pending === 0) return undefined
  const { openPublication } = await import('../content/index.ts')
  const { warmUpSettings, warmUpToday } = await import('../deliver/index.ts')
  const loaded = await openPublication(dir, { now: now() }).catch(() => undefined)
  if (!loaded) return undefined
  const { publication } = loaded
  const today = await warmUpToday(db, warmUpSettings(publication), now())
  return today && today.sent >= today.allowed ? { ...today, timezone: publication.timezone } : undefined
}

/** The publication's; a ledger is shown also where there is no publication, or a broken one. */
async function timezoneOf({ dir, now }: Context): Promise<string> {
  const { openPublication } = await import('../content/index.ts')
  const { publication } = await openPublication(dir, { now: now() }).catch(() => ({ publication: undefined }))
  return publication?.timezone ?? 'UTC'
}

async function entriesOf(
  db: Database,
  { edition, inDoubt }: EditionFigures,
  list: DeliveryState,
): Promise<Entries> {
  const { listDeliveries } = await import('../store/index.ts')
  const settled = await listDeliveries(db, edition, list)
  const deliveries = list === 'unknown' ? [...settled, ...inDoubt] : settled
  return deliveries.map(({ email, reply, reason }) => ({ email, why: reason ?? reply ?? '' }))
}

interface Showing {
  readonly entries: Entries | undefined
  readonly database: Database['kind']
  readonly timezone: string
}

function describe(
  figures: EditionFigures,
  { list, html, coming, reports = [] }: Asked,
  more: readonly string[],
  { entries, database, timezone }: Showing,
): string {
  const { edition, counts, seconds, state, rate, failures, domains, returned, senders, nextAt } = figures
  const { audience, accepted, deferred, unknown } = counts
  const ended = figures.finishedAt !== undefined
  const perSecond = rate ? `, ${rate} accepted a second` : ''
  const lines = [
    `${edition}: ${state}, ${figure(accepted)} of ${figure(audience)} accepted`,
    ...describeCounts(counts),
    ...senders.map(sender => `  ${sender} is sending`),
    `  ${ended ? 'done in' : 'begun'} ${duration(seconds)}${ended ? '' : ' ago'}${perSecond}`,
    ...failures.map(describeFailure),
  ]
  if (domains.length > 0) lines.push(`  domains: ${domains.slice(0, 5).map(describeDomain).join(', ')}`)
  lines.push(...describeReturned(returned, accepted))
  if (nextAt !== undefined) lines.push(`${describeDeferred(deferred, nextAt, timezone)}.`)
  lines.push(...more)
  if (entries) lines.push(`${list}:`, ...entries.map(({ email, why }) => `  ${email || '(erased)'}  ${why}`))
  else if (unknown > 0) lines.push(`See who: broadsheet status ${edition} --list unknown`)
  if (state === 'paused') lines.push(`To continue: broadsheet send ${edition} --resume`)
  // On PostgreSQL workers may go on at any moment.
  else if (state === 'sending' && senders.length === 0 && database === 'sqlite')
    lines.push(`No sender is running. To continue: broadsheet send ${edition}`)
  if (html !== undefined) lines.push(`The same as a page, with plots: ${html}`)
  return `${lines.join('\n')}\n${describeReports(reports)}${coming ? describeNext(coming.next, timezone) : ''}`
}

/** Gmail and Yahoo ask for fewer than 0.1 % of complaints, and turn senders away from 0.3 % on. */
function describeReturned({ hard, soft, complaint }: Returned, accepted: number): string[] {
  const share = (100 * complaint) / Math.max(1, accepted)
  const lines = []
  if (hard + soft > 0) lines.push(`  came back: ${figure(hard)} for good, ${figure(soft)} for now`)
  if (complaint > 0) lines.push(`  complaints: ${figure(complaint)}, ${share.toFixed(2)} % of accepted`)
  if (share >= 0.1)
    lines.push(
      'Too many complaints: below 0.1 % is well, and from 0.3 % on the large providers refuse. Ask whom you mail.',
    )
  return lines
}

function describeDomain({ domain, rejected, deferred, unknown }: DomainFailures): string {
  return `${domain} ${rejected + deferred + unknown}`
}

/** The edition; and where none is named, or none was sent, the whole publication in numbers. */
async function writePage(
  context: Context,
  db: Database,
  figures: EditionFigures | undefined,
  html: string,
): Promise<void> {
  const { join, resolve } = await import('node:path')
  const { writeFileSync } = await import('node:fs')
  const { openPublication } = await import('../content/index.ts')
  const { openTemplates } = await import('../templates/index.ts')
  const { frozenEdition } = await import('../store/index.ts')
  const { publicationNumbers, statusPage } = await import('../serve/index.ts')
  const now = context.now()
  const { publication } = await openPublication(context.dir, { now })
  const subject = figures && ((await frozenEdition(db, figures.edition))?.letter?.subject ?? '')
  const isNamed = context.args[0]?.includes('/') === true
  const inLog = await accessLog(context)
  const shown = {
    edition: figures && { figures, subject: subject ?? '' },
    numbers: isNamed ? undefined : await publicationNumbers(db, publication, now, inLog),
  }
  const { title, timezone } = publication
  const page = statusPage(shown, { title, timezone, now }, openTemplates(join(context.dir, 'templates')))
  try {
    writeFileSync(resolve(context.cwd, html), page)
  } catch (error) {
    throw new UserError(`${html} cannot be written: ${(error as Error).message}`)
  }
}

/** What another server's log says of those who fetch feeds. */
async function accessLog({ options, cwd }: Context): Promise<readonly FeedSubscribers[]> {
  const { accessLog: path } = options
  if (typeof path !== 'string') return []
  const { resolve } = await import('node:path')
  const { open } = await import('node:fs/promises')
  const { readAccessLog } = await import('../serve/index.ts')
  try {
    const file = await open(resolve(cwd, path))
    return await readAccessLog(file.readLines())
  } catch (error) {
    throw new UserError(
      `--access-log ${path} cannot be read: ${(error as Error).message}`,
      'Name the log of the server that has your feeds, unpacked, in the combined format of Apache or nginx.',
    )
  }
}

/** The one that was named; of a newsletter, or of all, the newest that was frozen. */
async function findRecord(db: Database, reference: string | undefined): Promise<EditionRecord | undefined> {
  const { frozenEdition, listEditions } = await import('../store/index.ts')
  if (reference?.includes('/')) {
    const record = await frozenEdition(db, reference)
    if (record) return record
    throw new UserError(`The ledger knows no edition ${reference}`, 'See which there are: broadsheet edition')
  }
  const records = await listEditions(db, reference)
  return records.find(({ state }) => state !== 'skipped') ?? records[0]
}

function listed(option: unknown): DeliveryState | undefined {
  if (option === undefined || option === false) return undefined
  const state = LISTABLE.find(one => one === option)
  if (state) return state
  throw new UserError(`--list ${option} is no state`, `There are: ${LISTABLE.join(', ')}.`)
}

function nothing(context: Context, why: string, { coming, reports = [] }: Beside): ExitCode {
  const next = () => (coming ? describeNext(coming.next, coming.timezone) : '')
  const more = { ...(coming ? { next: coming.next } : {}), ...(reports.length > 0 ? { reports } : {}) }
  const text = () => `Nothing to show: ${why}.\n${describeReports(reports)}${next()}`
  context.result({ edition: null, why, ...more }, text)
  return EXIT.done
}
