// A file → a Database on SQLite. libsql is synchronous: a statement blocks the process while it runs. Only the
// commit, which waits for the disk, runs in a thread of libsql.

import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Libsql from 'libsql'
import LibsqlAsync from 'libsql/promise'
import { IGNORED, makeIgnoredFolder } from '../base/index.ts'
import { UserError } from '../errors.ts'
import { type Database, inDialect, type Param } from './database.ts'

/** How long another process may hold the write lock before we give up. Freezing a million readers takes seconds. */
const MAX_BUSY_WAIT_MS = 30_000

export interface SqliteDatabase extends Database {
  /** The file as it is between two transactions, and how many rows this connection has changed. Of a temporary one. */
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
  const connection = new SqliteConnection(file, temporary)
  return {
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
  #lastTurn: Promise<unknown> = Promise.resolve()

  constructor(file: string, temporary: boolean) {
    this.#file = file
    this.#libsql = connect(file, temporary)
  }

  query<Row>(sql: string, params: readonly Param[]): Promise<Row[]> {
    return this.#inTurn(() => this.#retryWhileBusy(() => this.#run<Row>(sql, params)))
  }

  transaction<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#retryWhileBusy(() => this.#libsql.exec('BEGIN IMMEDIATE'))
      try {
        const result = await work(this.#inTransaction)
        await commitInThread(this.#libsql)
        return result
      } catch (error) {
        if (this.#libsql.inTransaction) this.#libsql.exec('ROLLBACK')
        throw explain(error, this.#file)
      }
    })
  }

  snapshot(): Promise<{ readonly bytes: Uint8Array; readonly changes: number }> {
    return this.#inTurn(async () => {
      const [row] = this.#run<{ changes: number }>('SELECT total_changes() AS changes', [])
      return { bytes: await readFile(this.#file), changes: row!.changes }
    })
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#statements.clear()
      // libsql keeps the file open until its statements are garbage-collected. Moving the log into the file now makes
      // the one file complete at once.
      try {
        this.#libsql.pragma('wal_checkpoint(TRUNCATE)')
      } catch {
        // Another program is reading. What is in the log is as safe there.
      }
      this.#libsql.close()
    })
  }

  readonly #inTransaction: Database = {
    kind: 'sqlite',
    query: async <Row>(sql: string, params: readonly Param[] = []) => {
      try {
        return this.#run<Row>(sql, params)
      } catch (error) {
        throw explain(error, this.#file)
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
        if (!isBusy(error) || waited >= MAX_BUSY_WAIT_MS) throw explain(error, this.#file)
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
    throw explain(error, file)
  }
}

function makeFile(file: string): void {
  if (existsSync(file)) return
  const folder = dirname(file)
  if (basename(folder) === IGNORED) makeIgnoredFolder(folder)
  else mkdirSync(folder, { recursive: true })
  closeSync(openSync(file, 'a', 0o600))
}

/**
 * The synchronous and the asynchronous class of libsql work on the same native connection, and the asynchronous
 * `exec` runs in a thread: a sender composes messages, and the service answers, while the disk confirms the commit.
 */
function commitInThread(connection: Libsql.Database): Promise<void> {
  return LibsqlAsync.prototype.exec.call(connection as never, 'COMMIT')
}

function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code ?? '')
}

/** What a person can put right becomes a UserError; any other error is passed on. */
function explain(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (isBusy(error)) {
    return new UserError(
      `the database ${file} is locked by another program`,
      'Wait until the other command has ended, or stop it; then run this one again.',
    )
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new UserError(
      `${file} is not a Broadsheet database, or it is damaged`,
      'Put a copy of the file back from a backup. A new one would not know who has been mailed.',
    )
  }
  // On a full disk the file that the processes share (-shm) is the first that cannot be made.
  if (['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC'].includes(code)) {
    return new UserError(
      `no space left for the database ${file}`,
      'Make room on the disk and run the command again: what was saved before is safe.',
    )
  }
  const closed = /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|SQLITE_CANTOPEN|SQLITE_READONLY|SQLITE_IOERR)/
  if (closed.test(code) || /Unable to open connection/.test(String(error))) {
    return new UserError(
      `cannot open or write the database ${file} (${code || 'it cannot be opened'})`,
      'Let this user write the file and its folder, or name another: BROADSHEET_DATABASE=/var/lib/broadsheet/list.db',
    )
  }
  return error
}
