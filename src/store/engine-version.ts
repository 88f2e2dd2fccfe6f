// Which version the tables of the job engine have in this database.

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
