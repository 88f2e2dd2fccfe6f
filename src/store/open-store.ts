// A file path or a postgres:// address → a database whose tables are those of this program.

import { UserError } from '../errors.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'

/** `created` says that this call made the ledger: in CI a send does not start on such a one. */
export interface Store {
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
