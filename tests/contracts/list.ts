// What the list of subscribers must do on every database.

import { describe, expect, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import type { Database } from '../../src/store/database.ts'
import { claimDeliveries, markHanded, settleDeliveries } from '../../src/store/deliveries.ts'
import { listAudience, previewAudience, type Segment } from '../../src/store/freeze-edition.ts'
import { importSubscribers, type Leaver, recordLeavers } from '../../src/store/import-subscribers.ts'
import { countDeliveries, listDeliveriesTo } from '../../src/store/read-deliveries.ts'
import { claimUnmailedRequests, confirmRequest, saveRequest } from '../../src/store/requests.ts'
import {
  countSubscribers,
  type ListedSubscriber,
  listSubscribers,
  type SubscriberFilter,
  subscriberById,
  subscriberByKey,
} from '../../src/store/subscribers.ts'
import { eraseSubscriber, leftAt, removeSubscriber } from '../../src/store/subscriptions.ts'
import { isSuppressed, suppress, unsuppress } from '../../src/store/suppressions.ts'
import { aNewcomer, counts, EDITION, freeze, join, joinMany, listAttempts, NOW } from './a-list.ts'
import { open } from './database.ts'

async function all(db: Database, which?: SubscriberFilter, page?: number): Promise<ListedSubscriber[]> {
  const list: ListedSubscriber[] = []
  for await (const subscriber of listSubscribers(db, which, page)) list.push(subscriber)
  return list
}

/** Asked for by form, and followed the link. */
async function confirm(db: Database, email: string): Promise<void> {
  const { email: address, key } = aNewcomer(email)
  const asked = { purpose: 'subscribe', source: 'form', network: '', wording: 'x', language: '' } as const
  await saveRequest(db, {
    ...asked,
    email: address,
    key,
    newsletters: { weekly: [] },
    expires: NOW + 1,
    now: NOW,
  })
  const [request] = await claimUnmailedRequests(db, { now: NOW, nextAt: NOW + 1, limit: 1 })
  await confirmRequest(db, { id: request!.id, now: NOW })
}

export function listContract(empty: () => Promise<string>): void {
  describe('coming', () => {
    test('everything about her is kept', async () => {
      const db = await open(await empty())
      const given = {
        name: 'Anna “A” Böll',
        topics: ['world', 'C++'],
        fields: { city: 'नई दिल्ली' },
        language: 'hi',
      }
      expect(await join(db, 'Anna.B@Example.org', { ...given, source: 'import a.csv', since: 5 })).toBe(
        'added',
      )
      const anna = await subscriberByKey(db, 'anna.b@example.org')
      expect(anna).toEqual({
        id: 1,
        email: 'Anna.B@example.org',
        name: 'Anna “A” Böll',
        language: 'hi',
        fields: { city: 'नई दिल्ली' },
        state: 'active',
        source: 'import a.csv',
        since: 5,
        newsletters: { weekly: ['world', 'C++'] },
        left: [],
      })
      expect(await subscriberById(db, 1)).toEqual(anna)
      expect(await subscriberByKey(db, 'nobody@example.org')).toBeUndefined()
    })

    test('once more: unchanged, or updated without losing anything', async () => {
      const db = await open(await empty())
      await join(db, 'anna@example.org', {
        name: 'Anna',
        fields: { city: 'Delhi', age: '40' },
        topics: ['world'],
      })
      expect(await join(db, 'ANNA@example.org')).toBe('unchanged')
      expect(await join(db, 'anna@example.org', { name: 'Anna', fields: { city: '' } })).toBe('unchanged')
      expect(await join(db, 'anna@example.org', { fields: { city: 'Pune' } })).toBe('updated')
      expect(await join(db, 'anna@example.org', { newsletters: ['daily'] })).toBe('updated')
      expect(await join(db, 'anna@example.org', { newsletters: { weekly: ['sport'], daily: [] } })).toBe(
        'updated',
      )
      expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({
        name: 'Anna',
        fields: { city: 'Pune', age: '40' },
        newsletters: { daily: [], weekly: ['sport'] },
      })
    })

    test('who imports vouches: the unconfirmed become active', async () => {
      const db = await open(await empty())
      expect(await join(db, 'a@example.org', { state: 'pending' })).toBe('added')
      expect(await previewAudience(db, 'weekly')).toMatchObject({ audience: 0, unconfirmed: 1 })
      expect(await join(db, 'a@example.org', { state: 'pending' })).toBe('unchanged')
      expect(await join(db, 'a@example.org')).toBe('updated')
      expect(await previewAudience(db, 'weekly')).toMatchObject({ audience: 1, unconfirmed: 0 })
    })

    test('a batch has one answer for each, in order', async () => {
      const db = await open(await empty())
      await join(db, 'old@example.org')
      await suppress(db, { hash: addressHash('bad@example.org'), reason: 'complaint', since: 1 })
      const batch = ['new@example.org', 'old@example.org', 'bad@example.org', 'next@example.org']
      expect(
        await importSubscribers(
          db,
          batch.map(email => aNewcomer(email)),
        ),
      ).toEqual(['added', 'unchanged', 'suppressed', 'added'])
      expect((await all(db)).map(({ email }) => email)).toEqual([
        'old@example.org',
        'new@example.org',
        'next@example.org',
      ])
      expect(await importSubscribers(db, [])).toEqual([])
    })

    test('two imports of the same people at once: everybody once', async () => {
      const address = await empty()
      const [one, two] = [await open(address), await open(address)]
      await Promise.all([joinMany(one, 3_000), joinMany(two, 3_000)])
      expect(await countSubscribers(one)).toEqual({ active: 3_000, pending: 0, unsubscribed: 0 })
      expect(await previewAudience(one, 'weekly')).toMatchObject({ audience: 3_000 })
    })

    test('no text whatever makes a batch fail', async () => {
      const db = await open(await empty())
      const odd = 'a\0b\uD800 {identity} $1 \\u0000 \'"'
      expect(await join(db, 'a@example.org', { name: odd, fields: { [odd]: odd }, topics: [odd] })).toBe(
        'added',
      )
      expect((await subscriberByKey(db, 'a@example.org'))?.name).toBe('ab\uFFFD {identity} $1 \\u0000 \'"')
      expect(await join(db, 'a@example.org', { name: odd, fields: { [odd]: odd }, topics: [odd] })).not.toBe(
        'added',
      )
    })
  })

  describe('leaving', () => {
    test('one newsletter, then the last; no import undoes it', async () => {
      const db = await open(await empty())
      await join(db, 'anna@example.org', { newsletters: ['weekly', 'daily'] })
      expect(await removeSubscriber(db, { subscriber: 1, newsletter: 'weekly', now: NOW })).toBe(true)
      expect(await removeSubscriber(db, { subscriber: 1, newsletter: 'weekly', now: NOW })).toBe(false)
      expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({
        state: 'active',
        newsletters: { daily: [] },
        left: ['weekly'],
      })
      expect(await join(db, 'anna@example.org', { newsletters: ['weekly'] })).toBe('unsubscribed')
      expect(await join(db, 'anna@example.org', { newsletters: ['weekly', 'monthly'] })).toBe('updated')
      expect(await removeSubscriber(db, { subscriber: 1, now: NOW })).toBe(true)
      expect(await join(db, 'anna@example.org', { name: 'New' })).toBe('unsubscribed')
      expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({
        state: 'unsubscribed',
        name: '',
        newsletters: {},
        left: ['daily', 'monthly', 'weekly'],
      })
      expect(await previewAudience(db, 'weekly')).toEqual({
        audience: 0,
        skipped: {},
        unsubscribed: 1,
        unconfirmed: 0,
      })
    })

    test('who is recorded as gone stays gone, and who is here is not removed by a file', async () => {
      const db = await open(await empty())
      await join(db, 'here@example.org')
      expect(await join(db, 'here@example.org', { state: 'unsubscribed' })).toBe('unsubscribed')
      expect(await join(db, 'gone@example.org', { state: 'unsubscribed' })).toBe('unsubscribed')
      expect(await join(db, 'gone@example.org')).toBe('unsubscribed')
      expect(await countSubscribers(db)).toEqual({ active: 1, pending: 0, unsubscribed: 1 })
    })

    test('whoever is gone in a list leaves here, unless they confirmed here since', async () => {
      const db = await open(await empty())
      for (const name of ['left', 'dead', 'both', 'late']) await join(db, `${name}@example.org`)
      for (const name of ['sure', 'late']) await confirm(db, `${name}@example.org`)
      const gone = (email: string, rest: Partial<Leaver>): Leaver => {
        const newcomer = aNewcomer(email, { state: 'unsubscribed' })
        return {
          newcomer,
          hasLeft: false,
          suppression: undefined,
          ended: undefined,
          newsletters: undefined,
          ...rest,
        }
      }
      const leavers = [
        gone('left@example.org', { hasLeft: true, ended: 5 }),
        gone('dead@example.org', { suppression: 'bounce' }),
        gone('both@example.org', { hasLeft: true, suppression: 'complaint' }),
        gone('sure@example.org', { hasLeft: true, ended: NOW - 1 }),
        gone('late@example.org', { hasLeft: true, ended: NOW + 1 }),
        gone('new@example.org', { hasLeft: true }),
        gone('newdead@example.org', { suppression: 'manual' }),
      ]
      expect(await recordLeavers(db, leavers, NOW)).toEqual([
        { result: 'unsubscribed', hasEnded: true },
        { result: 'suppressed', hasEnded: true },
        { result: 'suppressed', hasEnded: true },
        { result: 'kept', hasEnded: false },
        { result: 'unsubscribed', hasEnded: true },
        { result: 'unsubscribed', hasEnded: false },
        { result: 'suppressed', hasEnded: false },
      ])
      expect((await listAudience(db, 'weekly', 10)).map(({ email }) => email)).toEqual(['sure@example.org'])
      expect(await isSuppressed(db, addressHash('both@example.org'))).toMatchObject({ reason: 'complaint' })
      expect(await leftAt(db, (await subscriberByKey(db, 'left@example.org'))!.id)).toBe(5)
      for (const { newcomer } of leavers) expect(await join(db, newcomer.key)).not.toBe('added')
      expect(await previewAudience(db, 'weekly')).toMatchObject({ audience: 2, skipped: { suppressed: 1 } })
      expect(await recordLeavers(db, leavers.slice(0, 3), NOW)).toMatchObject([
        { hasEnded: false },
        { hasEnded: false },
        { hasEnded: false },
      ])
    })

    test('whoever is gone from one newsletter keeps the others', async () => {
      const db = await open(await empty())
      await join(db, 'anna@example.org', { newsletters: ['daily'] })
      const newcomer = aNewcomer('anna@example.org', { state: 'unsubscribed' })
      const leaver = { newcomer, hasLeft: true, suppression: undefined, ended: 5, newsletters: ['weekly'] }
      await recordLeavers(db, [leaver], NOW)
      expect(await join(db, 'anna@example.org')).toBe('unsubscribed')
      const anna = { state: 'active', newsletters: { daily: [] }, left: ['weekly'] }
      expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject(anna)
      await recordLeavers(db, [{ ...leaver, newsletters: ['daily'] }], NOW)
      expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({ state: 'unsubscribed' })
    })

    test('suppressed: no import brings her back; her own confirmation does', async () => {
      const db = await open(await empty())
      const hash = addressHash('anna@example.org')
      await suppress(db, { hash, reason: 'bounce', since: 1 })
      await suppress(db, { hash, reason: 'manual', since: 2 })
      expect(await isSuppressed(db, hash)).toEqual({ hash, reason: 'bounce', since: 1 })
      expect(await join(db, 'Anna@example.org')).toBe('suppressed')
      expect(await unsuppress(db, hash)).toBe(true)
      expect(await unsuppress(db, hash)).toBe(false)
      expect(await join(db, 'Anna@example.org')).toBe('added')
    })

    test('erased: nothing personal stays, the counts do, and she does not come back', async () => {
      const db = await open(await empty())
      await join(db, 'anna@example.org', { name: 'Anna', fields: { city: 'Delhi' } })
      await join(db, 'ben@example.org')
      await freeze(db, 'weekly/1')
      const who = { edition: 'weekly/1', owner: 'o', now: NOW }
      await claimDeliveries(db, { ...who, limit: 1, leaseUntil: NOW + 1 })
      await markHanded(db, { ...who, subscribers: [1] })
      const reply = '550 5.1.1 <anna@example.org>: unknown'
      const settlement = { subscriber: 1, state: 'rejected', code: 550, reply, countAttempt: true } as const
      await settleDeliveries(db, { ...who, settlements: [settlement] })
      await freeze(db, 'weekly/2')
      expect(await eraseSubscriber(db, { key: 'anna@example.org', now: NOW })).toBe(true)
      expect(await eraseSubscriber(db, { key: 'anna@example.org', now: NOW })).toBe(false)
      expect(await subscriberByKey(db, 'anna@example.org')).toBeUndefined()
      expect(await countDeliveries(db, 'weekly/1')).toEqual(counts({ audience: 2, rejected: 1, pending: 1 }))
      expect(await countDeliveries(db, 'weekly/2')).toEqual(
        counts({ audience: 2, pending: 1, skipped: { erased: 1 } }),
      )
      expect(await join(db, 'anna@example.org')).toBe('suppressed')
      const left = [await listDeliveriesTo(db, 1), await listAttempts(db, 'weekly/1', 1)]
      expect(JSON.stringify(left)).not.toMatch(/anna|Delhi/i)
      expect(await listDeliveriesTo(db, 1)).toHaveLength(2)
    })

    test('erasing an address that is not known still keeps it away', async () => {
      const db = await open(await empty())
      expect(await eraseSubscriber(db, { key: 'x@example.org', now: 3 })).toBe(false)
      expect(await isSuppressed(db, addressHash('x@example.org'))).toMatchObject({
        reason: 'erased',
        since: 3,
      })
    })
  })

  describe('looking', () => {
    test('a page at a time, all of them once, by state and newsletter', async () => {
      const db = await open(await empty())
      await joinMany(db, 25)
      await join(db, 'daily@example.org', { newsletters: ['daily'] })
      await removeSubscriber(db, { subscriber: 7, now: NOW })
      expect((await all(db, {}, 10)).map(({ id }) => id)).toEqual(
        Array.from({ length: 26 }, (_, index) => index + 1),
      )
      expect((await all(db, {}, 26)).length).toBe(26)
      expect((await all(db, { state: 'unsubscribed' }, 4)).map(({ id }) => id)).toEqual([7])
      expect((await all(db, { newsletter: 'daily' }, 4)).map(({ email }) => email)).toEqual([
        'daily@example.org',
      ])
      expect((await all(db, { newsletter: 'weekly', state: 'active' }, 5)).length).toBe(24)
    })

    test('a preview counts as the freeze will', async () => {
      const db = await open(await empty())
      await joinMany(db, 5)
      await suppress(db, { hash: addressHash('reader2@example.org'), reason: 'complaint', since: 1 })
      const preview = await previewAudience(db, 'weekly')
      expect(preview).toEqual({ audience: 5, skipped: { suppressed: 1 }, unsubscribed: 0, unconfirmed: 0 })
      expect(await freeze(db, EDITION)).toEqual(
        counts({ audience: 5, pending: 4, skipped: { suppressed: 1 } }),
      )
      expect((await listAudience(db, 'weekly', 2)).map(({ id }) => id)).toEqual([1, 3])
    })

    test('a part of the readers is the same in the list, in the preview and once it is frozen', async () => {
      const db = await open(await empty())
      await join(db, 'a@example.org', { topics: ['World'], fields: { city: 'Delhi', a_b: '1' } })
      await join(db, 'b_c@example.org', { topics: ['culture'], fields: { city: 'delhi' } })
      await join(db, 'd@mail.example.org', { fields: {} })
      const parts: readonly (readonly [Segment, readonly string[]])[] = [
        [{ topic: 'world' }, ['a@example.org', 'd@mail.example.org']],
        [{ domain: 'example.org' }, ['a@example.org', 'b_c@example.org']],
        [{ domain: 'mail_example.org' }, []],
        [{ fields: { city: 'DELHI' } }, ['a@example.org', 'b_c@example.org']],
        [{ fields: { City: 'Delhi', 'A b': '1' } }, ['a@example.org']],
        [{ fields: { "'; --": '' } }, []],
        [{ language: 'en', isUsualLanguage: false }, []],
        [{ topic: 'world', language: 'en', isUsualLanguage: true }, ['a@example.org', 'd@mail.example.org']],
      ]
      for (const [at, [segment, expected]] of parts.entries()) {
        const listed = await listAudience(db, 'weekly', 9, segment)
        expect(listed.map(({ email }) => email)).toEqual(expected)
        expect((await previewAudience(db, 'weekly', segment)).audience).toBe(expected.length)
        expect((await freeze(db, `weekly/${at}`, { segment })).audience).toBe(expected.length)
      }
    })
  })
}
