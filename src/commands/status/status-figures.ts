// An edition's ledger → all that `status` tells of it, whichever way it is shown.

import { hostname } from 'node:os'
import { isRunning } from '../../deliver/index.ts'
import type { LedgerCounts } from '../../model.ts'
import type {
  AcceptedUntil,
  Database,
  DomainFailures,
  EditionRecord,
  EditionStanding,
  FailureGroup,
  Returned,
} from '../../store/index.ts'

export interface StatusFigures {
  readonly edition: string
  readonly counts: LedgerCounts
  readonly state: EditionStanding
  readonly frozenAt: number
  readonly finishedAt: number | undefined
  /** From the freeze to the end, or to now. */
  readonly seconds: number
  /** Accepted a second, in that time. */
  readonly rate: number | null
  readonly failures: readonly FailureGroup[]
  readonly domains: readonly DomainFailures[]
  readonly returned: Returned
  /** Who sends at this moment, for people: 'process 4711 on mail1'. */
  readonly senders: readonly string[]
  readonly accepted: { readonly from: number; readonly points: readonly AcceptedUntil[] }
}

const SPANS = 60
const DOMAINS = 10

export async function statusFigures(
  db: Database,
  record: EditionRecord,
  now: number,
): Promise<StatusFigures> {
  const store = await import('../../store/index.ts')
  const { edition, frozenAt, finishedAt } = record
  const counts = await store.countDeliveries(db, edition)
  const seconds = Math.max(0, Math.round(((finishedAt ?? now) - frozenAt) / 100) / 10)
  return {
    edition,
    counts,
    state: (await store.editionStanding(db, edition)) ?? record.state,
    frozenAt,
    finishedAt,
    seconds,
    rate: seconds > 0 ? Math.round((counts.accepted / seconds) * 10) / 10 : null,
    failures: await store.groupFailures(db, edition),
    domains: await store.failuresByDomain(db, edition, DOMAINS),
    returned: await store.countReturned(db, edition),
    senders: record.state === 'sending' ? await sendersOf(db, edition, now) : [],
    accepted: await store.acceptedOverTime(db, edition, SPANS),
  }
}

/** Of a file there is one, by its lock; on PostgreSQL whoever has some in hand. */
async function sendersOf(db: Database, edition: string, now: number): Promise<string[]> {
  const { listOwners, readSender } = await import('../../store/index.ts')
  const sender = await readSender(db, edition)
  // Killed, it could not give its lock back.
  const dead = sender?.host === hostname() ? !isRunning(sender.pid) : (sender?.expires ?? 0) <= now
  if (sender && !dead) return [`process ${sender.pid} on ${sender.host}`]
  if (db.kind === 'sqlite') return []
  const owners = (await listOwners(db, edition)).map(owner => owner.split(' '))
  return owners.map(([host, pid]) => `process ${pid} on ${host}`)
}
