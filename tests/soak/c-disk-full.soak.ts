import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { aSmtpServer } from '../a-smtp-server.ts'
import { aLedger } from '../deliver/a-ledger.ts'
import { type Compiled, compile } from '../deliver/compile.ts'
import { account } from './account.ts'
import { aSender, finish } from './sender.ts'

const READERS = 3000

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})

test('the disk is full in mid-send', async context => {
  const folder = mkdtempSync(join(tmpdir(), 'full-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'none', folder])
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true })
    context.skip('a small disk can be mounted by root on Linux only')
  }
  const server = await aSmtpServer({})
  try {
    const { file: made, close } = await aLedger(READERS)
    const file = join(folder, 'list.db')
    const { db: original } = await openStore(made)
    await original.query('PRAGMA wal_checkpoint(TRUNCATE)')
    await original.close()
    copyFileSync(made, file)
    await close()
    const { bavail, bsize } = statfsSync(folder)
    const filler = join(folder, 'filler')
    writeFileSync(filler, Buffer.alloc(bavail * bsize - 1_200_000))
    const cut = aSender(compiled.dir, file, server.address, 5)
    expect(await cut.ended).toBe(1)
    expect(cut.stderr()).toMatch(/no space left/)
    const before = server.mails.size
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(READERS)
    rmSync(filler)
    await finish(() => aSender(compiled.dir, file, server.address, 5))
    const { db } = await openStore(file)
    const { line, unknown } = await account(db, server, READERS)
    console.log(`disk full after ${before} messages, then room: ${line}`)
    expect(unknown).toBeLessThanOrEqual(5)
    await db.close()
  } finally {
    await server.close()
    // Lazily: libsql lets go of a file that was closed in its own time.
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  }
})
