// The contract on a real PostgreSQL, and what can go wrong with a server.

import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import {
  claimDeliveries,
  markHanded,
  recoverDeliveries,
  renewLeases,
  settleDeliveries,
} from '../../src/store/deliveries.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { openDeliveries } from '../../src/store/read-deliveries.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import { EDITION, freeze, joinMany, NOW } from '../contracts/a-list.ts'
import { databaseContract, open } from '../contracts/database.ts'
import { ledgerContract } from '../contracts/ledger.ts'
import { listContract } from '../contracts/list.ts'
import { reportsContract } from '../contracts/reports.ts'
import { topicsContract } from '../contracts/topics.ts'

let server: APostgres
beforeAll(async () => {
  server = await aPostgres()
})
afterAll(() => server.stop())

const empty = () => server.database()

databaseContract(empty)
listContract(empty)
ledgerContract(empty)
topicsContract(empty)
reportsContract(empty)

describe('a server that refuses', () => {
  async function refusal(address: string): Promise<UserError> {
    const error = await openStore(address).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(UserError)
    const { message, hint } = error as UserError
    expect(hint).not.toBe('')
    expect(`${message} ${hint}`).not.toMatch(/sesame|p@ss|p%40ss/)
    return error as UserError
  }

  test('a wrong password, a wrong user', async () => {
    const wrong = `postgres://postgres:sesame@127.0.0.1:${server.port}/postgres`
    expect((await refusal(wrong)).message).toMatch(/user or password refused/)
  })

  test('a database that is not there', async () => {
    const address = (await empty()).replace(/\/d\d+$/, '/nowhere')
    expect((await refusal(address)).message).toMatch(/nowhere: no such database/)
  })

  test('a database that answers before its disk does', async () => {
    const address = await empty()
    const name = new URL(address).pathname.slice(1)
    const { db } = await openStore(address)
    await db.query(`ALTER DATABASE ${name} SET synchronous_commit = off`)
    await db.close()
    const { message, hint } = await refusal(address)
    expect(message).toMatch(/synchronous_commit is off/)
    expect(hint).toContain(`ALTER DATABASE ${name} SET synchronous_commit = on`)
    expect((await refusal(`${await empty()}?options=-c%20synchronous_commit%3Doff`)).hint).toMatch(
      /PGOPTIONS/,
    )
  })

  test('one that is told in mid-work to answer before its disk does: nothing more is saved', async () => {
    const db = await open(await empty())
    await db.query('CREATE TABLE t (n BIGINT)')
    await db.transaction(tx => tx.query('SET synchronous_commit = off'))
    await expect(db.query('INSERT INTO t VALUES (1)')).rejects.toThrow(/synchronous_commit is off/)
    expect(await db.query('SELECT n FROM t')).toEqual([])
  })

  test('one that gives too little time, or knows a setting of the address not', async () => {
    const db = await open(await empty())
    const slow = db.transaction(async tx => {
      await tx.query('SET LOCAL statement_timeout = 10')
      await tx.query('SELECT pg_sleep(60)')
    })
    await expect(slow).rejects.toMatchObject({ name: 'UserError', hint: /statement_timeout = 0/ })
    const { message } = await refusal(`${await empty()}?options=-c%20nonsense%3Dx`)
    expect(message).toMatch(/unrecognized configuration parameter/)
  })

  test('nobody listens, or there is no such host', async () => {
    expect((await refusal('postgres://u:sesame@127.0.0.1:1/d')).message).toMatch(
      /cannot be reached \(ECONNREFUSED\)/,
    )
    expect((await refusal('postgres://u:sesame@nowhere.invalid/d')).message).toMatch(
      /no such host|cannot be reached/,
    )
  })

  test('an address that is none', async () => {
    expect((await refusal('postgres://u:sesame@[::/d')).message).toMatch(
      /BROADSHEET_DATABASE is not an address/,
    )
  })

  test('a user who may not make tables', async () => {
    const address = await empty()
    const db = await open(address)
    await db.query("CREATE ROLE reader LOGIN PASSWORD 'sesame'")
    const url = new URL(address)
    url.username = 'reader'
    url.password = 'sesame'
    await db.query('DROP TABLE broadsheet_migrations')
    expect((await refusal(url.href)).message).toMatch(/not allowed/)
  })
})

describe('an outage', () => {
  test('a server that goes and comes back: reads and transactions happen once', async () => {
    const db = await open(await empty())
    await db.query('CREATE TABLE t (n BIGINT PRIMARY KEY)')
    await db.query('INSERT INTO t (n) VALUES ($1)', [1])
    await server.halt()
    const meanwhile = [db.query('SELECT n FROM t'), db.query('INSERT INTO t (n) VALUES ($1)', [2])]
    await server.missed(4)
    await server.resume()
    await Promise.all(meanwhile)
    expect(await db.query('SELECT n FROM t ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }])
  })

  test.each([
    ['is done again', 0],
    ['and its number given to another is not believed to be saved', 40],
  ])('a transaction that a crash has forgotten %s', async (_, others) => {
    const address = await empty()
    const [db, other] = [await open(address), await open(address)]
    await db.query('CREATE TABLE t (n BIGINT)')
    await db.query('CHECKPOINT')
    let runs = 0
    const saved = db.transaction(async tx => {
      await tx.query('INSERT INTO t (n) VALUES (1)')
      if (++runs > 1) return
      await server.kill()
      await server.resume()
      for (let n = 0; n < others; n++) await other.query('INSERT INTO t (n) VALUES (2)')
    })
    if (others > 0) await expect(saved).rejects.toThrow(/crashed while something was being saved/)
    else await saved
    expect(await other.query('SELECT COUNT(*) AS count FROM t WHERE n = 1')).toEqual([
      { count: others ? 0 : 1 },
    ])
  })

  test('a statement that the server has forgotten is told again', async () => {
    const db = await open(await empty())
    const ask = (text: string) =>
      db.transaction(tx => tx.query('SELECT CAST($1 AS TEXT) AS text, pg_backend_pid() AS pid', [text]))
    const [before] = await ask('a')
    await db.transaction(tx => tx.query('DEALLOCATE ALL'))
    expect(await ask('b')).toEqual([{ ...(before as object), text: 'b' }])
  })

  test('whoever vanishes in mid-transaction does not hold the others’ rows for long', async () => {
    const db = await open(await empty())
    await db.query('CREATE TABLE counts (n BIGINT)')
    await db.query('INSERT INTO counts VALUES (0)')
    const limit = () => db.query("SELECT current_setting('idle_in_transaction_session_timeout') AS ms")
    let turns = 0
    await db.transaction(async tx => {
      expect(await tx.query("SELECT current_setting('idle_in_transaction_session_timeout') AS ms")).toEqual([
        { ms: '1min' },
      ])
      await tx.query('UPDATE counts SET n = n + 1')
      if (++turns > 1) return
      await tx.query('SET LOCAL idle_in_transaction_session_timeout = 1')
      const waiting = () =>
        db.query("SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
      await expect.poll(waiting).toEqual([])
    })
    expect([turns, await limit(), await db.query('SELECT n FROM counts')]).toEqual([
      2,
      [{ ms: '0' }],
      [{ n: 1 }],
    ])
  })

  test.each([
    ['a new edition is small', false],
    ['nobody of it is settled', true],
  ])('few rows are read while the server believes that %s', async (_, isCounted) => {
    const db = await open(await empty())
    await joinMany(db, 100)
    await freeze(db)
    await db.query(
      `INSERT INTO deliveries (edition, subscriber, email, name, fields, state, attempts, tries, changed)
SELECT 1, -i, '', '', '{}', 'pending', 0, 0, 0 FROM generate_series(1, 50000) i`,
    )
    if (isCounted) await db.query('ANALYZE')
    await db.query("UPDATE deliveries SET state = 'accepted' WHERE subscriber < 0")
    await db.transaction(async tx => {
      const read = async () => {
        const [row] = await tx.query<{ rows: number }>(
          "SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables WHERE relname = 'deliveries'",
        )
        return row!.rows
      }
      const before = await read()
      const us = { edition: EDITION, owner: 'me', now: NOW }
      const claimed = await claimDeliveries(tx, { ...us, limit: 10, leaseUntil: NOW })
      const subscribers = claimed.map(({ subscriber }) => subscriber)
      expect(await markHanded(tx, { ...us, subscribers })).toHaveLength(10)
      await renewLeases(tx, { ...us, leaseUntil: NOW })
      const settlements = subscribers.map(
        subscriber => ({ subscriber, state: 'rejected', reply: '550 no', countAttempt: true }) as const,
      )
      expect(await settleDeliveries(tx, { ...us, settlements })).toBe(10)
      await recoverDeliveries(tx, { ...us, expired: true })
      expect(await openDeliveries(tx, EDITION)).toMatchObject({ pending: 1 })
      expect((await read()) - before).toBeLessThan(150)
    })
  })

  test('connections cut in mid-transaction: it is done again, whole', async () => {
    const address = await empty()
    const [db, other] = [await open(address), await open(address)]
    await db.query('CREATE TABLE t (n BIGINT PRIMARY KEY)')
    let runs = 0
    await db.transaction(async tx => {
      runs += 1
      await tx.query('INSERT INTO t (n) VALUES ($1)', [1])
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      if (runs === 1) await other.query('SELECT pg_terminate_backend($1)', [row!.pid])
      await tx.query('INSERT INTO t (n) VALUES ($1)', [2])
    })
    expect(runs).toBe(2)
    expect(await db.query('SELECT n FROM t ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }])
  })

  test.each(['before', 'after'] as const)(
    'cut at the commit, %s it reached the server: never lost, never twice',
    async when => {
      const url = new URL(await empty())
      const proxy = await cutAtCommit(server.port, when)
      url.port = String(proxy.port)
      const db = await open(url.href)
      await db.query('CREATE TABLE t (n BIGINT)')
      proxy.arm()
      await db.transaction(tx => tx.query('INSERT INTO t (n) VALUES ($1)', [7]))
      expect(proxy.cuts()).toBe(1)
      expect(await db.query('SELECT n FROM t')).toEqual([{ n: 7 }])
    },
  )

  test.each(['the question', 'the answer'] as const)(
    'a line that loses %s without a word, and all after it: asked another way, and done once',
    async lost => {
      const url = new URL(await empty())
      const proxy = await deafProxy(server.port, lost)
      url.port = String(proxy.port)
      const db = await openPostgres(url.href, 300)
      onTestFinished(() => db.close())
      await db.query('CREATE TABLE t (n BIGINT)')
      // All that the pool has are lost with it.
      await Promise.all(Array.from({ length: 3 }, () => db.query('SELECT 1 FROM t')))
      proxy.arm()
      await db.transaction(tx => tx.query('INSERT INTO t (n) VALUES ($1)', [7]))
      expect(proxy.lost()).toBe(1)
      expect(await db.query('SELECT n FROM t')).toEqual([{ n: 7 }])
    },
  )
})

/** A line to the server that breaks once, when COMMIT is on it: before it is passed on, or before the answer is. */
async function cutAtCommit(port: number, when: 'before' | 'after') {
  let armed = false
  let cuts = 0
  const sockets = new Set<Socket>()
  const listener = createServer(client => {
    const upstream = connect(port, '127.0.0.1')
    let mute = false
    const cut = () => {
      cuts += 1
      client.destroy()
      upstream.destroy()
    }
    client.on('data', data => {
      const committing = armed && data.includes('COMMIT')
      if (committing) armed = false
      if (committing && when === 'before') return cut()
      upstream.write(data)
      mute = committing
    })
    upstream.on('data', data => (mute ? cut() : client.write(data)))
    for (const [socket, peer] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => peer.destroy())
    }
  })
  return {
    port: await portOf(listener, sockets),
    arm: () => {
      armed = true
    },
    cuts: () => cuts,
  }
}

/** A line on which COMMIT, or its answer, is lost; from then on nothing passes on those that are open, which stay open. */
async function deafProxy(port: number, lost: 'the question' | 'the answer') {
  let armed = false
  let born = 0
  let deaf = 0
  let count = 0
  const sockets = new Set<Socket>()
  const listener = createServer(client => {
    const number = ++born
    const upstream = connect(port, '127.0.0.1')
    client.on('data', data => {
      if (number <= deaf) return
      if (armed && data.includes('COMMIT')) {
        armed = false
        deaf = born
        count += 1
        if (lost === 'the question') return
      }
      upstream.write(data)
    })
    upstream.on('data', data => {
      if (number > deaf) client.write(data)
    })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.on('close', () => upstream.destroy())
  })
  return {
    port: await portOf(listener, sockets),
    arm: () => {
      armed = true
    },
    lost: () => count,
  }
}

/** Listens until the test ends. */
async function portOf(listener: Server, sockets: ReadonlySet<Socket>): Promise<number> {
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    listener.close()
  })
  return (listener.address() as { port: number }).port
}
