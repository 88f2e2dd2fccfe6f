// A number of readers → a store in a temporary folder with an edition frozen for them.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Delivery, Letter, Message } from '../../src/model.ts'
import type { Database } from '../../src/store/database.ts'
import { freezeEdition } from '../../src/store/freeze-edition.ts'
import { importSubscribers } from '../../src/store/import-subscribers.ts'
import { openStore } from '../../src/store/open-store.ts'
import { aMessage } from './a-message.ts'

export const EDITION = 'weekly/2026-W05'
export const FROZEN = Date.parse('2026-01-30T07:00:00+05:30')

export interface Ledger {
  readonly db: Database
  readonly file: string
  close(): Promise<void>
}

/** @param readers how many, or their addresses */
export async function aLedger(readers: number | readonly string[]): Promise<Ledger> {
  const dir = mkdtempSync(join(tmpdir(), 'ledger-'))
  const file = join(dir, 'broadsheet.db')
  const { db } = await openStore(file)
  const emails =
    typeof readers === 'number'
      ? Array.from({ length: readers }, (_, i) => `reader${i}@reader.example`)
      : readers
  for (let i = 0; i < emails.length; i += 1000) {
    await importSubscribers(
      db,
      emails.slice(i, i + 1000).map(email => ({
        email,
        key: email,
        name: '',
        newsletters: ['weekly'],
        topics: [],
        fields: {},
        language: '',
        state: 'active' as const,
        source: 'test',
        now: FROZEN,
      })),
    )
  }
  await freezeEdition(db, {
    edition: EDITION,
    newsletter: 'weekly',
    from: FROZEN - 7 * 86_400_000,
    until: FROZEN,
    letter: aLetter(),
    letterHash: 'hash',
    carried: ['a'],
    omitted: [],
    now: FROZEN,
  })
  return {
    db,
    file,
    async close() {
      await db.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export function aLetter(): Letter {
  return {
    edition: EDITION,
    newsletter: 'weekly',
    subject: 'A bridge at dawn',
    preheader: '',
    language: 'en',
    from: { name: 'The Meridian', address: 'news@meridian.example' },
    html: '<p>Good morning.</p>',
    text: 'Good morning.',
    marker: '0123456789ab',
    files: [],
  }
}

export function compose({ email }: Delivery): Message {
  return aMessage(email)
}
