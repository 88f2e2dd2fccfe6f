// `status` of ledgers in different states.

import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { claimDeliveries, markHanded, settleDeliveries } from '../../src/store/deliveries.ts'
import { recordSkipped } from '../../src/store/editions.ts'
import { openStore } from '../../src/store/open-store.ts'
import { acquireSenderLock } from '../../src/store/senders.ts'
import { eraseSubscriber } from '../../src/store/subscriptions.ts'
import { recordBounce } from '../../src/store/suppressions.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aLedger, EDITION, FROZEN } from '../deliver/a-ledger.ts'

const NOW = ['--now', new Date(FROZEN + 100_000).toISOString()]

test('counts, rate and failures by reply; addresses only when asked for', async () => {
  const ledger = await aLedger(10)
  const { db, file } = ledger
  const claimed = await claimDeliveries(db, {
    edition: EDITION,
    owner: 'me',
    limit: 8,
    now: FROZEN,
    leaseUntil: FROZEN + 1000,
  })
  const subscribers = claimed.map(({ subscriber }) => subscriber)
  await markHanded(db, { edition: EDITION, owner: 'me', subscribers, now: FROZEN })
  await settleDeliveries(db, {
    edition: EDITION,
    owner: 'me',
    now: FROZEN,
    settlements: subscribers.map((subscriber, i) => {
      if (i < 5) return { subscriber, state: 'accepted', code: 250, reply: '250 ok', countAttempt: true }
      if (i < 7) {
        const reply = `550 5.1.1 <${claimed[i]!.email}> unknown`
        return { subscriber, state: 'rejected', code: 550, enhanced: '5.1.1', reply, countAttempt: true }
      }
      return { subscriber, state: 'unknown', reply: 'no answer within 600 s', countAttempt: true }
    }),
  })
  const env = { BROADSHEET_DATABASE: file }
  const folder = aFolder()
  const ran = await aRun(folder, ['status', '--json', ...NOW], { env })
  expect(ran.code).toBe(0)
  expect(ran.json()).toEqual({
    edition: EDITION,
    audience: 10,
    pending: 2,
    accepted: 5,
    rejected: 2,
    deferred: 0,
    unknown: 1,
    skipped: {},
    seconds: expect.closeTo(100, -1),
    state: 'sending',
    rate: expect.any(Number),
    failures: [
      { state: 'rejected', code: 550, enhanced: '5.1.1', reply: '550 5.1.1 <…> unknown', count: 2 },
      { state: 'unknown', reply: 'no answer within 600 s', count: 1 },
    ],
    domains: [{ domain: 'reader.example', rejected: 2, deferred: 0, unknown: 1 }],
    returned: { hard: 0, soft: 0, complaint: 0 },
    senders: [],
    next: [],
  })
  const human = await aRun(folder, ['status', EDITION, ...NOW], { env })
  expect(human.stdout).toMatch(/5 of 10 accepted/)
  expect(human.stdout).toMatch(/2 × rejected: 550 5\.1\.1 <…> unknown/)
  expect(human.stdout).not.toContain('@')
  const list = await aRun(folder, ['status', EDITION, '--list', 'rejected', ...NOW], { env })
  expect(list.stdout.match(/@reader\.example/g)?.length).toBe(4)
  await ledger.close()
})

test('a sender that died sends no more, and status says how it goes on', async () => {
  const { db, file, close } = await aLedger(3)
  onTestFinished(close)
  const lock = { edition: EDITION, owner: 'x', host: hostname(), now: FROZEN, expires: FROZEN + 1_000_000 }
  const env = { BROADSHEET_DATABASE: file }
  const status = async () => (await aRun(aFolder(), ['status', ...NOW], { env })).stdout
  await acquireSenderLock(db, { ...lock, pid: process.pid })
  expect(await status()).toContain(`process ${process.pid} on`)
  expect(await status()).not.toContain('To continue')
  // No machine has a process of this number.
  await acquireSenderLock(db, { ...lock, pid: 2 ** 30 })
  expect(await status()).toContain(`No sender is running. To continue: broadsheet send ${EDITION}`)
  await acquireSenderLock(db, { ...lock, host: 'elsewhere', pid: 1, expires: FROZEN + 99_999 })
  expect(await status()).toContain('To continue')
})

test('no ledger, no edition, a skipped one: told, exit 0, and nothing is made', async () => {
  const folder = aFolder()
  const none = await aRun(folder, ['status', '--json'])
  expect(none.code).toBe(0)
  expect(none.json()).toEqual({ edition: null, why: 'nothing was sent yet', next: [] })
  expect(existsSync(join(folder, '.broadsheet'))).toBe(false)
  const { db } = await openStore(join(folder, '.broadsheet/broadsheet.db'))
  expect((await aRun(folder, ['status', '--json'])).json()).toEqual({
    edition: null,
    why: 'nothing was sent yet',
    next: [],
  })
  await recordSkipped(db, {
    edition: EDITION,
    newsletter: 'weekly',
    from: 0,
    until: 1,
    why: 'nothing new',
    now: 2,
  })
  await db.close()
  const skipped = await aRun(folder, ['status', EDITION, '--json'])
  expect(skipped.json()).toEqual({ edition: null, why: `${EDITION} was skipped: nothing new` })
})

test('an edition or a state that is none: exit 2', async () => {
  const ledger = await aLedger(1)
  const env = { BROADSHEET_DATABASE: ledger.file }
  const folder = aFolder()
  expect((await aRun(folder, ['status', 'weekly/2031-W01'], { env })).code).toBe(2)
  const ran = await aRun(folder, ['status', '--list', 'lost'], { env })
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/unknown/)
  await ledger.close()
})

test('--html writes the page and says where; an address that was erased is told as such', async () => {
  const { db, file, close } = await aLedger(1)
  onTestFinished(close)
  await eraseSubscriber(db, { key: 'reader0@reader.example', now: FROZEN })
  const folder = aFolder({ 'articles/publication.yaml': 'title: The Test\nurl: https://test.example/\n' })
  const env = { BROADSHEET_DATABASE: file }
  const ran = await aRun(folder, ['status', '--html', 'status.html', '--list', 'pending', ...NOW], { env })
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  expect(ran.stdout).toContain('(erased)')
  expect(ran.stdout).toContain('status.html')
  expect(readFileSync(join(folder, 'status.html'), 'utf8')).toMatch(/^<!doctype html>/i)
  const nowhere = await aRun(folder, ['status', '--html', 'no/such/status.html', ...NOW], { env })
  expect(nowhere.code).toBe(2)
})

test('what came back of what was accepted, and complaints as a share of it', async () => {
  const { db, file, close } = await aLedger(10)
  onTestFinished(close)
  const us = { edition: EDITION, owner: 'me', now: FROZEN }
  const claimed = await claimDeliveries(db, { ...us, limit: 10, leaseUntil: FROZEN + 1000 })
  const subscribers = claimed.map(({ subscriber }) => subscriber)
  await markHanded(db, { ...us, subscribers })
  const settlements = subscribers.map(subscriber => ({
    subscriber,
    state: subscriber === subscribers[9] ? ('rejected' as const) : ('accepted' as const),
    reply: 'so',
    countAttempt: true,
  }))
  await settleDeliveries(db, { ...us, settlements })
  const kinds = ['hard', 'soft', 'soft', 'complaint'] as const
  for (const [i, kind] of kinds.entries())
    await recordBounce(db, {
      subscriber: subscribers[i]!,
      edition: EDITION,
      kind,
      status: '5.0.0',
      now: FROZEN,
    })
  await recordBounce(db, {
    subscriber: subscribers[9]!,
    edition: EDITION,
    kind: 'hard',
    status: '5.1.1',
    now: FROZEN,
  })
  const env = { BROADSHEET_DATABASE: file }
  const { stdout } = await aRun(aFolder(), ['status', ...NOW], { env })
  expect(stdout).toContain('came back: 1 for good, 2 for now')
  expect(stdout).toContain('complaints: 1, 11.11 % of accepted')
  expect(stdout).toContain('Too many complaints')
  const { json } = await aRun(aFolder(), ['status', '--json', ...NOW], { env })
  expect(json().returned).toEqual({ hard: 1, soft: 2, complaint: 1 })
})
