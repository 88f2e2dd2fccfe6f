// `status`: the ledger of one edition, counted; failures by reply; addresses only where they are asked for.

import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { DeliveryState } from '../model.ts'
import type { Database, EditionRecord } from '../store/index.ts'
import type { Context } from './context.ts'
import { describeCounts, describeFailure, duration } from './describe-send.ts'
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
  const db = await openExistingLedger(context)
  if (!db) return nothing(context, 'there is no ledger yet')
  try {
    const record = await findRecord(db, context.args[0])
    if (!record) return nothing(context, 'nothing was sent yet')
    if (record.state === 'skipped') return nothing(context, `${record.edition} was skipped: ${record.why}`)
    await report(context, db, record, list)
    return EXIT.done
  } finally {
    await db.close()
  }
}

async function report(
  context: Context,
  db: Database,
  record: EditionRecord,
  list: DeliveryState | undefined,
): Promise<void> {
  const { countDeliveries, groupFailures, listDeliveries, readSender } = await import('../store/index.ts')
  const { edition, state, frozenAt, finishedAt } = record
  const counts = await countDeliveries(db, edition)
  const { audience, pending, accepted, rejected, deferred, unknown, skipped } = counts
  const seconds = Math.max(0, Math.round(((finishedAt ?? context.now()) - frozenAt) / 100) / 10)
  const rate = seconds > 0 ? Math.round((accepted / seconds) * 10) / 10 : null
  const failures = await groupFailures(db, edition)
  const sender = await readSender(db, edition)
  const listing = list && (await listDeliveries(db, edition, list))
  const entries = listing?.map(({ email, reply, reason }) => ({ email, why: reason ?? reply ?? '' }))
  const value = {
    edition,
    audience,
    pending,
    accepted,
    rejected,
    deferred,
    unknown,
    skipped,
    seconds,
    state,
    rate,
    failures,
    ...(entries ? { list: entries } : {}),
  }
  context.result(value, () => {
    const lines = [`${edition}: ${state}, ${accepted} of ${audience} accepted`, ...describeCounts(counts)]
    if (state === 'sending' && sender) lines.push(`  process ${sender.pid} on ${sender.host} is sending`)
    lines.push(
      `  ${finishedAt === undefined ? 'begun' : 'done in'} ${duration(seconds)}${finishedAt === undefined ? ' ago' : ''}${rate ? `, ${rate} accepted a second` : ''}`,
    )
    lines.push(...failures.map(describeFailure))
    if (entries) lines.push(`${list}:`, ...entries.map(({ email, why }) => `  ${email}  ${why}`))
    else if (unknown > 0) lines.push(`See who: broadsheet status ${edition} --list unknown`)
    return `${lines.join('\n')}\n`
  })
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
