// NewRequest, confirming, leaving, coming back, bouncing: what the database remembers of it, the same on both databases.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addressHash, parseAddress } from '../../src/base/addresses.ts'
import { editionTag } from '../../src/base/signed-links.ts'
import type { Database } from '../../src/store/database.ts'
import { addSubscriber } from '../../src/store/import-subscribers.ts'
import { openStore } from '../../src/store/open-store.ts'
import {
  claimUnmailedRequests,
  confirmRequest,
  deleteExpiredRequests,
  markMailed,
  type NewRequest,
  postponeMail,
  requestById,
  saveRequest,
} from '../../src/store/requests.ts'
import { readPersonalData, subscriberByKey } from '../../src/store/subscribers.ts'
import {
  eraseSubscriber,
  leftAt,
  removeSubscriber,
  savePreferences,
  undoLeaving,
} from '../../src/store/subscriptions.ts'
import {
  type Bounce,
  deleteNotices,
  isSuppressed,
  liftSuppression,
  recordBounce,
  recordNotice,
  refusedDeliveries,
  rememberKept,
  suppress,
  suppressedFor,
} from '../../src/store/suppressions.ts'
import { aFolder } from '../a-folder.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const T = Date.parse('2026-01-30T07:00:00Z')

let postgres: APostgres | undefined
beforeAll(async () => {
  postgres = await aPostgres()
})
afterAll(() => postgres?.stop())

const engines = {
  sqlite: async () => `${aFolder()}/list.db`,
  postgres: () => postgres!.database(),
}

function asking(email: string, overrides: Partial<NewRequest> = {}): NewRequest {
  const parsed = parseAddress(email)!
  const now = overrides.now ?? T
  return {
    purpose: 'subscribe',
    email: parsed.address,
    key: parsed.key,
    newsletters: { weekly: [] },
    language: 'en',
    source: 'form',
    network: '',
    wording: 'v1',
    expires: now + 7 * DAY,
    now,
    ...overrides,
  }
}

describe.each(Object.keys(engines) as (keyof typeof engines)[])('on %s', engine => {
  let db: Database
  beforeEach(async () => {
    const store = await openStore(await engines[engine]())
    db = store.db
    return () => db.close()
  })

  const due = (now: number) => claimUnmailedRequests(db, { now, nextAt: now + HOUR, limit: 10 })

  async function subscribed(email = 'anna@example.org'): Promise<number> {
    await saveRequest(db, asking(email))
    const request = (await due(T)).find(row => row.email === email)!
    return (await confirmRequest(db, { id: request.id, now: T }))!.subscriber
  }

  /** An edition that was sent to her, and what the receiving server said. */
  async function sent(id: number, subscriber: number, state = 'accepted', enhanced: string | null = null) {
    await db.query(
      `INSERT INTO editions (name, newsletter, from_at, until_at, state, frozen_at) VALUES ($1, 'weekly', 0, 0, 'sent', 0)`,
      [`weekly/${id}`],
    )
    await db.query(
      `INSERT INTO deliveries (edition, subscriber, email, name, fields, state, attempts, tries, enhanced, changed)
VALUES ((SELECT id FROM editions WHERE name = $1), $2, 'anna@example.org', '', '{}', $3, 1, 1, $4, 0)`,
      [`weekly/${id}`, subscriber, state, enhanced],
    )
  }

  test('whoever asked first is mailed first', async () => {
    for (const [at, email] of ['zoe@example.org', 'anna@example.org', 'max@example.org'].entries())
      await saveRequest(db, asking(email, { now: T + at * 1000 }))
    const mailed: string[] = []
    for (let at = 0; at < 3; at++) {
      const [next] = await claimUnmailedRequests(db, { now: T + HOUR, nextAt: T + 2 * HOUR, limit: 1 })
      mailed.push(next!.email)
    }
    expect(mailed).toEqual(['zoe@example.org', 'anna@example.org', 'max@example.org'])
  })

  test('one mail an hour and three a day to one address, whoever asks', async () => {
    const hours = [0, 0.5, 1.5, 3, 5, 23, 25]
    const mailed: boolean[] = []
    for (const hour of hours) {
      mailed.push(await saveRequest(db, asking('anna@example.org', { now: T + hour * HOUR })))
    }
    expect(mailed).toEqual([true, false, true, true, false, false, true])
    expect(await saveRequest(db, asking('ANNA@Example.org', { now: T + 25 * HOUR }))).toBe(false)
    // An hour is one whenever it begins.
    const [late, soon] = [0.75, 1.25].map(hour => asking('zoe@example.org', { now: T + hour * HOUR }))
    expect([await saveRequest(db, late!), await saveRequest(db, soon!)]).toEqual([true, false])
  })

  test('a thousand askers in one instant cause one mail', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => saveRequest(db, asking('anna@example.org'))),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await due(T)).toHaveLength(1)
  })

  test('what is asked for later is in the one mail too', async () => {
    await saveRequest(db, asking('anna@example.org'))
    await saveRequest(db, asking('anna@example.org', { newsletters: { daily: ['world'] }, now: T + 1 }))
    const [request] = await due(T + 2)
    expect(request!.newsletters).toEqual({ weekly: [], daily: ['world'] })
  })

  test('a mail is taken by one sender, comes again if that one died, and not once it has gone', async () => {
    await saveRequest(db, asking('anna@example.org'))
    const [first, second] = await Promise.all([due(T), due(T)])
    expect([...first, ...second]).toHaveLength(1)
    const [again] = await due(T + HOUR)
    expect(again).toMatchObject({ email: 'anna@example.org', tries: 2 })
    await postponeMail(db, again!.id, T + 3 * HOUR)
    expect(await due(T + 2 * HOUR)).toEqual([])
    expect(await due(T + 3 * HOUR)).toHaveLength(1)
    await markMailed(db, again!.id)
    expect(await due(T + 9 * HOUR)).toEqual([])
  })

  test('a request is confirmed once; following the link again changes nothing', async () => {
    const id = await subscribed()
    expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({
      id,
      state: 'active',
      source: 'form',
      since: T,
      newsletters: { weekly: [] },
    })
    await removeSubscriber(db, { subscriber: id, now: T + 1 })
    expect(await confirmRequest(db, { id: 1, now: T + 2 })).toEqual({ subscriber: id, now: false })
    expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({ state: 'unsubscribed' })
  })

  test('a request that is too old is gone, with the address', async () => {
    await saveRequest(db, asking('anna@example.org'))
    expect(await confirmRequest(db, { id: 1, now: T + 7 * DAY })).toBeUndefined()
    expect(await deleteExpiredRequests(db, T + 7 * DAY)).toBe(1)
    expect(await requestById(db, 1)).toBeUndefined()
  })

  test('only her own confirmation brings back somebody who is suppressed or has left', async () => {
    const hash = addressHash('anna@example.org')
    const id = await subscribed()
    await removeSubscriber(db, { subscriber: id, now: T + 1 })
    await suppress(db, { hash, reason: 'bounce', since: T + 2 })
    const newcomer = {
      ...asking('anna@example.org'),
      name: '',
      topics: [],
      fields: {},
      state: 'active' as const,
    }
    expect(await addSubscriber(db, { ...newcomer, source: 'import' })).toBe('suppressed')
    expect(
      await savePreferences(db, {
        subscriber: id,
        name: '',
        language: '',
        newsletters: { weekly: [] },
        now: T,
      }),
    ).toBe('stopped')
    expect(await undoLeaving(db, { subscriber: id, ended: T + 1, now: T + 3 })).toEqual([])
    expect(await saveRequest(db, asking('anna@example.org', { now: T + 2 * HOUR }))).toBe(true)
    expect(await isSuppressed(db, hash)).toBeDefined()
    const [request] = await due(T + 2 * HOUR)
    expect(await confirmRequest(db, { id: request!.id, now: T + 2 * HOUR })).toEqual({
      subscriber: id,
      now: true,
    })
    expect(await isSuppressed(db, hash)).toBeUndefined()
    expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({
      state: 'active',
      since: T + 2 * HOUR,
      newsletters: { weekly: [] },
    })
  })

  test('somebody who complained gets one more mail in a week, however often anybody asks', async () => {
    await suppress(db, { hash: addressHash('anna@example.org'), reason: 'complaint', since: T })
    const mailed: boolean[] = []
    for (let hour = 0; hour < 24 * 6; hour += 2) {
      mailed.push(await saveRequest(db, asking('anna@example.org', { now: T + hour * HOUR })))
    }
    expect(mailed.filter(Boolean)).toHaveLength(1)
  })

  test('leaving can be undone for what was left at that instant, and only while nothing has changed since', async () => {
    const id = await subscribed()
    await savePreferences(db, {
      subscriber: id,
      name: '',
      language: '',
      newsletters: { weekly: [], daily: ['world'], monthly: null },
      now: T,
    })
    await removeSubscriber(db, { subscriber: id, newsletter: 'weekly', now: T + 1 })
    await removeSubscriber(db, { subscriber: id, now: T + 2 })
    expect(await leftAt(db, id, 'weekly')).toBe(T + 1)
    expect(await leftAt(db, id)).toBe(T + 2)
    expect(await undoLeaving(db, { subscriber: id, ended: T + 2, now: T + 3 })).toEqual(['daily'])
    expect(await undoLeaving(db, { subscriber: id, ended: T + 2, now: T + 4 })).toEqual([])
    expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({
      state: 'active',
      newsletters: { daily: ['world'] },
      left: ['weekly'],
    })
  })

  test('preferences: newsletters, topics, language and name; who takes away the last has left', async () => {
    const id = await subscribed()
    const chosen = { subscriber: id, name: 'Anna\0 ☃', language: 'hi', now: T + 1 }
    expect(await savePreferences(db, { ...chosen, newsletters: { weekly: ['world'], daily: null } })).toBe(
      'saved',
    )
    expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({
      name: 'Anna ☃',
      language: 'hi',
      newsletters: { weekly: ['world'] },
    })
    await savePreferences(db, { ...chosen, newsletters: { weekly: null, daily: null } })
    expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({ state: 'unsubscribed' })
    expect(await savePreferences(db, { ...chosen, subscriber: 99, newsletters: {} })).toBe('gone')
  })

  test('a person can see all that is kept about her; after erasure only a hash is', async () => {
    const id = await subscribed()
    await sent(1, id)
    await recordBounce(db, { subscriber: id, edition: 'weekly/1', kind: 'soft', status: '4.2.2', now: T })
    expect(await readPersonalData(db, id)).toMatchObject({
      subscriber: { email: 'anna@example.org' },
      subscriptions: [{ newsletter: 'weekly', topics: [], state: 'active', since: T, ended: null }],
      consents: [{ asked: T, confirmed: T, source: 'form', network: '', wording: 'v1' }],
      deliveries: [{ edition: 'weekly/1', state: 'accepted' }],
      bounces: [{ edition: 'weekly/1', kind: 'soft', status: '4.2.2' }],
      suppression: undefined,
    })
    await eraseSubscriber(db, { key: 'anna@example.org', now: T + 1 })
    expect(await readPersonalData(db, id)).toBeUndefined()
    for (const table of ['subscribers', 'subscriptions', 'requests', 'bounces']) {
      expect(await db.query(`SELECT * FROM ${table}`)).toEqual([])
    }
    expect(await isSuppressed(db, addressHash('anna@example.org'))).toMatchObject({ reason: 'erased' })
  })

  const bounced = (overrides: Partial<Bounce> & { subscriber: number }): Promise<string> =>
    recordBounce(db, { kind: 'hard', status: '5.1.1', now: T, ...overrides })

  test('a hard bounce and a complaint suppress at once; told again they are no news', async () => {
    const id = await subscribed()
    await sent(1, id)
    expect(await bounced({ subscriber: id, tag: editionTag('weekly/1') })).toBe('suppressed')
    expect(await bounced({ subscriber: id, edition: 'weekly/1' })).toBe('known')
    expect(await isSuppressed(db, addressHash('anna@example.org'))).toMatchObject({ reason: 'bounce' })
    expect(await bounced({ subscriber: id, kind: 'complaint' })).toBe('suppressed')
    expect(await isSuppressed(db, addressHash('anna@example.org'))).toMatchObject({ reason: 'complaint' })
    expect(await bounced({ subscriber: 99 })).toBe('gone')
  })

  test('five soft bounces in a row over two weeks suppress; one that arrives begins the count anew', async () => {
    const id = await subscribed()
    const soft = async (edition: number, days: number) => {
      await sent(edition, id)
      const now = T + days * DAY
      return bounced({ subscriber: id, edition: `weekly/${edition}`, kind: 'soft', status: '4.2.2', now })
    }
    for (let week = 1; week <= 4; week++) expect(await soft(week, week * 7)).toBe('counted')
    await sent(5, id)
    for (let week = 6; week <= 9; week++) expect(await soft(week, week * 7)).toBe('counted')
    expect(await isSuppressed(db, addressHash('anna@example.org'))).toBeUndefined()
    expect(await soft(10, 70)).toBe('suppressed')
  })

  test('a full mailbox during a holiday is not a dead one', async () => {
    const id = await subscribed()
    for (let day = 1; day <= 13; day++) {
      await sent(day, id)
      const now = T + day * DAY
      expect(await bounced({ subscriber: id, edition: `weekly/${day}`, kind: 'soft', now })).toBe('counted')
    }
  })

  test('a reader whose server refused at once is found in the ledger, once', async () => {
    const id = await subscribed()
    const other = await subscribed('ben@example.org')
    await sent(1, id, 'rejected', '5.1.1')
    await sent(2, other, 'rejected')
    expect(await refusedDeliveries(db, 'weekly/1')).toEqual([{ subscriber: id, status: '5.1.1', text: '' }])
    // The server never answered: that was our trouble.
    expect(await refusedDeliveries(db, 'weekly/2')).toEqual([])
    await bounced({ subscriber: id, edition: 'weekly/1' })
    expect(await refusedDeliveries(db, 'weekly/1')).toEqual([])
  })

  test('a suppression for a bounce can be lifted, and what came before it does not count any more', async () => {
    const id = await subscribed()
    const hash = addressHash('anna@example.org')
    await sent(1, id, 'rejected', '5.1.1')
    await bounced({ subscriber: id, edition: 'weekly/1', text: '550 Host unknown' })
    expect(await suppressedFor(db, { matching: 'host UNKNOWN', since: T })).toMatchObject([
      { email: 'anna@example.org', hash, text: '550 Host unknown' },
    ])
    expect(await suppressedFor(db, { matching: 'host unknown', since: T + 1 })).toEqual([])
    expect(await suppressedFor(db, { matching: 'h%t', since: T })).toEqual([])
    expect(await liftSuppression(db, { hash, why: 'our name server', now: T + DAY })).toBe('bounce')
    expect(await isSuppressed(db, hash)).toBeUndefined()
    expect(await db.query('SELECT reason, why, lifted FROM lifted_suppressions')).toEqual([
      { reason: 'bounce', why: 'our name server', lifted: T + DAY },
    ])
    expect(await refusedDeliveries(db, 'weekly/1')).toEqual([])
    expect(await bounced({ subscriber: id, edition: 'weekly/1' })).toBe('known')
    expect(await liftSuppression(db, { hash, why: 'again', now: T + DAY })).toBeUndefined()
  })

  test('soft bounces from before a suppression was lifted are not counted on', async () => {
    const id = await subscribed()
    const soft = async (edition: number) => {
      await sent(edition, id)
      return bounced({
        subscriber: id,
        edition: `weekly/${edition}`,
        kind: 'soft',
        now: T + edition * 7 * DAY,
      })
    }
    for (let week = 1; week <= 4; week++) await soft(week)
    expect(await soft(5)).toBe('suppressed')
    const hash = addressHash('anna@example.org')
    await liftSuppression(db, { hash, why: 'back', now: T + 36 * DAY })
    // What comes late of a letter from before is known, and no news.
    const late = { subscriber: id, edition: 'weekly/5', now: T + 37 * DAY }
    expect(await bounced({ ...late, kind: 'hard' })).toBe('known')
    for (let week = 6; week <= 9; week++) expect(await soft(week)).toBe('counted')
    expect(await soft(10)).toBe('suppressed')
  })

  test.each(['complaint', 'erased', 'manual'] as const)(
    'a suppression for %s is never lifted',
    async reason => {
      const hash = addressHash('anna@example.org')
      await suppress(db, { hash, reason, since: T })
      expect(await liftSuppression(db, { hash, why: 'please', now: T })).toBe(reason)
      expect(await isSuppressed(db, hash)).toMatchObject({ reason })
    },
  )

  test('a mail that was kept is remembered', async () => {
    expect(await rememberKept(db, 'x', T)).toBe(true)
    expect(await rememberKept(db, 'x', T + DAY)).toBe(false)
  })

  test('a notice is heard once', async () => {
    expect(await recordNotice(db, 'ses/1', T)).toBe(true)
    expect(await recordNotice(db, 'ses/1', T + 1)).toBe(false)
    await deleteNotices(db, T + 1)
    expect(await recordNotice(db, 'ses/1', T + 2)).toBe(true)
  })
})
