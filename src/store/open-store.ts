// A file path or a postgres:// address → a database whose tables are those of this program.

import { join, resolve } from 'node:path'
import { IGNORED } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Database } from './database.ts'
import { MIGRATIONS } from './migrations.ts'

/** `created` says that this call made the ledger: in CI a send does not start on such a one. */
interface Store {
  readonly db: Database
  readonly created: boolean
}

/**
 * @param address a file path (its folder is made), or postgres://user:password@host:port/database
 * @throws UserError when it cannot be opened, or a newer program has written it
 */
export async function openStore(address: string): Promise<Store> {
  const db = await open(address)
  try {
    return { db, created: await migrate(db) }
  } catch (error) {
    await db.close()
    throw error
  }
}

async function open(address: string): Promise<Database> {
  if (/^postgres(ql)?:\/\//i.test(address)) return (await import('./postgres.ts')).openPostgres(address)
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]
  if (scheme) {
    throw new UserError(
      `BROADSHEET_DATABASE: there is no database for ${scheme}:// addresses`,
      'Give the path of a file, or a postgres:// address.',
    )
  }
  return (await import('./sqlite.ts')).openSqlite(address)
}

/** BROADSHEET_DATABASE, a path in it being relative to the publication's folder; else the file in `.broadsheet/`. */
export function storeAddress(dir: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.BROADSHEET_DATABASE?.trim()
  if (!given) return join(dir, IGNORED, 'broadsheet.db')
  return given.includes('://') ? given : resolve(dir, given)
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

async function apply(db: Database, statement: string): Promise<void> {
  try {
    await db.query(statement)
  } catch (error) {
    if (!/already exists/.test(String(error))) throw error
    throw new UserError(
      'the database holds tables of another program under the same names',
      'Give Broadsheet a database of its own: createdb broadsheet',
    )
  }
}
