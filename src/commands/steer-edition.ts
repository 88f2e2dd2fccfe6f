// `send --pause`, `--resume`, `--cancel`: what to do to an edition that is being sent → written into the ledger, where
// every sender reads it before the next message.

import type { Steering } from '../deliver/index.ts'
import { UserError } from '../errors.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import { figure } from './describe-send.ts'
import { openExistingLedger } from './open-ledger.ts'
import type { SendOptions } from './send-options.ts'

/** @returns the edition that goes on, for 'resume'; undefined when nothing is to be sent now */
export async function steerEdition(
  context: Context,
  options: SendOptions,
  steering: Steering,
): Promise<{ readonly newsletter: string; readonly id: string } | undefined> {
  const { editionToSteer } = await import('../deliver/index.ts')
  const db = await openExistingLedger(context)
  if (!db) throw new UserError(`There is nothing to ${steering}: nothing was sent yet`)
  try {
    const edition = await editionToSteer(db, options, steering)
    if (steering === 'resume') return await resume(db, edition)
    await (steering === 'pause' ? pause : cancel)(context, db, edition)
    return undefined
  } finally {
    await db.close()
  }
}

async function resume(db: Database, edition: string) {
  const { resumeEdition } = await import('../store/index.ts')
  await resumeEdition(db, edition)
  const [newsletter = '', ...id] = edition.split('/')
  return { newsletter, id: id.join('/') }
}

async function pause({ now, result }: Context, db: Database, edition: string): Promise<void> {
  const { countDeliveries, pauseEdition } = await import('../store/index.ts')
  await pauseEdition(db, edition, now())
  const { accepted, pending, deferred } = await countDeliveries(db, edition)
  const left = pending + deferred
  result(
    { edition, state: 'paused', accepted, left },
    () =>
      `${edition} is paused: ${figure(accepted)} have it, ${figure(left)} have not.\nGo on: broadsheet send ${edition} --resume\nGive it up: broadsheet send ${edition} --cancel\n`,
  )
}

async function cancel({ now, result, confirm, say }: Context, db: Database, edition: string): Promise<void> {
  const { countDeliveries, cancelEdition } = await import('../store/index.ts')
  const { pending, deferred } = await countDeliveries(db, edition)
  const left = pending + deferred
  const question = `Cancel ${edition}? ${figure(left)} reader${left === 1 ? '' : 's'} will never get it.`
  if (!(await confirm(question))) {
    say('Nothing was cancelled.')
    return
  }
  const skipped = await cancelEdition(db, edition, now())
  const { accepted } = await countDeliveries(db, edition)
  result(
    { edition, state: 'cancelled', accepted, skipped },
    () => `${edition} is cancelled: ${figure(accepted)} have it, ${figure(skipped)} will not get it.\n`,
  )
}
