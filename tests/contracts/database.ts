// What every implementation of Database must do. It is given a way to the address of a new, empty database.

import { describe, expect, onTestFinished, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { type Database, jsonRows, jsonText } from '../../src/store/database.ts'
import { MIGRATIONS } from '../../src/store/migrations.ts'
import { openStore } from '../../src/store/open-store.ts'
import { databaseVersion } from '../../src/store/senders.ts'

export async function open(address: string): Promise<Database> {
  const { db } = await openStore(address)
  onTestFinished(() => db.close())
  return db
}

export function databaseContract(empty: () => Promise<string>): void {
  describe('opening', () => {
    test('makes the tables once, and says who made them', async () => {
      const address = await empty()
      const first = await openStore(address)
      const second = await openStore(address)
      expect([first.created, second.created]).toEqual([true, false])
      await first.db.close()
      await second.db.close()
      const third = await openStore(address)
      expect(third.created).toBe(false)
      expect(await databaseVersion(third.db)).toMatch(/^(SQLite 3|PostgreSQL \d\d)\.\d/)
      await third.db.close()
    })

    test('many at once all succeed, and one of them made the ledger', async () => {
      const address = await empty()
      const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(address)))
      expect(stores.filter(({ created }) => created)).toHaveLength(1)
      for (const { db } of stores) await db.close()
    })

    test('an older program refuses a newer database', async () => {
      const address = await empty()
      const { db } = await openStore(address)
      await db.query('INSERT INTO broadsheet_migrations (version, name) VALUES ($1, $2)', [
        MIGRATIONS.length + 1,
        'from tomorrow',
      ])
      await db.close()
      await expect(openStore(address)).rejects.toThrow(/newer Broadsheet/)
      await expect(openStore(address)).rejects.toBeInstanceOf(UserError)
    })

    test('leaves the tables of another program alone', async () => {
      const address = await empty()
      const { db } = await openStore(address)
      await db.query('DROP TABLE broadsheet_migrations')
      await db.close()
      await expect(openStore(address)).rejects.toThrow(/another program/)
    })
  })

  describe('querying', () => {
    test('numbers, text and nothing come back as they went in', async () => {
      const db = await open(await empty())
      await db.query('CREATE TABLE t (id {identity}, n BIGINT, s TEXT)')
      const text = 'Zürich “नमस्ते” 🗞 \u202e \' " \\ \n\r\t $1 {identity} ?'
      const [row] = await db.query('INSERT INTO t (n, s) VALUES ($1, $2) RETURNING id, n, s', [
        Number.MAX_SAFE_INTEGER,
        text,
      ])
      expect(row).toEqual({ id: 1, n: Number.MAX_SAFE_INTEGER, s: text })
      expect(await db.query('SELECT s, n FROM t WHERE n = $1', [-1])).toEqual([])
      await db.query('INSERT INTO t (n, s) VALUES ($1, $2)', [null, null])
      expect(await db.query('SELECT n, s FROM t WHERE n IS NULL')).toEqual([{ n: null, s: null }])
      expect(await db.query('SELECT COUNT(*) AS count, MAX(n) AS most FROM t')).toEqual([
        { count: 2, most: Number.MAX_SAFE_INTEGER },
      ])
    })

    test('rows as JSON: also NUL and half a surrogate, which PostgreSQL has not', async () => {
      const db = await open(await empty())
      const rows = jsonRows([
        [7, { text: 'a\0b\uD800c', none: undefined, nil: null, n: 9007199254740991 }],
        [3, { text: '}{"\\' }],
      ])
      expect(
        await db.query(
          `SELECT CAST(key AS BIGINT) AS id, value->>'text' AS text, value->>'none' AS none, value->>'nil' AS nil,
            CAST(value->>'n' AS BIGINT) AS n FROM json_each($1) ORDER BY 1`,
          [rows],
        ),
      ).toEqual([
        { id: 3, text: '}{"\\', none: null, nil: null, n: null },
        { id: 7, text: 'ab\uFFFDc', none: null, nil: null, n: 9007199254740991 },
      ])
      expect(JSON.parse(jsonText({ 'a\0': ['\uDC00'], __proto__: 1 }))).toEqual({ a: ['\uFFFD'] })
    })
  })

  describe('transactions', () => {
    test('all or nothing', async () => {
      const db = await open(await empty())
      await db.query('CREATE TABLE t (n BIGINT PRIMARY KEY)')
      const failed = db.transaction(async tx => {
        await tx.query('INSERT INTO t (n) VALUES ($1)', [1])
        throw new Error('no')
      })
      await expect(failed).rejects.toThrow('no')
      expect(await db.query('SELECT n FROM t')).toEqual([])
      const result = await db.transaction(async tx => {
        await tx.query('INSERT INTO t (n) VALUES ($1)', [1])
        return tx.transaction(async inner => {
          await inner.query('INSERT INTO t (n) VALUES ($1)', [2])
          return 'done'
        })
      })
      expect(result).toBe('done')
      expect(await db.query('SELECT n FROM t ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }])
    })

    test('a failed statement undoes the transaction and leaves the database usable', async () => {
      const db = await open(await empty())
      await db.query('CREATE TABLE t (n BIGINT PRIMARY KEY)')
      const twice = db.transaction(async tx => {
        await tx.query('INSERT INTO t (n) VALUES ($1)', [1])
        await tx.query('INSERT INTO t (n) VALUES ($1)', [1])
      })
      await expect(twice).rejects.toThrow()
      await expect(db.query('SELECT nothing FROM t')).rejects.toThrow(/nothing/)
      await db.query('INSERT INTO t (n) VALUES ($1)', [1])
      expect(await db.query('SELECT n FROM t')).toEqual([{ n: 1 }])
    })

    test('what comes while one is open is not part of it', async () => {
      const db = await open(await empty())
      await db.query('CREATE TABLE t (n BIGINT PRIMARY KEY)')
      let meanwhile: Promise<unknown> | undefined
      const undone = db.transaction(async tx => {
        await tx.query('INSERT INTO t (n) VALUES ($1)', [1])
        meanwhile = db.query('INSERT INTO t (n) VALUES ($1)', [2])
        await new Promise(resolve => setTimeout(resolve, 20))
        throw new Error('undo')
      })
      await expect(undone).rejects.toThrow('undo')
      await meanwhile
      expect(await db.query('SELECT n FROM t')).toEqual([{ n: 2 }])
    })

    test('two that are in each other’s way both happen', async () => {
      const address = await empty()
      const [one, two] = [await open(address), await open(address)]
      await one.query('CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT)')
      await one.query('INSERT INTO t (id, n) VALUES (1, 0), (2, 0)')
      const both = (db: Database, first: number, second: number) =>
        db.transaction(async tx => {
          await tx.query('UPDATE t SET n = n + 1 WHERE id = $1', [first])
          await new Promise(resolve => setTimeout(resolve, 30))
          await tx.query('UPDATE t SET n = n + 1 WHERE id = $1', [second])
        })
      await Promise.all([both(one, 1, 2), both(two, 2, 1)])
      expect(await one.query('SELECT n FROM t')).toEqual([{ n: 2 }, { n: 2 }])
    })
  })
}
