// An edition, frozen now or earlier → sent as far as it can be: lock, freeze, recovery from a crash, delivery, release.

import {
  type Freeze,
  finishEdition,
  freezeEdition,
  type Recovered,
  recordRefused,
  recoverDeliveries,
  reopenEdition,
  resendUnknown,
} from '../../store/index.ts'
import { type Delivered, type Delivering, deliver } from '../deliver.ts'
import { type Holder, holdSender } from './hold-sender.ts'

export interface Sending extends Omit<Delivering, 'owner' | 'beat' | 'staleAt'> {
  readonly holder: Holder
  /** What to freeze if the ledger does not know the edition yet. */
  readonly freeze: Freeze | undefined
  /** ms since epoch at which it was frozen, when it was. */
  readonly frozenAt: number
  /** ms after which nobody is tried again. */
  readonly staleAfter: number
  /** Send once more, at a person's word, to those of whom we do not know whether they have it. */
  readonly resend: boolean
  /** Called once the ledger is ready, before the first message. */
  onStart?(recovered: Recovered & { readonly resent: number }): void
}

/** @throws UserError when another process sends this edition, or the ledger cannot be written */
export async function sendEdition(sending: Sending): Promise<Delivered> {
  const { db, edition, clock, holder, freeze } = sending
  const { beat, release } = await holdSender(db, edition, holder)
  try {
    if (freeze) await freezeEdition(db, freeze)
    // We hold the lock, so whatever is leased or handed belongs to a sender that is gone.
    const recovered = await recoverDeliveries(db, { edition, now: clock.now() })
    const resent = sending.resend ? await again() : 0
    sending.onStart?.({ ...recovered, resent })
    const staleAt = sending.frozenAt + sending.staleAfter
    const delivered = await deliver({ ...sending, owner: holder.owner, beat, staleAt })
    // Nobody writes a mail about what a server said at once.
    if (delivered.counts.rejected > 0) await recordRefused(db, edition, clock.now())
    const { pending, deferred } = delivered.counts
    if (delivered.ended !== 'taken-over' && pending + deferred === 0)
      await finishEdition(db, edition, clock.now())
    return delivered
  } finally {
    await release()
  }

  async function again(): Promise<number> {
    await reopenEdition(db, edition)
    return resendUnknown(db, edition)
  }
}
