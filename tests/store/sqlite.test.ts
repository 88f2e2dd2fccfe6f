// The contract on SQLite, and what can go wrong with a file.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import type { Database, Param } from '../../src/store/database.ts'
import {
  claimDeliveries,
  markHanded,
  recoverDeliveries,
  releaseLeases,
  renewLeases,
  resendUnknown,
  settleDeliveries,
} from '../../src/store/deliveries.ts'
import { openStore, storeAddress } from '../../src/store/open-store.ts'
import { groupFailures, listDeliveries, nextDue, openDeliveries } from '../../src/store/read-deliveries.ts'
import { EDITION, freeze, joinMany, NOW } from '../contracts/a-list.ts'
import { databaseContract, open } from '../contracts/database.ts'
import { ledgerContract } from '../contracts/ledger.ts'
import { listContract } from '../contracts/list.ts'
import { reportsContract } from '../contracts/reports.ts'
import { topicsContract } from '../contracts/topics.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'broadsheet-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const empty = async () => join(folder(), 'list.db')

databaseContract(empty)
listContract(empty)
ledgerContract(empty)
topicsContract(empty)
reportsContract(empty)

describe('the file', () => {
  test('is made with its folder, for its owner only, and kept out of git', async () => {
    const path = join(folder(), '.broadsheet', 'broadsheet.db')
    const { db } = await openStore(path)
    await db.close()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(path, '..', '.gitignore'), 'utf8')).toBe('*\n')
  })

  test('the process goes on while the disk is waited for', async () => {
    const { db } = await openStore(join(folder(), 'list.db'))
    // Which of the two comes first is nobody's to say for one transaction; were the process to stand still, none would turn.
    let turned = 0
    for (let at = 0; at < 50; at++) {
      let committed = false
      await db.transaction(async tx => {
        await tx.query('INSERT INTO suppressions (hash, reason, since) VALUES ($1, $2, 1)', [
          `x${at}`,
          'manual',
        ])
        setImmediate(() => {
          if (!committed) turned += 1
        })
      })
      committed = true
    }
    expect(turned).toBeGreaterThan(0)
    await db.close()
  })

  test('a folder that is there gets no .gitignore', async () => {
    const path = join(folder(), 'list.db')
    await (await openStore(path)).db.close()
    expect(existsSync(join(path, '..', '.gitignore'))).toBe(false)
  })

  test.each([
    [
      'something else',
      async (path: string) => writeFileSync(path, 'not a database, only text. '.repeat(200)),
      /not a Broadsheet/,
    ],
    ['damaged', damage, /damaged/],
    ['a folder', async (path: string) => void (await openStore(join(path, 'x'))), /cannot open or write/],
  ])('%s is refused with words for people', async (_what, prepare, message) => {
    const path = join(folder(), 'list.db')
    await prepare(path)
    const opened = openStore(path).then(async ({ db }) => {
      await db.query('SELECT COUNT(*) FROM subscribers')
    })
    await expect(opened).rejects.toThrow(message)
    await expect(opened).rejects.toBeInstanceOf(UserError)
  })

  test('below a file there is no folder', async () => {
    const path = join(folder(), 'file')
    writeFileSync(path, '')
    await expect(openStore(join(path, 'list.db'))).rejects.toThrow(/cannot open or write/)
  })

  test('a folder that may not be written, not even by root', async () => {
    await expect(openStore('/sys/list.db')).rejects.toThrow(/cannot open or write/)
  })

  test('an address of another kind', async () => {
    await expect(openStore('mysql://u:secret@host/db')).rejects.toThrow(/no database for mysql/)
    await expect(openStore('mysql://u:secret@host/db')).rejects.not.toThrow(/secret/)
  })

  test('where it is', () => {
    expect(storeAddress('/site', {})).toBe('/site/.broadsheet/broadsheet.db')
    expect(storeAddress('/site', { BROADSHEET_DATABASE: ' ' })).toBe('/site/.broadsheet/broadsheet.db')
    expect(storeAddress('/site', { BROADSHEET_DATABASE: 'data/list.db' })).toBe('/site/data/list.db')
    expect(storeAddress('/site', { BROADSHEET_DATABASE: '/var/list.db' })).toBe('/var/list.db')
    expect(storeAddress('/site', { BROADSHEET_DATABASE: 'postgres://h/d' })).toBe('postgres://h/d')
  })
})

async function damage(path: string): Promise<void> {
  const { db } = await openStore(`${path}.good`)
  await db.close()
  const bytes = readFileSync(`${path}.good`)
  // The header stays; every page after the first is noise.
  bytes.fill(0x5a, 4_096)
  writeFileSync(path, bytes)
}

test('nothing that a send asks for reads a whole edition', async () => {
  const db = await open(await empty())
  await joinMany(db, 3)
  await freeze(db)
  const asked = new Map<string, readonly Param[]>()
  const watched = (real: Database): Database => ({
    ...real,
    query: (sql, params = []) => {
      asked.set(sql, params)
      return real.query(sql, params)
    },
    transaction: work => real.transaction(tx => work(watched(tx))),
  })
  const seen = watched(db)
  const us = { edition: EDITION, owner: 'me', now: NOW }
  const place = { after: 0 }
  const claimed = await claimDeliveries(seen, { ...us, limit: 3, leaseUntil: NOW, place })
  const [first, second] = claimed.map(({ subscriber }) => subscriber)
  expect(await markHanded(seen, { ...us, subscribers: [first!, second!] })).toHaveLength(2)
  await renewLeases(seen, { ...us, leaseUntil: NOW })
  const refused = { subscriber: first!, state: 'rejected', reply: '550 no', countAttempt: true } as const
  expect(await settleDeliveries(seen, { ...us, settlements: [refused] })).toBe(1)
  expect(await recoverDeliveries(seen, us)).toEqual({ unknown: 1, pending: 1 })
  await releaseLeases(seen, us)
  await openDeliveries(seen, EDITION)
  await nextDue(seen, EDITION)
  await groupFailures(seen, EDITION)
  await listDeliveries(seen, EDITION, 'unknown')
  await resendUnknown(seen, EDITION)
  const ways: string[] = []
  for (const [sql, params] of asked) {
    const plan = await db.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params)
    ways.push(
      ...plan.map(({ detail }) => detail).filter(detail => /^(SCAN|SEARCH) d(eliveries)? USING/.test(detail)),
    )
  }
  expect(ways.length).toBeGreaterThan(12)
  expect(ways.filter(way => /PRIMARY KEY \(edition=\?\)/.test(way))).toEqual([])
})
