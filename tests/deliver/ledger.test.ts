import { expect, onTestFinished, test } from 'vitest'
import { Claims, LedgerWriter } from '../../src/deliver/ledger.ts'
import type { Database } from '../../src/store/database.ts'
import { countDeliveries } from '../../src/store/read-deliveries.ts'
import { aLedger, EDITION, FROZEN } from './a-ledger.ts'

test('an acceptance goes with whoever is handed next, and needs no transaction of its own', async () => {
  const { writer, transactions, readers } = await aWriter(4)
  for (const reader of readers) expect(await writer.handed(reader)).toBe(true)
  const before = transactions()
  const saved = readers.slice(0, 3).map(reader => writer.settle(accepted(reader)))
  await writer.handed(readers[3]!)
  await Promise.all(saved)
  expect(transactions() - before).toBe(1)
})

test('an acceptance that nobody follows is durable soon all the same', async () => {
  const { db, writer, readers } = await aWriter(1)
  await writer.handed(readers[0]!)
  await writer.settle(accepted(readers[0]!))
  expect(await countDeliveries(db, EDITION)).toMatchObject({ accepted: 1, pending: 0 })
})

test('a flush leaves nothing waiting, and waits for nothing when there is nothing', async () => {
  const { db, writer, transactions, readers } = await aWriter(2)
  for (const reader of readers) await writer.handed(reader)
  for (const reader of readers) void writer.settle(accepted(reader))
  await writer.flush()
  expect(await countDeliveries(db, EDITION)).toMatchObject({ accepted: 2, pending: 0 })
  const before = transactions()
  await writer.flush()
  expect(transactions()).toBe(before)
})

test('what went wrong in an acceptance that nobody waited for is told by the flush, and no one is handed any more', async () => {
  const { db, writer, readers } = await aWriter(2)
  await writer.handed(readers[0]!)
  db.transaction = () => Promise.reject(new Error('disk full'))
  void writer.settle(accepted(readers[0]!))
  await expect(writer.flush()).rejects.toThrow('disk full')
  await expect(writer.handed(readers[1]!)).rejects.toThrow('disk full')
})

function accepted(subscriber: number) {
  return { subscriber, state: 'accepted' as const, code: 250, reply: '250 taken', countAttempt: true }
}

async function aWriter(count: number) {
  const ledger = await aLedger(count)
  onTestFinished(() => ledger.close())
  let transactions = 0
  const db: Database = {
    kind: ledger.db.kind,
    query: (sql, params) => ledger.db.query(sql, params),
    transaction: work => {
      transactions += 1
      return ledger.db.transaction(work)
    },
    close: () => ledger.db.close(),
  }
  const sender = { db, edition: EDITION, owner: 'one', now: () => FROZEN }
  const claims = new Claims({
    ...sender,
    batch: count,
    lease: 60_000,
    limit: count,
    place: { after: 0 },
    warmUp: undefined,
  })
  const readers: number[] = []
  for (let n = 0; n < count; n++) readers.push((await claims.next())!.subscriber)
  return { db, writer: new LedgerWriter(sender), readers, transactions: () => transactions }
}
