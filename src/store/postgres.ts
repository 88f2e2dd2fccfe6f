// A postgres:// address → a Database on PostgreSQL that survives short outages and never guesses about a commit; and what
// the server or its socket reported → whether it may be tried again, and words for the person who can put it right.

import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { ENCODE_PASSWORD, readSecretUrl } from '../base/index.ts'
import { UserError } from '../errors.ts'
import {
  type Database,
  inDialect,
  isConflict,
  isConnectionLost,
  isSilence,
  isStatementForgotten,
  type Param,
  partsOf,
} from './database.ts'

/** How long the server may be away in the middle of work before we give up. The first connection does not wait. */
const MAX_OUTAGE_MS = 60_000

/**
 * @param silence how long an answer may take, in ms, before another connection is asked what became of it
 * @throws UserError when the server refuses, without the password in it
 */
export async function openPostgres(address: string, silence = 15_000): Promise<Database> {
  const read = readSecretUrl(address)
  if ('problem' in read)
    throw new UserError(
      `BROADSHEET_DATABASE ${read.problem}`,
      `Write it like BROADSHEET_DATABASE=postgres://user:password@host:5432/database\n${ENCODE_PASSWORD}`,
    )
  // Whoever keeps the ledger in a file need not load the client.
  const { default: pg } = await import('pg')
  const server = new PostgresServer(address, () => makePool(pg, address), silence)
  const client = await server.connect(0)
  const refusal = await client.query<{ durable: boolean }>(`SELECT ${IS_DURABLE}`).then(
    ({ rows }) => (rows[0]!.durable ? undefined : forgetful(client, address)),
    error => explainPostgres(error, address),
  )
  client.release()
  if (refusal) {
    await server.close()
    throw refusal
  }
  return {
    kind: 'postgres',
    query: (sql, params = []) =>
      /^\s*SELECT\b/i.test(sql) ? server.read(sql, params) : server.transaction(db => db.query(sql, params)),
    transaction: work => server.transaction(work),
    close: () => server.close(),
  }
}

class PostgresServer {
  readonly #address: string
  readonly #silence: number
  readonly #newPool: () => pg.Pool
  #pool: pg.Pool
  readonly #reading = new Set<pg.PoolClient & { end?(): void }>()
  /** Statements are planned once for each connection; not where a pooler forgets, between us and the server. */
  #areNamed = true

  constructor(address: string, newPool: () => pg.Pool, silence: number) {
    this.#address = address
    this.#silence = silence
    this.#newPool = newPool
    this.#pool = newPool()
  }

  /** @param patience ms to wait for a server that cannot be reached */
  async connect(patience = MAX_OUTAGE_MS): Promise<pg.PoolClient> {
    for (let waited = 0; ; ) {
      try {
        return await this.#pool.connect()
      } catch (error) {
        if (!isConnectionLost(error) || waited >= patience) throw explainRefusal(error, this.#address)
        const wait = Math.min(1_000, 50 + waited)
        await pause(wait)
        waited += wait
      }
    }
  }

  /** A statement that only reads may be run again, whatever became of the first. */
  async read<Row>(sql: string, params: readonly Param[]): Promise<Row[]> {
    const asked = { text: inDialect('postgres', sql), values: [...params] }
    for (let silences = 0; ; silences++) {
      const client = await this.connect()
      this.#reading.add(client)
      try {
        const { rows } = await client.query<Row & pg.QueryResultRow>(within(MAX_READ_MS, asked))
        client.release()
        return rows
      } catch (error) {
        client.release(isConnectionLost(error))
        if (!isConnectionLost(error) || silences >= MAX_SILENCES) throw explainPostgres(error, this.#address)
        if (isSilence(error)) this.#renew()
        else silences = -1
      } finally {
        this.#reading.delete(client)
      }
    }
  }

  async transaction<T>(work: (db: Database) => Promise<T>): Promise<T> {
    for (;;) {
      const client = await this.connect()
      const begun = await this.#beginAndWork(client, work)
      if (begun && (await this.#commit(client, begun))) return begun.result
    }
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  /** @returns undefined when the transaction was rolled back and may be tried again */
  async #beginAndWork<T>(
    client: pg.PoolClient,
    work: (db: Database) => Promise<T>,
  ): Promise<(Begun & { readonly result: T }) | undefined> {
    let unwatch = () => {}
    try {
      const life = await lifeOf(client)
      const { xid, pid } = await begin(client, this.#address)
      unwatch = this.#watch(client, pid)
      return { xid, life, unwatch, result: await work(databaseIn(client, this.#address, this.#areNamed)) }
    } catch (error) {
      unwatch()
      const lost = isConnectionLost(error)
      if (!lost) await client.query('ROLLBACK').catch(() => undefined)
      client.release(lost)
      if (isSilence(error)) this.#renew()
      if (lost || isConflict(error)) return undefined
      if (this.#areNamed && isStatementForgotten(error)) {
        this.#areNamed = false
        return undefined
      }
      throw explainPostgres(error, this.#address)
    }
  }

  /** @returns false when the connection broke and nothing was committed */
  async #commit(client: pg.PoolClient, begun: Begun): Promise<boolean> {
    try {
      await client.query('COMMIT')
      client.release()
      return true
    } catch (error) {
      client.release(true)
      if (!isConnectionLost(error)) throw explainPostgres(error, this.#address)
      return this.#wasCommitted(begun)
    } finally {
      begun.unwatch()
    }
  }

  /**
   * A line may die without a word: a firewall has forgotten it, or a proxy lost the server behind it. TCP says so after a
   * quarter of an hour, or never. So a new connection is asked: a server that waits for us while we wait for it is not heard.
   *
   * @returns what ends the watch
   */
  #watch(client: pg.PoolClient, pid: number): () => void {
    const watch = setInterval(async () => {
      const fresh = this.#newPool()
      const heard = await fresh
        .query(within(MAX_BEGIN_MS, { text: HEARD_US, values: [pid, this.#silence] }))
        .catch(() => undefined)
      void fresh.end()
      if (heard?.rowCount) return
      this.#renew()
      void (client as pg.PoolClient & pg.Client).end()
    }, this.#silence)
    return () => clearInterval(watch)
  }

  /** Where one line has died, those as old as it have, too; and to read once more costs little. */
  #renew(): void {
    for (const client of this.#reading) client.end?.()
    void this.#pool.end().catch(() => undefined)
    this.#pool = this.#newPool()
  }

  /** A commit whose answer was lost may have happened. The server remembers it (PostgreSQL 13 and newer). */
  async #wasCommitted({ xid, life }: Begun): Promise<boolean> {
    for (;;) {
      const [row] = await this.read<{ status: string; life: string }>(
        `SELECT pg_xact_status(CAST($1 AS xid8)) AS status, (${LIFE}) AS life`,
        [xid],
      ).catch(error => {
        // A crash has forgotten that this number was given.
        if (/is in the future/.test(partsOf(error).message)) return []
        throw error
      })
      if (!row) return false
      // After a crash the number may have been given again, to another transaction.
      if (row.life !== life && row.status === 'committed') throw crashed(this.#address)
      if (row.status !== 'in progress' || row.life !== life) return row.status === 'committed'
      await pause(100)
    }
  }
}

/** It works on what we asked, or has answered only now; one that does not tell what it does is believed. */
const HEARD_US = `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND
  (COALESCE(state, '') NOT LIKE 'idle%' OR clock_timestamp() - state_change < $2 * interval '1 ms')`

/** Nothing that is read takes longer, and to begin takes no time. */
const MAX_READ_MS = 120_000
const MAX_BEGIN_MS = 10_000
const MAX_SILENCES = 3

/** pg's limit for one statement, not in its types. */
const within = <Query extends object>(ms: number, query: Query) => ({ ...query, query_timeout: ms })

/** A server that is gone without a word, as behind a cut cable, is missed within half a minute and not within two hours. */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 15_000 }

function makePool({ Pool, types }: typeof pg, address: string): pg.Pool {
  const pool = new Pool({
    connectionString: address,
    max: 10,
    connectionTimeoutMillis: 10_000,
    ...KEEP_ALIVE,
    application_name: 'broadsheet',
    // pg gives BIGINT (20) as text. Ours are ids and times, all below 2^53.
    types: {
      getTypeParser: (oid: number, format?: 'text') =>
        oid === 20 ? Number : types.getTypeParser(oid, format),
    } as pg.CustomTypesConfig,
  })
  // Whoever uses a broken connection next gets the error. Without these listeners it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', client => client.on('error', () => undefined))
  return pool
}

interface Begun {
  readonly xid: string
  readonly life: string
  unwatch(): void
}

/** Changes whenever the server recovers from a crash, and not when it was stopped in order. */
const LIFE = 'SELECT CAST(stats_reset AS TEXT) FROM pg_stat_bgwriter'

const lives = new WeakMap<pg.PoolClient, string>()
/** A connection ends with the life that it began in. */
async function lifeOf(client: pg.PoolClient): Promise<string> {
  const known = lives.get(client)
  if (known !== undefined) return known
  const text = `SELECT (${LIFE}) AS life`
  const { rows } = await client.query<{ life: string }>(within(MAX_BEGIN_MS, { text }))
  lives.set(client, rows[0]!.life)
  return rows[0]!.life
}

/**
 * A machine that vanishes in the middle of a transaction has rows locked, and the others wait for them: for as long as a
 * lease, and not for the two hours after which TCP asks whether it is still there.
 */
const MAX_IDLE_MS = 60_000

/** A commit that is answered is on the disk. The server's settings may change at any time, and a pooler's connections differ. */
const IS_DURABLE = "current_setting('synchronous_commit') <> 'off' AS durable"

/** @throws UserError when the server would forget in a crash what it says that it has saved */
async function begin(client: pg.PoolClient, address: string): Promise<{ xid: string; pid: number }> {
  const text = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${MAX_IDLE_MS};
SELECT CAST(pg_current_xact_id() AS text) AS xid, pg_backend_pid() AS pid, ${IS_DURABLE}`
  // Three statements in one round trip; pg answers with a list, which its types do not say.
  const answers = (await client.query(within(MAX_BEGIN_MS, { text }))) as unknown as pg.QueryResult[]
  const { xid, pid, durable } = answers[2]!.rows[0]!
  if (!durable) throw await forgetful(client, address)
  return { xid, pid }
}

/** By its text: behind a pooler another program may use the same connection, and must mean the same by a name. */
function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 40)
  names.set(text, name)
  return name
}

const names = new Map<string, string>()

function databaseIn(client: pg.PoolClient, address: string, areNamed: boolean): Database {
  const db: Database = {
    kind: 'postgres',
    async query<Row>(sql: string, params: readonly Param[] = []) {
      const text = inDialect('postgres', sql)
      const name = areNamed && params.length > 0 ? { name: nameOf(text) } : {}
      const { rows } = await client.query({ ...name, text, values: [...params] })
      return rows as Row[]
    },
    transaction: work => work(db),
    close: () => Promise.reject(new Error(`a transaction of ${new URL(address).host} cannot be closed`)),
  }
  return db
}

/** https://www.postgresql.org/docs/18/wal-async-commit.html: up to three times wal_writer_delay, 600 ms, are lost. */
async function forgetful(client: pg.PoolClient, address: string): Promise<UserError> {
  const { rows } = await client.query<{ source: string; user: string; name: string }>(
    `SELECT source, quote_ident(current_user) AS user, quote_ident(current_database()) AS name
FROM pg_settings WHERE pg_settings.name = 'synchronous_commit'`,
  )
  const { source, user, name } = rows[0]!
  return new UserError(
    `PostgreSQL at ${hostAndDatabase(address)}: synchronous_commit is off; after a crash it would have forgotten whom we mailed in its last 600 ms, and they would be mailed twice`,
    howToTurnOn(source, user, name),
  )
}

/** @param source of pg_settings: what set it there wins over the server's own files */
function howToTurnOn(source: string, user: string, name: string): string {
  if (source === 'client')
    return 'Take it out of BROADSHEET_DATABASE (options=-c …) or PGOPTIONS, which set it.'
  if (source === 'session')
    return 'A pooler in between gives out connections on which others set it: let it reset them.'
  const inDatabase = source === 'user' ? '' : ` IN DATABASE ${name}`
  const whose = /user$/.test(source) ? `ROLE ${user}${inDatabase}` : `DATABASE ${name}`
  return `Run in that database: ALTER ${whose} SET synchronous_commit = on`
}

function crashed(address: string): UserError {
  return new UserError(
    `PostgreSQL at ${hostAndDatabase(address)}: it crashed while something was being saved, and whether it was saved cannot be known`,
    'Run the command again: it goes on from what was saved, and nobody is mailed twice.',
  )
}

const PROBLEMS: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  '3D000': ['no such database', 'Make it: createdb broadsheet'],
  '42501': ['not allowed', 'Give this user the right to create tables in its schema.'],
  '25006': ['it is read-only', 'Name the primary server in BROADSHEET_DATABASE.'],
  '53300': ['too many connections', 'Raise max_connections, or run fewer workers.'],
  '53100': ['its disk is full', 'Make room; what was saved before is safe.'],
  ENOTFOUND: ['no such host', 'Check the host in BROADSHEET_DATABASE.'],
}

export function explainPostgres(error: unknown, address: string): unknown {
  if (error instanceof UserError) return error
  const { code, message } = partsOf(error)
  const server = hostAndDatabase(address)
  const problem = (what: string, hint: string) => new UserError(`PostgreSQL at ${server}: ${what}`, hint)
  if (/^28/.test(code) || /\bSASL\b/.test(message))
    return problem('user or password refused', 'Put the right ones into BROADSHEET_DATABASE.')
  const known = PROBLEMS[code]
  if (known) return problem(...known)
  if (isConnectionLost(error)) {
    const hint = 'Start the server or check host and port; then run the command again: nothing saved is lost.'
    return problem(`it cannot be reached (${code || message})`, hint)
  }
  if (/SSL|certificate/i.test(message) && !SERVERS_OWN.test(code))
    return problem(
      `no secure connection (${message})`,
      'See sslmode: postgres://…?sslmode=verify-full or no-verify',
    )
  const limit = /\b(statement|lock|transaction) timeout\b/.exec(message)?.[1]
  if (limit)
    return problem(
      message,
      `Give this user no limit: ALTER ROLE … SET ${limit}_timeout = 0; nothing saved is lost.`,
    )
  if (SERVERS_TROUBLE.test(code))
    return problem(message, 'The log of the server says more; what was saved before is safe.')
  return error
}

/** A code of PostgreSQL, and no system's. */
const SERVERS_OWN = /^[0-9A-Z]{5}$/

// PostgreSQL, Appendix A: 53, short of something; 55, not now; 57, an administrator; 58, a fault of its system; F0, its
// settings; XX001 and XX002, its files are damaged.
const SERVERS_TROUBLE = /^(5[3578]|F0|XX00[12])/

/** What a server says to whoever only wants a connection is never a fault of ours. */
function explainRefusal(error: unknown, address: string): unknown {
  const explained = explainPostgres(error, address)
  const { code, message } = partsOf(error)
  if (explained instanceof UserError || !SERVERS_OWN.test(code)) return explained
  return new UserError(
    `PostgreSQL at ${hostAndDatabase(address)}: ${message}`,
    'Put right what it speaks of, in BROADSHEET_DATABASE or on the server.',
  )
}

/** host:port/database of an address, without user and password. */
function hostAndDatabase(address: string): string {
  try {
    return new URL(address).host + new URL(address).pathname
  } catch {
    return 'the address in BROADSHEET_DATABASE'
  }
}
