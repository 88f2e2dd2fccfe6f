// A file and a number → a ledger with so many subscribers, and its edition, frozen for them.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { letter } from './delivery-letter.ts'

/** One that was frozen before, or a short one of its own. @param dist where the program was compiled to */
export async function openList(dist: string, file: string | undefined, readers: number) {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'))
  const own = file ?? join(folder, 'list.db')
  if (file === undefined) {
    await list(dist, own, readers)
    await freeze(dist, own)
  }
  const { openStore } = await import(`${dist}/store/index.js`)
  const { db } = await openStore(own)
  return {
    db,
    edition: letter.edition,
    async close() {
      await db.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export async function list(dist: string, file: string, readers: number): Promise<void> {
  // Of an earlier row.
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
  const { openStore } = await import(`${dist}/store/index.js`)
  const { importSubscribers } = await import(`${dist}/store/import-subscribers.js`)
  const { db } = await openStore(file)
  const same = {
    newsletters: ['weekly'],
    topics: [],
    fields: {},
    language: '',
    state: 'active',
    source: 'bench',
  }
  for (let first = 0; first < readers; first += 1000) {
    const rows = Array.from({ length: Math.min(1000, readers - first) }, (_, k) => {
      const email = `reader${first + k}@example.com`
      return { ...same, email, key: email, name: `Reader ${first + k}`, now: Date.now() }
    })
    await importSubscribers(db, rows)
  }
  await db.close()
}

export async function freeze(dist: string, file: string): Promise<void> {
  const { openStore, freezeEdition } = await import(`${dist}/store/index.js`)
  const { db } = await openStore(file)
  const now = Date.now()
  await freezeEdition(db, {
    from: 0,
    until: now,
    now,
    edition: letter.edition,
    newsletter: 'weekly',
    letter,
    letterHash: 'x',
    carried: [],
    omitted: [],
  })
  await db.close()
}
