// The file of a ledger: deleted, replaced, restored, emptied, read-only; and every error of SQLite by its primary code.

import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import type { Database } from '../../src/store/database.ts'
import { openStore, openStoreToRead } from '../../src/store/open-store.ts'
import { explainSqlite } from '../../src/store/sqlite-file.ts'
import { aFolder } from '../a-folder.ts'

function addReader(db: Database, reader: number): Promise<unknown> {
  return db.transaction(tx => tx.query('INSERT INTO marks (mark) VALUES ($1)', [reader]))
}

async function opened(readers: number): Promise<{ file: string; db: Database }> {
  const file = join(aFolder(), 'ledger.db')
  const { db } = await openStore(file)
  onTestFinished(() => db.close())
  await db.query('CREATE TABLE marks (mark INTEGER)')
  for (let reader = 0; reader < readers; reader++) await addReader(db, reader)
  return { file, db }
}

async function marks(file: string): Promise<number> {
  const db = await openStoreToRead(file)
  const [row] = await db.query<{ count: number }>('SELECT COUNT(*) AS count FROM marks')
  await db.close()
  return row!.count
}

/** What the next transaction says. */
async function refusal(db: Database): Promise<UserError> {
  const error = await addReader(db, 99).catch((error: unknown) => error)
  if (error instanceof UserError) return error
  throw error
}

const away: [string, (file: string) => void, RegExp][] = [
  ['deleted', file => rmSync(file), /was deleted while it was in use/],
  ['moved away', file => renameSync(file, `${file}.away`), /was deleted while/],
  [
    'replaced by another',
    file => {
      copyFileSync(file, `${file}.copy`)
      renameSync(`${file}.copy`, file)
    },
    /was replaced by another file/,
  ],
  ['without its log', file => rmSync(`${file}-wal`), /ledger\.db-wal, a part of the database, was deleted/],
]

test.each(away)(
  '%s: the next transaction says so, and saves all that it knew',
  async (_, change, message) => {
    const { file, db } = await opened(3)
    change(file)
    const error = await refusal(db)
    expect(error.message).toMatch(message)
    expect(error.hint).toContain(`mv ${file}.saved ${file}`)
    await db.close()
    for (const rest of ['', '-wal', '-shm']) rmSync(`${file}${rest}`, { force: true })
    expect(statSync(`${file}.saved`).mode & 0o777).toBe(0o600)
    renameSync(`${file}.saved`, file)
    expect(await marks(file)).toBe(3)
  },
)

test('restored in place from an older copy: the next transaction says so, and writes nothing into it', async () => {
  const { file, db } = await opened(2)
  await db.close()
  const old = readFileSync(file)
  const later = (await openStore(file)).db
  onTestFinished(() => later.close())
  for (let reader = 0; reader < 40; reader++) await addReader(later, reader)
  await later.query('PRAGMA wal_checkpoint(TRUNCATE)')
  await addReader(later, 41)
  writeFileSync(file, old)
  const error = await refusal(later)
  expect(error.message).toMatch(/truncated or overwritten/)
  expect(error.hint).toMatch(/restore the newest backup/)
  await later.close()
  expect(readFileSync(file).equals(old)).toBe(true)
})

test('restored as the manual says, without the log, under a command that runs: nothing of the mixture is saved', async () => {
  const { file, db } = await opened(2)
  await db.close()
  const old = readFileSync(file)
  const later = (await openStore(file)).db
  onTestFinished(() => later.close())
  for (let reader = 0; reader < 40; reader++) await addReader(later, reader)
  await later.query('PRAGMA wal_checkpoint(TRUNCATE)')
  await addReader(later, 41)
  for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`)
  writeFileSync(file, old)
  expect((await refusal(later)).message).toMatch(/truncated or overwritten/)
  expect(existsSync(`${file}.saved`)).toBe(false)
})

test.each([0, 50, 4096])('truncated to %i bytes: the next transaction says so', async bytes => {
  const { file, db } = await opened(2)
  await db.query('PRAGMA wal_checkpoint(TRUNCATE)')
  await addReader(db, 3)
  truncateSync(file, bytes)
  expect((await refusal(db)).message).toMatch(/truncated or overwritten/)
})

test.each([0, 40, 5000])('its log truncated to %i bytes: the next transaction says so', async bytes => {
  const { file, db } = await opened(5)
  truncateSync(`${file}-wal`, bytes)
  expect((await refusal(db)).message).toMatch(/ledger\.db-wal, a part of the database, was truncated/)
})

test('nothing is said of what others do to it: commands, checkpoints, a vacuum', async () => {
  const { file, db } = await opened(2)
  const other = (await openStore(file)).db
  for (let reader = 0; reader < 100; reader++) await addReader(other, reader)
  await other.query('PRAGMA wal_checkpoint(TRUNCATE)')
  await addReader(db, 1)
  await other.close()
  await addReader(db, 2)
  expect(await marks(file)).toBe(104)
})

test('a file that was emptied is not begun anew', async () => {
  const file = join(aFolder(), 'ledger.db')
  writeFileSync(file, '')
  for (const open of [openStore, openStoreToRead]) {
    const error = await open(file).catch(error => error)
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toContain('is an empty file')
    expect(error.hint).toContain(`rm ${file}`)
  }
  expect(readFileSync(file).length).toBe(0)
})

test('a new file is never empty, whenever it is looked at, and its owner’s alone', async () => {
  const { file } = await opened(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(file, '..')).filter(name => name.includes('.new'))).toEqual([])
})

test('who only looks writes nothing, and makes nothing', async () => {
  const { file, db } = await opened(2)
  await db.close()
  for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true })
  const before = readFileSync(file)
  const reader = await openStoreToRead(file)
  await expect(addReader(reader, 1)).rejects.toThrow(/cannot be written/)
  await reader.close()
  expect(readFileSync(file).equals(before)).toBe(true)
  const missing = join(aFolder(), 'none.db')
  await expect(openStoreToRead(missing)).rejects.toBeInstanceOf(UserError)
  expect(existsSync(missing)).toBe(false)
})

test.each([
  [8, 'SQLITE_READONLY', /cannot be written/],
  [264, 'SQLITE_READONLY_RECOVERY', /cannot be written/],
  [1544, 'SQLITE_READONLY_DIRECTORY', /cannot be written/],
  [1032, 'SQLITE_READONLY_DBMOVED', /cannot be written/],
  [1544, 'UNKNOWN_SQLITE_ERROR_1544', /cannot be written/],
  [5, 'SQLITE_BUSY', /locked by another/],
  [517, 'SQLITE_BUSY_SNAPSHOT', /locked by another/],
  [262, 'SQLITE_LOCKED_SHAREDCACHE', /locked by another/],
  [14, 'SQLITE_CANTOPEN', /cannot open/],
  [526, 'SQLITE_CANTOPEN_ISDIR', /cannot open/],
  [11, 'SQLITE_CORRUPT', /damaged/],
  [779, 'SQLITE_CORRUPT_INDEX', /damaged/],
  [26, 'SQLITE_NOTADB', /damaged/],
  [13, 'SQLITE_FULL', /no space left/],
  [4874, 'SQLITE_IOERR_SHMSIZE', /no space left/],
  [778, 'SQLITE_IOERR_WRITE', /disk failed/],
  [10, 'UNKNOWN', /disk failed/],
])('SQLite reports %i (%s)', (rawCode, code, message) => {
  const error = explainSqlite(Object.assign(new Error('it failed'), { rawCode, code }), '/ledger.db')
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).message).toMatch(message)
  expect((error as UserError).hint).not.toBe('')
})

test('a mistake of ours stays one', () => {
  const bug = Object.assign(new Error('no such column: x'), { rawCode: 1, code: 'SQLITE_ERROR' })
  expect(explainSqlite(bug, '/ledger.db')).toBe(bug)
})
