// What the ledger must keep and count for whoever asks how sending went, on every database.

import { describe, expect, test } from 'vitest'
import { claimDeliveries, settleDeliveries } from '../../src/store/deliveries.ts'
import { finishEdition, reopenEdition } from '../../src/store/editions.ts'
import {
  acceptComplaints,
  complaintsAccepted,
  countHeld,
  type DomainReport,
  editionNumbers,
  feedSubscribers,
  HELD_REPLY,
  leavers,
  listGrowth,
  readersBySource,
  recordDomainReport,
  recordFeedSubscribers,
  returnedByDomain,
  returnedByEdition,
  sumDomainReports,
} from '../../src/store/numbers.ts'
import { readWarmUp, reserveWarmUp, returnWarmUp } from '../../src/store/senders.ts'
import { removeSubscriber } from '../../src/store/subscriptions.ts'
import { recordBounce } from '../../src/store/suppressions.ts'
import { EDITION, NOW as FROZEN, freeze, join, joinMany } from './a-list.ts'
import { open } from './database.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 29)

const aReport = (given: Partial<DomainReport> = {}): DomainReport => ({
  kind: 'dmarc',
  reporter: 'receiver.example',
  id: '1',
  domain: 'meridian.example',
  from: NOW - 2 * DAY,
  until: NOW - DAY,
  passed: 90,
  failed: 10,
  failures: [
    { source: '192.0.2.1', why: 'reject', count: 7 },
    { source: '2001:db8::1', why: 'none (forwarded)', count: 3 },
  ],
  ...given,
})

export function reportsContract(empty: () => Promise<string>): void {
  describe('reports on our domains', () => {
    test('each counts once, whoever sends it again; another reporter may use the same number', async () => {
      const db = await open(await empty())
      expect(await recordDomainReport(db, aReport(), NOW)).toBe(true)
      expect(await recordDomainReport(db, aReport(), NOW)).toBe(false)
      expect(await recordDomainReport(db, aReport({ passed: 5 }), NOW + 1)).toBe(false)
      expect(await recordDomainReport(db, aReport({ reporter: 'another.example' }), NOW)).toBe(true)
      expect(await recordDomainReport(db, aReport({ kind: 'tls', failures: [] }), NOW)).toBe(true)
      expect(await sumDomainReports(db, 0, 1)).toEqual([
        {
          kind: 'dmarc',
          domain: 'meridian.example',
          reports: 2,
          reporters: 2,
          passed: 180,
          failed: 20,
          failures: [{ source: '192.0.2.1', why: 'reject', count: 14 }],
        },
        {
          kind: 'tls',
          domain: 'meridian.example',
          reports: 1,
          reporters: 1,
          passed: 90,
          failed: 10,
          failures: [],
        },
      ])
    })

    test('what was before is left out, domains are apart, and numbers are numbers', async () => {
      const db = await open(await empty())
      const large = { passed: 8_000_000_000, failed: 0, failures: [] }
      await recordDomainReport(db, aReport({ id: 'old', until: NOW - 40 * DAY }), NOW)
      await recordDomainReport(db, aReport({ ...large, id: '2', domain: 'b.example' }), NOW)
      await recordDomainReport(db, aReport({ ...large, id: '3', domain: 'b.example' }), NOW)
      await recordDomainReport(db, aReport({ ...large, id: '4', domain: 'a.example' }), NOW)
      const sums = await sumDomainReports(db, NOW - 30 * DAY, 5)
      expect(sums.map(({ domain, passed }) => [domain, passed])).toEqual([
        ['a.example', 8_000_000_000],
        ['b.example', 16_000_000_000],
      ])
    })
  })

  describe('a warm-up', () => {
    const warmUp = { start: 100, growth: 1.5, end: 1000 }

    test('many who reserve at once get no more than there are, and what is returned is there again', async () => {
      const db = await open(await empty())
      const day = '2026-01-30'
      expect(await readWarmUp(db, { warmUp, day })).toEqual({ allowed: 100, sent: 0 })
      const taken = await Promise.all(
        Array.from({ length: 12 }, () => reserveWarmUp(db, { warmUp, day }, 15)),
      )
      expect(taken.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(100)
      await returnWarmUp(db, day, 30)
      expect(await reserveWarmUp(db, { warmUp, day }, 50)).toBe(30)
      expect(await readWarmUp(db, { warmUp, day })).toEqual({ allowed: 100, sent: 100 })
    })

    test('each day that was used makes the next one larger, until there is no limit', async () => {
      const db = await open(await empty())
      const limits = []
      for (let day = 10; day < 18; day++) {
        const at = { warmUp, day: `2026-01-${day}` }
        limits.push((await readWarmUp(db, at))?.allowed)
        await reserveWarmUp(db, at, day === 11 ? 10 : 100_000)
      }
      expect(limits).toEqual([100, 150, 150, 225, 338, 507, 761, undefined])
      expect(await reserveWarmUp(db, { warmUp, day: '2026-01-18' }, 5000)).toBeUndefined()
      // A larger start holds at once.
      const higher = { warmUp: { ...warmUp, start: 300 }, day: '2026-01-11' }
      expect(await readWarmUp(db, higher)).toEqual({ allowed: 300, sent: 10 })
    })
  })

  describe('the numbers of an edition', () => {
    test('by domain and in time, without groups of few; remembered once it is finished', async () => {
      const db = await open(await empty())
      await joinMany(db, 20)
      await join(db, 'lone@one.example')
      await freeze(db)
      const claim = { edition: EDITION, owner: 'me', limit: 100, now: FROZEN, leaseUntil: FROZEN + 1 }
      const claimed = await claimDeliveries(db, claim)
      const settle = (from: number, to: number, now: number) =>
        settleDeliveries(db, {
          edition: EDITION,
          owner: 'me',
          now,
          settlements: claimed.slice(from, to).map(({ subscriber }) => ({
            subscriber,
            state: 'accepted',
            reply: '250 ok',
            countAttempt: true,
          })),
        })
      await settle(0, 11, FROZEN + 2000)
      await settle(11, 20, FROZEN + 61_000)
      await settle(20, 21, FROZEN + 3_600_000)
      const numbers = {
        accepted: { '': 1, 'example.org': 20 },
        times: { half: 2, most: 61, all: 3600 },
      }
      const found = [{ edition: EDITION, newsletter: 'weekly', frozenAt: FROZEN, numbers }]
      expect(await editionNumbers(db, FROZEN)).toEqual(found)
      await finishEdition(db, EDITION, FROZEN + 3_700_000)
      await db.query("UPDATE deliveries SET state = 'rejected' WHERE subscriber < 11")
      expect(await editionNumbers(db, FROZEN)).toEqual(found)
      await reopenEdition(db, EDITION)
      expect((await editionNumbers(db, FROZEN))[0]!.numbers.accepted).toEqual({ '': 1, 'example.org': 10 })
      expect(await editionNumbers(db, FROZEN + 1)).toEqual([])
      await recordBounce(db, { subscriber: 1, kind: 'complaint', status: '', edition: EDITION, now: FROZEN })
      await recordBounce(db, { subscriber: 21, kind: 'hard', status: '5.1.1', now: FROZEN })
      expect(await returnedByDomain(db, FROZEN)).toEqual([
        { domain: 'example.org', kind: 'complaint', count: 1 },
        { domain: 'one.example', kind: 'hard', count: 1 },
      ])
      expect(await returnedByDomain(db, FROZEN, 'complaint')).toHaveLength(1)
      expect(await returnedByEdition(db, FROZEN)).toHaveLength(2)
      expect(await returnedByEdition(db, FROZEN + 1)).toEqual([])
    })

    test('who is held for complaints is counted, and due once that is accepted', async () => {
      const db = await open(await empty())
      await joinMany(db, 3)
      await freeze(db)
      const claim = { edition: EDITION, owner: 'me', limit: 100, now: FROZEN, leaseUntil: FROZEN + 1 }
      const claimed = await claimDeliveries(db, claim)
      await settleDeliveries(db, {
        edition: EDITION,
        owner: 'me',
        now: FROZEN,
        settlements: claimed.map(({ subscriber }, index) => ({
          subscriber,
          state: 'deferred',
          reply: index === 0 ? '451 later' : `${HELD_REPLY} 3 of 9 readers at Gmail`,
          nextAt: FROZEN + 86_400_000,
          countAttempt: index === 0,
        })),
      })
      expect(await countHeld(db, EDITION)).toBe(2)
      expect(await complaintsAccepted(db, EDITION)).toBe(false)
      expect(await claimDeliveries(db, claim)).toEqual([])
      await acceptComplaints(db, EDITION, FROZEN)
      await acceptComplaints(db, EDITION, FROZEN)
      expect(await complaintsAccepted(db, EDITION)).toBe(true)
      // Nobody of them has been tried.
      expect(await claimDeliveries(db, { ...claim, triedOnly: true })).toEqual([])
      expect((await claimDeliveries(db, claim)).map(({ subscriber }) => subscriber)).toEqual([2, 3])
    })
  })

  describe('the list in numbers', () => {
    const DAY0 = Math.floor(FROZEN / DAY) * DAY

    test('who came and went by day; who waits is not there, who is suppressed has gone', async () => {
      const db = await open(await empty())
      expect(await listGrowth(db)).toEqual([])
      for (let i = 1; i <= 6; i++)
        await join(db, `r${i}@example.org`, {
          now: DAY0 + 1000,
          newsletters: ['weekly', 'daily'],
          source: 'form',
        })
      await join(db, 'late@example.org', { now: DAY0 + DAY, source: 'import a.csv' })
      await join(db, 'waits@example.org', { now: DAY0, state: 'pending' })
      const later = DAY0 + 3 * DAY
      // Of two newsletters one left: still a reader.
      await removeSubscriber(db, { subscriber: 1, newsletter: 'weekly', now: later })
      await removeSubscriber(db, { subscriber: 2, newsletter: 'weekly', now: later })
      await removeSubscriber(db, { subscriber: 2, newsletter: 'daily', now: later + 2 * DAY })
      await recordBounce(db, { subscriber: 3, kind: 'hard', status: '5.1.1', now: later + 1000 })
      expect(await listGrowth(db)).toEqual([
        { day: DAY0, joined: 6, left: 0 },
        { day: DAY0 + DAY, joined: 1, left: 0 },
        { day: DAY0 + 3 * DAY, joined: 0, left: 1 },
        { day: DAY0 + 5 * DAY, joined: 0, left: 1 },
      ])
      expect(await readersBySource(db)).toEqual([{ name: '', count: 5 }])
      for (let i = 7; i <= 9; i++) await join(db, `r${i}@example.org`, { source: 'form' })
      expect(await readersBySource(db)).toEqual([
        { name: 'form', count: 7 },
        { name: '', count: 1 },
      ])
      expect((await leavers(db, later)).reduce((sum, { count }) => sum + count, 0)).toBe(3)
      expect((await leavers(db, later + 1)).map(({ newsletter, count }) => [newsletter, count])).toEqual([
        ['daily', 1],
      ])
    })

    test('subscribers of feeds: the last word of each reader, until it has not been heard for long', async () => {
      const db = await open(await empty())
      const report = { feed: '/rss.xml', reader: 'Feedly', number: '', subscribers: 10, at: FROZEN }
      await recordFeedSubscribers(db, [])
      await recordFeedSubscribers(db, [report, { ...report, reader: 'Feedbin', number: '7' }])
      await recordFeedSubscribers(db, [{ ...report, subscribers: 12, at: FROZEN + DAY }])
      expect(await feedSubscribers(db, FROZEN)).toEqual([
        { ...report, reader: 'Feedbin', number: '7' },
        { ...report, subscribers: 12, at: FROZEN + DAY },
      ])
      expect(await feedSubscribers(db, FROZEN + 1)).toHaveLength(1)
    })
  })
}
