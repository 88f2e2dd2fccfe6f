// What the ledger must do on every database: frozen once, claimed once, settled once, recovered without a loss.

import { describe, expect, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import type { Delivery } from '../../src/model.ts'
import type { Database } from '../../src/store/database.ts'
import {
  type ClaimPlace,
  claimDeliveries,
  markHanded,
  recoverDeliveries,
  releaseLeases,
  renewLeases,
  resendUnknown,
  type Settlement,
  settleDeliveries,
} from '../../src/store/deliveries.ts'
import {
  finishEdition,
  frozenEdition,
  listEditions,
  recordSkipped,
  sentHistory,
  setCancelled,
} from '../../src/store/editions.ts'
import { countDeliveries, groupFailures, listDeliveries, nextDue } from '../../src/store/read-deliveries.ts'
import { acquireSenderLock, extendSenderLock, releaseSenderLock } from '../../src/store/senders.ts'
import { removeSubscriber } from '../../src/store/subscriptions.ts'
import { suppress } from '../../src/store/suppressions.ts'
import { aLetter, counts, EDITION, freeze, join, joinMany, listAttempts, NOW } from './a-list.ts'
import { open } from './database.ts'

const MINE = { edition: EDITION, owner: 'me', now: NOW }

function claim(
  db: Database,
  limit = 10,
  more: { owner?: string; now?: number; leaseUntil?: number; place?: ClaimPlace } = {},
) {
  return claimDeliveries(db, { ...MINE, limit, leaseUntil: NOW + 60_000, ...more })
}

const ids = (deliveries: readonly Delivery[]) => deliveries.map(({ subscriber }) => subscriber)

function accepted(subscriber: number): Settlement {
  return {
    subscriber,
    state: 'accepted',
    code: 250,
    reply: '250 2.0.0 Ok: queued as 4XyZ',
    countAttempt: true,
  }
}

async function frozen(empty: () => Promise<string>, readers: number): Promise<Database> {
  const db = await open(await empty())
  await joinMany(db, readers)
  await freeze(db)
  return db
}

export function ledgerContract(empty: () => Promise<string>): void {
  describe('freezing', () => {
    test('letter, articles and audience, once and for all', async () => {
      const db = await open(await empty())
      await join(db, 'Anna@example.org', { name: 'Anna', fields: { city: 'Delhi' } })
      await join(db, 'daily@example.org', { newsletters: ['daily'] })
      expect(await frozenEdition(db, EDITION)).toBeUndefined()
      expect(await freeze(db)).toEqual(counts({ audience: 1, pending: 1 }))
      await join(db, 'late@example.org')
      await join(db, 'Anna@example.org', { name: 'Anna B.' })
      expect(await freeze(db, EDITION, { carried: ['tag:other'] })).toEqual(
        counts({ audience: 1, pending: 1 }),
      )
      const edition = await frozenEdition(db, EDITION)
      expect(edition).toMatchObject({
        edition: EDITION,
        newsletter: 'weekly',
        state: 'sending',
        letterHash: 'hash',
      })
      expect(edition).toMatchObject({ from: NOW - 7 * 86_400_000, until: NOW, frozenAt: NOW })
      expect(edition?.letter).toEqual(aLetter)
      expect((await sentHistory(db, 'weekly')).carried).toEqual(new Set(['tag:a']))
      const [delivery] = await claim(db)
      expect(delivery).toEqual({
        edition: EDITION,
        subscriber: 1,
        email: 'Anna@example.org',
        name: 'Anna',
        fields: { city: 'Delhi' },
        state: 'leased',
        reason: undefined,
        attempts: 0,
        nextAt: undefined,
        reply: undefined,
      })
    })

    test('two at once freeze one', async () => {
      const address = await empty()
      const [one, two] = [await open(address), await open(address)]
      await joinMany(one, 500)
      const answers = await Promise.all([freeze(one), freeze(two), freeze(one), freeze(two)])
      for (const answer of answers) expect(answer).toEqual(counts({ audience: 500, pending: 500 }))
      expect(await listEditions(one)).toHaveLength(1)
    })

    test('skipped is recorded once, and may still be frozen; what is frozen is never skipped', async () => {
      const db = await open(await empty())
      const skip = { edition: EDITION, newsletter: 'weekly', from: 1, until: 2, why: 'nothing new', now: 3 }
      await recordSkipped(db, skip)
      await recordSkipped(db, { ...skip, why: 'other' })
      expect(await frozenEdition(db, EDITION)).toEqual({
        edition: EDITION,
        newsletter: 'weekly',
        from: 1,
        until: 2,
        state: 'skipped',
        why: 'nothing new',
        letterHash: undefined,
        frozenAt: 3,
        finishedAt: 3,
      })
      expect((await sentHistory(db, 'weekly')).reach).toBeUndefined()
      await freeze(db)
      await recordSkipped(db, skip)
      expect(await frozenEdition(db, EDITION)).toMatchObject({
        state: 'sending',
        why: undefined,
        frozenAt: NOW,
      })
    })

    test('history: identities, reach, and ids without the newsletter', async () => {
      const db = await open(await empty())
      await freeze(db, 'weekly/1', { carried: ['tag:a', 'tag:b'], omitted: ['tag:c'] })
      await freeze(db, 'weekly/2', { carried: ['tag:d'] })
      await freeze(db, 'daily/1', { carried: ['tag:e'] })
      await recordSkipped(db, {
        edition: 'weekly/0',
        newsletter: 'weekly',
        from: 0,
        until: 1,
        why: 'x',
        now: 1,
      })
      const history = await sentHistory(db, 'weekly')
      expect(history.carried).toEqual(new Set(['tag:a', 'tag:b', 'tag:c', 'tag:d']))
      expect(history.reach).toBe(NOW - 7 * 86_400_000)
      expect(history.editions).toEqual(new Set(['0', '1', '2']))
      expect((await listEditions(db, 'weekly')).map(({ edition }) => edition)).toEqual([
        'weekly/2',
        'weekly/1',
        'weekly/0',
      ])
      expect(await listEditions(db)).toHaveLength(4)
    })
  })

  describe('claiming and handing over', () => {
    test('everybody once, in the order of the audience', async () => {
      const db = await frozen(empty, 25)
      const seen = []
      for (let batch = await claim(db, 7); batch.length > 0; batch = await claim(db, 7))
        seen.push(...ids(batch))
      expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
      expect(await countDeliveries(db, EDITION)).toEqual(counts({ audience: 25, pending: 25 }))
    })

    test('suppressed and unsubscribed since: skipped at the claim, and those behind them still come', async () => {
      const db = await frozen(empty, 6)
      for (const id of [1, 2]) await removeSubscriber(db, { subscriber: id, newsletter: 'weekly', now: NOW })
      await suppress(db, { hash: addressHash('reader3@example.org'), reason: 'complaint', since: NOW })
      expect(ids(await claim(db, 3))).toEqual([4, 5, 6])
      expect(await claim(db, 3)).toEqual([])
      const skipped = { suppressed: 1, unsubscribed: 2 }
      expect(await countDeliveries(db, EDITION)).toEqual(counts({ audience: 6, pending: 3, skipped }))
    })

    test('the last look before the wire', async () => {
      const db = await frozen(empty, 5)
      await claim(db)
      await removeSubscriber(db, { subscriber: 2, now: NOW })
      await suppress(db, { hash: addressHash('reader4@example.org'), reason: 'bounce', since: NOW })
      expect(await markHanded(db, { ...MINE, subscribers: [5, 1, 2, 4, 99] })).toEqual([1, 5])
      expect(await markHanded(db, { ...MINE, subscribers: [1, 5] })).toEqual([])
      expect(await markHanded(db, { ...MINE, owner: 'other', subscribers: [3] })).toEqual([])
      expect(await markHanded(db, { ...MINE, subscribers: [] })).toEqual([])
      const skipped = { suppressed: 1, unsubscribed: 1 }
      expect(await countDeliveries(db, EDITION)).toEqual(counts({ audience: 5, pending: 3, skipped }))
    })

    test('a cancelled edition gives nothing more, a finished one neither', async () => {
      const db = await frozen(empty, 3)
      expect(await claim(db, 1)).toHaveLength(1)
      await setCancelled(db, EDITION, NOW + 1)
      expect(await claim(db, 1)).toEqual([])
      expect(await frozenEdition(db, EDITION)).toMatchObject({ state: 'cancelled', finishedAt: NOW + 1 })
      await finishEdition(db, EDITION, NOW + 2)
      expect(await frozenEdition(db, EDITION)).toMatchObject({ state: 'cancelled' })
    })

    test('two claimers never get the same row', async () => {
      const address = await empty()
      const [one, two] = [await open(address), await open(address)]
      await joinMany(one, 1_000)
      await freeze(one)
      const drain = async (db: Database, owner: string) => {
        const mine: number[] = []
        for (
          let batch = await claim(db, 13, { owner });
          batch.length > 0;
          batch = await claim(db, 13, { owner })
        ) {
          mine.push(...ids(batch))
        }
        return mine
      }
      const owners = [drain(one, 'a'), drain(one, 'b'), drain(two, 'c'), drain(two, 'd')]
      const shares = await Promise.all(owners)
      expect(shares.flat().sort((a, b) => a - b)).toEqual(
        Array.from({ length: 1_000 }, (_, index) => index + 1),
      )
    })
  })

  describe('settling', () => {
    test('every outcome, with its reply and its attempt', async () => {
      const db = await frozen(empty, 6)
      await claim(db)
      await markHanded(db, { ...MINE, subscribers: [1, 2, 3, 4, 5, 6] })
      const settlements: Settlement[] = [
        accepted(1),
        {
          subscriber: 2,
          state: 'deferred',
          code: 451,
          enhanced: '4.7.1',
          reply: '451 4.7.1 later',
          nextAt: NOW + 9,
          countAttempt: true,
        },
        {
          subscriber: 3,
          state: 'rejected',
          code: 550,
          enhanced: '5.1.1',
          reply: '550 5.1.1 <reader3@example.org> unknown',
          countAttempt: true,
        },
        { subscriber: 4, state: 'unknown', reply: 'connection closed', countAttempt: true },
        { subscriber: 5, state: 'pending', reply: '421 closing', countAttempt: false },
        { subscriber: 6, state: 'skipped', reply: 'EAI unsupported', countAttempt: false },
      ]
      expect(await settleDeliveries(db, { ...MINE, settlements })).toBe(6)
      expect(await settleDeliveries(db, { ...MINE, settlements: [] })).toBe(0)
      expect(await countDeliveries(db, EDITION)).toEqual(
        counts({
          audience: 6,
          accepted: 1,
          deferred: 1,
          rejected: 1,
          unknown: 1,
          pending: 1,
          skipped: { 'EAI unsupported': 1 },
        }),
      )
      expect(await nextDue(db, EDITION)).toBe(NOW + 9)
      expect(await listDeliveries(db, EDITION, 'rejected')).toMatchObject([
        { subscriber: 3, attempts: 1, reply: '550 5.1.1 <reader3@example.org> unknown' },
      ])
      expect(await listDeliveries(db, EDITION, 'pending')).toMatchObject([{ subscriber: 5, attempts: 0 }])
      expect(await groupFailures(db, EDITION)).toEqual([
        { state: 'deferred', code: 451, enhanced: '4.7.1', reply: '451 4.7.1 later', count: 1 },
        { state: 'rejected', code: 550, enhanced: '5.1.1', reply: '550 5.1.1 <…> unknown', count: 1 },
        { state: 'unknown', code: undefined, enhanced: undefined, reply: 'connection closed', count: 1 },
      ])
      expect(await listAttempts(db, EDITION, 2)).toEqual([
        {
          subscriber: 2,
          number: 1,
          at: NOW,
          state: 'deferred',
          code: 451,
          enhanced: '4.7.1',
          reply: '451 4.7.1 later',
        },
      ])
    })

    test('deferred ones come again when they are due, before the others', async () => {
      const db = await frozen(empty, 3)
      await claim(db, 2)
      const later = (subscriber: number, nextAt: number): Settlement => ({
        ...{ subscriber, state: 'deferred', reply: '450 wait', nextAt, countAttempt: true },
      })
      await settleDeliveries(db, { ...MINE, settlements: [later(1, NOW + 20), later(2, NOW + 10)] })
      expect(await nextDue(db, EDITION)).toBe(NOW + 10)
      expect(ids(await claim(db, 1, { now: NOW + 10 }))).toEqual([2])
      expect(ids(await claim(db, 5, { now: NOW + 19 }))).toEqual([3])
      const [again] = await claim(db, 5, { now: NOW + 20 })
      expect(again).toMatchObject({ subscriber: 1, attempts: 1, nextAt: NOW + 20, reply: '450 wait' })
      await releaseLeases(db, MINE)
      expect(await countDeliveries(db, EDITION)).toEqual(counts({ audience: 3, pending: 1, deferred: 2 }))
      expect(ids(await claim(db, 5, { now: NOW + 20 }))).toEqual([1, 2, 3])
    })

    test('of the deferred ones that are due, who has waited longest comes first', async () => {
      const db = await frozen(empty, 5)
      await claim(db, 4)
      const dueAt: [subscriber: number, nextAt: number][] = [
        [1, NOW + 30],
        [4, NOW + 10],
        [2, NOW + 10],
        [3, NOW + 20],
      ]
      for (const [subscriber, nextAt] of dueAt) {
        const deferred = {
          subscriber,
          state: 'deferred',
          reply: '450 wait',
          nextAt,
          countAttempt: true,
        } as const
        await settleDeliveries(db, { ...MINE, settlements: [deferred] })
      }
      const order = []
      for (let turn = 0; turn < 5; turn++) order.push(...ids(await claim(db, 1, { now: NOW + 30 })))
      expect(order).toEqual([2, 4, 3, 1, 5])
    })

    test('a sender goes on where it was, and comes back for what was given back', async () => {
      const db = await frozen(empty, 6)
      const place = { after: 0 }
      expect(ids(await claim(db, 2, { place }))).toEqual([1, 2])
      expect(ids(await claim(db, 1, { owner: 'other' }))).toEqual([3])
      await releaseLeases(db, MINE)
      expect(ids(await claim(db, 2, { place }))).toEqual([4, 5])
      expect(ids(await claim(db, 2, { place }))).toEqual([6])
      expect(ids(await claim(db, 3, { place }))).toEqual([1, 2])
      expect(await claim(db, 3, { place })).toEqual([])
      await releaseLeases(db, { edition: EDITION, owner: 'other' })
      expect(ids(await claim(db, 3, { place }))).toEqual([3])
    })

    test('nobody behind those who have left is missed by a sender with a place', async () => {
      const db = await frozen(empty, 5)
      for (const subscriber of [2, 3]) await removeSubscriber(db, { subscriber, now: NOW })
      const place = { after: 1 }
      expect(ids(await claim(db, 2, { place }))).toEqual([4, 5])
      expect(ids(await claim(db, 2, { place }))).toEqual([1])
    })

    test('only what is ours; twice is once', async () => {
      const db = await frozen(empty, 2)
      await claim(db, 1)
      await claim(db, 1, { owner: 'other' })
      const refused = (subscriber: number) =>
        ({ subscriber, state: 'rejected', reply: '550 no', countAttempt: true }) as const
      expect(await settleDeliveries(db, { ...MINE, settlements: [refused(1), refused(2)] })).toBe(1)
      expect(await settleDeliveries(db, { ...MINE, settlements: [refused(1)] })).toBe(0)
      expect(await listAttempts(db, EDITION, 1)).toHaveLength(1)
      expect(await listAttempts(db, EDITION, 2)).toHaveLength(0)
    })
  })

  describe('recovering', () => {
    test('leased goes back, handed is unknown and is sent again only when told', async () => {
      const db = await frozen(empty, 4)
      await claim(db)
      await markHanded(db, { ...MINE, subscribers: [1, 2] })
      await settleDeliveries(db, { ...MINE, settlements: [accepted(1)] })
      expect(await recoverDeliveries(db, { edition: EDITION, now: NOW })).toEqual({ pending: 2, unknown: 1 })
      expect(await recoverDeliveries(db, { edition: EDITION, now: NOW })).toEqual({ pending: 0, unknown: 0 })
      expect(await markHanded(db, { ...MINE, subscribers: [3] })).toEqual([])
      expect(await countDeliveries(db, EDITION)).toEqual(
        counts({ audience: 4, pending: 2, accepted: 1, unknown: 1 }),
      )
      expect(await listAttempts(db, EDITION, 2)).toMatchObject([{ number: 1, state: 'unknown' }])
      await finishEdition(db, EDITION, NOW)
      expect(await resendUnknown(db, EDITION)).toBe(1)
      expect(await frozenEdition(db, EDITION)).toMatchObject({ state: 'sending', finishedAt: undefined })
      expect(await claim(db)).toMatchObject([
        { subscriber: 2, attempts: 1 },
        { subscriber: 3 },
        { subscriber: 4 },
      ])
    })

    test('a reply that comes after all settles what was given up as unknown', async () => {
      const db = await frozen(empty, 1)
      await claim(db)
      await markHanded(db, { ...MINE, subscribers: [1] })
      await recoverDeliveries(db, { edition: EDITION, now: NOW })
      expect(await settleDeliveries(db, { ...MINE, settlements: [accepted(1)] })).toBe(1)
      expect(await listDeliveries(db, EDITION, 'accepted')).toMatchObject([{ subscriber: 1, attempts: 1 }])
      expect(await listAttempts(db, EDITION, 1)).toMatchObject([{ number: 1, state: 'unknown' }])
    })

    test('with expired, only leases that ran out; renewed ones run on', async () => {
      const db = await frozen(empty, 3)
      await claim(db, 1, { owner: 'dead', leaseUntil: NOW + 10 })
      await claim(db, 1, { owner: 'alive', leaseUntil: NOW + 10 })
      await renewLeases(db, { edition: EDITION, owner: 'alive', leaseUntil: NOW + 100 })
      const late = { edition: EDITION, now: NOW + 10, expired: true }
      expect(await recoverDeliveries(db, late)).toEqual({ pending: 1, unknown: 0 })
      expect(await markHanded(db, { ...MINE, owner: 'alive', subscribers: [2] })).toEqual([2])
    })
  })

  describe('the sender of an edition', () => {
    test('is one; its lock is kept, given back, or runs out', async () => {
      const db = await open(await empty())
      const one = { edition: EDITION, owner: 'one', host: 'here', pid: 1, now: NOW, expires: NOW + 10 }
      const two = { ...one, owner: 'two', pid: 2 }
      expect(await acquireSenderLock(db, one)).toEqual({ taken: true })
      expect(await acquireSenderLock(db, one)).toEqual({ taken: true })
      expect(await acquireSenderLock(db, two)).toEqual({
        taken: false,
        by: { owner: 'one', host: 'here', pid: 1, since: NOW, expires: NOW + 10 },
      })
      expect(await acquireSenderLock(db, { ...two, edition: 'daily/1' })).toEqual({ taken: true })
      expect(await extendSenderLock(db, { ...one, expires: NOW + 30 })).toBe(true)
      expect(await acquireSenderLock(db, { ...two, now: NOW + 29 })).toMatchObject({ taken: false })
      expect(await acquireSenderLock(db, { ...two, now: NOW + 30, expires: NOW + 60 })).toEqual({
        taken: true,
      })
      expect(await extendSenderLock(db, { ...one, expires: NOW + 90 })).toBe(false)
      await releaseSenderLock(db, one)
      expect(await acquireSenderLock(db, { ...one, now: NOW + 31 })).toMatchObject({
        taken: false,
        by: { owner: 'two' },
      })
      await releaseSenderLock(db, two)
      expect(await acquireSenderLock(db, { ...one, now: NOW + 31 })).toEqual({ taken: true })
    })

    test('of many who ask at once, one gets it', async () => {
      const address = await empty()
      const databases = [await open(address), await open(address)]
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, pid) => {
          const taking = {
            edition: EDITION,
            owner: `o${pid}`,
            host: 'here',
            pid,
            now: NOW,
            expires: NOW + 10,
          }
          return acquireSenderLock(databases[pid % 2]!, taking)
        }),
      )
      expect(answers.filter(({ taken }) => taken)).toHaveLength(1)
    })
  })
}
