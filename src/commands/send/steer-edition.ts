// `send --pause`, `--resume`, `--cancel`: a word about an edition that is being sent → in the ledger, where every sender
// reads it before the next message.

import { UserError } from '../../errors.ts'
import type { Database } from '../../store/index.ts'
import type { Context } from '../context.ts'
import { figure } from '../describe-send.ts'
import { openExistingLedger } from '../open-ledger.ts'
import type { SendOptions } from '../send-options.ts'

/** @returns the edition that goes on, for 'resume'; undefined when nothing is to be sent now */
export async function steerEdition(
  context: Context,
  options: SendOptions,
  word: 'pause' | 'resume' | 'cancel',
): Promise<{ readonly newsletter: string; readonly id: string } | undefined> {
  const db = await openExistingLedger(context)
  if (!db) throw new UserError(`There is nothing to ${word}: nothing was sent yet`)
  try {
    const edition = await meant(db, options, word)
    if (word === 'pause') await pause(context, db, edition)
    else if (word === 'cancel') await cancel(context, db, edition)
    else {
      const { resumeEdition } = await import('../../store/index.ts')
      await resumeEdition(db, edition)
      const [newsletter = '', ...id] = edition.split('/')
      return { newsletter, id: id.join('/') }
    }
    return undefined
  } finally {
    await db.close()
  }
}

async function pause({ now, result }: Context, db: Database, edition: string): Promise<void> {
  const { countDeliveries, pauseEdition } = await import('../../store/index.ts')
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
  const { countDeliveries, giveUpEdition } = await import('../../store/index.ts')
  const { pending, deferred } = await countDeliveries(db, edition)
  const left = pending + deferred
  const question = `Cancel ${edition}? ${figure(left)} reader${left === 1 ? '' : 's'} will never get it.`
  if (!(await confirm(question))) {
    say('Nothing was cancelled.')
    return
  }
  const skipped = await giveUpEdition(db, edition, now())
  const { accepted } = await countDeliveries(db, edition)
  result(
    { edition, state: 'cancelled', accepted, skipped },
    () => `${edition} is cancelled: ${figure(accepted)} have it, ${figure(skipped)} will not get it.\n`,
  )
}

/** The edition that was named, or the only one there is. */
async function meant(
  db: Database,
  { newsletter, id }: SendOptions,
  word: 'pause' | 'resume' | 'cancel',
): Promise<string> {
  const { editionStanding, listEditions, listPaused } = await import('../../store/index.ts')
  const paused = await listPaused(db)
  const fits = (edition: string) => (word === 'resume') === paused.has(edition) || word === 'cancel'
  if (newsletter !== undefined && id !== undefined) {
    const edition = `${newsletter}/${id}`
    const standing = await editionStanding(db, edition)
    if ((standing === 'sending' || standing === 'paused') && fits(edition)) return edition
    throw new UserError(
      `There is nothing to ${word}: ${edition} is ${standing === undefined ? 'not in the ledger' : standing}`,
      `See how it stands: broadsheet status ${standing === undefined ? '' : edition}`.trim(),
    )
  }
  const open = (await listEditions(db, newsletter))
    .filter(({ state, edition }) => state === 'sending' && fits(edition))
    .map(({ edition }) => edition)
  if (open.length === 1) return open[0]!
  throw new UserError(
    open.length === 0 ? `There is nothing to ${word}` : `Which one? ${open.join(', ')}`,
    open.length === 0
      ? 'See how it stands: broadsheet status'
      : `Name it: broadsheet send ${open[0]} --${word}`,
  )
}
