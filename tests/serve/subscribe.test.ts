// From the form to the confirmed subscription, as a person does it and as people who mean harm do.

import { expect, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import { signPass } from '../../src/base/signed-links.ts'
import type { Database } from '../../src/store/database.ts'
import { openStore } from '../../src/store/open-store.ts'
import { subscriberByKey } from '../../src/store/subscribers.ts'
import { isSuppressed, suppress } from '../../src/store/suppressions.ts'
import { aFolder } from '../a-folder.ts'
import { aPublication } from '../builders.ts'
import { type AService, aService, DAY, HOUR, SECRET, START, subscribed } from './a-service.ts'

const ANNA = 'anna@example.org'

function stampOf(text: string): string {
  return /name="form" value="([^"]+)"/.exec(text)![1]!
}

/** What must not differ: the whole answer without the address that was typed. */
const shape = (text: string, email: string) => text.replaceAll(email, 'ADDRESS')

test('from the form to the mail to the button', async () => {
  const service = await aService()
  const form = await service.visit('/subscribe')
  expect(form.status).toBe(200)
  expect(form.text).toContain('The Weekly')
  service.clock.now += 10_000
  const asked = await service.visit('/subscribe', {
    form: {
      email: ` ${ANNA} `,
      newsletter: ['weekly', 'daily'],
      'topic.daily': 'world',
      website: '',
      form: stampOf(form.text),
    },
  })
  expect(asked.status).toBe(200)
  expect(asked.text).toContain('Check your inbox')
  expect(await subscriberByKey(service.db, ANNA)).toBeUndefined()

  const [mail, ...others] = await service.mails()
  expect(others).toEqual([])
  expect(mail).toMatchObject({ to: ANNA, subject: 'Please confirm: The Meridian' })
  expect(mail!.text).toContain('The Weekly')
  expect(mail!.html).toContain(mail!.link)
  expect(mail!.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  expect(mail!.link).not.toContain('anna')

  const page = await service.visit(mail!.link)
  expect(page.text).toContain('Yes, subscribe me')
  expect(await subscriberByKey(service.db, ANNA)).toBeUndefined()
  const done = await service.visit(mail!.link, { form: { confirm: 'yes' } })
  expect(done.text).toContain('You are subscribed')
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({
    state: 'active',
    source: 'form',
    language: 'en-IN',
    newsletters: { weekly: [], daily: ['world'] },
  })
  expect(service.bugs).toEqual([])
})

test('the form of the front page, which knows nothing of us, works too', async () => {
  const service = await aService()
  const asked = await service.visit('/subscribe', { form: { email: ANNA, newsletter: 'weekly' } })
  expect(asked.text).toContain('Check your inbox')
  // The answer comes before the mail has left: nothing says that it has.
  expect(asked.text).toContain(`We are sending a message to ${ANNA}`)
  expect(await service.mails()).toHaveLength(1)
})

test('a program asks by JSON, and a script of the publication’s own page may', async () => {
  const service = await aService()
  const asked = await service.visit('/subscribe', {
    body: JSON.stringify({ email: ANNA, newsletter: ['weekly'] }),
    headers: { 'content-type': 'application/json' },
  })
  expect(asked.status).toBe(202)
  expect(JSON.parse(asked.text)).toEqual({ status: 'confirm' })
  expect(asked.headers.get('access-control-allow-origin')).toBe('https://meridian.example')
  expect(await service.mails()).toHaveLength(1)
  const preflight = await service.visit('/subscribe', { method: 'OPTIONS' })
  expect(preflight.headers.get('access-control-allow-methods')).toBe('POST')
  for (const body of ['', '[]', '{', 'null', '{"email":{"a":1}}', '{"email":"x"}']) {
    const answer = await service.visit('/subscribe', {
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect([400, 415, 422]).toContain(answer.status)
    expect(JSON.parse(answer.text)).toHaveProperty('error')
  }
})

test('new, waiting, active, unsubscribed, suppressed and erased addresses get the same answer', async () => {
  const service = await aService()
  const people = ['waits@example.org', 'active@example.org', 'bounced@example.org', 'complained@example.org']
  await subscribed(service, 'active@example.org')
  await suppress(service.db, { hash: addressHash('bounced@example.org'), reason: 'bounce', since: 0 })
  await suppress(service.db, { hash: addressHash('complained@example.org'), reason: 'complaint', since: 0 })
  await service.visit('/subscribe', { form: { email: 'waits@example.org', newsletter: 'weekly' } })
  service.clock.now += 600_000
  const answers = new Set<string>()
  for (const email of ['new@example.org', ...people]) {
    const { status, text, headers } = await service.visit('/subscribe', {
      form: { email, newsletter: 'weekly' },
    })
    answers.add(JSON.stringify([status, shape(text, email), [...headers].sort()]))
  }
  expect(answers.size).toBe(1)
})

test('a known address costs the same statements as a new one, so that time tells nothing', async () => {
  const { db, heard } = listening((await openStore(`${aFolder({})}/list.db`)).db)
  const service = await aService({ db })
  await subscribed(service)
  service.clock.now += 2 * DAY
  const statements = async (email: string) => {
    heard.length = 0
    const { status } = await service.visit('/subscribe', { form: { email, newsletter: 'weekly' } })
    expect(status).toBe(200)
    return [...heard]
  }
  const fresh = await statements('reader1@example.org')
  expect(fresh.some(sql => /insert into requests/i.test(sql))).toBe(true)
  expect(await statements(ANNA)).toEqual(fresh)
  expect(await statements('reader2@example.org')).toEqual(fresh)
})

/** A database that writes down every statement, also of its transactions. */
function listening(db: Database, heard: string[] = []): { readonly db: Database; readonly heard: string[] } {
  const spy: Database = {
    ...db,
    query(sql, params) {
      heard.push(sql)
      return db.query(sql, params)
    },
    transaction: work => db.transaction(inside => work(listening(inside, heard).db)),
  }
  return { db: spy, heard }
}

test('a thousand requests for one address send one mail in an hour and three in a day', async () => {
  const service = await aService()
  let mails = 0
  for (let hour = 0; hour < 24; hour++) {
    for (let network = 0; network < 8; network++) {
      const from = `198.51.${network}.${hour}`
      await service.visit('/subscribe', { form: { email: ANNA, newsletter: 'weekly' }, from })
    }
    const now = (await service.mails()).length
    expect(now).toBeLessThanOrEqual(1)
    mails += now
    service.clock.now += HOUR
  }
  expect(mails).toBe(3)
})

test('one network may ask so often and no more, and is told when it may again', async () => {
  const service = await aService()
  const ask = (number: number, from: string) =>
    service.visit('/subscribe', {
      form: { email: `reader${number}@example.org`, newsletter: 'weekly' },
      from,
    })
  let refused = 0
  for (let number = 0; number < 30; number++)
    if ((await ask(number, `203.0.113.${number}`)).status === 429) refused++
  expect(refused).toBe(20)
  const answer = await ask(99, '203.0.113.200')
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await ask(99, '203.0.114.1')).status).toBe(200)
  service.clock.now += Number(answer.headers.get('retry-after')) * 1000
  expect((await ask(98, '203.0.113.200')).status).toBe(200)
})

test('who fills in the hidden field is told what everybody is told, and nothing is done', async () => {
  const service = await aService()
  const trapped = await service.visit('/subscribe', {
    form: { email: ANNA, newsletter: 'weekly', website: 'https://spam.example' },
  })
  const honest = await service.visit('/subscribe', {
    form: { email: 'ben@example.org', newsletter: 'weekly' },
  })
  expect(shape(trapped.text, ANNA)).toBe(shape(honest.text, 'ben@example.org'))
  expect((await service.mails()).map(({ to }) => to)).toEqual(['ben@example.org'])
})

test('a form that is filled in at once, is a day old, forged, or another network’s, is asked for once more', async () => {
  const service = await aService()
  const stamp = stampOf((await service.visit('/subscribe')).text)
  const ask = (form: string, from = '203.0.113.7') =>
    service.visit('/subscribe', { form: { email: ANNA, newsletter: 'weekly', form }, from })
  const foreign = signPass(SECRET, 'undo', { id: 0, until: START + DAY, about: '203.0.113.0/24' })
  for (const bad of [stamp, '', `${stamp}x`, foreign]) {
    const answer = await ask(bad)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('press the button again')
    expect(answer.text).toContain(`value="${ANNA}"`)
  }
  service.clock.now += 5_000
  expect((await ask(stamp, '198.51.100.1')).status).toBe(422)
  expect((await ask(stamp)).status).toBe(200)
  service.clock.now += DAY
  expect((await ask(stamp)).status).toBe(422)
  expect(await service.mails()).toHaveLength(1)
})

test('a bad address and no newsletter are said, with what was typed still there', async () => {
  const service = await aService()
  for (const email of [
    '',
    'anna',
    'anna@',
    'a@b@c',
    'anna@example.org\r\nBcc: ben@example.org',
    'a,b@example.org',
  ]) {
    const answer = await service.visit('/subscribe', { form: { email, newsletter: 'weekly' } })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('look like an email address')
  }
  const none = await service.visit('/subscribe', { form: { email: ANNA, newsletter: 'nothing' } })
  expect(none.text).toContain('Choose at least one newsletter')
  const script = await service.visit('/subscribe', {
    form: { email: '"><script>alert(1)</script>', newsletter: 'weekly' },
  })
  expect(script.text).not.toContain('<script')
  expect(await service.mails()).toEqual([])
})

test('nothing that anybody typed is in the mail but the address it goes to', async () => {
  const service = await aService()
  await service.visit('/subscribe', {
    form: {
      email: ANNA,
      newsletter: ['weekly', 'BUY PILLS'],
      name: 'Buy pills at https://spam.example',
      'topic.daily': 'BUY PILLS',
      language: 'BUY PILLS',
    },
    headers: { 'accept-language': 'BUY-PILLS, ../../etc/passwd, de;q=0.5', 'user-agent': 'BUY PILLS' },
  })
  const [mail] = await service.mails()
  expect(mail!.raw).not.toMatch(/pills|spam/i)
  expect(mail!.subject).not.toBe('')
})

test('what is too long or no form is refused', async () => {
  const service = await aService()
  const big = await service.visit('/subscribe', {
    form: { email: ANNA, newsletter: 'weekly', x: 'x'.repeat(20_000) },
  })
  expect(big.status).toBe(413)
  const headers = { 'content-type': 'text/plain' }
  expect((await service.visit('/subscribe', { body: 'email=x', headers })).status).toBe(415)
  const broken = { 'content-type': 'multipart/form-data; boundary=x' }
  expect((await service.visit('/subscribe', { body: 'email=x', headers: broken })).status).toBe(400)
  expect(service.bugs).toEqual([])
})

test('GET, HEAD and OPTIONS of a confirmation change nothing, however often', async () => {
  const service = await aService()
  await service.visit('/subscribe', { form: { email: ANNA, newsletter: 'weekly' } })
  const [mail] = await service.mails()
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'GET', 'PUT', 'DELETE', 'PATCH']) {
    await service.visit(mail!.link, { method })
  }
  expect(await subscriberByKey(service.db, ANNA)).toBeUndefined()
})

test('a confirmation works for seven days and once; replayed after leaving it changes nothing', async () => {
  const service = await aService()
  await service.visit('/subscribe', { form: { email: ANNA, newsletter: 'weekly' } })
  const [mail] = await service.mails()
  service.clock.now += 7 * DAY - 1000
  expect((await service.visit(mail!.link, { form: {} })).status).toBe(200)
  await service.db.query("UPDATE subscribers SET state = 'unsubscribed'")
  await service.db.query("UPDATE subscriptions SET state = 'unsubscribed', ended = 1")
  await service.visit(mail!.link, { form: {} })
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'unsubscribed' })
  service.clock.now += 2000
  const late = await service.visit(mail!.link, { form: {} })
  expect(late.status).toBe(404)
  expect(late.text).toContain('This link does not work')
})

test('forged, altered, foreign and expired links are one and the same answer', async () => {
  const service = await aService()
  await service.visit('/subscribe', { form: { email: ANNA, newsletter: 'weekly' } })
  const [mail] = await service.mails()
  const token = mail!.link.split('/').at(-1)!
  const pass = { id: 1, until: START + DAY, about: '' }
  const bad = [
    `${token}x`,
    token.slice(1),
    signPass('another secret', 'confirm', pass),
    signPass(SECRET, 'erase', pass),
    signPass(SECRET, 'confirm', { ...pass, until: START }),
    signPass(SECRET, 'confirm', { ...pass, id: 999 }),
    '%2e%2e%2f',
    'a'.repeat(5000),
  ]
  const answers = new Set<string>()
  for (const one of bad) {
    for (const options of [{}, { form: { confirm: 'yes' } }]) {
      const { status, text } = await service.visit(`/confirm/${one}`, options)
      answers.add(`${status} ${text}`)
    }
  }
  expect(answers.size).toBe(1)
  expect([...answers][0]).toMatch(/^404/)
  expect(await subscriberByKey(service.db, ANNA)).toBeUndefined()
})

test('only her own confirmation lifts a suppression', async () => {
  const service = await aService()
  const hash = addressHash(ANNA)
  await suppress(service.db, { hash, reason: 'erased', since: 0 })
  await service.visit('/subscribe', { form: { email: ANNA, newsletter: 'weekly' } })
  const [mail] = await service.mails()
  await service.visit(mail!.link)
  expect(await isSuppressed(service.db, hash)).toBeDefined()
  await service.visit(mail!.link, { form: {} })
  expect(await isSuppressed(service.db, hash)).toBeUndefined()
})

test('a mail that the server puts off is sent later; one that it refuses is not sent again', async () => {
  const service = await aService()
  service.replies.push(
    { kind: 'deferred', code: 451, reply: '451 later' },
    { kind: 'host-trouble', reply: 'refused' },
  )
  await service.visit('/subscribe', { form: { email: ANNA, newsletter: 'weekly' } })
  expect(await service.mails()).toEqual([])
  service.clock.now += 60_000
  expect(await service.mails()).toEqual([])
  service.clock.now += 299_000
  expect(await service.mails()).toEqual([])
  service.clock.now += 1_000
  expect(await service.mails()).toHaveLength(1)
  service.clock.now += DAY
  expect(await service.mails()).toEqual([])
  service.replies.push({ kind: 'rejected', code: 550, enhanced: '5.1.1', reply: '550 5.1.1 no' })
  await service.visit('/subscribe', { form: { email: 'ben@example.org', newsletter: 'weekly' } })
  expect(await service.mails()).toEqual([])
  service.clock.now += DAY
  expect(await service.mails()).toEqual([])
})

test('the network is recorded with the consent only when the publication says so', async () => {
  for (const keepNetwork of [false, true]) {
    const service: AService = await aService({ keepNetwork })
    await subscribed(service)
    expect(await service.db.query('SELECT network, wording, email FROM requests')).toEqual([
      { network: keepNetwork ? '203.0.113.0/24' : '', wording: '2026-01', email: '' },
    ])
  }
})

test('a publication without newsletters has nothing to subscribe to', async () => {
  const service = await aService({ publication: aPublication() })
  for (const options of [{}, { form: { email: ANNA } }]) {
    expect((await service.visit('/subscribe', options)).status).toBe(404)
  }
})

test('with one newsletter a form need not name it', async () => {
  const { publication } = await import('./a-service.ts')
  const service = await aService({
    publication: { ...publication, newsletters: publication.newsletters.slice(0, 1) },
  })
  await service.visit('/subscribe', { form: { email: ANNA } })
  expect(await service.mails()).toHaveLength(1)
})
