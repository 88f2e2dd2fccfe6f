// Transactions committed together behave as if each had been alone.

import { expect, onTestFinished, test } from 'vitest'
import { commitTogether, type Database } from '../../src/store/database.ts'
import { openStore } from '../../src/store/open-store.ts'
import { aFolder } from '../a-folder.ts'

async function aTable(): Promise<{ db: Database; commits: () => number }> {
  const { db } = await openStore(`${aFolder()}/list.db`)
  onTestFinished(() => db.close())
  await db.query('CREATE TABLE t (n INTEGER PRIMARY KEY)')
  let commits = 0
  const counting: Database = {
    ...db,
    transaction: work => {
      commits += 1
      return db.transaction(work)
    },
  }
  return { db: commitTogether(counting), commits: () => commits }
}

const insert = (db: Database, n: number) =>
  db.transaction(async tx => {
    await tx.query('INSERT INTO t (n) VALUES ($1)', [n])
    return n * 2
  })

test('many at once are one commit or two, and each gets its own result', async () => {
  const { db, commits } = await aTable()
  expect(await Promise.all([1, 2, 3, 4, 5].map(n => insert(db, n)))).toEqual([2, 4, 6, 8, 10])
  expect(commits()).toBe(1)
  expect(await db.query('SELECT COUNT(*) AS count FROM t')).toEqual([{ count: 5 }])
  expect(await insert(db, 6)).toBe(12)
})

test('one that fails takes nobody along', async () => {
  const { db } = await aTable()
  const results = await Promise.allSettled([insert(db, 1), insert(db, 1), insert(db, 2)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await db.query('SELECT n FROM t ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }])
})

test('a thousand at once all happen', async () => {
  const { db, commits } = await aTable()
  await Promise.all(Array.from({ length: 1000 }, (_, n) => insert(db, n)))
  expect(commits()).toBeLessThan(30)
  expect(await db.query('SELECT COUNT(*) AS count FROM t')).toEqual([{ count: 1000 }])
})
