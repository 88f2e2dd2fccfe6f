// What `send` and `status` say is so: finished, due, unfinished, in doubt, deferred.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { claimDeliveries, markHanded } from '../../src/store/deliveries.ts'
import { freezeEdition } from '../../src/store/freeze-edition.ts'
import { openStore } from '../../src/store/open-store.ts'
import { acquireSenderLock } from '../../src/store/senders.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aSmtpServer, type Script, type SmtpServer } from '../a-smtp-server.ts'
import { aLetter } from '../deliver/a-ledger.ts'

const SETTINGS = `title: The Test
url: https://test.example/
timezone: Asia/Kolkata
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
`
const article = (title: string, date: string) => `---\ntitle: ${title}\ndate: ${date}\n---\n\nText.\n`
const FILES = {
  'articles/publication.yaml': SETTINGS,
  'articles/bridge.md': article('A bridge', '2026-01-28T10:00:00+05:30'),
  'articles/river.md': article('A river', '2026-02-03T10:00:00+05:30'),
}
const FRIDAY = '2026-01-30T07:30:00+05:30'
const NEXT_FRIDAY = '2026-02-06T07:30:00+05:30'
const [W05, W06] = ['weekly/2026-W05', 'weekly/2026-W06']

let server: SmtpServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function aPublication(readers: number, script: Script = {}) {
  server = await aSmtpServer({ keep: true, ...script })
  const folder = aFolder(FILES)
  const env = { BROADSHEET_SMTP: server.address, BROADSHEET_SECRET: 'a-secret-for-the-tests' }
  const run = (argv: readonly string[], now = FRIDAY) => aRun(folder, [...argv, '--now', now], { env })
  const rows = Array.from({ length: readers }, (_, i) => `reader${i}@reader.example`)
  const list = join(folder, 'readers.csv')
  writeFileSync(list, `email\n${rows.join('\n')}\n`)
  expect((await run(['subscribers', 'import', list])).code).toBe(0)
  return { folder, run, file: join(folder, '.broadsheet/broadsheet.db') }
}

/** A send of W05 was killed: two readers have it handed over, one is claimed, one was not begun. */
async function aCrash(file: string, pid = 2 ** 30): Promise<void> {
  const { db } = await openStore(file)
  const now = Date.parse(FRIDAY)
  await freezeEdition(db, {
    edition: W05!,
    newsletter: 'weekly',
    from: now - 7 * 86_400_000,
    until: now,
    letter: { ...aLetter(), edition: W05! },
    letterHash: 'hash',
    carried: ['bridge'],
    omitted: [],
    now,
  })
  const lock = { edition: W05!, owner: 'it', host: hostname(), pid, now, expires: now + 60_000 }
  await acquireSenderLock(db, lock)
  const leased = { edition: W05!, owner: 'it', limit: 3, now, leaseUntil: now + 1_800_000 }
  const claimed = await claimDeliveries(db, leased)
  const subscribers = claimed.slice(0, 2).map(({ subscriber }) => subscriber)
  await markHanded(db, { edition: W05!, owner: 'it', subscribers, now })
  await db.close()
}

test('an edition that is finished: when it was sent, to how many, and nothing to do', async () => {
  const { run } = await aPublication(4)
  await run(['send', W05!, '--yes'])
  const said = `${W05} was already sent on 30 Jan to 4 readers; nothing to do\n`
  const again = await run(['send', W05!, '--yes'])
  expect([again.code, again.stdout]).toEqual([0, said])
  // By the newsletter's name, the next one is not due yet.
  expect((await run(['send', 'weekly', '--yes'])).stdout).toBe(
    `${said}Next: ${W06}, due on Fri 6 Feb 2026, 07:00 (Asia/Kolkata), 1 article so far\n`,
  )
  expect((await run(['send', W05!, '--dry-run'])).stdout).toContain(said)
  const later = await run(['send', W05!, '--yes'], '2027-01-04T10:00:00+05:30')
  expect(later.stdout).toContain('was already sent on 30 Jan 2026 to 4 readers')
  expect(server!.mails.size).toBe(4)
})

test('by its name a newsletter finishes last week’s edition and sends this week’s', async () => {
  const { run, file } = await aPublication(4)
  await aCrash(file)
  const ran = await run(['send', 'weekly', '--yes', '--json'], NEXT_FRIDAY)
  expect(ran.code).toBe(3)
  expect(ran.json()).toMatchObject({
    editions: [
      { edition: W05, accepted: 2, unknown: 2, pending: 0 },
      { edition: W06, accepted: 4, unknown: 0 },
    ],
  })
  expect([...server!.mails.values()].map(({ taken }) => taken).sort()).toEqual([1, 1, 2, 2])
  const again = await run(['send', 'weekly', '--yes'], NEXT_FRIDAY)
  expect(again.stdout).toContain(`${W06} was already sent on 6 Feb to 4 readers; nothing to do`)
})

test('before its time: when it is due, on the publication’s own clock', async () => {
  const { run } = await aPublication(1)
  const ran = await run(['send', W06!, '--yes'])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain(
    `${W06} is due on Fri 6 Feb 2026, 07:00 (Asia/Kolkata): nothing was sent\n  Send it then, or a test now: broadsheet send ${W06} --to you@example.org\n`,
  )
  expect(ran.stderr).not.toContain('send_at')
})

test('after a crash: what was handed over is in doubt at once, and named, before the next send', async () => {
  const { run, file } = await aPublication(4)
  await aCrash(file)
  const status = await run(['status', '--json', '--list', 'unknown'])
  expect(status.json()).toMatchObject({ pending: 2, unknown: 2, senders: [] })
  const why = 'handed over, then the sender stopped before a reply came'
  expect(status.json().list).toEqual([
    { email: 'reader0@reader.example', why },
    { email: 'reader1@reader.example', why },
  ])
  const human = (await run(['status'])).stdout
  expect(human).toContain('pending 2, unknown 2')
  expect(human).toContain(`broadsheet status ${W05} --list unknown`)
  expect(human).toContain(`No sender is running. To continue: broadsheet send ${W05}`)
  const plan = (await run(['send', W05!, '--dry-run'])).stdout
  expect(plan).toContain('audience 4, will be sent to 2\n  has been sent: 2 unknown\n')
  const again = (await run(['send', W05!, '--dry-run', '--resend-unknown', '--json'])).json()
  expect(again).toMatchObject({ recipients: 4, settled: { unknown: 0 } })
})

test('while its sender runs, what is handed over is not in doubt', async () => {
  const { run, file } = await aPublication(4)
  await aCrash(file, process.pid)
  expect((await run(['status', '--json'])).json()).toMatchObject({ pending: 4, unknown: 0 })
})

test('readers that are deferred: when to come back', async () => {
  const { run } = await aPublication(2, {
    fault: ({ phase }) => (phase === 'dot' ? '451 4.3.0 come back later' : undefined),
  })
  const ran = await run(['send', W05!, '--yes', '--wait', '0'])
  expect(ran.stdout).toMatch(
    /2 readers were deferred by the mail server: try again after Fri 30 Jan 2026, 07:3\d \(Asia\/Kolkata\): broadsheet send weekly\/2026-W05/,
  )
  const status = (await run(['status'])).stdout
  expect(status).toMatch(
    /2 readers were deferred .* try again after Fri 30 Jan 2026, 07:3\d \(Asia\/Kolkata\)\./,
  )
})

test.each(['list', 'show reader1@reader.example', 'export'])('subscribers %s writes nothing', async words => {
  const { run, file } = await aPublication(2)
  const before = readFileSync(file)
  const ran = await run(['subscribers', ...words.split(' ')])
  expect([ran.code, ran.stderr]).toEqual([0, ''])
  expect(ran.stdout).toContain('reader1@reader.example')
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('nothing is due yet: what comes next and when; a test is of that', async () => {
  const { run } = await aPublication(1)
  const early = '2026-01-29T12:00:00+05:30'
  const ran = await run(['send', '--due'], early)
  expect(ran.stdout).toContain(
    `Next: ${W05}, due on Fri 30 Jan 2026, 07:00 (Asia/Kolkata), 1 article so far\n`,
  )
  const tried = await run(['send', '--to', 'editor@reader.example', '--json'], early)
  expect(tried.json()).toMatchObject({ edition: W05, test: true, outcome: 'accepted' })
})

test('what comes next is due when its note says, and its test has what is dated until then', async () => {
  const { run, folder } = await aPublication(1)
  const early = '2026-02-02T12:00:00+05:30'
  const note = 'articles/editions/weekly/2026-W06.md'
  mkdirSync(join(folder, dirname(note)), { recursive: true })
  writeFileSync(join(folder, note), '---\nsend_at: 2026-02-06T18:00:00+05:30\n---\n\nHello.\n')
  await run(['send', W05, '--yes'], FRIDAY)
  const ran = await run(['send', '--due'], early)
  expect(ran.stdout).toContain(
    `Next: ${W06}, due on Fri 6 Feb 2026, 18:00 (Asia/Kolkata), 1 article so far\n`,
  )
  for (const named of [[], [W06]]) {
    const tried = await run(['send', ...named, '--to', 'editor@reader.example', '--json'], early)
    expect(tried.json()).toMatchObject({ edition: W06, test: true, outcome: 'accepted' })
  }
  const letters = server!.mails.get('editor@reader.example')!.raw
  expect(letters.map(raw => raw.includes('A river'))).toEqual([true, true])
})
