// `bounces`: a Maildir, an mbox, a pipe, a mailbox over IMAP; what is understood is done, what is not stays.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { simpleParser } from 'mailparser'
import { expect, onTestFinished, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import { run } from '../../src/commands/bounces.ts'
import { openMailbox } from '../../src/deliver/transports/eml-folder.ts'
import type { Database } from '../../src/store/database.ts'
import { addSubscriber } from '../../src/store/import-subscribers.ts'
import { openStore } from '../../src/store/open-store.ts'
import { subscriberByKey } from '../../src/store/subscribers.ts'
import { isSuppressed } from '../../src/store/suppressions.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aSmtpServer } from '../a-smtp-server.ts'
import { aComplaint, aDeliveryReport, addressed, aMail, anUnsubscribe } from '../inbound/a-report.ts'
import { SECRET } from '../serve/a-service.ts'
import { aCommand, type CommandOptions } from './a-command.ts'
import { anImapServer } from './an-imap-server.ts'

const IMAP_HINT = 'Write it like BROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX'
const PEOPLE = ['anna@example.org', 'ben@example.org', 'cho@example.org', 'dee@example.org']

async function aList(files: Readonly<Record<string, string>> = {}): Promise<{ dir: string; db: Database }> {
  const dir = aFolder(files)
  const { db } = await openStore(`${dir}/.broadsheet/broadsheet.db`)
  onTestFinished(() => db.close())
  for (const email of PEOPLE) {
    await addSubscriber(db, {
      email,
      key: email,
      name: '',
      newsletters: ['weekly', 'daily'],
      topics: [],
      fields: {},
      language: '',
      state: 'active',
      source: 'add',
      now: 1,
    })
  }
  return { dir, db }
}

async function bounces(dir: string, given: CommandOptions = {}) {
  const { code, stdout, stderr } = await aCommand({ run }, dir, {
    ...given,
    env: { BROADSHEET_SECRET: SECRET, ...given.env },
    options: { json: true, ...given.options },
  }).done
  return { code, stderr, report: stdout ? JSON.parse(stdout) : undefined }
}

const mails = {
  dead: aDeliveryReport({ subscriber: 1 }),
  complaint: aComplaint({ subscriber: 2 }),
  leaving: anUnsubscribe(3),
  away: aMail({ 'Auto-Submitted': 'auto-replied' }),
  letter: aMail({ Subject: 'I like your newsletter' }),
  forged: aDeliveryReport({ subscriber: 4, secret: 'another secret' }),
}

async function expectDone(db: Database) {
  expect(await isSuppressed(db, addressHash(PEOPLE[0]!))).toMatchObject({ reason: 'bounce' })
  expect(await isSuppressed(db, addressHash(PEOPLE[1]!))).toMatchObject({ reason: 'complaint' })
  expect(await subscriberByKey(db, PEOPLE[2]!)).toMatchObject({
    newsletters: { daily: [] },
    left: ['weekly'],
  })
  expect(await isSuppressed(db, addressHash(PEOPLE[3]!))).toBeUndefined()
}

const counts = { read: 6, hard: 1, soft: 0, complaints: 1, unsubscribed: 1, suppressed: 2, nothing: 1 }

test('a Maildir: what is understood is marked seen, the rest is as it was, and again changes nothing', async () => {
  const files = Object.fromEntries(
    Object.entries(mails).map(([name, text]) => [`Maildir/new/${name}.host`, text]),
  )
  const { dir, db } = await aList(files)
  mkdirSync(`${dir}/Maildir/cur`)
  const { code, report } = await bounces(dir, { args: ['Maildir'] })
  expect(code).toBe(0)
  expect(report).toMatchObject(counts)
  expect(report.kept.map(({ mail }: { mail: string }) => mail)).toEqual([
    'new/forged.host',
    'new/letter.host',
  ])
  await expectDone(db)
  expect(readdirSync(`${dir}/Maildir/new`).sort()).toEqual(['forged.host', 'letter.host'])
  expect(readdirSync(`${dir}/Maildir/cur`).sort()).toEqual(
    ['away', 'complaint', 'dead', 'leaving'].map(name => `${name}.host:2,S`),
  )
  expect((await bounces(dir, { args: ['Maildir'] })).report).toMatchObject({
    read: 2,
    suppressed: 0,
    hard: 0,
  })
})

test('an mbox is read to its end and left as it was', async () => {
  const text = Object.values(mails)
    .map(
      mail =>
        `From MAILER-DAEMON Fri Jan 30 07:00:00 2026\n${mail.replaceAll('\r\n', '\n').replace(/^(>*From )/gm, '>$1')}\n`,
    )
    .join('')
  const { dir, db } = await aList({ 'bounces.mbox': text })
  const { report } = await bounces(dir, { args: ['bounces.mbox'] })
  expect(report).toMatchObject(counts)
  await expectDone(db)
  expect(readFileSync(`${dir}/bounces.mbox`, 'utf8')).toBe(text)
  expect((await bounces(dir, { args: ['bounces.mbox'] })).report).toMatchObject({
    ...counts,
    suppressed: 0,
    known: 3,
  })
})

test('a folder of .eml files, and one mail', async () => {
  const { dir, db } = await aList({ 'in/1.eml': mails.dead, 'in/2.eml': mails.letter, 'in/notes.txt': 'x' })
  expect((await bounces(dir, { args: ['in/1.eml'] })).report).toMatchObject({
    read: 1,
    hard: 1,
    suppressed: 1,
  })
  expect((await bounces(dir, { args: ['in'] })).report).toMatchObject({ read: 2, known: 1 })
  expect(await isSuppressed(db, addressHash(PEOPLE[0]!))).toBeDefined()
})

test('a pipe of the mail server, which may say to whom the mail came', async () => {
  const { dir, db } = await aList()
  const stdin = aDeliveryReport({ subscriber: 1, verp: false, returned: false })
  const kept = await bounces(dir, { args: ['-'], stdin })
  expect(kept.report.kept).toEqual([
    { mail: 'standard input', why: 'a bounce that contains nothing signed by us', leaving: false },
  ])
  const recipient = /^Delivered-To: (.*)\r$/m.exec(aDeliveryReport({ subscriber: 1 }))![1]!
  expect((await bounces(dir, { args: ['-'], stdin, options: { recipient } })).report).toMatchObject({
    hard: 1,
  })
  expect(await isSuppressed(db, addressHash(PEOPLE[0]!))).toBeDefined()
})

test('IMAP: unseen mails are read, the understood ones become seen', async () => {
  const { dir, db } = await aList()
  const server = await anImapServer({ user: 'bounces', password: 'p@ss', mails: Object.values(mails) })
  onTestFinished(() => server.close())
  const env = { BROADSHEET_IMAP: `imap://bounces:p%40ss@127.0.0.1:${server.port}/INBOX` }
  const { report, stderr } = await bounces(dir, { env, options: { imap: true } })
  expect(stderr).toBe('')
  expect(report).toMatchObject(counts)
  await expectDone(db)
  expect(server.seen()).toEqual([true, true, true, true, false, false])
  expect((await bounces(dir, { env, options: { imap: true } })).report).toMatchObject({ read: 2 })
  const wrong = { BROADSHEET_IMAP: `imap://bounces:wrong@127.0.0.1:${server.port}/INBOX` }
  const refused = await bounces(dir, { env: wrong, options: { imap: true } })
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('does not know this user')])
  expect(refused.stderr).not.toContain('wrong')
  expect(refused.stderr).toContain(IMAP_HINT)
  const elsewhere = { BROADSHEET_IMAP: `imap://bounces:p%40ss@127.0.0.1:${server.port}/Nothing` }
  const missing = await bounces(dir, { env: elsewhere, options: { imap: true } })
  expect([missing.code, missing.stderr]).toEqual([2, `127.0.0.1 has no folder Nothing\n${IMAP_HINT}\n`])
})

test('addresses that were refused when they were sent to are found in the ledger', async () => {
  const { dir, db } = await aList()
  await db.query(
    `INSERT INTO editions (id, name, newsletter, from_at, until_at, state, frozen_at) VALUES (1, 'weekly/1', 'weekly', 0, 0, 'sent', 0)`,
  )
  for (const [subscriber, code, enhanced, reply] of [
    [1, 550, '5.1.1', '550 5.1.1 no such user'],
    [2, 554, '5.7.1', '554 5.7.1 blocked by our policy'],
    [3, 552, '5.2.2', 'stale: 452 4.2.2 mailbox full'],
    [4, null, null, 'stale: connect ECONNREFUSED'],
  ] as const) {
    await db.query(
      `INSERT INTO deliveries (edition, subscriber, email, name, fields, state, attempts, tries, code, enhanced, reply, changed)
VALUES (1, $1, 'x', '', '{}', 'rejected', 1, 1, $2, $3, $4, 0)`,
      [subscriber, code, enhanced, reply],
    )
  }
  expect((await bounces(dir)).report).toMatchObject({ read: 0, refused: 2, suppressed: 1 })
  expect((await bounces(dir)).report).toMatchObject({ refused: 0, suppressed: 0 })
  expect(await isSuppressed(db, addressHash(PEOPLE[0]!))).toMatchObject({ reason: 'bounce' })
  expect(await isSuppressed(db, addressHash(PEOPLE[1]!))).toBeUndefined()
  expect(await db.query('SELECT subscriber, kind FROM bounces ORDER BY subscriber')).toEqual([
    { subscriber: 1, kind: 'hard' },
    { subscriber: 3, kind: 'soft' },
  ])
})

test('a mail that is kept is listed once', async () => {
  const { dir } = await aList({ 'in/1.eml': mails.letter, 'in/2.eml': mails.forged })
  const first = await bounces(dir, { args: ['in'] })
  expect(first.code).toBe(0)
  expect(first.report).toMatchObject({ keptBefore: 0, kept: [{ mail: '1.eml' }, { mail: '2.eml' }] })
  const again = await bounces(dir, { args: ['in'] })
  expect(again.report).toMatchObject({ read: 2, kept: [], keptBefore: 2 })
})

test('a request to leave that cannot be read needs a person, once', async () => {
  const { dir } = await aList({
    'in/1.eml': aMail({ Subject: 'Re: The Weekly' }, 'Please unsubscribe me!\n'),
  })
  const first = await bounces(dir, { args: ['in'] })
  expect(first.code).toBe(3)
  expect(first.report.kept).toMatchObject([{ mail: '1.eml', leaving: true }])
  expect((await bounces(dir, { args: ['in'] })).code).toBe(0)
})

test('an answer to the bounce address leaves the newsletter whose letter it answers', async () => {
  const { dir, db } = await aList()
  await db.query(
    `INSERT INTO editions (id, name, newsletter, from_at, until_at, state, frozen_at) VALUES (1, 'weekly/2026-W05', 'weekly', 0, 0, 'sent', 0)`,
  )
  await db.query(
    `INSERT INTO deliveries (edition, subscriber, email, name, fields, state, attempts, tries, changed)
VALUES (1, 3, 'x', '', '{}', 'accepted', 1, 1, 0)`,
  )
  const stdin = aMail({ To: addressed({ subscriber: 3 }), Subject: 'Re: The Weekly' }, 'Unsubscribe\n')
  expect((await bounces(dir, { args: ['-'], stdin })).report).toMatchObject({ unsubscribed: 1 })
  expect(await subscriberByKey(db, PEOPLE[2]!)).toMatchObject({
    newsletters: { daily: [] },
    left: ['weekly'],
  })
})

async function manyReaders(db: Database, domains: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  for (const [n, domain] of domains.entries()) {
    const email = `reader${n}@${domain}`
    await addSubscriber(db, {
      email,
      key: email,
      name: '',
      newsletters: ['weekly'],
      topics: [],
      fields: {},
      language: '',
      state: 'active',
      source: 'add',
      now: 1,
    })
    ids.push((await subscriberByKey(db, email))!.id)
  }
  return ids
}

const dead = (subscriber: number, text = '550 5.1.1 user unknown') =>
  aDeliveryReport({ subscriber, diagnostic: `smtp; ${text}` })

test('more than twenty readers of a newsletter are not suppressed at once without a word', async () => {
  const { dir, db } = await aList()
  const ids = await manyReaders(
    db,
    Array.from({ length: 21 }, (_, n) => `domain${n}.example`),
  )
  mkdirSync(`${dir}/in`)
  for (const id of ids) writeFileSync(`${dir}/in/${id}.eml`, dead(id))
  writeFileSync(`${dir}/in/complaint.eml`, aComplaint({ subscriber: 2 }))
  const stopped = await bounces(dir, { args: ['in'] })
  expect(stopped.code).toBe(3)
  expect(stopped.report).toMatchObject({
    hard: 0,
    complaints: 1,
    suppressed: 1,
    excess: ['21 of the 25 readers of weekly'],
  })
  expect(await db.query('SELECT subscriber FROM bounces')).toHaveLength(1)
  const given = { args: ['in'], env: { BROADSHEET_SECRET: SECRET } }
  expect((await aCommand({ run }, dir, given).done).stdout).toContain('run the same command with --yes')
  const agreed = await bounces(dir, { args: ['in'], options: { yes: true } })
  expect(agreed).toMatchObject({ code: 0, report: { hard: 21, suppressed: 21, excess: [] } })
})

test('eleven at one domain with one text stop too; with different ones they do not', async () => {
  const { dir, db } = await aList()
  const ids = await manyReaders(
    db,
    Array.from({ length: 11 }, () => 'one.example'),
  )
  mkdirSync(`${dir}/in`)
  for (const id of ids)
    writeFileSync(`${dir}/in/${id}.eml`, dead(id, `550 5.1.1 <r${id}@one.example>: Host unknown`))
  const stopped = await bounces(dir, { args: ['in'] })
  expect(stopped.code).toBe(3)
  expect(stopped.report.excess).toEqual([
    expect.stringMatching(/^11 at one\.example, all with: .*Host unknown/),
  ])
  writeFileSync(`${dir}/in/${ids[0]}.eml`, dead(ids[0]!, '550 5.1.1 user unknown'))
  expect(await bounces(dir, { args: ['in'] })).toMatchObject({
    code: 0,
    report: { suppressed: 11, excess: [] },
  })
})

test('at the limit all is as ever', async () => {
  const { dir, db } = await aList()
  const ids = await manyReaders(
    db,
    Array.from({ length: 20 }, (_, n) => `domain${n % 2}.example`),
  )
  mkdirSync(`${dir}/in`)
  for (const id of ids) writeFileSync(`${dir}/in/${id}.eml`, dead(id))
  expect(await bounces(dir, { args: ['in'] })).toMatchObject({ code: 0, report: { suppressed: 20 } })
})

test('a Maildir whose bounces were not recorded has them unseen', async () => {
  const { dir, db } = await aList()
  const ids = await manyReaders(
    db,
    Array.from({ length: 11 }, () => 'one.example'),
  )
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(`${dir}/Maildir/${folder}`, { recursive: true })
  for (const id of ids) writeFileSync(`${dir}/Maildir/new/${id}.host`, dead(id))
  expect((await bounces(dir, { args: ['Maildir'] })).code).toBe(3)
  expect(readdirSync(`${dir}/Maildir/new`)).toHaveLength(11)
  expect((await bounces(dir, { args: ['Maildir'], options: { yes: true } })).code).toBe(0)
  expect(readdirSync(`${dir}/Maildir/new`)).toHaveLength(0)
})

const SETTINGS = `title: The Meridian
url: https://meridian.example/
mail: { bounces: bounces@meridian.example }
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Meridian <news@meridian.example> }
  - { id: daily, title: The Daily, every: day, at: '07:00', from: The Meridian <news@meridian.example> }
`

test('without a service, from the mail that asks to the mail that confirms', async () => {
  const { dir, db } = await aList({
    'articles/publication.yaml': SETTINGS,
    'mail/1.eml': aMail({ From: 'Eve <eve@example.org>', Subject: 'subscribe weekly' }),
  })
  const waiting = await bounces(dir, { args: ['mail'] })
  expect(waiting).toMatchObject({ code: 0, report: { read: 1, asked: 1, kept: [] } })
  expect(waiting.stderr).toContain('BROADSHEET_SMTP')
  expect(waiting.stderr).not.toContain('eve@')

  const inbox = await openMailbox(`${dir}/inbox`)
  onTestFinished(() => inbox.close())
  const env = { BROADSHEET_SMTP: inbox.address }
  expect((await bounces(dir, { env })).report).toMatchObject({ read: 0, asked: 0 })
  const mails = () =>
    readdirSync(`${dir}/inbox`).filter(name => name.endsWith('.eml') && !name.startsWith('.'))
  expect(mails()).toHaveLength(1)
  const mail = await simpleParser(readFileSync(`${dir}/inbox/${mails()[0]}`))
  expect(mail.to).toMatchObject({ text: 'eve@example.org' })
  expect(mail.text).toContain('Send it as it is')
  const link = /href="(mailto:[^"]+)"/.exec(mail.html || '')![1]!
  expect(mail.text).toContain(link)
  expect(await subscriberByKey(db, 'eve@example.org')).toBeUndefined()

  const { pathname, searchParams } = new URL(link)
  expect(pathname).toBe('bounces@meridian.example')
  // From another address: it is the token that counts.
  const answer = aMail({ From: 'eve@work.example', Subject: searchParams.get('subject')! })
  expect((await bounces(dir, { args: ['-'], stdin: answer, env })).report).toMatchObject({ confirmed: 1 })
  expect(await subscriberByKey(db, 'eve@example.org')).toMatchObject({
    state: 'active',
    newsletters: { weekly: [] },
    source: 'mail',
  })
  expect((await bounces(dir, { args: ['-'], stdin: answer, env })).report).toMatchObject({
    confirmed: 0,
    known: 1,
  })
  expect(mails()).toHaveLength(1)
})

test('a letter that went out and came back is attributed by its envelope alone', async () => {
  const senders = new Map<number | string, string>()
  const server = await aSmtpServer({
    fault({ phase, line, recipient, connection }) {
      if (phase === 'MAIL') senders.set(connection, /<(.*?)>/.exec(line)![1]!)
      if (phase === 'RCPT') senders.set(recipient, senders.get(connection)!)
      return undefined
    },
  })
  onTestFinished(() => server.close())
  const { dir, db } = await aList({
    'articles/publication.yaml': SETTINGS,
    'articles/bridge.md': '---\ntitle: A bridge opens\ndate: 2026-01-28T07:00:00Z\n---\nIt opened.\n',
  })
  const env = { BROADSHEET_SMTP: server.address, BROADSHEET_SECRET: SECRET }
  const sent = await aRun(dir, ['send', 'weekly/2026-W05', '--yes', '--json', '--now', '2026-01-30T08:00Z'], {
    env,
  })
  expect(sent.json()).toMatchObject({ accepted: 4 })
  const sender = senders.get(PEOPLE[1]!)!
  const report = aDeliveryReport({ subscriber: 999, verp: false, returned: false })
  const stdin = report.replaceAll('bounces@meridian.example', sender)
  expect((await bounces(dir, { args: ['-'], stdin })).report).toMatchObject({ hard: 1, suppressed: 1 })
  expect(await isSuppressed(db, addressHash(PEOPLE[1]!))).toMatchObject({ reason: 'bounce' })
  const [row] = await db.query<{ edition: number }>('SELECT edition FROM bounces')
  expect(row!.edition).toBe(1)
})

test('a very large mbox is read in flat memory', async () => {
  const { dir } = await aList()
  const one = `From x\n${mails.letter.replaceAll('\r\n', '\n')}${'x'.repeat(1000)}\n\n`
  writeFileSync(`${dir}/big.mbox`, one.repeat(20_000))
  const before = process.memoryUsage().rss
  const { report } = await bounces(dir, { args: ['big.mbox'] })
  expect(report.read).toBe(20_000)
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
})

test('what is missing or wrong is said, with what to do', async () => {
  const { dir } = await aList()
  expect(await bounces(dir, { args: ['nothing'] })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('does not exist'),
  })
  expect(await bounces(dir, { options: { imap: true } })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('BROADSHEET_IMAP'),
  })
  const env = { BROADSHEET_IMAP: 'imap://user:password@mail.example.org/' }
  const clear = await bounces(dir, { env, options: { imap: true } })
  expect(clear).toMatchObject({ code: 2, stderr: expect.stringContaining('in the clear') })
  expect(clear.stderr).not.toContain('user:password@')
  expect((await aCommand({ run }, dir).done).stderr).toContain('BROADSHEET_SECRET')
})

test('reports on our domain are counted once, summed by status, and a broken one is named', async () => {
  const xml = `<feedback><report_metadata><org_name>receiver.example</org_name><report_id>7</report_id><date_range><begin>1769644800</begin><end>1769731199</end></date_range></report_metadata><policy_published><domain>meridian.example</domain></policy_published>
<record><row><source_ip>192.0.2.1</source_ip><count>40</count><policy_evaluated><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row></record>
<record><row><source_ip>198.51.100.7</source_ip><count>2</count><policy_evaluated><disposition>reject</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row></record></feedback>`
  const mail = (text: string) =>
    aMail({ Subject: 'Report Domain: meridian.example', 'Content-Type': 'text/xml' }, text)
  const { dir } = await aList({
    'articles/publication.yaml': `title: T\nurl: https://meridian.example/\nnewsletters: [{ id: weekly, every: week, from: T <news@letters.meridian.example> }]\n`,
    'in/4.eml': mail(xml.replace('meridian.example', 'another.example')),
    'in/5.eml': mail(xml.replace('meridian.example', 'x.letters.meridian.example')),
    'in/1.eml': mail(xml),
    'in/2.eml': mail(xml),
    'in/3.eml': mail(xml.slice(0, -20)),
  })
  const { code, report } = await bounces(dir, { args: ['in'] })
  expect(code).toBe(0)
  expect(report).toMatchObject({ read: 5, domainReports: 1, known: 1 })
  expect(report.kept).toMatchObject([
    { mail: '3.eml', why: expect.stringMatching(/^a DMARC report: line 3: /) },
    { mail: '4.eml', why: 'a report on another.example, which is no domain of this publication' },
    { mail: '5.eml', why: expect.stringContaining('which is no domain of this publication') },
  ])
  const now = ['--now', '2026-02-10T00:00Z']
  const status = await aRun(dir, ['status', ...now])
  expect(status.stdout).toContain(`Nothing to show: nothing was sent yet.
meridian.example, last 30 days: 40 of 42 messages pass DMARC (1 report by 1)
  2 × failed: 198.51.100.7 reject
`)
  const { reports } = (await aRun(dir, ['status', '--json', ...now])).json()
  expect(reports).toMatchObject([{ kind: 'dmarc', domain: 'meridian.example', passed: 40, failed: 2 }])
  const later = await aRun(dir, ['status', '--now', '2026-06-01T00:00Z'])
  expect(later.stdout).not.toContain('DMARC')
})
