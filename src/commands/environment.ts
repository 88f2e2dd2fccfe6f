// The environment → what commands open: the secret that signs links, the transport that mail goes out by, the database.

import { existsSync, statSync } from 'node:fs'
import type { Transport } from '../deliver/index.ts'
import { EXIT, UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'

/**
 * BROADSHEET_SECRET. Its keys are separated by commas or spaces: the first signs, all verify.
 *
 * @throws UserError when there is none, or one that could be guessed
 */
export function readSecret(env: Context['env']): string {
  const secret = env.BROADSHEET_SECRET?.trim()
  const hint =
    'Make one and keep it for good, in the environment or in .env:\necho "BROADSHEET_SECRET=$(openssl rand -base64 32)" >> .env'
  if (!secret) {
    throw new UserError(
      'BROADSHEET_SECRET is not set: nothing could sign or read the readers’ own links',
      hint,
    )
  }
  if (secret.split(/[\s,]+/).some(key => key.length < 16)) {
    throw new UserError(
      'BROADSHEET_SECRET holds a key of fewer than 16 characters: it could be guessed',
      hint,
    )
  }
  return secret
}

/**
 * Without a mail server what people ask for waits in the database.
 *
 * @throws UserError for an address that is none, and for a DKIM key that cannot sign
 */
export async function openMail(
  { env, dir, say, now }: Context,
  { mail }: Pick<Publication, 'mail'>,
): Promise<Transport | undefined> {
  const address = env.BROADSHEET_SMTP?.trim()
  if (!address) return undefined
  const { openSigned } = await import('../deliver/index.ts')
  return openSigned(address, { mail, env, dir, say, now })
}

/**
 * What whole editions go out by, and what signs their links.
 *
 * @throws UserError with an example of right where one of them is missing or wrong
 */
export async function openOutgoing(
  { env, dir, say, now }: Context,
  { mail }: Pick<Publication, 'mail'>,
): Promise<{ readonly transport: Transport; readonly secret: string }> {
  const { openSending, sendingAddress } = await import('../deliver/index.ts')
  const address = sendingAddress(env)
  const secret = readSecret(env)
  return { transport: openSending(address, { mail, env, dir, say, now }), secret }
}

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
