// A postgres:// address → a Database on PostgreSQL that outlives short outages and never guesses about a commit.

import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { parseUrl } from '../base/index.ts'
import { type Database, inDialect, type Param } from './database.ts'
import { explainPostgres, isConflict, isLost, notAnAddress } from './postgres-errors.ts'

/** How long the server may be away in the middle of work before we give up. At the start nothing is waited for. */
const PATIENCE = 60_000

const INT8 = 20

/** @throws UserError when the server refuses, without the password in it */
export async function openPostgres(address: string): Promise<Database> {
  if (!parseUrl(address)) throw notAnAddress()
  const pool = makePool(address)
  // A connection that breaks tells whoever uses it next. Without these listeners it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', client => client.on('error', () => undefined))

  async function connect(patience: number): Promise<pg.PoolClient> {
    for (let waited = 0; ; ) {
      try {
        return await pool.connect()
      } catch (error) {
        if (!isLost(error) || waited >= patience) throw explainPostgres(error, address)
        const wait = Math.min(1_000, 50 + waited)
        await pause(wait)
        waited += wait
      }
    }
  }

  // A statement that only reads may be asked again, whatever became of the first.
  async function read<Row>(sql: string, params: readonly Param[]): Promise<Row[]> {
    for (;;) {
      const client = await connect(PATIENCE)
      try {
        const { rows } = await client.query(inDialect('postgres', sql), [...params])
        client.release()
        return rows
      } catch (error) {
        client.release(isLost(error))
        if (!isLost(error)) throw explainPostgres(error, address)
      }
    }
  }

  // A commit whose answer never came has happened or has not: the server remembers which (PostgreSQL 13 and newer).
  async function committed(xid: string): Promise<boolean> {
    for (;;) {
      const [row] = await read<{ status: string }>('SELECT pg_xact_status(CAST($1 AS xid8)) AS status', [xid])
      if (row?.status !== 'in progress') return row?.status === 'committed'
      await pause(100)
    }
  }

  async function transaction<T>(work: (db: Database) => Promise<T>): Promise<T> {
    for (;;) {
      const client = await connect(PATIENCE)
      let xid: string
      let result: T
      try {
        xid = await begin(client)
        result = await work(inside(client, address))
      } catch (error) {
        const lost = isLost(error)
        if (!lost) await client.query('ROLLBACK').catch(() => undefined)
        client.release(lost)
        if (lost || isConflict(error)) continue
        throw explainPostgres(error, address)
      }
      try {
        await client.query('COMMIT')
        client.release()
        return result
      } catch (error) {
        client.release(true)
        if (!isLost(error)) throw explainPostgres(error, address)
        if (await committed(xid)) return result
      }
    }
  }

  const first = await connect(0)
  first.release()
  return {
    kind: 'postgres',
    query: (sql, params = []) =>
      /^\s*SELECT\b/i.test(sql) ? read(sql, params) : transaction(db => db.query(sql, params)),
    transaction,
    close: () => pool.end(),
  }
}

function makePool(address: string): pg.Pool {
  return new pg.Pool({
    connectionString: address,
    max: 10,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'broadsheet',
    // BIGINT would come as text. Ours are ids and times, all below 2^53.
    types: {
      getTypeParser: (oid: number, format?: 'text') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format),
    } as pg.CustomTypesConfig,
  })
}

async function begin(client: pg.PoolClient): Promise<string> {
  // Two statements in one round trip; pg answers with a list, which its types do not say.
  const answers = (await client.query(
    'BEGIN; SELECT CAST(pg_current_xact_id() AS text) AS xid',
  )) as unknown as pg.QueryResult<{ xid: string }>[]
  return answers[1]!.rows[0]!.xid
}

function inside(client: pg.PoolClient, address: string): Database {
  const db: Database = {
    kind: 'postgres',
    async query<Row>(sql: string, params: readonly Param[] = []) {
      const { rows } = await client.query(inDialect('postgres', sql), [...params])
      return rows as Row[]
    },
    transaction: work => work(db),
    close: () => Promise.reject(new Error(`a transaction of ${new URL(address).host} cannot be closed`)),
  }
  return db
}
