// An edition's ledger → all that `status` shows of it, in whichever form.

import type { Delivery, LedgerCounts } from '../../model.ts'
import {
  type AcceptedUntil,
  acceptedOverTime,
  countDeliveries,
  countReturned,
  type Database,
  type DomainFailures,
  type EditionRecord,
  type EditionStatus,
  editionStatus,
  type FailureGroup,
  failuresByDomain,
  groupFailures,
  isRunning,
  listInDoubt,
  listOwners,
  nextDue,
  type Returned,
  readSenderLock,
} from '../../store/index.ts'

export interface EditionFigures {
  readonly edition: string
  /** What a sender that died had handed over counts as unknown, as the next send will say. */
  readonly counts: LedgerCounts
  readonly inDoubt: readonly Delivery[]
  /** When the first of the deferred may be tried again, ms since epoch. */
  readonly nextAt: number | undefined
  readonly state: EditionStatus
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

/** Points of the plot of deliveries over time. */
const MAX_POINTS = 60
const MAX_DOMAINS = 10

/**
 * @param at the time, and the name of this machine: only its own processes can be asked whether they live; and whether the
 *   ledger is a snapshot, of which claims are in doubt as well
 */
export async function editionFigures(
  db: Database,
  record: EditionRecord,
  at: { readonly now: number; readonly host: string; readonly isSnapshot?: boolean },
): Promise<EditionFigures> {
  const { edition, frozenAt, finishedAt } = record
  const { now } = at
  const senders = record.state === 'sending' ? await sendersOf(db, edition, at) : []
  const inDoubt = await inDoubtOf(db, edition, senders, at)
  const found = await countDeliveries(db, edition)
  const counts = {
    ...found,
    pending: found.pending - inDoubt.length,
    unknown: found.unknown + inDoubt.length,
  }
  const seconds = Math.max(0, Math.round(((finishedAt ?? now) - frozenAt) / 100) / 10)
  return {
    edition,
    counts,
    inDoubt,
    nextAt: counts.deferred > 0 ? await nextDue(db, edition) : undefined,
    state: (await editionStatus(db, edition)) ?? record.state,
    frozenAt,
    finishedAt,
    seconds,
    rate: seconds > 0 ? Math.round((counts.accepted / seconds) * 10) / 10 : null,
    failures: await groupFailures(db, edition),
    domains: await failuresByDomain(db, edition, MAX_DOMAINS),
    returned: await countReturned(db, edition),
    senders,
    accepted: await acceptedOverTime(db, edition, MAX_POINTS),
  }
}

/** How many messages a sender that is gone has left without a reply, so far counted as pending. */
export async function countInDoubt(
  db: Database,
  { edition, state }: Pick<EditionRecord, 'edition' | 'state'>,
  at: { readonly now: number; readonly host: string },
): Promise<number> {
  const senders = state === 'sending' ? await sendersOf(db, edition, at) : []
  return (await inDoubtOf(db, edition, senders, at)).length
}

/** Of a file there is one, by its lock; on PostgreSQL whoever has some in hand. */
async function sendersOf(
  db: Database,
  edition: string,
  { now, host }: { readonly now: number; readonly host: string },
): Promise<string[]> {
  const sender = await readSenderLock(db, edition)
  // Killed, it could not give its lock back.
  const dead = sender?.host === host ? !isRunning(sender.pid) : (sender?.expires ?? 0) <= now
  if (sender && !dead) return [`process ${sender.pid} on ${sender.host}`]
  if (db.kind === 'sqlite') return []
  const owners = (await listOwners(db, edition)).map(owner => owner.split(' '))
  return owners.map(([host, pid]) => `process ${pid} on ${host}`)
}

/** A file has one sender: when it is gone, so is the hope for a reply. On PostgreSQL a lease says so. */
async function inDoubtOf(
  db: Database,
  edition: string,
  senders: readonly string[],
  { now, isSnapshot = false }: { readonly now: number; readonly isSnapshot?: boolean },
): Promise<Delivery[]> {
  if (db.kind === 'postgres') return listInDoubt(db, edition, { before: now })
  if (senders.length > 0) return []
  return listInDoubt(db, edition, { before: Number.MAX_SAFE_INTEGER, claims: isSnapshot })
}
