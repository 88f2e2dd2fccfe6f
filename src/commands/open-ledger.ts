// The publication's folder and the environment → its database, opened only where it may be made.

import { existsSync, statSync } from 'node:fs'
import { EXIT, UserError } from '../errors.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'

type Place = Pick<Context, 'dir' | 'env'>

/** For those who only look: nothing is made where nothing was. */
export async function openExistingLedger({ dir, env }: Place): Promise<Database | undefined> {
  const { openStore, storeAddress } = await import('../store/index.ts')
  const address = storeAddress(dir, env)
  return isMissing(address) ? undefined : (await openStore(address)).db
}

/**
 * For those who send. In CI a ledger that is new there is most likely one that got lost, and would mail everybody twice.
 *
 * @param newLedger somebody says that it is rightly new
 */
export async function openLedgerToSend(
  { dir, env }: Place,
  { newLedger }: { readonly newLedger: boolean },
): Promise<{ readonly db: Database; readonly address: string }> {
  const { openStore, storeAddress } = await import('../store/index.ts')
  const address = storeAddress(dir, env)
  const refuse = inCi(env) && !newLedger
  // Before it is opened: a file that this run left behind would let the next one through.
  if (refuse && isMissing(address)) throw lost()
  const { db, created } = await openStore(address)
  if (refuse && (created || (await isBlank(db)))) {
    await db.close()
    throw lost()
  }
  return { db, address }
}

/** https://docs.github.com/en/actions/reference/variables-reference: CI is always true; others do the same. */
function inCi({ CI }: Context['env']): boolean {
  return CI !== undefined && !['', '0', 'false'].includes(CI.toLowerCase())
}

function isMissing(address: string): boolean {
  if (address.includes('://')) return false
  return !existsSync(address) || statSync(address).size === 0
}

/** Tables without a subscriber and without an edition: made, and never used. */
async function isBlank(db: Database): Promise<boolean> {
  const { countSubscribers, listEditions } = await import('../store/index.ts')
  const subscribers = Object.values(await countSubscribers(db)).reduce((sum, count) => sum + count, 0)
  return subscribers === 0 && (await listEditions(db)).length === 0
}

function lost(): UserError {
  return new UserError(
    'In CI a send does not start on a new ledger: if the old one was lost, everybody would be mailed twice',
    'Restore .broadsheet/ from the cache, or set BROADSHEET_DATABASE. If this is the first send ever, say --new-ledger.',
    EXIT.usage,
  )
}
