// A file → a Database on SQLite. libsql is synchronous, so a statement holds up the process for as long as it runs; only
// what waits for the disk, the commit, is done aside.

import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Libsql from 'libsql'
import LibsqlAside from 'libsql/promise'
import { IGNORED, makeIgnoredFolder } from '../base/index.ts'
import { UserError } from '../errors.ts'
import { type Database, inDialect, type Param } from './database.ts'

type Statement = Libsql.Statement<[Readonly<Record<number, Param>>]>

/**
 * libsql has two faces of one library; what the second executes, it does in a thread of its own. Meanwhile a sender makes
 * out messages, and a service answers, while the disk says that all is safe.
 */
function commitAside(this: Libsql.Database): Promise<void> {
  return LibsqlAside.prototype.exec.call(this as never, 'COMMIT')
}

/** How long another process may hold the file for writing before we give up. Freezing a million takes seconds. */
const PATIENCE = 30_000

/**
 * Opens the file, or makes it with its folder, readable by its owner alone. Write-ahead log with synchronous=FULL: what
 * a transaction has committed survives a power cut.
 *
 * @throws UserError when the folder cannot be written or the file is no database
 */
export function openSqlite(file: string): Database {
  const connection = connect(file)
  const statements = new Map<string, Statement>()
  let turn: Promise<unknown> = Promise.resolve()

  // One connection has one transaction, so whoever comes meanwhile waits until it has ended.
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  function run<Row>(sql: string, params: readonly Param[]): Row[] {
    let statement = statements.get(sql)
    if (!statement) {
      statement = connection.prepare<[Readonly<Record<number, Param>>]>(inDialect('sqlite', sql))
      statements.set(sql, statement)
    }
    const bound = Object.fromEntries(params.map((param, index) => [index + 1, param]))
    if (statement.reader) return statement.all(bound) as Row[]
    statement.run(bound)
    return []
  }

  // Waiting inside SQLite would stop the whole process, Ctrl-C included; so it waits here.
  async function patiently<T>(work: () => T): Promise<T> {
    for (let waited = 0; ; ) {
      try {
        return work()
      } catch (error) {
        if (!isBusy(error) || waited >= PATIENCE) throw explain(error, file)
        const wait = 10 + Math.min(waited, 240)
        await pause(wait)
        waited += wait
      }
    }
  }

  const inside: Database = {
    kind: 'sqlite',
    async query<Row>(sql: string, params: readonly Param[] = []) {
      try {
        return run<Row>(sql, params)
      } catch (error) {
        throw explain(error, file)
      }
    },
    transaction: work => work(inside),
    close: async () => undefined,
  }

  return {
    kind: 'sqlite',
    query: <Row>(sql: string, params: readonly Param[] = []) =>
      inTurn(() => patiently(() => run<Row>(sql, params))),
    transaction: work =>
      inTurn(async () => {
        await patiently(() => connection.exec('BEGIN IMMEDIATE'))
        try {
          const result = await work(inside)
          await commitAside.call(connection)
          return result
        } catch (error) {
          if (connection.inTransaction) connection.exec('ROLLBACK')
          throw explain(error, file)
        }
      }),
    close: () =>
      inTurn(async () => {
        statements.clear()
        // libsql keeps the file open until its statements are collected; so that the one file is whole already now:
        try {
          connection.pragma('wal_checkpoint(TRUNCATE)')
        } catch {
          // Another program reads. What is in the log is as safe there.
        }
        connection.close()
      }),
  }
}

function connect(file: string): Libsql.Database {
  try {
    makeFile(file)
    const connection = new Libsql(file)
    connection.pragma('busy_timeout = 100')
    connection.pragma('journal_mode = WAL')
    connection.pragma('synchronous = FULL')
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

function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code ?? '')
}

/** What a person can put right becomes a UserError; the rest stays what it is. */
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
  // A full disk already fails to hold the file that processes share.
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
