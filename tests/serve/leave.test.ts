// Leaving with one click, exactly as RFC 8058; undoing it; and everything that must not be able to make anybody leave.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import { signPass, signToken } from '../../src/base/signed-links.ts'
import { subscriberById, subscriberByKey } from '../../src/store/subscribers.ts'
import { eraseSubscriber } from '../../src/store/subscriptions.ts'
import { suppress } from '../../src/store/suppressions.ts'
import { aService, DAY, SECRET, START, subscribed } from './a-service.ts'

const ANNA = 'anna@example.org'
const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' }
const letterLink = (subscriber: number, secret = SECRET) =>
  `/u/${signToken(secret, 'unsubscribe', { subscriber, edition: 'weekly/2026-W05' })}`
const undoLink = (text: string) => /action="(\/undo\/[^"]+)"/.exec(text)?.[1]

test('a provider’s POST leaves at once: 200, no redirect, no cookie, no referrer wanted, the hundredth time too', async () => {
  const service = await aService()
  const id = await subscribed(service, ANNA, ['weekly', 'daily'])
  const answers = new Set<string>()
  for (let time = 0; time < 100; time++) {
    const { status, text, headers } = await service.visit(letterLink(id), { form: ONE_CLICK })
    expect(headers.has('location') || headers.has('set-cookie')).toBe(false)
    answers.add(`${status} ${text}`)
  }
  expect(answers.size).toBe(1)
  expect([...answers][0]).toMatch(/^200/)
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({
    state: 'active',
    newsletters: { daily: [] },
    left: ['weekly'],
  })
})

test('the POST may be a multipart form', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const body = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  expect((await service.visit(letterLink(id), { body, headers })).status).toBe(200)
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'unsubscribed' })
})

test('nothing but a POST with the right field leaves: scanners follow every link and press at random', async () => {
  const service = await aService()
  const id = await subscribed(service)
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'GET']) {
    const { headers, text } = await service.visit(letterLink(id), { method })
    expect(headers.get('refresh')).toBeNull()
    expect(text).not.toMatch(/<script|http-equiv="refresh"/i)
  }
  for (const form of [{}, { x: 'y' }, { 'List-Unsubscribe': 'one-click' }, { leave: 'perhaps' }]) {
    expect((await service.visit(letterLink(id), { form })).status).toBe(200)
  }
  await service.visit(letterLink(id), {
    body: 'List-Unsubscribe=One-Click',
    headers: { 'content-type': 'text/plain' },
  })
  await service.visit(letterLink(id), { form: { ...ONE_CLICK, x: 'x'.repeat(20_000) } })
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({
    state: 'active',
    newsletters: { weekly: [] },
  })
})

test('somebody erased gets the same answer as somebody on the list', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const page = await service.visit(letterLink(id))
  await eraseSubscriber(service.db, { key: ANNA, now: START })
  expect((await service.visit(letterLink(id))).status).toBe(page.status)
  const answer = await service.visit(letterLink(id), { form: ONE_CLICK })
  expect(answer.status).toBe(200)
  expect(answer.text).toContain('You have unsubscribed from The Weekly')
})

test('forged, altered and foreign links change nothing and tell nothing', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const good = letterLink(id)
  const bad = [
    letterLink(id, 'another secret'),
    `/u/${signToken(SECRET, 'preferences', { subscriber: id, edition: 'weekly/1' })}`,
    `/u/${signPass(SECRET, 'undo', { id, until: START + DAY, about: '' })}`,
    `${good}x`,
    good.replace('.', '.x'),
    good.split('.')[0]!,
  ]
  const seen = new Set<string>()
  for (const link of bad) {
    for (const options of [{}, { form: ONE_CLICK }]) {
      const { status, text } = await service.visit(link, options)
      seen.add(`${status} ${text}`)
    }
  }
  expect([...seen]).toHaveLength(1)
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), async token => {
      const { status } = await service.visit(`/u/${encodeURIComponent(token)}`, { form: ONE_CLICK })
      expect([404, 405]).toContain(status)
    }),
    { numRuns: 50 },
  )
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'active' })
})

test('links of an old key work as long as the key is kept', async () => {
  const service = await aService({ secret: `new-key-of-the-service ${SECRET}` })
  const id = await subscribed(service)
  expect((await service.visit(letterLink(id), { form: ONE_CLICK })).status).toBe(200)
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'unsubscribed' })
})

test('a link of a letter works years later', async () => {
  const service = await aService()
  const id = await subscribed(service)
  service.clock.now += 5 * 365 * DAY
  await service.visit(letterLink(id), { form: ONE_CLICK })
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'unsubscribed' })
})

test('the page says what will be left, and its buttons leave one or all', async () => {
  const service = await aService()
  const id = await subscribed(service, ANNA, ['weekly', 'daily'])
  const page = await service.visit(letterLink(id))
  expect(page.text).toContain('Unsubscribe from The Weekly?')
  expect(page.text).toContain('Stop all email')
  expect(page.text).not.toContain(ANNA)
  const done = await service.visit(letterLink(id), { form: { leave: 'all' } })
  expect(done.text).toContain('receive no more email from')
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'unsubscribed', newsletters: {} })
})

test('who was made to leave by somebody else can undo it for a week, once, by POST', async () => {
  const service = await aService()
  const id = await subscribed(service, ANNA, ['weekly', 'daily'])
  await service.visit(letterLink(id), { form: ONE_CLICK })
  const link = undoLink((await service.visit(letterLink(id))).text)!
  await service.visit(link)
  expect(await subscriberById(service.db, id)).toMatchObject({ left: ['weekly'] })
  expect((await service.visit(link, { form: { go: 'yes' } })).text).toContain('Welcome back')
  expect(await subscriberById(service.db, id)).toMatchObject({ left: [] })
  expect((await service.visit(link, { form: {} })).text).toContain('Welcome back')
  // Leaving again is another leaving: the old link does not undo it.
  service.clock.now += 1000
  await service.visit(letterLink(id), { form: ONE_CLICK })
  await service.visit(link, { form: {} })
  expect(await subscriberById(service.db, id)).toMatchObject({ left: ['weekly'] })
  service.clock.now += 7 * DAY
  expect(undoLink((await service.visit(letterLink(id))).text)).toBeUndefined()
  expect((await service.visit(link, { form: {} })).status).toBe(404)
})

test('undoing starts nothing for somebody suppressed or erased', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const link = undoLink((await service.visit(letterLink(id), { form: { leave: 'one' } })).text)!
  await suppress(service.db, { hash: addressHash(ANNA), reason: 'complaint', since: START })
  expect((await service.visit(link, { form: {} })).status).toBe(404)
  expect(await subscriberById(service.db, id)).toMatchObject({ state: 'unsubscribed' })
  await eraseSubscriber(service.db, { key: ANNA, now: START })
  expect((await service.visit(link, { form: {} })).status).toBe(404)
})

test('providers post from a few networks, and none of it is ever too much', async () => {
  const service = await aService()
  const id = await subscribed(service)
  for (let time = 0; time < 300; time++) {
    expect((await service.visit(letterLink(id), { form: ONE_CLICK, from: '209.85.220.41' })).status).toBe(200)
  }
})
