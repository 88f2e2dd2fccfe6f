// `send` over whole folders and real sockets: what goes out, what is said, what bad circumstances do.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sentHistory } from '../../src/store/editions.ts'
import { openStore } from '../../src/store/open-store.ts'
import { countDeliveries } from '../../src/store/read-deliveries.ts'
import { acquireSenderLock } from '../../src/store/senders.ts'
import { aFolder } from '../a-folder.ts'
import { aRun, type RunOptions } from '../a-run.ts'
import { aSmtpServer, type Script, type SmtpServer } from '../a-smtp-server.ts'

const SETTINGS = `title: The Test
url: https://test.example/
timezone: Asia/Kolkata
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
service: https://letters.test.example/
`
const article = (title: string, date: string) =>
  `---\ntitle: ${title}\ndate: ${date}\n---\n\nText of ${title}.\n`
const FILES = {
  'articles/publication.yaml': SETTINGS,
  'articles/bridge.md': article('A bridge at dawn', '2026-01-28T10:00:00+05:30'),
}
const FRIDAY = '2026-01-30T07:30:00+05:30'
const EDITION = 'weekly/2026-W05'

let server: SmtpServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

interface Desk {
  readonly folder: string
  readonly env: Record<string, string>
  run(argv: readonly string[], options?: RunOptions & { now?: string }): ReturnType<typeof aRun>
  send(...argv: string[]): ReturnType<typeof aRun>
}

async function aDesk({
  script = {},
  readers = 3,
  files = {},
}: {
  script?: Script
  readers?: number
  files?: Record<string, string>
} = {}): Promise<Desk> {
  server = await aSmtpServer({ keep: true, ...script })
  const folder = aFolder({ ...FILES, ...files })
  const env = { BROADSHEET_SMTP: server.address, BROADSHEET_SECRET: 'a-secret-for-the-tests' }
  const run: Desk['run'] = (argv, { now = FRIDAY, ...options } = {}) =>
    aRun(folder, [...argv, '--now', now], { ...options, env: { ...env, ...options.env } })
  if (readers > 0) {
    const rows = Array.from({ length: readers }, (_, i) => `reader${i}@reader.example,Reader ${i}`)
    writeFileSync(join(folder, 'readers.csv'), `email,name\n${rows.join('\n')}\n`)
    const ran = await run(['subscribers', 'import', 'readers.csv'])
    expect(ran.stderr).toBe('')
    expect(ran.code).toBe(0)
  }
  return { folder, env, run, send: (...argv) => run(['send', '--json', ...argv]) }
}

const ledger = (folder: string) => openStore(join(folder, '.broadsheet/broadsheet.db')).then(({ db }) => db)
/** By address: which connection is served first is nobody's business. */
const got = () => [...server!.mails].map(([to, { taken }]) => [to, taken] as const).sort()

test('every reader once, under stable names; again there is nothing to do', async () => {
  const { send } = await aDesk()
  const ran = await send(EDITION, '--yes')
  expect(ran.code).toBe(0)
  expect(ran.json()).toEqual({
    edition: EDITION,
    audience: 3,
    pending: 0,
    accepted: 3,
    rejected: 0,
    deferred: 0,
    unknown: 0,
    skipped: {},
    seconds: expect.any(Number),
    state: 'done',
  })
  expect(got()).toEqual([0, 1, 2].map(i => [`reader${i}@reader.example`, 1]))
  const again = await send(EDITION, '--yes')
  expect(again.code).toBe(0)
  expect(again.json()).toMatchObject({ edition: EDITION, accepted: 3 })
  expect(got().every(([, taken]) => taken === 1)).toBe(true)
})

test('the mail is the letter, with what a reader needs to leave', async () => {
  const { send } = await aDesk({ readers: 1 })
  await send(EDITION, '--yes')
  const [raw] = server!.mails.get('reader0@reader.example')!.raw
  for (const field of [
    /^To: .*reader0@reader\.example/m,
    /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m,
    /^Message-ID: </m,
  ])
    expect(raw).toMatch(field)
  expect(raw).toContain('bridge')
})

test('--due sends what the schedule says without being asked, once; then nothing is due', async () => {
  const { send } = await aDesk()
  expect((await send('--due')).json()).toMatchObject({ edition: EDITION, accepted: 3 })
  const again = await send('--due')
  expect(again.code).toBe(0)
  expect(again.json()).toEqual({ edition: null, why: 'nothing is due' })
})

test('without --yes nobody is mailed where nobody can be asked', async () => {
  const { send, folder } = await aDesk()
  const ran = await send(EDITION)
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/--yes/)
  expect(server!.mails.size).toBe(0)
  const db = await ledger(folder)
  expect((await sentHistory(db, 'weekly')).editions.size).toBe(0)
  await db.close()
})

test('nothing new is no edition, and is recorded', async () => {
  const { run, folder } = await aDesk()
  const later = { now: '2026-02-06T07:30:00+05:30' }
  await run(['send', '--due'])
  const ran = await run(['send', 'weekly', '--json', '--yes'], later)
  expect(ran.code).toBe(0)
  expect(ran.json()).toEqual({ edition: null, why: 'nothing new' })
  const db = await ledger(folder)
  expect((await sentHistory(db, 'weekly')).editions).toContain('2026-W06')
  await db.close()
})

test('a held edition waits, and one that is not due is not sent', async () => {
  const note = 'articles/editions/weekly/2026-W05.md'
  const { send } = await aDesk({ files: { [note]: '---\nhold: true\n---\n\nNot yet.\n' } })
  expect((await send(EDITION, '--yes')).json()).toEqual({ edition: null, why: 'on hold' })
  expect((await send('--due')).json()).toEqual({ edition: null, why: 'on hold' })
  const early = await send('weekly/2026-W06', '--yes')
  expect(early.code).toBe(2)
  expect(early.stderr).toMatch(/is due on Fri 6 Feb 2026, 07:00 \(Asia\/Kolkata\)/)
  expect(server!.mails.size).toBe(0)
})

test('--dry-run says who gets it, who does not and why, and touches nothing', async () => {
  const { folder, run, send } = await aDesk()
  await run(['subscribers', 'remove', 'reader1@reader.example'])
  const before = readFileSync(join(folder, '.broadsheet/broadsheet.db'))
  const ran = await send(EDITION, '--dry-run')
  expect(ran.code).toBe(0)
  expect(ran.json()).toMatchObject({
    edition: EDITION,
    dryRun: true,
    audience: 2,
    recipients: 2,
    outside: { unsubscribed: 1 },
  })
  expect(ran.stdout).not.toContain('@reader.example')
  expect((await send(EDITION, '--dry-run', '--list')).json().list).toEqual([
    'reader0@reader.example',
    'reader2@reader.example',
  ])
  expect(readFileSync(join(folder, '.broadsheet/broadsheet.db')).equals(before)).toBe(true)
  expect(server!.connections()).toBe(0)
  const human = await run(['send', EDITION, '--dry-run'])
  expect(human.stdout).toMatch(/audience 2, will be sent to 2/)
  expect(human.stdout).toMatch(/Nothing was sent/)
})

test('--dry-run makes no ledger where there is none', async () => {
  const { folder, run } = await aDesk({ readers: 0 })
  const ran = await run(['send', '--dry-run', '--json'], {
    env: { BROADSHEET_SMTP: '', BROADSHEET_SECRET: '' },
  })
  expect(ran.code).toBe(0)
  expect(ran.json()).toMatchObject({ edition: EDITION, audience: 0 })
  expect(existsSync(join(folder, '.broadsheet'))).toBe(false)
})

test('--to sends a test by the same way to one address, and touches no ledger', async () => {
  const { folder, run, send } = await aDesk({ readers: 0 })
  const ran = await send('--to', 'Editor@desk.example')
  expect(ran.code).toBe(0)
  expect(ran.json()).toMatchObject({ edition: EDITION, test: true, outcome: 'accepted' })
  const [raw] = server!.mails.get('Editor@desk.example')!.raw
  expect(raw).toMatch(/^X-Broadsheet-Test: yes/m)
  expect(raw).toMatch(/^List-Unsubscribe: /m)
  expect(existsSync(join(folder, '.broadsheet'))).toBe(false)
  const later = new Date(Date.parse(FRIDAY) + 60_000).toISOString()
  await run(['send', '--to', 'Editor@desk.example', EDITION], { now: later })
  expect(new Set(server!.mails.get('Editor@desk.example')!.messageIds).size).toBe(2)
})

test('--to with what is no address, or with lines of its own, sends nothing', async () => {
  const { send } = await aDesk({ readers: 0 })
  for (const address of ['nobody', 'a@b.example\r\nBcc: c@d.example', 'a@b.example,c@d.example']) {
    expect((await send('--to', address)).code).toBe(2)
  }
  expect(server!.mails.size).toBe(0)
})

test('--to somebody who is suppressed sends nothing', async () => {
  const { run, send } = await aDesk({ readers: 1 })
  await run(['subscribers', 'erase', 'reader0@reader.example', '--yes'])
  const ran = await send('--to', 'Reader0@reader.example')
  expect(ran.code).toBe(2)
  expect(server!.mails.size).toBe(0)
})

test('an edition is not frozen for nobody', async () => {
  const { run, send } = await aDesk({ readers: 0 })
  expect((await send('--due')).json()).toEqual({ edition: null, why: 'nobody subscribes to weekly' })
  await run(['subscribers', 'add', 'first@reader.example'])
  expect((await send('--due')).json()).toMatchObject({ edition: EDITION, accepted: 1 })
})

test('interrupted before it began: exit 130, nothing frozen', async () => {
  const { run } = await aDesk()
  const ran = await run(['send', EDITION, '--yes'], { signal: AbortSignal.abort() })
  expect(ran.code).toBe(130)
  expect(server!.mails.size).toBe(0)
})

test('what is frozen stays: later edits of the folder do not reach it, an unsubscribe does', async () => {
  const stop = new AbortController()
  const script: Script = {
    fault: ({ phase }) => {
      if (phase === 'dot' && server!.mails.size >= 1) stop.abort()
      return undefined
    },
  }
  const { folder, run, send } = await aDesk({
    script,
    readers: 30,
    files: { 'articles/publication.yaml': `${SETTINGS}mail: { connections: 1 }\n` },
  })
  const first = await run(['send', EDITION, '--yes', '--json'], { signal: stop.signal })
  expect(first.code).toBe(130)
  expect(first.json().accepted).toBeLessThan(30)
  expect(first.json().unknown).toBe(0)
  writeFileSync(join(folder, 'articles/bridge.md'), article('Something else', '2026-01-28T10:00:00+05:30'))
  await run(['subscribers', 'remove', 'reader29@reader.example'])
  await run(['subscribers', 'add', 'late@reader.example'])
  const second = await send('--due')
  expect(second.code).toBe(0)
  expect(second.json()).toMatchObject({
    edition: EDITION,
    audience: 30,
    accepted: 29,
    skipped: { unsubscribed: 1 },
  })
  expect(server!.mails.size).toBe(29)
  for (const { raw, taken } of server!.mails.values()) {
    expect(taken).toBe(1)
    expect(raw[0]).toContain('A bridge at dawn')
  }
})

test('what was left lying for more than three days is no news: --due leaves it, a person may still send it', async () => {
  const stop = new AbortController()
  const script: Script = {
    fault: ({ phase }) => {
      if (phase === 'dot' && server!.mails.size >= 1) stop.abort()
      return undefined
    },
  }
  const files = { 'articles/publication.yaml': `${SETTINGS}mail: { connections: 1 }\n` }
  const { run } = await aDesk({ script, readers: 10, files })
  expect((await run(['send', EDITION, '--yes'], { signal: stop.signal })).code).toBe(130)
  const had = server!.mails.size
  expect(had).toBeLessThan(10)
  const late = await run(['send', '--due', '--json'], { now: '2026-02-02T07:31:00+05:30' })
  expect(late.code).toBe(0)
  expect(late.json().why).toContain(`${EDITION} has been unfinished for more than three days`)
  expect(server!.mails.size).toBe(had)
  expect((await run(['send', EDITION, '--yes'], { now: '2026-02-02T07:31:00+05:30' })).code).toBe(0)
  expect(server!.mails.size).toBe(10)
})

test('rejected, deferred and unknown are told apart; exit 3 for what needs a person', async () => {
  const script: Script = {
    fault: ({ phase, recipient }) => {
      if (phase === 'RCPT' && recipient.startsWith('reader1@'))
        return '550 5.1.1 <reader1@reader.example> no such user'
      if (phase === 'dot' && recipient.startsWith('reader2@')) return 'close'
      if (phase === 'RCPT' && recipient.startsWith('reader3@')) return '451 4.7.1 later'
      return undefined
    },
  }
  const { run, send } = await aDesk({ readers: 6, script })
  const ran = await send(EDITION, '--yes', '--wait', '1s')
  expect(ran.code).toBe(3)
  expect(ran.json()).toMatchObject({ audience: 6, accepted: 3, rejected: 1, deferred: 1, unknown: 1 })
  expect(ran.stdout + ran.stderr).not.toContain('reader1@')

  const status = await run(['status', '--json'])
  expect(status.json()).toMatchObject({
    edition: EDITION,
    accepted: 3,
    rejected: 1,
    deferred: 1,
    unknown: 1,
    pending: 0,
    state: 'sending',
  })
  expect(status.stdout).not.toContain('@reader.example')
  const list = await run(['status', EDITION, '--list', 'unknown', '--json'])
  expect(list.json().list).toEqual([{ email: 'reader2@reader.example', why: expect.any(String) }])

  // Only when told, and with the same Message-ID.
  expect((await send(EDITION, '--yes', '--wait', '0')).json()).toMatchObject({ unknown: 1 })
  expect(server!.mails.get('reader2@reader.example')!.dots).toBe(1)
  const told = await send('--resend-unknown', '--yes', '--wait', '0')
  expect(told.json()).toMatchObject({ edition: EDITION, unknown: 1 })
  const { dots, messageIds } = server!.mails.get('reader2@reader.example')!
  expect(dots).toBe(2)
  expect(new Set(messageIds).size).toBe(1)
})

test('an address that does not exist is not written to again; one that was refused for other reasons is', async () => {
  const script: Script = {
    fault: ({ phase, recipient }) => {
      if (phase !== 'RCPT') return undefined
      if (recipient.startsWith('reader0@')) return '550 5.1.1 no such user'
      if (recipient.startsWith('reader1@')) return '550 5.7.1 we do not like you'
      return recipient.startsWith('reader2@') ? '552 5.2.2 mailbox full' : undefined
    },
  }
  const { folder, send } = await aDesk({ readers: 4, script })
  expect((await send(EDITION, '--yes')).json()).toMatchObject({ accepted: 1, rejected: 3 })
  const db = await ledger(folder)
  const rows = await db.query(
    'SELECT s.email, x.reason FROM suppressions x JOIN subscribers s ON s.hash = x.hash',
  )
  await db.close()
  expect(rows).toEqual([{ email: 'reader0@reader.example', reason: 'bounce' }])
})

test.each([
  ['BROADSHEET_SMTP', /BROADSHEET_SMTP=smtp:\/\//],
  ['BROADSHEET_SECRET', /openssl rand/],
])('without %s: exit 2, and an example of right', async (name, hint) => {
  const { run } = await aDesk({ readers: 1 })
  const ran = await run(['send', EDITION, '--yes'], { env: { [name]: '' } })
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(hint)
})

test('SMTP refused: exit 2 before anything is frozen', async () => {
  const { folder, send } = await aDesk()
  await server!.close()
  const ran = await send(EDITION, '--yes')
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain(`127.0.0.1:${server!.port}`)
  const db = await ledger(folder)
  expect(await countDeliveries(db, EDITION)).toMatchObject({ audience: 0 })
  await db.close()
})

test('a wrong password: exit 2, and it is not told', async () => {
  const { run } = await aDesk({ script: { login: { user: 'news', password: 'right' } } })
  const address = server!.address.replace('//', '//news:s3cr3t-but-wr0ng@')
  const ran = await run(['send', EDITION, '--yes'], { env: { BROADSHEET_SMTP: address } })
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/password/)
  expect(ran.stdout + ran.stderr).not.toContain('s3cr3t')
})

test('the server goes away in mid-send: exit 3, how to go on, and nobody is lost', async () => {
  let gone = false
  const script: Script = {
    fault: ({ phase }) => {
      if (server!.mails.size >= 5) gone = true
      return gone && phase === 'greeting' ? '421 4.3.2 down' : gone && phase === 'MAIL' ? 'close' : undefined
    },
  }
  const { run, send } = await aDesk({ readers: 20, script })
  const ran = await run(['send', EDITION, '--yes', '--wait', '2s'])
  expect(ran.code).toBe(3)
  expect(ran.stdout).toMatch(/Gave up on the mail server/)
  expect(ran.stdout).toContain(`broadsheet send ${EDITION}`)
  await server!.close()
  server = await aSmtpServer({})
  const again = await run(['send', EDITION, '--yes', '--json', '--wait', '60s'], {
    env: { BROADSHEET_SMTP: server.address },
  })
  expect(again.code).toBe(0)
  expect(again.json()).toMatchObject({ accepted: 20, unknown: 0 })
  void send
})

test('a ledger that another send holds: exit 2; one whose sender died is taken over', async () => {
  const { folder, send } = await aDesk()
  const db = await ledger(folder)
  const now = Date.parse(FRIDAY)
  await acquireSenderLock(db, {
    edition: EDITION,
    owner: 'other',
    host: 'elsewhere',
    pid: 4711,
    now,
    expires: now + 60_000,
  })
  const ran = await send(EDITION, '--yes')
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/locked by another send.*4711.*elsewhere/)
  expect(server!.mails.size).toBe(0)
  await acquireSenderLock(db, {
    edition: EDITION,
    owner: 'new',
    host: 'elsewhere',
    pid: 1,
    now: now + 61_000,
    expires: now,
  })
  await db.close()
  expect((await send(EDITION, '--yes')).code).toBe(0)
})

test('two sends at once: each reader once', async () => {
  const { send } = await aDesk({
    readers: 50,
    script: { fault: ({ phase }) => (phase === 'dot' ? 5 : undefined) },
  })
  const both = await Promise.all([send('--due'), send('--due')])
  expect(both.map(({ code }) => code).sort()).toEqual([0, 2])
  expect(got()).toHaveLength(50)
  expect(got().every(([, taken]) => taken === 1)).toBe(true)
})

test('in CI a send does not start on a ledger that it made, unless told so', async () => {
  const older = article('An older one', '2026-01-20T10:00:00+05:30')
  const { folder, run } = await aDesk({ readers: 0, files: { 'articles/older.md': older } })
  for (let time = 0; time < 2; time++) {
    const ran = await run(['send', '--due'], { env: { CI: 'true' } })
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/--new-ledger/)
  }
  expect(existsSync(join(folder, '.broadsheet/broadsheet.db'))).toBe(false)
  expect((await run(['send', '--due', '--new-ledger'], { env: { CI: 'true' } })).code).toBe(0)
})

test('several newsletters: one object each; the gravest code', async () => {
  const daily =
    "  - { id: daily, title: The Daily, every: day, at: '07:00', from: The Test <news@test.example> }\n"
  const { send } = await aDesk({
    files: {
      'articles/publication.yaml': SETTINGS.replace('service:', `${daily}service:`),
      'articles/late.md': article('Late', '2026-01-29T20:00:00+05:30'),
    },
  })
  const ran = await send('--due')
  expect(ran.code).toBe(0)
  expect(ran.json().editions.map(({ edition }: { edition: string }) => edition)).toEqual([
    EDITION,
    'daily/2026-01-30',
  ])
})

test('a folder of .eml files is a way to send', async () => {
  const { folder, run } = await aDesk()
  const ran = await run(['send', EDITION, '--yes', '--json'], { env: { BROADSHEET_SMTP: 'eml:outbox' } })
  expect(ran.json()).toMatchObject({ accepted: 3 })
  expect(readdirSync(join(folder, 'outbox')).filter(name => name.endsWith('.eml'))).toHaveLength(3)
})

test.each([
  [['send', 'monthly'], /no newsletter monthly/],
  [['send', 'weekly/someday', '--yes'], /no edition someday/],
  [['send', EDITION, '--wait', 'soon', '--yes'], /--wait soon/],
  [['send', EDITION, '--due'], /--due/],
  [['send', '--to', 'a@b.example', '--dry-run'], /--to/],
])('%j: exit 2', async (argv, message) => {
  const { run } = await aDesk({ readers: 0 })
  const ran = await run(argv)
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(message)
})

test('a publication without newsletters: exit 2, and how to get one', async () => {
  const folder = aFolder({ 'articles/a.md': article('A', '2026-01-28') })
  const ran = await aRun(folder, ['send', '--due'])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/newsletters:/)
  rmSync(join(folder, '.broadsheet'), { recursive: true, force: true })
})
