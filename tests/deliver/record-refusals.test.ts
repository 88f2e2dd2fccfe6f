// What servers refused while an edition was sent → bounces of its readers, unless they are too many at once.

import { expect, onTestFinished, test } from 'vitest'
import { recordRefusals } from '../../src/deliver/sender-reputation.ts'
import { addSubscriber } from '../../src/store/import-subscribers.ts'
import { openStore } from '../../src/store/open-store.ts'
import { aFolder } from '../a-folder.ts'

async function refused(replies: readonly string[]) {
  const { db } = await openStore(`${aFolder({})}/broadsheet.db`)
  onTestFinished(() => db.close())
  await db.query(
    `INSERT INTO editions (id, name, newsletter, from_at, until_at, state, frozen_at) VALUES (1, 'weekly/1', 'weekly', 0, 0, 'sent', 0)`,
  )
  for (const [n, reply] of replies.entries()) {
    const email = `reader${n}@one.example`
    const person = { email, key: email, name: '', newsletters: ['weekly'], topics: [], fields: {} }
    await addSubscriber(db, { ...person, language: '', state: 'active', source: 'add', now: 1 })
    await db.query(
      `INSERT INTO deliveries (edition, subscriber, email, name, fields, state, attempts, tries, code, reply, changed)
VALUES (1, $1, $2, '', '{}', 'rejected', 1, 1, 550, $3, 0)`,
      [n + 1, email, reply],
    )
  }
  return db
}

test('each is judged by its words', async () => {
  const db = await refused([
    '550 no such user',
    '550 mailbox full',
    '550 blocked by our block list',
    '550 user unknown',
  ])
  expect(await recordRefusals(db, 'weekly/1', 2)).toBe(true)
  expect(await db.query('SELECT subscriber, kind, text FROM bounces ORDER BY subscriber')).toEqual([
    { subscriber: 1, kind: 'hard', text: '550 no such user' },
    { subscriber: 2, kind: 'soft', text: '550 mailbox full' },
    { subscriber: 4, kind: 'hard', text: '550 user unknown' },
  ])
})

test('eleven with one text at one domain are left for a person, and nothing of them is recorded', async () => {
  const db = await refused(Array.from({ length: 11 }, () => '550 Host unknown'))
  expect(await recordRefusals(db, 'weekly/1', 2)).toBe(false)
  expect(await db.query('SELECT 1 FROM bounces')).toEqual([])
  expect(await db.query('SELECT 1 FROM suppressions')).toEqual([])
})
