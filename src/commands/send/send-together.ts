// A prepared edition and PostgreSQL → frozen, offered to the workers, and sent along with them until all is done.

import { type Delivered, openEngine, type TakingPart } from '../../deliver/index.ts'
import {
  countDeliveries,
  freezeEdition,
  frozenEdition,
  reopenEdition,
  resendUnknown,
  storeAddress,
} from '../../store/index.ts'
import type { Context } from '../context.ts'
import type { SendOptions } from '../send-options.ts'
import type { Prepared } from './prepare-send.ts'
import { type Together, takePartIn } from './together.ts'

interface Desk extends Together {
  readonly context: Context
  readonly options: SendOptions
  onProgress(settled: number): void
  readonly onAttempt?: TakingPart['onAttempt']
}

export async function sendTogether(
  { plan, newsletter, ...prepared }: Prepared,
  desk: Desk,
): Promise<Delivered> {
  const { context, options, db, onProgress } = desk
  const { edition } = plan
  const engine = await openEngine(storeAddress(context.dir, context.env), db)
  try {
    if (prepared.freeze) await freezeEdition(db, prepared.freeze)
    // Of two sends at once one has frozen it: what is in the ledger is what everybody gets.
    const record = await frozenEdition(db, edition)
    const { letter = prepared.letter, frozenAt = prepared.frozenAt } = record ?? {}
    if (options.resend) {
      await reopenEdition(db, edition)
      const resent = await resendUnknown(db, edition)
      if (resent > 0) context.say(`Sending once more to ${resent} of whom we did not know.`)
    }
    const counts = await countDeliveries(db, edition)
    await engine.enqueue(edition, counts.pending)
    if (options.enqueue) return { counts, ended: counts.pending > 0 ? 'enqueued' : 'done' }
    return await takePartIn({ edition, newsletter, letter, frozenAt }, desk, {
      wait: options.wait,
      stay: true,
      onProgress,
      ...(desk.onAttempt ? { onAttempt: desk.onAttempt } : {}),
    })
  } finally {
    await engine.close()
  }
}
