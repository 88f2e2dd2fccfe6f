// `status`: the ledger of one edition in numbers, as a page where asked for; addresses only where they are asked for.

import { hostname } from 'node:os'
import type { EditionFigures } from '../deliver/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { DeliveryState } from '../model.ts'
import type { Database, DomainFailures, EditionRecord, Returned } from '../store/index.ts'
import type { Context } from './context.ts'
import { describeCounts, describeFailure, duration, figure } from './describe-send.ts'
import { openExistingLedger } from './open-ledger.ts'

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
  const db = await openExistingLedger(context)
  if (!db) return nothing(context, 'there is no ledger yet')
  try {
    const record = await findRecord(db, context.args[0])
    if (!record) return nothing(context, 'nothing was sent yet')
    if (record.state === 'skipped') return nothing(context, `${record.edition} was skipped: ${record.why}`)
    await report(context, db, record, { list, html })
    return EXIT.done
  } finally {
    await db.close()
  }
}

interface Asked {
  readonly list: DeliveryState | undefined
  /** Where the page goes, as it was typed. */
  readonly html: string | undefined
}

/** Addresses of one state, and what was said of each. */
type Entries = readonly { readonly email: string; readonly why: string }[]

async function report(context: Context, db: Database, record: EditionRecord, asked: Asked): Promise<void> {
  const { editionFigures } = await import('../deliver/index.ts')
  const figures = await editionFigures(db, record, { now: context.now(), host: hostname() })
  const { edition, counts, seconds, state, rate, failures, domains, returned, senders } = figures
  const { audience, pending, accepted, rejected, deferred, unknown, skipped } = counts
  const { list, html } = asked
  if (html !== undefined) await writePage(context, db, figures, html)
  const entries = list && (await entriesOf(db, edition, list))
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
    ...(entries ? { list: entries } : {}),
    ...(html === undefined ? {} : { html }),
  }
  context.result(value, () => describe(figures, asked, entries, db.kind))
}

async function entriesOf(db: Database, edition: string, list: DeliveryState): Promise<Entries> {
  const { listDeliveries } = await import('../store/index.ts')
  const deliveries = await listDeliveries(db, edition, list)
  return deliveries.map(({ email, reply, reason }) => ({ email, why: reason ?? reply ?? '' }))
}

function describe(
  figures: EditionFigures,
  { list, html }: Asked,
  entries: Entries | undefined,
  database: Database['kind'],
): string {
  const { edition, counts, seconds, state, rate, failures, domains, returned, senders } = figures
  const { audience, accepted, unknown } = counts
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
  if (entries) lines.push(`${list}:`, ...entries.map(({ email, why }) => `  ${email || '(erased)'}  ${why}`))
  else if (unknown > 0) lines.push(`See who: broadsheet status ${edition} --list unknown`)
  if (state === 'paused') lines.push(`Go on: broadsheet send ${edition} --resume`)
  // On PostgreSQL workers may go on at any moment.
  else if (state === 'sending' && senders.length === 0 && database === 'sqlite')
    lines.push(`Nobody sends it now. Go on: broadsheet send ${edition}`)
  if (html !== undefined) lines.push(`The same as a page, with plots: ${html}`)
  return `${lines.join('\n')}\n`
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

async function writePage(
  context: Context,
  db: Database,
  figures: EditionFigures,
  html: string,
): Promise<void> {
  const { join, resolve } = await import('node:path')
  const { writeFileSync } = await import('node:fs')
  const { openPublication } = await import('../content/index.ts')
  const { openTemplates } = await import('../templates/index.ts')
  const { frozenEdition } = await import('../store/index.ts')
  const { statusPage } = await import('./status-page.ts')
  const { publication } = await openPublication(context.dir, { now: context.now() })
  const subject = (await frozenEdition(db, figures.edition))?.letter?.subject ?? ''
  const about = { title: publication.title, subject, timezone: publication.timezone }
  const page = statusPage(figures, about, openTemplates(join(context.dir, 'templates')))
  try {
    writeFileSync(resolve(context.dir, html), page)
  } catch (error) {
    throw new UserError(`${html} cannot be written: ${(error as Error).message}`)
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

function nothing(context: Context, why: string): ExitCode {
  context.result({ edition: null, why }, () => `Nothing to show: ${why}.\n`)
  return EXIT.done
}
