// What settings, letters and the ledger show, and what is said of it; and that a check which takes too long is not waited for.

import { mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { database } from '../../../src/commands/doctor/database-checks.ts'
import { groups } from '../../../src/commands/doctor/index.ts'
import { returning } from '../../../src/commands/doctor/return-checks.ts'
import { type Check, examine, type Group } from '../../../src/commands/doctor/run-checks.ts'
import { letters, settings } from '../../../src/commands/doctor/settings-checks.ts'
import type { Setup } from '../../../src/commands/doctor/setup.ts'
import { service, site } from '../../../src/commands/doctor/web-checks.ts'
import { UserError } from '../../../src/errors.ts'
import { addSubscriber, type Database, openStore } from '../../../src/store/index.ts'
import { aFolder } from '../../a-folder.ts'
import { aLedger, EDITION } from '../../deliver/a-ledger.ts'
import { alarms, aSetup, found, LIMIT_MS, NOW, type SetupFacts } from './a-setup.ts'

const WEEKLY =
  'newsletters: [{ id: weekly, title: The Weekly, every: week, on: friday, from: The Gazette <news@gazette.org> }]\n'
const SERVICE = 'service: https://letters.gazette.org/\n'
const BOUNCES = 'mail: { bounces: bounces@gazette.org }\n'
const env = {
  BROADSHEET_SMTP: 'smtp://news:password@mail.gazette.org:587',
  BROADSHEET_IMAP: 'imaps://b:p@mail.gazette.org/',
}

const alarmsOf = async (changes: Partial<SetupFacts>, which = [settings]) =>
  alarms(await found(which, { settings: WEEKLY + SERVICE + BOUNCES, zone: '', env, ...changes }))

test('settings that are right, and each that is not', async () => {
  expect(await alarmsOf({})).toEqual([])
  expect(await alarmsOf({ env: { ...env, BROADSHEET_SMTP: '' } })).toEqual([
    'outgoing fail: BROADSHEET_SMTP is not set',
  ])
  expect(await alarmsOf({ env: { ...env, BROADSHEET_SMTP: 'eml:outbox' } })).toEqual([
    'outgoing warn: mail is written to files, and reaches nobody',
  ])
  expect(await alarmsOf({ env: { ...env, BROADSHEET_SMTP: 'news:password@mail.gazette.org' } })).toEqual([
    expect.stringMatching(/^outgoing fail: BROADSHEET_SMTP does not begin with smtp:\/\/(?!.*password)/),
  ])
  expect(await alarmsOf({ env: { ...env, BROADSHEET_SECRET: '' } })).toEqual([
    'secret fail: BROADSHEET_SECRET is not set',
  ])
  expect(await alarmsOf({ env: { ...env, BROADSHEET_SECRET: 'short' } })).toEqual([
    'secret fail: BROADSHEET_SECRET has a key of fewer than 16 characters',
  ])
  expect(await alarmsOf({ settings: WEEKLY + BOUNCES })).toEqual([
    'service-set warn: no service: people can leave by mail only',
  ])
  expect(await alarmsOf({ settings: `${WEEKLY}${BOUNCES}service: http://letters.gazette.org/\n` })).toEqual([
    'service-set fail: service is not an https address',
  ])
  expect(
    await alarmsOf({ settings: `${WEEKLY}${BOUNCES}service: https://letters.gazette.example/\n` }),
  ).toEqual(['service-set warn: service is at letters.gazette.example, a name for examples'])
  expect(await alarmsOf({ settings: WEEKLY + SERVICE })).toEqual([
    'bounces-read warn: bounces come back to the address in From',
  ])
  expect(await alarmsOf({ env: { BROADSHEET_SMTP: env.BROADSHEET_SMTP } })).toEqual([
    'bounces-read warn: nobody reads bounces@gazette.org',
  ])
  const files = {
    'articles/publication.yaml': `title: T\nurl: https://gazette.org/\n${WEEKLY}${SERVICE}${BOUNCES}`,
  }
  expect(await alarmsOf({ files })).toEqual(['postal-address warn: letters have no postal address of yours'])
})

test('bounces that a company keeps to itself', async () => {
  const smtp = { BROADSHEET_SMTP: 'smtp://token:token@smtp.postmarkapp.com:587' }
  expect(await alarmsOf({ env: smtp })).toEqual(['bounces-read warn: Postmark keeps bounces to itself'])
  expect(await alarmsOf({ env: { ...smtp, BROADSHEET_WEBHOOK_POSTMARK: 'user:password' } })).toEqual([])
  expect(await alarmsOf({ env: { BROADSHEET_SMTP: 'ses://KEY:SECRET@eu-west-1' } })).toEqual([
    'bounces-read warn: Amazon SES keeps bounces to itself',
  ])
})

test('an address that was borrowed', async () => {
  const borrowed = WEEKLY.replace('news@gazette.org', 'gazette@yahoo.com') + SERVICE + BOUNCES
  expect(await alarmsOf({ settings: borrowed })).toEqual([
    expect.stringContaining('borrowed-from fail: Letters are from yahoo.com'),
  ])
  const zone =
    '_dmarc.yahoo.com TXT "v=DMARC1; p=reject"\nyahoo.com TXT "v=spf1 redirect=_spf.mail.yahoo.com"\n'
  const dmarc = groups.filter(({ title }) => title === 'DMARC')
  expect(await alarmsOf({ settings: borrowed, zone }, dmarc)).toEqual([
    expect.stringContaining('dmarc-alignment fail: Letters are from yahoo.com'),
  ])
})

test('letters that are right, and what is not', async () => {
  expect(await alarmsOf({}, [letters])).toEqual([])
  const twice = `${SERVICE}${BOUNCES}newsletters:\n  - { id: a_b, title: One, every: week, on: friday, from: One <a@gazette.org> }\n  - { id: a-b, title: Two, every: week, on: friday, from: b@gazette.org }\n`
  expect(await alarmsOf({ settings: twice }, [letters])).toEqual([
    expect.stringContaining('letter-rules fail: 1 error in them: letter a-b/2026-W06: from: b@gazette.org'),
    'list-id fail: a-b has no List-Id of its own',
    'sender-name warn: a-b is from an address without a name',
  ])
  const template = { 'templates/partials/letter-crad.mjml.hbs': 'x' }
  expect(await alarmsOf({ files: template }, [letters])).toEqual([
    expect.stringContaining('templates warn: templates/partials/letter-crad.mjml.hbs'),
  ])
  const [bad] = await alarmsOf({ files: { 'templates/letter.mjml.hbs': '{{#if}}' } }, [letters])
  expect(bad).toContain('templates fail')
  expect(await alarmsOf({ settings: WEEKLY + BOUNCES }, [letters])).toEqual([])
  const setup = await aSetup({ settings: WEEKLY + SERVICE, zone: '' })
  const [sample] = await setup.samples()
  const large = { ...sample!, letter: { ...sample!.letter!, html: 'x'.repeat(110_000) } }
  const cut = {
    ...sample!,
    message: { ...sample!.message!, bytes: Buffer.from('From: a@b.org\r\nFrom: c@d.org\r\n\r\n') },
  }
  expect(alarms(await examine([letters], { ...setup, samples: async () => [large] }, LIMIT_MS))).toEqual([
    'letter-size fail: weekly: 110 kB of HTML, and Gmail cuts at 102 kB',
  ])
  expect(alarms(await examine([letters], { ...setup, samples: async () => [cut] }, LIMIT_MS))).toEqual([
    'letter-headers fail: not exactly one of: from, date, subject, message-id, to, mime-version',
    'unsubscribe-fields fail: weekly: no one-click fields',
    'list-id fail: weekly has no List-Id of its own',
  ])
})

const ANNA = {
  email: 'anna@example.org',
  key: 'anna@example.org',
  name: 'Anna',
  newsletters: ['weekly'],
  topics: [],
  fields: {},
  language: '',
  state: 'active' as const,
  source: 'add',
}

test('the ledger: readers, who is in doubt, and a copy', async () => {
  const setup = await aSetup({ settings: WEEKLY, zone: '' })
  const file = join(setup.publication.dir, '.broadsheet/broadsheet.db')
  mkdirSync(dirname(file), { recursive: true })
  const { db } = await openStore(file)
  onTestFinished(() => db.close())
  const read = async () => {
    const readers = (await db.query<{ count: number }>('SELECT COUNT(*) AS count FROM subscribers'))[0]!.count
    return alarms(
      await examine(
        [database],
        { ...setup, database: async () => db, readers: async () => readers },
        LIMIT_MS,
      ),
    )
  }
  expect(await read()).toEqual(['readers warn: no active reader'])
  await addSubscriber(db, { ...ANNA, now: NOW })
  expect(await read()).toEqual([])
  const copy = join(dirname(file), 'broadsheet-copy.db')
  writeFileSync(copy, '')
  utimesSync(copy, NOW / 1000, NOW / 1000 - 9 * 86_400)
  expect(await read()).toContain('backup warn: copied 9 days ago')
  utimesSync(copy, NOW / 1000, NOW / 1000 - 3600)
  expect(await read()).not.toContainEqual(expect.stringContaining('backup'))
})

const seen = async (which: Group, changes: Partial<Setup>, names: readonly string[]) => {
  const setup = await aSetup({ settings: WEEKLY + SERVICE + BOUNCES, zone: '', env })
  const checks = which.checks.filter(({ name }) => names.includes(name))
  return alarms(await examine([{ ...which, checks }], { ...setup, ...changes }, LIMIT_MS))
}

test('a database that is old, whose clock is wrong, that cannot be opened, and readers in doubt', async () => {
  const postgres = (version: string, time: number, off: readonly string[] = []) => ({
    database: async () =>
      ({
        kind: 'postgres',
        async query(sql: string) {
          if (/pg_settings/.test(sql)) return off.map(name => ({ name }))
          return /version/i.test(sql) ? [{ version }] : [{ time }]
        },
      }) as unknown as Database,
  })
  const checks = ['database-opens', 'database-clock']
  expect(await seen(database, postgres('16.2', NOW + 2000), checks)).toEqual([])
  expect(await seen(database, postgres('16.2', NOW, ['fsync']), checks)).toEqual([
    'database-opens warn: PostgreSQL 16.2 with fsync off: a power failure damages it',
  ])
  expect(await seen(database, postgres('12.4 (Debian)', NOW - 90_000), checks)).toEqual([
    'database-opens fail: PostgreSQL 12.4 is too old',
    'database-clock fail: its clock and ours are 90 s apart',
  ])
  const broken = async () => {
    throw new UserError('broadsheet.db is damaged', 'Restore it.')
  }
  expect(await seen(database, { database: broken }, ['database-opens'])).toEqual([
    'database-opens fail: broadsheet.db is damaged',
  ])
  const ledger = await aLedger(3)
  onTestFinished(() => ledger.close())
  const sent = { database: async () => ledger.db }
  expect(await seen(database, sent, ['in-doubt'])).toEqual([])
  await ledger.db.query("UPDATE deliveries SET state = 'unknown' WHERE subscriber = 2")
  expect(await seen(database, sent, ['in-doubt'])).toEqual([
    `in-doubt warn: ${EDITION}: 1 may or may not have received it`,
  ])
})

test('a disk without room for the ledger to double', async () => {
  const file = join(aFolder(), 'ledger.db')
  // It holds nothing, and would be larger than any disk.
  writeFileSync(file, '')
  truncateSync(file, 8 * 2 ** 40)
  expect(await seen(database, { env: { ...env, BROADSHEET_DATABASE: file } }, ['disk-space'])).toEqual([
    expect.stringMatching(/^disk-space fail: \d+\.\d GB free$/),
  ])
})

test('certificates that end, and a bounce mailbox that does not open', async () => {
  const { web } = await aSetup({ settings: WEEKLY, zone: '', web: {} })
  const ending = { web: { ...web, validUntil: async () => NOW + 1.5 * 86_400_000 } }
  expect(await seen(service, ending, ['service-certificate'])).toEqual([
    'service-certificate warn: the certificate of letters.gazette.org ends in 1 day',
  ])
  const ended = { web: { ...web, validUntil: async () => NOW - 2 * 86_400_000 } }
  expect(await seen(site, ended, ['site-certificate'])).toEqual([
    'site-certificate fail: the certificate of gazette-in-tests.org ended 2 days ago',
  ])
  const closed = { env: { ...env, BROADSHEET_IMAP: 'imap://bounces:sesame@127.0.0.1:1/' } }
  const [mailbox] = await seen(returning, closed, ['bounce-mailbox'])
  expect(mailbox).toMatch(/^bounce-mailbox fail: /)
  expect(mailbox).not.toContain('sesame')
})

test('what takes too long is a warning, and is not waited for', async () => {
  const silent = createServer(socket => socket.resume())
  await new Promise<void>(listening => silent.listen(0, '127.0.0.1', listening))
  onTestFinished(() => new Promise<void>(closed => void silent.close(() => closed())))
  const { port } = silent.address() as AddressInfo
  const setup = await aSetup({
    settings: `${WEEKLY}service: http://127.0.0.1:${port}/\n`,
    zone: 'gazette.org SILENCE\n_dmarc.gazette.org SILENCE\n',
    env: { BROADSHEET_SMTP: `smtp://127.0.0.1:${port}` },
  })
  const slow = ['smtp-connection', 'one-click', 'spf-record', 'dmarc-record', 'from-domain']
  const asked = groups.map(({ title, checks }) => ({
    title,
    checks: checks.filter(({ name }) => slow.includes(name)),
  }))
  const examined = await examine(asked, setup, 50)
  // Whoever is silent in one group says nothing of the next.
  const late = examined.filter(({ result }) => result === 'warn').map(({ name }) => name)
  expect(late).toEqual(['smtp-connection', 'spf-record', 'dmarc-record', 'from-domain', 'one-click'])
  expect(
    examined.every(
      ({ result, says }) =>
        result === 'skip' || (result === 'warn' && says.endsWith(': no answer within 0.05 s')),
    ),
  ).toBe(true)
})

test('a fault of ours in a check is no finding', async () => {
  const check: Check = { name: 'x', why: 'x', find: () => Promise.reject(new TypeError('a bug')) }
  const setup = await aSetup({ settings: WEEKLY, zone: '' })
  await expect(examine([{ title: 'X', checks: [check] }], setup, LIMIT_MS)).rejects.toThrow('a bug')
})

test('what others wrote does not move the cursor', async () => {
  const check: Check = {
    name: 'x',
    why: 'x',
    find: () => ({ result: 'warn', says: 'a\u001b[2J\r\nb\u202e', remedy: { text: 'c\u0007', copy: 'd\n' } }),
  }
  const setup = await aSetup({ settings: WEEKLY, zone: '' })
  const [found] = await examine([{ title: 'X', checks: [check] }], setup, LIMIT_MS)
  expect([found!.says, found!.remedy]).toEqual(['a[2J b', { text: 'c', copy: 'd' }])
})
