// A file → a Database on SQLite. libsql is synchronous: a statement blocks the process while it runs. Only the
// commit, which waits for the disk, runs in a thread of libsql.

import { closeSync, openSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import Libsql from 'libsql'
import LibsqlAsync from 'libsql/promise'
import { type Database, inDialect, type Param } from './database.ts'
import { changedError, explainSqlite, FileWatch, isBusy, makeFile, refuseEmptied } from './sqlite-file.ts'

/** Counted in the header of the file (`user_version`), which makes a commit four kilobytes longer. */
const TRANSACTIONS_PER_GENERATION = 32

/** How long another process may hold the write lock before we give up. Freezing a million readers takes seconds. */
const MAX_BUSY_WAIT_MS = 30_000

export interface SqliteDatabase extends Database {
  /** How many rows this connection has changed. */
  changes(): Promise<number>
  /** The file as it is between two transactions, with `changes` of that moment. Of a temporary one. */
  snapshot(): Promise<{ readonly bytes: Uint8Array; readonly changes: number }>
}

/**
 * Opens the file, or makes it with its folder, readable by its owner alone. Write-ahead log with synchronous=FULL: what
 * a transaction has committed survives a power cut.
 *
 * @param options.temporary a copy that is saved elsewhere: one process has it, nothing of it need survive, and what was
 *   deleted is overwritten
 * @throws UserError when the folder cannot be written or the file is no database
 */
export function openSqlite(file: string, { temporary = false } = {}): SqliteDatabase {
  return database(
    new SqliteConnection(file, connect(file, temporary), temporary ? undefined : new FileWatch(file)),
  )
}

/** For those who only look: nothing is made and nothing is written; also where nothing can be. */
export function openSqliteToRead(file: string): Database {
  return database(new SqliteConnection(file, connectToRead(file), undefined))
}

function database(connection: SqliteConnection): SqliteDatabase {
  return {
    changes: () => connection.changes(),
    snapshot: () => connection.snapshot(),
    kind: 'sqlite',
    query: (sql, params = []) => connection.query(sql, params),
    transaction: work => connection.transaction(work),
    close: () => connection.close(),
  }
}

type Statement = Libsql.Statement<[Readonly<Record<number, Param>>]>

/** One connection has one transaction at a time, so everything else waits until that has ended. */
class SqliteConnection {
  readonly #file: string
  readonly #libsql: Libsql.Database
  readonly #statements = new Map<string, Statement>()
  readonly #watch: FileWatch | undefined
  #lastTurn: Promise<unknown> = Promise.resolve()
  #transactions = 0
  #isChanged = false

  /** @param watch of a file that others can reach, and that is written */
  constructor(file: string, libsql: Libsql.Database, watch: FileWatch | undefined) {
    this.#file = file
    this.#libsql = libsql
    this.#watch = watch
  }

  query<Row>(sql: string, params: readonly Param[]): Promise<Row[]> {
    return this.#inTurn(() => this.#retryWhileBusy(() => this.#run<Row>(sql, params)))
  }

  transaction<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      this.#refuseChanged()
      await this.#retryWhileBusy(() => this.#libsql.exec('BEGIN IMMEDIATE'))
      try {
        const result = await work(this.#inTransaction)
        this.#countGeneration()
        await commitInThread(this.#libsql)
        // What was committed to a file that is gone is not durable.
        this.#refuseChanged()
        return result
      } catch (error) {
        if (this.#libsql.inTransaction) this.#libsql.exec('ROLLBACK')
        throw explainSqlite(error, this.#file)
      }
    })
  }

  changes(): Promise<number> {
    return this.#inTurn(async () => this.#countChanges())
  }

  snapshot(): Promise<{ readonly bytes: Uint8Array; readonly changes: number }> {
    return this.#inTurn(async () => ({ bytes: await readFile(this.#file), changes: this.#countChanges() }))
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#statements.clear()
      // libsql keeps the file open until its statements are garbage-collected. Moving the log into the file now makes
      // the one file complete at once.
      try {
        // Into a file that is another one the log must not be moved.
        if (!this.#isChanged) this.#libsql.pragma('wal_checkpoint(TRUNCATE)')
      } catch {
        // Another program is reading. What is in the log is as safe there.
      }
      this.#libsql.close()
      this.#watch?.close()
    })
  }

  #countChanges(): number {
    return this.#run<{ changes: number }>('SELECT total_changes() AS changes', [])[0]!.changes
  }

  /** Each command that writes, and every so often within it: a backup that is put back is known by its older generation. */
  #countGeneration(): void {
    if (!this.#watch || this.#transactions++ % TRANSACTIONS_PER_GENERATION > 0) return
    const [row] = this.#libsql.pragma('user_version') as { user_version: number }[]
    this.#libsql.exec(`PRAGMA user_version = ${(row?.user_version ?? 0) + 1}`)
  }

  /** @throws UserError when the file is no longer the one that was opened */
  #refuseChanged(): void {
    const change = this.#watch?.change()
    if (!change) return
    this.#isChanged = true
    throw changedError(this.#file, change, change === 'overwritten' ? undefined : this.#rescue())
  }

  /** @returns the file that has all that this connection sees, though its own was taken away */
  #rescue(): string | undefined {
    const saved = `${this.#file}.saved`
    try {
      // It takes an empty file, which keeps its rights.
      closeSync(openSync(saved, 'wx', 0o600))
    } catch {
      return undefined
    }
    try {
      if (this.#libsql.inTransaction) this.#libsql.exec('ROLLBACK')
      this.#libsql.exec(`VACUUM INTO '${saved.replaceAll("'", "''")}'`)
      return saved
    } catch {
      rmSync(saved, { force: true })
      return undefined
    }
  }

  readonly #inTransaction: Database = {
    kind: 'sqlite',
    query: async <Row>(sql: string, params: readonly Param[] = []) => {
      try {
        return this.#run<Row>(sql, params)
      } catch (error) {
        throw explainSqlite(error, this.#file)
      }
    },
    transaction: work => work(this.#inTransaction),
    close: async () => undefined,
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastTurn.then(work)
    this.#lastTurn = result.catch(() => undefined)
    return result
  }

  /** Waits between attempts here: waiting inside SQLite would block the whole process, Ctrl-C included. */
  async #retryWhileBusy<T>(work: () => T): Promise<T> {
    for (let waited = 0; ; ) {
      try {
        return work()
      } catch (error) {
        if (!isBusy(error) || waited >= MAX_BUSY_WAIT_MS) throw explainSqlite(error, this.#file)
        const wait = 10 + Math.min(waited, 240)
        await pause(wait)
        waited += wait
      }
    }
  }

  #run<Row>(sql: string, params: readonly Param[]): Row[] {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#libsql.prepare<[Readonly<Record<number, Param>>]>(inDialect('sqlite', sql))
      this.#statements.set(sql, statement)
    }
    const bound = Object.fromEntries(params.map((param, index) => [index + 1, param]))
    if (statement.reader) return statement.all(bound) as Row[]
    statement.run(bound)
    return []
  }
}

function connect(file: string, temporary: boolean): Libsql.Database {
  try {
    refuseEmptied(file)
    makeFile(file)
    const connection = new Libsql(file)
    connection.pragma('busy_timeout = 100')
    connection.pragma(`journal_mode = ${temporary ? 'MEMORY' : 'WAL'}`)
    connection.pragma(`synchronous = ${temporary ? 'OFF' : 'FULL'}`)
    if (temporary) connection.pragma('secure_delete = ON')
    connection.pragma('foreign_keys = ON')
    connection.pragma('cache_size = -65536')
    return connection
  } catch (error) {
    throw explainSqlite(error, file)
  }
}

/** https://sqlite.org/uri.html. Without a log, and where none can be made, the file is all there is (`immutable`). */
function connectToRead(file: string): Libsql.Database {
  const open = (query: string) => {
    const connection = new Libsql(`file:${encodeURI(file).replace(/[?#]/g, encodeURIComponent)}?${query}`)
    connection.pragma('busy_timeout = 100')
    connection.pragma('cache_size = -65536')
    // Opened and not yet read: what is wrong shows here.
    connection.prepare('SELECT COUNT(*) FROM sqlite_schema').all()
    return connection
  }
  try {
    refuseEmptied(file)
    try {
      return open('mode=ro')
    } catch (error) {
      if (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size) throw error
      return open('mode=ro&immutable=1')
    }
  } catch (error) {
    throw explainSqlite(error, file)
  }
}

/**
 * The synchronous and the asynchronous class of libsql work on the same native connection, and the asynchronous
 * `exec` runs in a thread: a sender composes messages, and the service answers, while the disk confirms the commit.
 */
function commitInThread(connection: Libsql.Database): Promise<void> {
  return LibsqlAsync.prototype.exec.call(connection as never, 'COMMIT')
}
