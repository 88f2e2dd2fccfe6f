// The tables of the job engine in this database: which version they have, and one program at a time that makes them.

import type { Database } from './database.ts'

/** @param schema where they lie @returns undefined when there are none */
export async function engineVersion(db: Database, schema: string): Promise<number | undefined> {
  const [found] = await db.query<{ name: string | null }>('SELECT CAST(to_regclass($1) AS TEXT) AS name', [
    `${schema}.version`,
  ])
  if (!found?.name) return undefined
  const [row] = await db.query<{ version: number }>(`SELECT version FROM ${schema}.version`)
  return row?.version
}

/** Programs that start together would be in each other's way. The number is 'Broadshf' cut to 53 bits. */
export function makeEngineAlone(db: Database, make: () => Promise<void>): Promise<void> {
  return db.transaction(async tx => {
    await tx.query('SELECT pg_advisory_xact_lock(4715000233984614)')
    await make()
  })
}
