// A reader's own page, her data, and its erasure: all hers, and nobody else's.

import { expect, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import { signPass, signToken } from '../../src/base/signed-links.ts'
import { subscriberByKey } from '../../src/store/subscribers.ts'
import { isSuppressed, suppress } from '../../src/store/suppressions.ts'
import { aService, DAY, HOUR, SECRET, START, subscribed } from './a-service.ts'

const ANNA = 'anna@example.org'
const ownPage = (subscriber: number) =>
  `/p/${signToken(SECRET, 'preferences', { subscriber, edition: 'weekly/2026-W05' })}`

test('newsletters, topics, language and name are shown and saved', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const page = await service.visit(ownPage(id))
  expect(page.text).toMatch(/value="weekly" checked/)
  expect(page.text).toContain('a•••@example.org')
  expect(page.text).not.toContain(ANNA)
  const saved = await service.visit(ownPage(id), {
    form: {
      save: 'yes',
      newsletter: ['weekly', 'daily', 'hacked'],
      'topic.daily': ['world', 'hacked'],
      name: ' Anna\r\n B. ',
      language: 'de',
    },
  })
  expect(saved.text).toContain('lang="de"')
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({
    name: 'Anna B.',
    language: 'de',
    newsletters: { weekly: [], daily: ['world'] },
  })
  const again = await service.visit(ownPage(id), { headers: { 'accept-language': 'fr' } })
  expect(again.text).toContain('lang="de"')
})

test('all topics together are everything, also those to come', async () => {
  const service = await aService()
  const id = await subscribed(service)
  await service.visit(ownPage(id), {
    form: { save: 'yes', newsletter: 'daily', 'topic.daily': ['world', 'business'] },
  })
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({
    newsletters: { daily: [] },
    left: ['weekly'],
  })
})

test('a name is one line, not too long, and cannot turn the page around', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const name = `<script>x</script>\u202e${'n'.repeat(500)}\0`
  const { text } = await service.visit(ownPage(id), { form: { save: 'yes', newsletter: 'weekly', name } })
  expect(text).not.toContain('<script')
  const { name: kept } = (await subscriberByKey(service.db, ANNA))!
  expect([...kept].length).toBeLessThanOrEqual(80)
  expect(kept).not.toMatch(/[\p{C}]/u)
})

test('who takes away the last newsletter has left', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const { text } = await service.visit(ownPage(id), { form: { save: 'yes' } })
  expect(text).toContain('You have unsubscribed')
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'unsubscribed' })
})

test('GET, HEAD and a POST without the button change nothing; a suppressed reader can start nothing', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const before = await subscriberByKey(service.db, ANNA)
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
    await service.visit(ownPage(id), { method })
  await service.visit(ownPage(id), { form: { newsletter: 'daily' } })
  await service.visit(`${ownPage(id)}?save=yes&newsletter=daily`)
  expect(await subscriberByKey(service.db, ANNA)).toEqual(before)
  await suppress(service.db, { hash: addressHash(ANNA), reason: 'bounce', since: START })
  const { text } = await service.visit(ownPage(id), {
    form: { save: 'yes', newsletter: ['weekly', 'daily'] },
  })
  expect(text).toContain('subscribe again')
  expect(await subscriberByKey(service.db, ANNA)).toEqual(before)
})

test('her data goes to her mailbox, not to whoever holds a forwarded letter', async () => {
  const service = await aService()
  const id = await subscribed(service)
  service.clock.now += HOUR
  expect((await service.visit(`${ownPage(id)}/data`)).text).not.toContain(ANNA)
  expect(await service.mails()).toEqual([])
  const asked = await service.visit(`${ownPage(id)}/data`, { form: { go: 'yes' } })
  expect(asked.text).not.toContain(ANNA)
  const [mail] = await service.mails()
  expect(mail).toMatchObject({ to: ANNA })

  const page = await service.visit(mail!.link)
  expect(page.text).toContain(ANNA)
  expect(page.headers.get('cache-control')).toBe('no-store')
  const file = /href="([^"]+broadsheet\.json)"/.exec(page.text)![1]!
  const kept = await service.visit(file)
  expect(kept.headers.get('content-disposition')).toBe('attachment; filename="broadsheet.json"')
  expect(JSON.parse(kept.text)).toMatchObject({
    email: ANNA,
    subscriptions: [{ newsletter: 'weekly' }],
    consents: [{ source: 'form', wording: '2026-01' }],
    deliveries: [],
    bounces: [],
  })
  service.clock.now += DAY
  expect((await service.visit(mail!.link)).status).toBe(404)
  expect((await service.visit(file)).status).toBe(404)
})

test('erasure is asked for, then done by POST, and only a hash is left', async () => {
  const service = await aService()
  const id = await subscribed(service)
  service.clock.now += HOUR
  await service.visit(`${ownPage(id)}/data`, { form: { go: 'yes' } })
  const [mail] = await service.mails()
  const erase = /action="(\/erase\/[^"]+)"/.exec((await service.visit(mail!.link)).text)![1]!
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) await service.visit(erase, { method })
  expect(await subscriberByKey(service.db, ANNA)).toBeDefined()
  expect((await service.visit(erase, { form: { erase: 'yes' } })).text).toContain(
    'Your data has been deleted',
  )
  expect(await subscriberByKey(service.db, ANNA)).toBeUndefined()
  expect(await isSuppressed(service.db, addressHash(ANNA))).toMatchObject({ reason: 'erased' })
  for (const table of ['subscribers', 'requests', 'subscriptions']) {
    expect(JSON.stringify(await service.db.query(`SELECT * FROM ${table}`))).toBe('[]')
  }
  expect((await service.visit(erase, { form: { erase: 'yes' } })).status).toBe(200)
  expect((await service.visit(mail!.link)).status).toBe(404)
})

test('one purpose each: no link of one kind opens another', async () => {
  const service = await aService()
  const id = await subscribed(service)
  const claim = { subscriber: id, edition: 'weekly/1' }
  const pass = { id, until: START + DAY, about: '' }
  const doors = {
    u: signToken(SECRET, 'unsubscribe', claim),
    p: signToken(SECRET, 'preferences', claim),
    confirm: signPass(SECRET, 'confirm', pass),
    undo: signPass(SECRET, 'undo', pass),
    data: signPass(SECRET, 'export', pass),
    erase: signPass(SECRET, 'erase', pass),
  }
  for (const door of Object.keys(doors)) {
    for (const [made, token] of Object.entries(doors)) {
      if (door === made) continue
      expect((await service.visit(`/${door}/${token}`)).status, `${made} at ${door}`).toBe(404)
      const form = { leave: 'all', save: 'yes', feed: 'new', 'List-Unsubscribe': 'One-Click' }
      const posted = await service.visit(`/${door}/${token}`, { form })
      expect(posted.status, `${made} at ${door}`).toBe(404)
    }
  }
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'active' })
})

test('every page: strict policy, nothing of anybody else, no referrer, not indexed, not kept, no script', async () => {
  const service = await aService()
  const id = await subscribed(service, ANNA, ['weekly', 'daily'])
  const letter = `/u/${signToken(SECRET, 'unsubscribe', { subscriber: id, edition: 'weekly/1' })}`
  for (const path of ['/subscribe', letter, ownPage(id), `${ownPage(id)}/data`, '/confirm/x', '/nothing']) {
    const { headers, text } = await service.visit(path)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /)
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.has('set-cookie')).toBe(false)
    expect(text).not.toMatch(/<script|<img|<link rel="stylesheet"|\son\w+=|@import|url\(/i)
  }
})

test('pages speak the language of the reader, and the direction of its script', async () => {
  const service = await aService()
  const page = (language: string) => service.visit('/subscribe', { headers: { 'accept-language': language } })
  expect((await page('hi-IN, en;q=0.5')).text).toContain('<html lang="hi" dir="ltr">')
  expect((await page('ar')).text).toContain('<html lang="ar" dir="rtl">')
  expect((await page('xx, ../../../etc/passwd, de-AT;q=0.3')).text).toContain('<html lang="de" dir="ltr">')
  expect((await page('fr, de')).text).toContain('<html lang="fr" dir="ltr">')
  expect((await page('fr;q=0.4, de;q=0.5')).text).toContain('<html lang="de" dir="ltr">')
  expect((await page('fr;q=0, de;q=0.5')).text).toContain('<html lang="de" dir="ltr">')
  expect((await page('*')).text).toContain('<html lang="en-IN" dir="ltr">')
  expect((await page(';;;,,,q=9')).status).toBe(200)
})
