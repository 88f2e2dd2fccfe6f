// Readers and editions for tests of the store, in few words.

import { parseAddress } from '../../src/base/addresses.ts'
import type { LedgerCounts, Letter } from '../../src/model.ts'
import type { Database } from '../../src/store/database.ts'
import { type Freeze, freezeEdition } from '../../src/store/freeze-edition.ts'
import {
  addSubscriber,
  type ImportResult,
  importSubscribers,
  type NewSubscriber,
} from '../../src/store/import-subscribers.ts'

export const NOW = Date.parse('2026-01-30T07:00:00Z')
export const EDITION = 'weekly/2026-W05'

export function aNewcomer(email: string, rest: Partial<NewSubscriber> = {}): NewSubscriber {
  const { address, key } = parseAddress(email)!
  return {
    email: address,
    key,
    name: '',
    newsletters: ['weekly'],
    topics: [],
    fields: {},
    language: '',
    state: 'active',
    source: 'add',
    now: NOW,
    ...rest,
  }
}

export function join(db: Database, email: string, rest: Partial<NewSubscriber> = {}): Promise<ImportResult> {
  return addSubscriber(db, aNewcomer(email, rest))
}

/** reader1@example.org to readerN@example.org, with the ids 1 to N in an empty database. */
export async function joinMany(db: Database, count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, index) => aNewcomer(`reader${index + 1}@example.org`))
  for (let at = 0; at < count; at += 1_000) await importSubscribers(db, all.slice(at, at + 1_000))
}

export const aLetter: Letter = {
  edition: EDITION,
  newsletter: 'weekly',
  subject: 'Über alles, was “neu” ist 🗞',
  preheader: '',
  language: 'en',
  from: { name: 'The Meridian', address: 'news@meridian.example' },
  html: '<p>⟦abc:name|there⟧</p>',
  text: 'there',
  marker: 'abcabcabcabc',
  files: [],
}

export function freeze(
  db: Database,
  edition = EDITION,
  more: Partial<Pick<Freeze, 'carried' | 'omitted' | 'segment'>> = {},
) {
  return freezeEdition(db, {
    edition,
    newsletter: edition.split('/')[0]!,
    from: NOW - 7 * 86_400_000,
    until: NOW,
    letter: { ...aLetter, edition },
    letterHash: 'hash',
    carried: more.carried ?? ['tag:a'],
    omitted: more.omitted ?? [],
    segment: more.segment,
    now: NOW,
  })
}

export function counts(some: Partial<LedgerCounts>): LedgerCounts {
  return { audience: 0, pending: 0, accepted: 0, rejected: 0, deferred: 0, unknown: 0, skipped: {}, ...some }
}

/** One settled attempt, out of the log. */
interface Attempt {
  readonly subscriber: number
  readonly number: number
  /** ms since epoch */
  readonly at: number
  readonly state: string
  readonly code: number | undefined
  readonly enhanced: string | undefined
  readonly reply: string
}

/** Every attempt at one reader, first to last. */
export async function listAttempts(db: Database, edition: string, subscriber: number): Promise<Attempt[]> {
  const rows = await db.query<Attempt & { code: number | null; enhanced: string | null }>(
    `SELECT subscriber, number, at, state, code, enhanced, reply FROM attempts
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND subscriber = $2 ORDER BY number`,
    [edition, subscriber],
  )
  return rows.map(row => ({ ...row, code: row.code ?? undefined, enhanced: row.enhanced ?? undefined }))
}
