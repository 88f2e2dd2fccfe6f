// What comes to the bounce address: read by what is signed, and by nothing that anybody can write.

import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { editionTag } from '../../src/base/signed-links.ts'
import { allParts, decodeWords, readMime } from '../../src/inbound/read-mime.ts'
import { readReport } from '../../src/inbound/read-report.ts'
import { busyTime } from '../busy-time.ts'
import { SECRET, START } from '../serve/a-service.ts'
import { aComplaint, aDeliveryReport, addressed, aMail, anUnsubscribe } from './a-report.ts'

const read = (mail: string, recipient = '') =>
  readReport(SECRET, { bytes: Buffer.from(mail), recipient, now: START })
const tagged = { subscriber: 42, tag: editionTag('weekly/2026-W05') }
const named = { subscriber: 42, edition: 'weekly/2026-W05' }

test('a delivery report is about whom its address says, with or without the letter', async () => {
  for (const returned of [true, false]) {
    expect(await read(aDeliveryReport({ subscriber: 42, returned }))).toMatchObject({
      kind: 'hard',
      about: tagged,
      status: '5.1.1',
    })
  }
})

test('without such an address it is about whom the returned letter says', async () => {
  expect(await read(aDeliveryReport({ subscriber: 42, verp: false }))).toMatchObject({
    kind: 'hard',
    about: named,
    status: '5.1.1',
  })
})

test('a pipe may tell the address that the mail itself does not', async () => {
  const mail = aDeliveryReport({ subscriber: 42, verp: false, returned: false })
  expect(await read(mail)).toMatchObject({ kind: 'unknown' })
  expect(await read(mail, addressed({ subscriber: 42 }))).toMatchObject({ kind: 'hard', about: tagged })
})

test('forged reports do nothing: another key, no key, another reader’s number', async () => {
  expect(await read(aDeliveryReport({ subscriber: 42, secret: 'another secret' }))).toMatchObject({
    kind: 'unknown',
  })
  expect(await read(aDeliveryReport({ subscriber: 42, verp: false, returned: false }))).toMatchObject({
    kind: 'unknown',
  })
  const altered = aDeliveryReport({ subscriber: 42, returned: false }).replaceAll('+16-', '+17-')
  expect(await read(altered)).toMatchObject({ kind: 'unknown' })
  expect(await read(aComplaint({ subscriber: 42, secret: 'another secret' }))).toMatchObject({
    kind: 'unknown',
  })
  expect(await read(anUnsubscribe(42, 'another secret'))).toMatchObject({ kind: 'unknown' })
})

test('a delay, a delivery and a relay are no bounces', async () => {
  const why = (action: string) => read(aDeliveryReport({ subscriber: 42, action, status: '4.4.1' }))
  expect(await why('delayed')).toEqual({ kind: 'nothing', why: 'delayed' })
  expect(await why('delivered')).toEqual({ kind: 'nothing', why: 'delivered' })
  expect(await why('relayed (to a machine that does not report)')).toEqual({
    kind: 'nothing',
    why: 'delivered',
  })
})

test('a refusal of the message says nothing of the person', async () => {
  expect(await read(aDeliveryReport({ subscriber: 42, status: '5.7.1' }))).toEqual({
    kind: 'nothing',
    why: 'policy',
  })
})

test('complaints count by the letter in them; what is no complaint does not', async () => {
  expect(await read(aComplaint({ subscriber: 42 }))).toMatchObject({ kind: 'complaint', about: named })
  expect(await read(aComplaint({ subscriber: 42, type: 'opt-out' }))).toMatchObject({ kind: 'unsubscribe' })
  expect(await read(aComplaint({ subscriber: 42, type: 'not-spam' }))).toMatchObject({ kind: 'nothing' })
  expect(await read(aComplaint({ subscriber: 42, type: 'auth-failure' }))).toMatchObject({ kind: 'nothing' })
  expect(await read(aComplaint({ subscriber: 42, type: 'something' }))).toMatchObject({ kind: 'complaint' })
})

test('a mail with the right subject unsubscribes, whoever sends it and however it is encoded', async () => {
  const mail = anUnsubscribe(42)
  expect(await read(mail)).toMatchObject({ kind: 'unsubscribe', about: named })
  const subject = /^Subject: (.*)\r$/m.exec(mail)![1]!
  const encoded = `=?utf-8?B?${Buffer.from(subject.slice(0, 20)).toString('base64')}?=\r\n =?utf-8?Q?${subject.slice(20).replaceAll('_', '=5F')}?=`
  expect(await read(mail.replace(subject, encoded))).toMatchObject({ kind: 'unsubscribe' })
  expect(await read(mail.replace('unsubscribe', 'Unsubscribe'))).toMatchObject({ kind: 'unsubscribe' })
  expect(await read(aMail({ Subject: 'unsubscribe' }))).toMatchObject({ kind: 'unknown' })
})

test('an automatic reply is no bounce, whatever it says', async () => {
  const to = addressed({ subscriber: 42 })
  const body = 'I am away. 550 5.1.1 no such user\n'
  for (const fields of [
    { 'Auto-Submitted': 'auto-replied' },
    { 'X-Autoreply': 'yes' },
    { Precedence: 'auto_reply' },
  ]) {
    expect(await read(aMail({ To: to, ...fields }, body))).toEqual({
      kind: 'nothing',
      why: 'automatic reply',
    })
  }
  expect(await read(aMail({ To: to }, 'We would like to meet you. 550 5.1.1\n'))).toMatchObject({
    kind: 'unknown',
  })
})

test('old servers that write prose are understood when the address is signed', async () => {
  const qmail = `Hi. This is the qmail-send program at example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.

<anna@example.org>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 <anna@example.org>: user unknown
Giving up on 192.0.2.1.
`
  const fields = {
    From: 'MAILER-DAEMON@example.org',
    To: addressed({ subscriber: 42 }),
    Subject: 'failure notice',
  }
  expect(await read(aMail(fields, qmail))).toMatchObject({ kind: 'hard', about: tagged, status: '5.1.1' })
  expect(await read(aMail({ ...fields, To: 'bounces@meridian.example' }, qmail))).toMatchObject({
    kind: 'unknown',
  })
})

test('nothing that can be mailed makes reading throw, or believes what is not signed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async bytes => {
      expect(['unknown', 'nothing']).toContain((await readReport(SECRET, { bytes, now: START })).kind)
    }),
  )
  const whole = aDeliveryReport({ subscriber: 42 })
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.nat(200), async (start, length) => {
      const cut = whole.slice(0, start) + whole.slice(start + length)
      const report = await read(cut)
      if ('about' in report) expect(report.about.subscriber).toBe(42)
    }),
  )
})

test('a mail made to be a burden is read in no time', async () => {
  const nested = Array.from(
    { length: 5000 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`,
  ).join('')
  const took = await busyTime(async () => {
    await read(nested)
    await read(`Subject: ${'=?utf-8?B?'.repeat(50_000)}\n\n`)
    await read(`Content-Type: multipart/mixed; boundary=x\n\n${'--x\n\n'.repeat(100_000)}`)
    await read(`Content-Type: text/plain;${' a="b\\'.repeat(50_000)}\n\n`)
    await read(`${'X: y\n '.repeat(100_000)}\n\n`)
  })
  expect(took).toBeLessThan(30_000)
})

test('parts and fields are what another reader of mail finds', async () => {
  const mail = aMail(
    {
      Subject: '=?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?4piD?=',
      'Content-Type': 'text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding': 'quoted-printable',
    },
    'Gr=FC=DFe aus M=\nainz\n',
  )
  const parsed = await simpleParser(Buffer.from(mail))
  const own = await readMime(Buffer.from(mail))
  expect(await decodeWords(own.fields.get('subject')![0]!)).toBe(parsed.subject)
  expect(own.text.trim()).toBe(parsed.text!.trim())
  expect(
    [...allParts(await readMime(Buffer.from(aComplaint({ subscriber: 1 }))))].map(({ type }) => type),
  ).toEqual(['multipart/report', 'text/plain', 'message/feedback-report', 'message/rfc822', 'text/plain'])
})
