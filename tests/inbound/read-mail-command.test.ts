// What people ask for by mail: believed as far as it is signed, and answered as far as a form would be.

import { expect, test } from 'vitest'
import { addressHash, parseAddress } from '../../src/base/addresses.ts'
import { signPass, signToken } from '../../src/base/signed-links.ts'
import { applyMailCommand, applyNotice } from '../../src/inbound/apply.ts'
import { readReport } from '../../src/inbound/read-report.ts'
import { subscriberById } from '../../src/store/subscribers.ts'
import { suppress } from '../../src/store/suppressions.ts'
import { aService, DAY, HOUR, publication, SECRET, START, subscribed } from '../serve/a-service.ts'
import { aDeliveryReport, addressed, aMail } from './a-report.ts'

const read = (fields: Record<string, string>, now = START) =>
  readReport(SECRET, { bytes: Buffer.from(aMail(fields)), now })
const pass = (id = 7, until = START + DAY) => signPass(SECRET, 'confirm', { id, until, about: '' })

test('who asks to subscribe is whom the mail is from, and no name that she writes is kept', async () => {
  expect(
    await read({ From: '"<x@evil.example>" <Anna@Example.org>', Subject: 'subscribe weekly, daily' }),
  ).toMatchObject({
    kind: 'unknown',
  })
  expect(await read({ From: 'Anna & Co <Anna@Example.org>', Subject: 'Subscribe weekly, daily' })).toEqual({
    kind: 'subscribe',
    email: 'Anna@example.org',
    key: 'anna@example.org',
    newsletters: ['weekly', 'daily'],
  })
  expect(await read({ From: 'anna@example.org', Subject: '=?utf-8?Q?subscribe_weekly?=' })).toMatchObject({
    newsletters: ['weekly'],
  })
})

test.each([
  'anna@example.org, ben@example.org',
  '<anna@example.org>, <ben@example.org>',
  'friends: anna@example.org;',
  'anna@example.org\r\nFrom: ben@example.org',
  '',
  '<>',
])('a mail from nobody or from several is left as it is: %j', async From => {
  expect(await read({ From, Subject: 'subscribe weekly' })).toMatchObject({ kind: 'unknown' })
})

test('what is only like a request is none', async () => {
  for (const Subject of [
    'Re: subscribe weekly',
    'subscribers weekly',
    'confirm',
    'Confirm your order',
    'Re: x',
    '',
  ]) {
    expect(await read({ Subject })).toMatchObject({ kind: 'unknown' })
  }
})

test('machines neither subscribe nor confirm: no loop of mails, no confirmation by an absent reader’s answer', async () => {
  for (const sign of [
    { 'Auto-Submitted': 'auto-replied' },
    { Precedence: 'bulk' },
    { 'List-Id': '<x.example>' },
    { 'X-Autoreply': 'yes' },
    { 'Return-Path': '<>' },
  ]) {
    expect(await read({ ...sign, Subject: 'subscribe weekly' })).toMatchObject({ kind: 'nothing' })
    expect(await read({ ...sign, Subject: `confirm ${pass()}` })).toMatchObject({ kind: 'nothing' })
  }
})

test('only a signed, fresh confirmation of the right purpose confirms', async () => {
  expect(await read({ Subject: `confirm ${pass()}` })).toEqual({ kind: 'confirm', request: 7 })
  expect(await read({ Subject: `Confirm  ${pass()} ` })).toMatchObject({ kind: 'confirm' })
  const leave = signToken(SECRET, 'unsubscribe', { subscriber: 7, edition: 'weekly/1' })
  const erase = signPass(SECRET, 'erase', { id: 7, until: START + DAY, about: '' })
  const other = signPass('another secret', 'confirm', { id: 7, until: START + DAY, about: '' })
  for (const token of [leave, erase, other, `${pass()}x`, `x${pass()}`]) {
    expect((await read({ Subject: `confirm ${token}` })).kind).toBe('unknown')
  }
  expect(await read({ Subject: `confirm ${pass()}` }, START + DAY)).toMatchObject({ kind: 'unknown' })
})

const leaving = signToken(SECRET, 'unsubscribe', { subscriber: 7, edition: 'weekly/1' })
const seven = { kind: 'unsubscribe', about: { subscriber: 7, edition: 'weekly/1' } }

test.each([
  `unsubscribe ${leaving}`,
  `Re: unsubscribe ${leaving}`,
  `Fwd: Re: unsubscribe ${leaving}`,
  `AW: Unsubscribe ${leaving}`,
  `[EXTERNAL] unsubscribe ${leaving}`,
  `*** SPAM *** unsubscribe ${leaving}`,
  `unsubscribe+${leaving}`,
  `unsubscribe%20${leaving}`,
  `UNSUBSCRIBE ${leaving.toUpperCase()}`,
  `unsubscribe ${leaving} (was: hello)`,
  `unsubscribe ${leaving.slice(0, 30)}\r\n ${leaving.slice(30)}`,
  `unsubscribe ${leaving.slice(0, 8)}\r\n ${leaving.slice(8, 50)}\r\n\t${leaving.slice(50)}`,
  leaving,
])('whatever a gateway makes of the subject, the reader leaves: %j', async Subject => {
  expect(await read({ Subject })).toMatchObject(seven)
})

test('the address says it too', async () => {
  for (const To of [
    `unsubscribe+${leaving}@meridian.example`,
    `<unsubscribe+${leaving.toUpperCase()}@meridian.example>`,
  ])
    expect(await read({ To, Subject: '' })).toMatchObject(seven)
  const to = addressed({ subscriber: 7 })
  for (const Subject of [
    'unsubscribe',
    'STOP',
    'Re: Abmelden',
    'Désabonnement',
    'Baja',
    '[EXT] remove me please',
    '退订',
  ]) {
    expect(
      await read({ To: to, Subject: `=?utf-8?B?${Buffer.from(Subject).toString('base64')}?=` }),
    ).toMatchObject({
      kind: 'unsubscribe',
      about: { subscriber: 7 },
    })
  }
  expect(await read({ To: to, Subject: 'Stop press: a bridge opens' })).toMatchObject({
    kind: 'unknown',
    leaving: false,
  })
  expect(await read({ To: to, Subject: 'unsubscribe', 'Auto-Submitted': 'auto-replied' })).toMatchObject({
    kind: 'nothing',
  })
})

test('an answer leaves when its first word says so, by the letter that it quotes', async () => {
  const quoted = `> The Weekly\n> Leave: https://letters.meridian.example/u/${leaving}\n`
  const answer = (text: string) =>
    readReport(SECRET, {
      bytes: Buffer.from(aMail({ Subject: 'Re: The Weekly' }, `${text}\n\n${quoted}`)),
      now: START,
    })
  for (const text of [
    'Unsubscribe',
    'please unsubscribe me',
    'Bitte abmelden!',
    'Stop.',
    'Take me off this list',
    "I'd like to unsubscribe.",
    'How can I unsubscribe?',
    'Ich möchte den Newsletter abbestellen.',
    'Bitte keinen Newsletter mehr',
    'Je souhaite me désabonner',
    'Je ne veux plus recevoir cette lettre',
    'Não quero mais receber',
    'الغاء الاشتراك',
    'Leave',
  ])
    expect(await answer(text), text).toMatchObject(seven)
  for (const text of [
    'Thank you, but we get too many letters: be so kind as to remove us.',
    'Hello! 次号から配信を停止してください',
    'Good work. I no longer wish to receive these e-mails.',
  ])
    expect(await answer(text), text).toMatchObject({ kind: 'unknown', leaving: true })
  for (const text of [
    'Remove the second comma in the title',
    'Cancel culture is no such thing',
    'Kündigungsschutz gilt auch hier',
  ])
    expect(await answer(text), text).toMatchObject({ kind: 'unknown', leaving: false })
  for (const text of ['I like it, and will never unsubscribe.', 'What a week!', ''])
    expect(await answer(text)).toMatchObject({ kind: 'unknown', leaving: false })
})

test('a request to leave without a token of ours is for a person', async () => {
  for (const Subject of [
    'unsubscribe',
    'Unsubscribe me',
    'désabonner',
    'unsubscribe abc.def',
    'leave',
    'I want to be removed',
  ])
    expect(await read({ Subject })).toMatchObject({ kind: 'unknown', leaving: true })
  for (const Subject of ['A question', 'subscribers weekly']) {
    expect(await read({ Subject })).toMatchObject({ kind: 'unknown', leaving: false })
  }
})

test('a confirmation survives a gateway as well', async () => {
  for (const Subject of [
    `[EXTERNAL] confirm ${pass()}`,
    `Re: confirm%20${pass().toUpperCase()}`,
    `confirm+${pass()}`,
  ])
    expect(await read({ Subject })).toEqual({ kind: 'confirm', request: 7 })
  expect(await read({ Subject: '[EXTERNAL] subscribe weekly' })).toMatchObject({
    kind: 'subscribe',
    newsletters: ['weekly'],
  })
})

async function aDesk() {
  const service = await aService()
  const ask = (email: string, newsletters = ['weekly']) =>
    applyMailCommand(
      service.db,
      publication,
      { kind: 'subscribe', email, key: parseAddress(email)!.key, newsletters },
      service.clock.now,
    )
  return { service, ask }
}

test('known, new, waiting and suppressed addresses are told the same, and mailed as by the form', async () => {
  const { service, ask } = await aDesk()
  await subscribed(service, 'known@example.org')
  service.clock.now += 2 * HOUR
  await suppress(service.db, { hash: addressHash('dead@example.org'), reason: 'bounce', since: START })
  const people = ['known@example.org', 'new@example.org', 'dead@example.org']
  for (const email of people) expect(await ask(email)).toBe('asked')
  expect((await service.mails()).map(({ to }) => to).sort()).toEqual([...people].sort())
  for (const email of people) expect(await ask(email)).toBe('asked')
  expect(await service.mails()).toEqual([])
})

test('no newsletter of ours, or a mail from ourselves, is not answered', async () => {
  const { service, ask } = await aDesk()
  expect(await ask('anna@example.org', ['nothing'])).toBe('nothing')
  // There are two: which one?
  expect(await ask('anna@example.org', [])).toBe('nothing')
  expect(await ask('News@meridian.example')).toBe('nothing')
  expect(await service.mails()).toEqual([])
})

test('who forges hundreds of senders makes a hundred mails an hour, not more', async () => {
  const { service, ask } = await aDesk()
  const became = new Map<string, number>()
  for (let n = 0; n < 110; n++) {
    const granted = await ask(`victim${n}@example.org`)
    became.set(granted, (became.get(granted) ?? 0) + 1)
  }
  expect(Object.fromEntries(became)).toEqual({ asked: 100, later: 10 })
  service.clock.now += HOUR + 1
  expect(await ask('anna@example.org')).toBe('asked')
})

test('a confirmation that is not in the list any more, or was used, does nothing more', async () => {
  const { service } = await aDesk()
  const confirm = (request: number) =>
    applyMailCommand(service.db, publication, { kind: 'confirm', request }, service.clock.now)
  await service.visit('/subscribe', { form: { email: 'anna@example.org', newsletter: 'weekly' } })
  expect(await confirm(1)).toBe('confirmed')
  expect(await confirm(1)).toBe('known')
  expect(await confirm(99)).toBe('nothing')
})

test('the mail to a mistyped address comes back: understood, and nobody is suppressed for it', async () => {
  const mail = { connections: 5, bounces: 'bounces@meridian.example' }
  const service = await aService({ publication: { ...publication, mail } })
  const anna = await subscribed(service)
  service.clock.now += 2 * HOUR
  await service.visit('/subscribe', { form: { email: 'annna@example.org', newsletter: 'weekly' } })
  const [asking] = await service.mails()
  const returned = aDeliveryReport({ subscriber: 999, verp: false, returned: false })
  const bytes = Buffer.from(returned.replaceAll('bounces@meridian.example', asking!.from))
  const report = await readReport(SECRET, { bytes, now: service.clock.now })
  if (report.kind !== 'hard') throw new Error(report.kind)
  expect(report.about.subscriber).toBe(0)
  const told = { ...report.about, kind: report.kind, status: report.status }
  expect(await applyNotice(service.db, told, service.clock.now)).toBe('nobody')
  expect(await subscriberById(service.db, anna)).toMatchObject({ state: 'active' })
  expect(await service.db.query('SELECT hash FROM suppressions')).toEqual([])
})
