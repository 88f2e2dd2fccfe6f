// Providers that call: believed when they prove it, heard once, and never when they are late or altered.

import { createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import { sesNotices } from '../../src/inbound/webhooks/events.ts'
import { createCertificates } from '../../src/inbound/webhooks/providers.ts'
import { addSubscriber } from '../../src/store/import-subscribers.ts'
import { subscriberByKey } from '../../src/store/subscribers.ts'
import { isSuppressed } from '../../src/store/suppressions.ts'
import { type AService, aService, DAY, START, subscribed, type VisitOptions } from '../serve/a-service.ts'

const ANNA = 'anna@example.org'
const json = { 'content-type': 'application/json' }
const why = async (service: AService) => (await isSuppressed(service.db, addressHash(ANNA)))?.reason

function post(service: AService, name: string, body: unknown, options: VisitOptions = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return service.visit(`/webhooks/${name}`, {
    body: text,
    ...options,
    headers: { ...json, ...options.headers },
  })
}

test('a provider that nothing was agreed with is not there', async () => {
  const service = await aService()
  for (const name of ['ses', 'postmark', 'mailgun', 'sendgrid', 'constructor', '__proto__', 'x']) {
    expect((await post(service, name, {})).status).toBe(404)
  }
})

test('Mailgun: signed, fresh and once', async () => {
  const service = await aService({ webhooks: { mailgun: 'mailgun-key' } })
  await subscribed(service)
  const call = (overrides: object, { at = START, token = 'a'.repeat(50), key = 'mailgun-key' } = {}) => {
    const timestamp = String(at / 1000)
    const signature = createHmac('sha256', key).update(`${timestamp}${token}`).digest('hex')
    const data = {
      event: 'failed',
      severity: 'permanent',
      recipient: ANNA,
      'delivery-status': { code: 550 },
      ...overrides,
    }
    return post(service, 'mailgun', { signature: { timestamp, token, signature }, 'event-data': data })
  }
  expect((await call({}, { key: 'wrong' })).status).toBe(403)
  expect((await call({}, { at: START - DAY })).status).toBe(403)
  expect((await call({}, { at: START + DAY })).status).toBe(403)
  expect(await why(service)).toBeUndefined()
  expect(JSON.parse((await call({ severity: 'temporary' })).text)).toEqual({ status: 'heard', news: 1 })
  expect(await why(service)).toBeUndefined()
  expect(JSON.parse((await call({})).text)).toEqual({ status: 'heard', news: 0 })
  expect(JSON.parse((await call({}, { token: 'b'.repeat(50) })).text)).toEqual({ status: 'heard', news: 1 })
  expect(await why(service)).toBe('bounce')
  await call({ event: 'complained' }, { token: 'c'.repeat(50) })
  expect(await why(service)).toBe('complaint')
  for (const body of ['', '{', 'null', '[]', '{"signature":1}']) {
    expect((await post(service, 'mailgun', body)).status).toBe(403)
  }
})

test('Mailgun: a digit of its number moved to the time is no call of its own', async () => {
  const service = await aService({ webhooks: { mailgun: 'k' } })
  await subscribed(service)
  const [timestamp, token] = [String(START / 1000), '0123']
  const signature = createHmac('sha256', 'k').update(`${timestamp}${token}`).digest('hex')
  const data = { event: 'complained', recipient: ANNA }
  const call = (time: string, number: string) =>
    post(service, 'mailgun', {
      signature: { timestamp: time, token: number, signature },
      'event-data': data,
    })
  expect((await call(`${timestamp}0`, '123')).status).toBe(403)
  expect((await call(timestamp.slice(0, 9), `${timestamp[9]}0123`)).status).toBe(403)
  expect((await call(timestamp, token)).status).toBe(200)
})

test('Mailgun: what was refused for the sender’s sake says nothing of the reader', async () => {
  const service = await aService({ webhooks: { mailgun: 'k' } })
  await subscribed(service)
  const [timestamp, token] = [String(START / 1000), 'z']
  const signature = createHmac('sha256', 'k').update(`${timestamp}${token}`).digest('hex')
  const data = {
    event: 'failed',
    severity: 'permanent',
    reason: 'bounce',
    recipient: ANNA,
    'delivery-status': { code: 550, message: '5.7.1 Message rejected: 192.0.2.1 is on a block list' },
  }
  await post(service, 'mailgun', { signature: { timestamp, token, signature }, 'event-data': data })
  expect(await why(service)).toBeUndefined()
})

test('Postmark: a block that it takes for a hard bounce is none', async () => {
  const service = await aService({ webhooks: { postmark: 'user:secret' } })
  await subscribed(service)
  const headers = { authorization: `Basic ${Buffer.from('user:secret').toString('base64')}` }
  const bounce = { RecordType: 'Bounce', ID: 9, Type: 'HardBounce', Email: ANNA }
  await post(service, 'postmark', { ...bounce, Details: 'smtp;550 5.7.1 SPF check failed' }, { headers })
  expect(await why(service)).toBeUndefined()
  await post(service, 'postmark', { ...bounce, ID: 10, Details: 'smtp;550 5.1.1 unknown user' }, { headers })
  expect(await why(service)).toBe('bounce')
})

test('Amazon’s certificates are fetched once a day, and only some in an hour', async () => {
  let [fetched, now] = [0, START]
  const certificateAt = createCertificates(
    async url => {
      fetched++
      if (url === 'bad') throw new Error('not there')
      return `certificate ${url}`
    },
    () => now,
  )
  expect(await certificateAt('a')).toBe('certificate a')
  expect(await certificateAt('a')).toBe('certificate a')
  expect(fetched).toBe(1)
  await expect(certificateAt('bad')).rejects.toThrow('not there')
  for (let n = 0; n < 100; n++) await certificateAt(`forged ${n}`).catch(() => undefined)
  expect(fetched).toBe(20)
  await expect(certificateAt('b')).rejects.toThrow('too many')
  now += 3_600_000
  expect(await certificateAt('b')).toBe('certificate b')
  now += DAY
  await certificateAt('b')
  expect(fetched).toBe(22)
})

test.each([
  ['an out-of-office answer', { bounceType: 'Transient', bounceSubType: 'General' }, {}, []],
  ['a full mailbox', { bounceType: 'Transient', bounceSubType: 'MailboxFull' }, {}, ['soft']],
  ['a letter too large', { bounceType: 'Transient', bounceSubType: 'MessageTooLarge' }, {}, []],
  ['nobody', { bounceType: 'Permanent', bounceSubType: 'General' }, { status: '5.1.1' }, ['hard']],
  ['no words', { bounceType: 'Permanent', bounceSubType: 'NoEmail' }, {}, ['hard']],
  [
    'a block',
    { bounceType: 'Permanent', bounceSubType: 'General' },
    { status: '5.7.1', diagnosticCode: 'smtp; 550 5.7.1 blocked using a blocklist' },
    [],
  ],
  [
    'no answer',
    { bounceType: 'Transient', bounceSubType: 'General' },
    { status: '4.4.7', diagnosticCode: 'smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes' },
    ['soft'],
  ],
] as const)('Amazon SES: %s', (_name, bounce, recipient, kinds) => {
  const event = {
    notificationType: 'Bounce',
    bounce: { ...bounce, bouncedRecipients: [{ emailAddress: ANNA, ...recipient }] },
  }
  expect(sesNotices(event, '1').map(({ kind }) => kind)).toEqual(kinds)
})

test('Mailgun: what it suppressed by itself is no news', async () => {
  const service = await aService({ webhooks: { mailgun: 'k' } })
  await subscribed(service)
  const [timestamp, token] = [String(START / 1000), 'z']
  const signature = createHmac('sha256', 'k').update(`${timestamp}${token}`).digest('hex')
  const data = { event: 'failed', severity: 'permanent', reason: 'suppress-bounce', recipient: ANNA }
  await post(service, 'mailgun', { signature: { timestamp, token, signature }, 'event-data': data })
  expect(await why(service)).toBeUndefined()
})

test('Postmark: the password in its address, and once', async () => {
  const service = await aService({ webhooks: { postmark: 'user:secret' } })
  await subscribed(service)
  const login = (text: string) => ({
    headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
  })
  const bounce = { RecordType: 'Bounce', ID: 1, Type: 'HardBounce', Email: ANNA }
  for (const wrong of ['user:wrong', '', 'user:secretx']) {
    expect((await post(service, 'postmark', bounce, login(wrong))).status).toBe(403)
  }
  expect((await post(service, 'postmark', bounce)).status).toBe(403)
  expect(await why(service)).toBeUndefined()
  const heard = await post(service, 'postmark', bounce, login('user:secret'))
  expect(JSON.parse(heard.text)).toEqual({ status: 'heard', news: 1 })
  expect(JSON.parse((await post(service, 'postmark', bounce, login('user:secret'))).text).news).toBe(0)
  expect(await why(service)).toBe('bounce')
})

test('Postmark: a reader who left there leaves here; a message opened is nothing', async () => {
  const service = await aService({ webhooks: { postmark: 'user:secret' } })
  await subscribed(service, ANNA, ['weekly', 'daily'])
  const headers = { authorization: `Basic ${Buffer.from('user:secret').toString('base64')}` }
  await post(service, 'postmark', { RecordType: 'Open', Recipient: ANNA }, { headers })
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'active' })
  const change = {
    RecordType: 'SubscriptionChange',
    MessageID: 'm',
    Recipient: ANNA,
    SuppressSending: true,
    SuppressionReason: 'ManualSuppression',
    ChangedAt: 'now',
  }
  await post(service, 'postmark', change, { headers })
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ state: 'unsubscribed' })
})

test('SendGrid: ECDSA over the body as it came, many events at once', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const service = await aService({ webhooks: { sendgrid: key } })
  await subscribed(service)
  const body = JSON.stringify([
    { event: 'delivered', email: ANNA, sg_event_id: '1' },
    { event: 'bounce', type: 'blocked', email: ANNA, sg_event_id: '2' },
    { event: 'spamreport', email: ANNA, sg_event_id: '3' },
    { event: 'bounce', email: 'nobody@example.org', sg_event_id: '4', status: '5.1.1' },
  ])
  const call = (text: string, at = START, signed = text) => {
    const timestamp = String(at / 1000)
    const signature = createSign('sha256')
      .update(timestamp + signed)
      .sign(privateKey, 'base64')
    return post(service, 'sendgrid', text, {
      headers: {
        'x-twilio-email-event-webhook-signature': signature,
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
    })
  }
  expect((await call(`${body} `, START, body)).status).toBe(403)
  expect((await call(body, START - DAY)).status).toBe(403)
  expect((await post(service, 'sendgrid', body)).status).toBe(403)
  expect(await why(service)).toBeUndefined()
  expect(JSON.parse((await call(body)).text)).toEqual({ status: 'heard', news: 3 })
  expect(await why(service)).toBe('complaint')
  expect(await isSuppressed(service.db, addressHash('nobody@example.org'))).toMatchObject({
    reason: 'bounce',
  })
  expect(JSON.parse((await call(body)).text)).toEqual({ status: 'heard', news: 0 })
})

/** A certificate like Amazon's, from 2026 to 2126, and the key that belongs to it. */
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8')

test('Amazon SES: signed by Amazon’s own certificate, for our topic, once', async () => {
  const [key, certificate] = [fixture('sns-key'), fixture('sns-certificate')]
  const topic = 'arn:aws:sns:eu-west-1:123456789012:bounces'
  const cert = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-x.pem'
  const fetched: string[] = []
  let now = Date.parse('2027-01-30T07:00:00Z')
  const service = await aService({
    now: () => now,
    webhooks: { ses: topic },
    fetchText: async url => {
      fetched.push(url)
      return certificate
    },
  })
  const make = (overrides: Record<string, string>) => {
    const message: Record<string, string> = {
      Type: 'Notification',
      MessageId: '1',
      TopicArn: topic,
      Timestamp: new Date(now).toISOString(),
      SignatureVersion: '2',
      SigningCertURL: cert,
      Message: JSON.stringify({
        notificationType: 'Bounce',
        bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: ANNA, status: '5.1.1' }] },
      }),
      ...overrides,
    }
    const names =
      message.Type === 'Notification'
        ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
    const text = names
      .filter(name => message[name] !== undefined)
      .map(name => `${name}\n${message[name]}\n`)
      .join('')
    const algorithm = message.SignatureVersion === '2' ? 'sha256' : 'sha1'
    return { ...message, Signature: createSign(algorithm).update(text).sign(key, 'base64') }
  }
  const plain = { headers: { 'content-type': 'text/plain; charset=UTF-8' } }
  const call = async (message: object) => (await post(service, 'ses', message, plain)).status

  const meanwhile = now
  for (const outside of ['2026-11-21T07:00:00Z', '2127-01-30T07:00:00Z']) {
    now = Date.parse(outside)
    expect(await call(make({}))).toBe(403)
  }
  now = meanwhile
  expect(await call({ ...make({}), MessageId: '2' })).toBe(403)
  expect(await call(make({ TopicArn: 'arn:aws:sns:eu-west-1:999999999999:bounces' }))).toBe(403)
  expect(await call(make({ Timestamp: new Date(now - 2 * DAY).toISOString() }))).toBe(403)
  fetched.length = 0
  for (const url of [
    'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
    'http://sns.eu-west-1.amazonaws.com/x.pem',
    'https://sns.eu-west-1.amazonaws.com/?Action=ListTopics&x=SimpleNotificationService-x.pem',
    'https://evil.example/https://sns.eu-west-1.amazonaws.com/x.pem',
    'https://sns.eu-west-1.amazonaws.com@evil.example/x.pem',
    'file:///etc/passwd',
  ]) {
    expect(await call(make({ SigningCertURL: url }))).toBe(403)
  }
  expect(fetched).toEqual([])
  expect(await why(service)).toBeUndefined()

  const confirmation = { Type: 'SubscriptionConfirmation', Token: 't', Message: 'confirm' }
  const evil = make({ ...confirmation, SubscribeURL: 'https://evil.example/' })
  expect(await call(evil)).toBe(403)
  const url = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t'
  expect(await call(make({ ...confirmation, SubscribeURL: url }))).toBe(200)
  expect(fetched).toContain(url)

  expect(await call(make({ SignatureVersion: '1' }))).toBe(200)
  expect(await why(service)).toBe('bounce')
  const again = await post(service, 'ses', make({}), plain)
  expect(JSON.parse(again.text)).toEqual({ status: 'heard', news: 0 })
})

test('a body too large is not read to its end', async () => {
  const service = await aService({ webhooks: { mailgun: 'k' } })
  expect((await post(service, 'mailgun', 'x'.repeat(1_100_000))).status).toBe(413)
})

test('more dead addresses than usual are not believed at once: the provider is asked to come again', async () => {
  const service = await aService({ webhooks: { mailgun: 'mailgun-key' } })
  const addresses = Array.from({ length: 14 }, (_, i) => `reader${i}@one.example`)
  for (const email of addresses) await addActive(service.db, email)
  const call = (
    email: string,
    number: number,
    event: object = { event: 'failed', severity: 'permanent' },
  ) => {
    const timestamp = String(START / 1000)
    const token = String(number).padStart(50, 'x')
    const signature = createHmac('sha256', 'mailgun-key').update(`${timestamp}${token}`).digest('hex')
    const data = {
      ...event,
      recipient: email,
      'delivery-status': { code: 550, message: '5.1.1 no such user' },
    }
    return post(service, 'mailgun', { signature: { timestamp, token, signature }, 'event-data': data })
  }
  const answers: number[] = []
  for (const [at, email] of addresses.entries()) answers.push((await call(email, at)).status)
  expect(answers).toEqual([...Array(10).fill(200), 503, 503, 503, 503])
  const dead = async () => {
    const states = await Promise.all(addresses.map(email => isSuppressed(service.db, addressHash(email))))
    return states.filter(Boolean).length
  }
  expect(await dead()).toBe(10)
  // A complaint is one person's word, and always counts.
  expect((await call(addresses[13]!, 99, { event: 'complained' })).status).toBe(200)
  expect(await dead()).toBe(11)
})

async function addActive(db: AService['db'], email: string): Promise<void> {
  const person = {
    email,
    key: email,
    name: '',
    newsletters: ['weekly'],
    topics: [],
    fields: {},
    language: '',
  }
  await addSubscriber(db, { ...person, state: 'active', source: 'add', now: START })
}
