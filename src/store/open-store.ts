// A file path, a postgres:// address or a branch of git → a database whose tables are those of this program.

import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { IGNORED } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Database } from './database.ts'
import { MIGRATIONS } from './migrations.ts'
import type { OpenedLedger, SharedLedger, SharedOptions } from './shared-ledger.ts'

export interface Store {
  readonly db: Database
  /** This call made the ledger: in CI a send does not start on such a one. */
  readonly created: boolean
  /**
   * Called once everything is done: puts the changes where others find them. A file and a server have them already.
   *
   * @param doing for others to read: 'subscribers add'
   * @throws UserError when another run has changed the ledger, or is sending: then nothing is saved
   */
  save(doing: string): Promise<void>
  /** Where the ledger is a snapshot that runs on other machines change as well: what a sender must do about that. */
  readonly shared?: SharedLedger | undefined
}

/** Only a ledger in a branch needs it. */
export interface StoreOptions extends SharedOptions {
  /** The checkout. */
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * @param address a file path (its folder is made), postgres://user:password@host:port/database, or git:<remote>#<branch>
 * @throws UserError when it cannot be opened, or a newer program has written it
 */
export async function openStore(address: string, options?: StoreOptions): Promise<Store> {
  const { db, shared, ignoreChanges, saveChanges } = await open(address, options)
  try {
    const created = await migrate(db)
    await ignoreChanges?.()
    return { db, created, save: async doing => saveChanges?.(doing), shared }
  } catch (error) {
    await db.close()
    throw error
  }
}

/**
 * For those who only look: a file that cannot be written can be read.
 *
 * @throws UserError when it cannot be opened, or was written by another version that only one who may write can bring up to date
 */
export async function openStoreToRead(address: string): Promise<Database> {
  if (address.includes('://')) return (await openStore(address)).db
  const db = (await import('./sqlite.ts')).openSqliteToRead(address)
  const version = await readVersion(db).catch(() => 0)
  if (version === MIGRATIONS.length) return db
  await db.close()
  return (await openStore(address)).db
}

async function open(address: string, options: StoreOptions | undefined): Promise<Opened> {
  if (isSharedAddress(address)) return openBranch(address, options)
  if (/^postgres(ql)?:\/\//i.test(address))
    return { db: await (await import('./postgres.ts')).openPostgres(address) }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]
  if (scheme) {
    throw new UserError(
      `BROADSHEET_DATABASE: there is no database for ${scheme}:// addresses`,
      'Give the path of a file, a postgres:// address, or git:<remote>#<branch>.',
    )
  }
  return { db: (await import('./sqlite.ts')).openSqlite(address) }
}

type Opened = { readonly db: Database } & Partial<Omit<OpenedLedger, 'db'>>

async function openBranch(address: string, options: StoreOptions | undefined): Promise<Opened> {
  if (!options) throw new Error('a ledger in a branch needs the checkout and the secret')
  const { openGitBranch } = await import('./git-branch.ts')
  const { openSharedLedger, privateFolder } = await import('./shared-ledger.ts')
  const folder = privateFolder()
  try {
    const { dir, env, now } = options
    return await openSharedLedger(await openGitBranch(address, { dir, env, folder, now }), folder, options)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** git:<remote>#<branch>: read as a whole, and saved as a whole. git:// is an address of git's own. */
export function isSharedAddress(address: string): boolean {
  return /^git:(?!\/\/)/.test(address)
}

/** The path of a file, which is there or not before anything is opened. */
export function isFileAddress(address: string): boolean {
  return !address.includes('://') && !isSharedAddress(address)
}

/** BROADSHEET_DATABASE, a path in it being relative to the publication's folder; else the file in `.broadsheet/`. */
export function storeAddress(dir: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.BROADSHEET_DATABASE?.trim()
  if (!given) return join(dir, IGNORED, 'broadsheet.db')
  // As a path it would be printed, with the password in it.
  if (/^(postgres(ql)?|pgsql|psql|mysql|mariadb|sqlite3?|libsql|mongodb)(\+\w+)?:(?!\/\/)/i.test(given)) {
    throw new UserError(
      'BROADSHEET_DATABASE begins like an address, but has no // behind the colon',
      'Write it like BROADSHEET_DATABASE=postgres://user:password@host:5432/database, or give the path of a file.',
    )
  }
  return isFileAddress(given) ? resolve(dir, given) : given
}

/**
 * @returns true when there was no ledger before
 * @throws UserError when a newer program has written the database, or its tables are another program's
 */
async function migrate(db: Database): Promise<boolean> {
  // Most of the time there is nothing to do, and then a running send need not be waited for.
  const version = await readVersion(db).catch(() => 0)
  refuseNewer(version)
  if (version === MIGRATIONS.length) return false
  return db.transaction(async tx => {
    // SQLite has locked already, by BEGIN IMMEDIATE. The number is 'Broadshe' cut to 53 bits: nobody else's lock.
    if (tx.kind === 'postgres') await tx.query('SELECT pg_advisory_xact_lock(4715000233984613)')
    await tx.query(
      'CREATE TABLE IF NOT EXISTS broadsheet_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)',
    )
    const before = await readVersion(tx)
    refuseNewer(before)
    for (const [index, { name, statements }] of MIGRATIONS.entries()) {
      if (index < before) continue
      for (const statement of statements) await apply(tx, statement)
      await tx.query('INSERT INTO broadsheet_migrations (version, name) VALUES ($1, $2)', [index + 1, name])
    }
    return before === 0
  })
}

async function readVersion(db: Database): Promise<number> {
  const [row] = await db.query<{ version: number | null }>(
    'SELECT MAX(version) AS version FROM broadsheet_migrations',
  )
  return row?.version ?? 0
}

function refuseNewer(version: number): void {
  if (version <= MIGRATIONS.length) return
  throw new UserError(
    `the database was written by a newer Broadsheet (its version is ${version}, this program's ${MIGRATIONS.length})`,
    'Install the newer program: npm install broadsheet@latest',
  )
}

/**
 * For those at work for long: the tables may have been changed by another machine that is up to date already.
 *
 * @returns what to tell a person, where a newer program has changed them
 */
export async function newerProgramAt(db: Database): Promise<UserError | undefined> {
  if ((await readVersion(db)) <= MIGRATIONS.length) return undefined
  return new UserError(
    'A newer Broadsheet has changed the database while this one was at work; this one stopped, and nothing is lost',
    'Install the newer program here, too, and run this again: npm install broadsheet@latest',
  )
}

async function apply(db: Database, statement: string): Promise<void> {
  try {
    await db.query(statement)
  } catch (error) {
    if (!/already exists/.test(String(error))) throw error
    throw new UserError(
      'the database has tables of another program under the same names',
      'Give Broadsheet a database of its own: createdb broadsheet',
    )
  }
}
