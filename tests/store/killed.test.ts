// A program that writes to the ledger is killed at any moment: what it had committed is there, and nothing else is.

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { openStore } from '../../src/store/open-store.ts'
import { aFolder } from '../a-folder.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import { type Compiled, compile } from '../deliver/compile.ts'

let compiled: Compiled
let server: APostgres
beforeAll(async () => {
  compiled = compile()
  server = await aPostgres()
})
afterAll(async () => {
  await server?.stop()
})

// Each transaction writes the same number into two tables and says so once it is committed.
const CHILD = `
const [dir, address, from] = process.argv.slice(2)
const { openStore } = await import(dir + '/store/index.js')
const { db } = await openStore(address)
process.stdout.write('open\\n')
for (let n = Number(from); ; n += 1) {
  await db.transaction(async tx => {
    await tx.query('INSERT INTO one (n) VALUES ($1)', [n])
    await tx.query('INSERT INTO two (n) VALUES ($1)', [n])
  })
  process.stdout.write(n + '\\n')
}
`

/** Runs the child from this number on and kills it some ms after so many commits. @returns the last that it reported */
function writeUntilKilled(address: string, from: number, commits: number, ms: number): Promise<number> {
  const script = join(aFolder(), 'child.mjs')
  writeFileSync(script, CHILD)
  const child = spawn(process.execPath, [script, compiled.dir, address, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const reported = () => output.split('\n').slice(1, -1)
  let isDying = false
  child.stdout.on('data', data => {
    output += data
    if (isDying || reported().length < commits) return
    isDying = true
    setTimeout(() => child.kill('SIGKILL'), ms)
  })
  return new Promise(resolve => {
    child.on('close', () => resolve(Number(reported().at(-1) ?? from - 1)))
  })
}

/** What else is connected to this database. */
const othersOn = (db: Database) =>
  db.query('SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')

const numbers = async (db: Database, table: string) =>
  (await db.query<{ n: number }>(`SELECT n FROM ${table} ORDER BY n`)).map(({ n }) => n)

test.each(['sqlite', 'postgres'] as const)(
  '%s: nothing committed is lost, nothing half done is kept',
  async kind => {
    const address = kind === 'sqlite' ? join(aFolder(), 'list.db') : await server.database()
    const { db } = await openStore(address)
    onTestFinished(() => db.close())
    await db.query('CREATE TABLE one (n BIGINT PRIMARY KEY)')
    await db.query('CREATE TABLE two (n BIGINT PRIMARY KEY)')
    let next = 1
    for (const [commits, ms] of [
      [0, 1],
      [1, 0],
      [3, 2],
      [4, 5],
      [6, 1],
      [7, 3],
    ] as const) {
      const reported = await writeUntilKilled(address, next, commits, ms)
      // The commit that was on its way when the child died may still end on the server; then it ends whole.
      if (kind === 'postgres') await expect.poll(() => othersOn(db)).toEqual([])
      const there = await numbers(db, 'one')
      expect(there).toEqual(await numbers(db, 'two'))
      expect(there).toEqual(Array.from({ length: there.length }, (_, index) => index + 1))
      expect(there.length).toBeGreaterThanOrEqual(reported)
      expect(there.length).toBeLessThanOrEqual(Math.max(reported, next - 1) + 1)
      next = there.length + 1
    }
    expect(next).toBeGreaterThan(20)
  },
)
