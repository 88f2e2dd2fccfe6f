// The environment → what commands open: the secret that signs links, the transport that mail goes out by, the database.

import { existsSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Transport } from '../deliver/index.ts'
import { EXIT, UserError } from '../errors.ts'
import type { Loaded, Newsletter, Publication } from '../model.ts'
import type { Database, Run, Store } from '../store/index.ts'
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
    throw new UserError('BROADSHEET_SECRET has a key of fewer than 16 characters: it could be guessed', hint)
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
  { env, dir, say, now, nameServers }: Context,
  { mail }: Pick<Publication, 'mail'>,
): Promise<{ readonly transport: Transport; readonly secret: string }> {
  const { openSending, sendingAddress } = await import('../deliver/index.ts')
  const address = sendingAddress(env)
  const secret = readSecret(env)
  return { transport: openSending(address, { mail, env, dir, say, now, nameServers }), secret }
}

type Place = Pick<Context, 'dir' | 'env' | 'now'>

/**
 * The ledger of this publication; made where there is none.
 *
 * @throws UserError when it cannot be opened
 */
export async function openLedger(place: Place): Promise<Store & { readonly address: string }> {
  const { isSharedAddress, openStore, storeAddress } = await import('../store/index.ts')
  const { dir, env, now } = place
  const address = storeAddress(dir, env)
  if (!isSharedAddress(address)) return { ...(await openStore(address)), address }
  const run = { ci: ciRun(env), host: hostname() }
  return { ...(await openStore(address, { dir, env, now, run, secret: readSecret(env) })), address }
}

/** For those who only look: nothing is made, and nothing is written. */
export async function openLedgerToRead(place: Place): Promise<Database | undefined> {
  const { isFileAddress, isSharedAddress, openStoreToRead, storeAddress } = await import('../store/index.ts')
  const address = storeAddress(place.dir, place.env)
  if (isSharedAddress(address)) return (await openExistingStore(place))?.db
  return isFileAddress(address) && !existsSync(address) ? undefined : openStoreToRead(address)
}

/** For those who change what is there, and save it: nothing is made where nothing was. */
export async function openExistingStore(place: Place): Promise<Store | undefined> {
  const { isSharedAddress, storeAddress } = await import('../store/index.ts')
  const address = storeAddress(place.dir, place.env)
  if (await isMissing(address)) return undefined
  const store = await openLedger(place)
  // A branch that does not exist yet is seen only when it is opened.
  if (!store.created || !isSharedAddress(address)) return store
  await store.db.close()
  return undefined
}

/**
 * For those who send. In CI a ledger that is new there is most likely one that got lost, and would mail everybody twice; unless
 * nothing can have been sent yet.
 *
 * @param newLedger somebody says that it is rightly new
 */
export async function openLedgerToSend(
  place: Place,
  { newLedger, newsletter }: { readonly newLedger: boolean; readonly newsletter: string | undefined },
  loaded: Loaded,
): Promise<Store & { readonly address: string }> {
  const { storeAddress } = await import('../store/index.ts')
  const { hasEarlierSlot } = await import('../edition/index.ts')
  const asked = loaded.publication.newsletters.filter(
    ({ id }) => newsletter === undefined || id === newsletter,
  )
  const refuse = inCi(place.env) && !newLedger && asked.some(one => hasEarlierSlot(loaded, one, place.now()))
  // Before it is opened: a file that this run left behind would let the next one through.
  if (refuse && (await isMissing(storeAddress(place.dir, place.env)))) throw lost()
  const store = await openLedger(place)
  if (refuse && (store.created || (await isBlank(store.db)))) {
    await store.db.close()
    throw lost()
  }
  return store
}

/**
 * A ledger that has readers, and has never heard of a newsletter whose schedule began before its last slot, was lost, and
 * the list imported anew: it would send what was sent.
 *
 * @param newsletters those of which this send would record an edition
 * @throws UserError in CI, unless somebody says that the ledger is rightly new
 */
export async function refuseForgottenSlots(
  { env, now }: Place,
  { newLedger }: { readonly newLedger: boolean },
  db: Database,
  loaded: Loaded,
  newsletters: readonly Newsletter[],
): Promise<void> {
  if (!inCi(env) || newLedger) return
  const { hasEarlierSlot } = await import('../edition/index.ts')
  const { listEditions } = await import('../store/index.ts')
  for (const newsletter of newsletters) {
    if (!hasEarlierSlot(loaded, newsletter, now()) || (await listEditions(db, newsletter.id)).length > 0)
      continue
    throw new UserError(
      `In CI a send does not start on a ledger that knows no edition of ${newsletter.id}, neither sent nor skipped: its schedule began earlier, and if the ledger was lost, everybody would be mailed twice`,
      'Restore the ledger, or set BROADSHEET_DATABASE to one that outlives the run (postgres://…, or git:origin#broadsheet-ledger). If this is the first send of the newsletter ever, say --new-ledger once.',
      EXIT.usage,
    )
  }
}

/**
 * A file that something brings back before each run of CI. An older copy of it knows nothing of what the last run sent, and
 * nothing in it tells that it is old.
 *
 * @param address of the ledger
 * @returns a sentence where that is so
 */
export async function fileInCiWarning({ env }: Place, address: string): Promise<string | undefined> {
  const { isFileAddress } = await import('../store/index.ts')
  if (!inCi(env) || !isFileAddress(address)) return undefined
  return 'The ledger is a file, and this is CI. If an older copy of it is ever restored (a cache that was not saved), readers are mailed twice. BROADSHEET_DATABASE=git:origin#broadsheet-ledger is safe.'
}

/** What this run is called where CI runs it, and how often it was tried there. */
function ciRun(env: Context['env']): Run['ci'] {
  const name = (...parts: (string | undefined)[]) => parts.filter(Boolean).join('-').replace(/\s+/g, '_')
  if (env.GITHUB_RUN_ID) {
    const id = name('github', env.GITHUB_RUN_ID, env.GITHUB_JOB)
    return { id, attempt: env.GITHUB_RUN_ATTEMPT ?? '1' }
  }
  // A job that is tried again gets another id there.
  if (env.CI_PIPELINE_ID && env.CI_JOB_ID)
    return { id: name('gitlab', env.CI_PIPELINE_ID, env.CI_JOB_NAME), attempt: env.CI_JOB_ID }
  return undefined
}

/** https://docs.github.com/en/actions/reference/variables-reference: CI is always true; others do the same. */
function inCi({ CI }: Context['env']): boolean {
  return CI !== undefined && !['', '0', 'false'].includes(CI.toLowerCase())
}

async function isMissing(address: string): Promise<boolean> {
  const { isFileAddress } = await import('../store/index.ts')
  return isFileAddress(address) && (!existsSync(address) || statSync(address).size === 0)
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
    'Set BROADSHEET_DATABASE to a ledger that outlives the run (git:origin#broadsheet-ledger, or postgres://…). If this is the first send ever, say --new-ledger.',
    EXIT.usage,
  )
}
