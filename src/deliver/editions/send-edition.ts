// A prepared edition and a transport → the edition sent as far as it can be, and what became of it: alone where the ledger
// is a file, as one of many senders on PostgreSQL. And the letter of one, sent to one address as a test.

import { addressHash, parseAddress } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { Message, Outcome, Publication } from '../../model.ts'
import {
  acceptComplaints,
  acquireSenderLock,
  countDeliveries,
  type Database,
  databaseTime,
  extendSenderLock,
  type FailureGroup,
  type Freeze,
  finishEdition,
  freezeEdition,
  frozenEdition,
  groupFailures,
  isRunning,
  isSuppressed,
  recoverDeliveries,
  releaseLeases,
  releaseSenderLock,
  reopenEdition,
  resendUnknown,
  type SharedLedger,
  shortTime,
} from '../../store/index.ts'
import type { Compose } from '../attempt.ts'
import {
  type Delivered,
  type Delivering,
  deliver,
  deliveryOptions,
  type SenderProcess,
  type SendingMeans,
} from '../deliver.ts'
import { STALE_AFTER_MS } from '../ledger.ts'
import { recordRefusals } from '../sender-reputation.ts'
import type { Transport } from '../transport.ts'
import { openEngine, takePart } from '../workers.ts'
import type { Prepared, TestLetter } from './prepare-send.ts'

export interface Sending extends SendingMeans, SendEvents {
  /** How long to wait for deferred readers, in ms. */
  readonly wait: number
  /** Once more to those of whom nobody knows whether they have it. */
  readonly resendUnknown: boolean
  /** Also to readers at providers where too many complained. */
  readonly despiteComplaints: boolean
  /** Leave the sending to the workers; on PostgreSQL. */
  readonly enqueue: boolean
  /** Where the ledger is. */
  readonly database: string
}

interface SendEvents {
  /** An earlier sender was cut off while so many were handed over. */
  onRecovered?(unknown: number): void
  /** So many addresses were refused that none was recorded: a person must look at them. */
  onManyRefused?(): void
  /** So many of whom nobody knew are sent to once more. */
  onResent?(resent: number): void
  /** @param settled how many are, in this run */
  onProgress?(settled: number): void
}

export interface Sent extends Delivered {
  readonly edition: string
  readonly seconds: number
  readonly failures: readonly FailureGroup[]
  /** It was finished before, and nothing was done; ms since epoch. */
  readonly finishedAt?: number | undefined
}

/** @throws UserError when another process sends this edition, or the ledger cannot be written */
export async function sendEdition(prepared: Prepared, sending: Sending): Promise<Sent> {
  const { db, clock } = sending
  const { edition } = prepared.plan
  const options = await deliveryOptions({ edition, ...prepared }, sending)
  tryOut(options.compose, edition)
  const began = clock.now()
  const delivered =
    db.kind === 'postgres'
      ? await sendTogether(prepared, sending)
      : await sendAlone({
          ...options,
          ...eventsOf(sending),
          wait: sending.wait,
          holder: { ...sending.sender, owner: ownerOf(sending) },
          freeze: prepared.freeze,
          frozenAt: prepared.frozenAt,
          resendUnknown: sending.resendUnknown,
          despiteComplaints: sending.despiteComplaints,
        })
  const seconds = Math.round((clock.now() - began) / 100) / 10
  return { ...delivered, edition, seconds, failures: await groupFailures(db, edition) }
}

function ownerOf({ sender, shared }: Sending): string {
  const id = sender.newId()
  return shared ? shared.ownerOf(id) : id
}

/** Nothing is left to do: what became of it, as if it had just been sent. */
export async function finishedSend({ plan }: Prepared, db: Database): Promise<Sent> {
  const { edition, finishedAt } = plan
  const counts = await countDeliveries(db, edition)
  const failures = await groupFailures(db, edition)
  return { edition, counts, failures, finishedAt, ended: 'done', seconds: 0 }
}

/** A letter that cannot be made out to anybody must be found before the edition freezes. */
function tryOut(compose: Compose, edition: string): void {
  const email = 'reader@example.org'
  compose({ edition, subscriber: 1, email, name: '', fields: {}, state: 'pending', attempts: 0 })
}

export interface SendingAlone extends Omit<Delivering, 'owner' | 'heartbeat' | 'staleAt'>, SendEvents {
  readonly holder: SenderProcess & { readonly owner: string }
  /** What to freeze if the ledger does not know the edition yet. */
  readonly freeze: Freeze | undefined
  /** ms since epoch at which it was frozen, when it was. */
  readonly frozenAt: number
  readonly resendUnknown: boolean
  readonly despiteComplaints?: boolean | undefined
}

/** Lock, freeze, recovery from a crash, delivery, release. */
export async function sendAlone(sending: SendingAlone): Promise<Delivered> {
  const { db, edition, clock, holder, shared, wait } = sending
  const { heartbeat, release } = await lockSender(db, edition, { ...holder, now: clock.now, shared })
  if (!shared) return sendLocked(sending, heartbeat).finally(release)
  const giveBack = async (patience: number) => {
    await releaseLeases(db, { edition, owner: holder.owner })
    await release()
    await shared.save(`sent ${edition}`, patience)
  }
  try {
    const delivered = await sendLocked(sending, async () => {
      await shared.keepAlive(`sending ${edition}`)
      return heartbeat()
    })
    await giveBack(wait)
    return delivered
  } catch (error) {
    // What is known by now is worth a try; the first error is the one that is reported.
    await giveBack(0).catch(() => undefined)
    throw error
  }
}

async function sendLocked(sending: SendingAlone, heartbeat: () => Promise<boolean>): Promise<Delivered> {
  const { db, edition, clock, holder, freeze, shared } = sending
  if (freeze) await freezeEdition(db, freeze)
  // We have the lock, so whatever is leased or handed belongs to a sender that is gone.
  const claimsInDoubt = shared !== undefined
  const { unknown } = await recoverDeliveries(db, { edition, now: clock.now(), claimsInDoubt })
  if (unknown > 0) sending.onRecovered?.(unknown)
  if (sending.resendUnknown) await resend(sending)
  if (sending.despiteComplaints) await acceptComplaints(db, edition, clock.now())
  const staleAt = sending.frozenAt + STALE_AFTER_MS
  const delivered = await deliver({ ...sending, owner: holder.owner, heartbeat, staleAt })
  // Nobody writes a mail about what a server said at once.
  const { rejected } = delivered.counts
  if (rejected > 0 && !(await recordRefusals(db, edition, clock.now()))) sending.onManyRefused?.()
  const { pending, deferred } = delivered.counts
  if (delivered.ended !== 'taken-over' && pending + deferred === 0)
    await finishEdition(db, edition, clock.now())
  return delivered
}

/** Frozen, offered to the workers, and sent along with them until all is done. */
async function sendTogether(prepared: Prepared, sending: Sending): Promise<Delivered> {
  const { db } = sending
  const { newsletter, plan } = prepared
  const { edition } = plan
  const engine = await openEngine(sending.database, db)
  try {
    if (prepared.freeze) await freezeEdition(db, prepared.freeze)
    // Of two sends at once one has frozen it: what is in the ledger is what everybody gets.
    const record = await frozenEdition(db, edition)
    const { letter = prepared.letter, frozenAt = prepared.frozenAt } = record ?? {}
    if (sending.resendUnknown) await resend({ ...sending, edition })
    if (sending.despiteComplaints) await acceptComplaints(db, edition, await databaseTime(db))
    const counts = await countDeliveries(db, edition)
    await engine.enqueue(edition, counts.pending)
    if (sending.enqueue) return { counts, ended: counts.pending > 0 ? 'enqueued' : 'done' }
    return await takePart({ edition, newsletter, letter, frozenAt }, sending, {
      ...eventsOf(sending),
      wait: sending.wait,
      stay: true,
    })
  } finally {
    await engine.close()
  }
}

async function resend({ db, edition, onResent }: Pick<SendingAlone, 'db' | 'edition' | 'onResent'>) {
  await reopenEdition(db, edition)
  const resent = await resendUnknown(db, edition)
  if (resent > 0) onResent?.(resent)
}

function eventsOf({ onRecovered, onManyRefused, onResent, onProgress }: SendEvents): SendEvents {
  return {
    ...(onRecovered ? { onRecovered } : {}),
    ...(onManyRefused ? { onManyRefused } : {}),
    ...(onResent ? { onResent } : {}),
    ...(onProgress ? { onProgress } : {}),
  }
}

/** The right to send an edition of a file's ledger, held by one process at a time. */
interface SenderLock {
  /** False when another has taken over: stop at once. */
  heartbeat(): Promise<boolean>
  release(): Promise<void>
}

/** Six heartbeats: a machine that was asleep for a minute has lost it to whoever wants it. */
const EXPIRY_MS = 60_000

/** Others hear of a sender only when it saves: once a minute, and later where the place of the ledger cannot be reached. */
const SHARED_EXPIRY_MS = 5 * 60_000

/**
 * A lock whose process has died on this machine, or that was not kept for a minute, is taken over. Should its holder live
 * after all, the ledger gives it nothing more: what it has claimed is no longer its own.
 *
 * @param owner unique to this run
 * @throws UserError when another process is sending this edition
 */
async function lockSender(
  db: Database,
  edition: string,
  { owner, host, pid, now, shared }: LockOptions,
): Promise<SenderLock> {
  const expiry = shared ? SHARED_EXPIRY_MS : EXPIRY_MS
  const expires = () => now() + expiry
  for (;;) {
    const time = now()
    const answer = await acquireSenderLock(db, { edition, owner, host, pid, now: time, expires: expires() })
    if (answer.taken) break
    const { by } = answer
    if (shared && !shared.hasEnded(by)) {
      throw new UserError(
        `another run is sending ${edition} since ${shortTime(by.since, time)}`,
        `Nobody was mailed by this one. Wait until the other has ended. If it was killed: run this again after ${shortTime(by.expires, time)}, or try the same CI run again.`,
      )
    }
    if (!shared && (by.host !== host || isRunning(by.pid))) {
      throw new UserError(
        `ledger locked by another send of ${edition}: process ${by.pid} on ${by.host}, since ${new Date(by.since).toISOString()}`,
        `Wait until it has ended, or stop it. If that machine is gone, the lock is free a minute after its last sign: ${new Date(by.expires).toISOString()}.`,
      )
    }
    await releaseSenderLock(db, { edition, owner: by.owner })
  }
  return {
    heartbeat: () => extendSenderLock(db, { edition, owner, expires: expires() }),
    release: () => releaseSenderLock(db, { edition, owner }),
  }
}

interface LockOptions extends SenderProcess {
  readonly owner: string
  now(): number
  readonly shared: SharedLedger | undefined
}

// ─── A test ──────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A letter composed and sent as it would be, to one address that need not be on any list. Touches no ledger.

interface Addressee {
  readonly address: string
  /** As the list and suppressions know it. */
  readonly key: string
}

/** @param to as it was typed @throws UserError for what is no address */
export function testAddressee(to: string): Addressee {
  const parsed = parseAddress(to)
  if (parsed) return parsed
  throw new UserError(`--to ${to} is not an address`, 'Write it like --to editor@example.org')
}

/** Whoever said “never again” gets no test either. @throws UserError for an address that must not be mailed */
export async function refuseSuppressed({ key }: Addressee, db: Database): Promise<void> {
  const suppression = await isSuppressed(db, addressHash(key))
  if (!suppression) return
  throw new UserError(
    `--to ${key}: this address must not be mailed (${suppression.reason})`,
    'Take another one.',
  )
}

/** A subscriber that no database gives: her links are signed, and lead to nobody. */
const NO_SUBSCRIBER = 900_000_000_000_000

interface TestMeans {
  readonly publication: Publication
  readonly secret: string
  now(): number
}

/** The message that `sendTest` sends. */
export async function composeTest(
  { letter, newsletter }: TestLetter,
  { address }: Pick<Addressee, 'address'>,
  { publication, secret, now }: TestMeans,
): Promise<Message> {
  const { composeLetter } = await import('../../letter/index.ts')
  const compose = composeLetter(letter, publication, newsletter, { secret, date: now })
  // A number of its own each time, so that a mailbox which has seen one test does not hide the next.
  const subscriber = inertSubscriber(now())
  return marked(compose({ subscriber, email: address, name: '', fields: {} }))
}

/** Whoever follows her links changes nothing. */
export function inertSubscriber(now: number): number {
  return NO_SUBSCRIBER + Math.floor(now)
}

export async function sendTest(
  found: TestLetter,
  addressee: Addressee,
  { transport, ...means }: TestMeans & { readonly transport: Transport },
): Promise<Outcome> {
  const message = await composeTest(found, addressee, means)
  await transport.verify()
  return transport.send(message, { beforeLastByte: async () => true })
}

/** Says what it is where filters and people with “show original” see it; the subject stays as readers will see it. */
function marked(message: Message): Message {
  return { ...message, bytes: Buffer.concat([Buffer.from('X-Broadsheet-Test: yes\r\n'), message.bytes]) }
}
