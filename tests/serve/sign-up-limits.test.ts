// What somebody gets who wants to fill a stranger's mailbox through the form; and who may not see the counts.

import { expect, test } from 'vitest'
import { mailboxOf } from '../../src/base/addresses.ts'
import { networkOf } from '../../src/serve/visitors.ts'
import { aService, HOUR } from './a-service.ts'

test('one mailbox under many tags, from many networks: three mails a day', async () => {
  const service = await aService()
  const to: string[] = []
  for (let hour = 0; hour < 20; hour++) {
    for (let tag = 0; tag < 5; tag++) {
      const email = `anna+${hour}x${tag}@example.org`
      const from = `198.51.${hour}.${tag}`
      const seen = await service.visit('/subscribe', { form: { email, newsletter: 'weekly' }, from })
      expect(seen.status).toBe(200)
    }
    to.push(...(await service.mails()).map(mail => mail.to))
    service.clock.now += HOUR
  }
  expect(to).toEqual(['anna+0x0@example.org', 'anna+1x0@example.org', 'anna+2x0@example.org'])
})

test('a tag is a part of the address for all but counting', async () => {
  const service = await aService()
  const ask = (email: string, newsletter: string) =>
    service.visit('/subscribe', { form: { email, newsletter } })
  await ask('anna+news@example.org', 'weekly')
  await ask('anna@example.org', 'daily')
  const [mail, ...others] = await service.mails()
  expect([mail!.to, others.length]).toEqual(['anna+news@example.org', 0])
  await service.visit(mail!.link, { form: { confirm: 'yes' } })
  const rows = await service.db.query(
    'SELECT s.email, n.newsletter FROM subscribers s JOIN subscriptions n ON n.subscriber = s.id',
  )
  expect(rows).toEqual([{ email: 'anna+news@example.org', newsletter: 'weekly' }])
})

test.each([
  ['anna@example.org', 'anna@example.org'],
  ['anna+1@example.org', 'anna@example.org'],
  ['anna+1+2@example.org', 'anna@example.org'],
  ['+anna@example.org', '+anna@example.org'],
  ['"a+b"@example.org', '"a+b"@example.org'],
  ['an.na@example.org', 'an.na@example.org'],
  ['an.na+x@gmail.com', 'anna@gmail.com'],
  ['a.n.n.a@googlemail.com', 'anna@gmail.com'],
])('%s counts as %s', (key, mailbox) => {
  expect(mailboxOf(key)).toBe(mailbox)
})

test('a /48 of IPv6 is no hundred networks', async () => {
  const service = await aService()
  let taken = 0
  for (let number = 0; number < 100; number++) {
    const from = `2001:db8:7:${number.toString(16).padStart(2, '0')}00::1`
    const form = { email: `reader${number}@example.org`, newsletter: 'weekly' }
    if ((await service.visit('/subscribe', { form, from })).status === 200) taken++
  }
  expect(taken).toBe(20)
  const form = { email: 'ben@example.org', newsletter: 'weekly' }
  expect((await service.visit('/subscribe', { form, from: '2001:db8:8::1' })).status).toBe(200)
  expect(networkOf({ address: '2001:db8:7:56ab::1' }, null, 0)).toEqual({
    network: '2001:db8:7:5600::/56',
    site: '2001:db8:7::/48',
  })
})

test.each(['form', 'api'])('so many an hour in all, from however many networks: %s', async way => {
  const service = await aService({ signUps: 30 })
  const ask = (number: number) => {
    const fields = { email: `reader${number}@example.org`, newsletter: 'weekly' }
    const from = `198.${number}.100.7`
    if (way === 'form') return service.visit('/subscribe', { form: fields, from })
    const headers = { 'content-type': 'application/json' }
    return service.visit('/subscribe', { body: JSON.stringify(fields), headers, from })
  }
  const seen = []
  for (let number = 0; number < 60; number++) seen.push(await ask(number))
  expect(seen.filter(({ status }) => status === 429)).toHaveLength(30)
  const wait = Number(seen.at(-1)!.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(3500)
  service.clock.now += wait * 1000
  expect((await ask(61)).status).toBeLessThan(300)
})

test.each([
  ['x-forwarded-for', '203.0.113.7'],
  ['forwarded', 'for=203.0.113.7'],
  ['via', '1.1 proxy'],
  ['x-real-ip', '203.0.113.7'],
  ['x-forwarded-proto', 'https'],
])('counts are not for who comes through a proxy that says %s', async (name, value) => {
  const service = await aService()
  const seen = await service.visit('/metrics', { from: '127.0.0.1', headers: { [name]: value } })
  expect(seen.status).toBe(403)
})

test('counts are not for who comes through a proxy that says nothing and was announced', async () => {
  const service = await aService({ proxies: 1 })
  expect((await service.visit('/metrics', { from: '127.0.0.1' })).status).toBe(403)
})

test.each(['/%6detrics', '/metric%73', '/%6D%65trics', '/metrics/', '/./%6detrics', '/Metrics'])(
  '%s is not the page of counts, also on this machine and with the key',
  async path => {
    const service = await aService({ metricsKey: 'a-key' })
    const headers = { authorization: 'Bearer a-key' }
    const seen = await service.visit(path, { from: '127.0.0.1', headers })
    expect(seen.text).not.toContain('broadsheet_subscribers_active')
    expect(seen.status).toBe(404)
  },
)
