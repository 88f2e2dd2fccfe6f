// `send` with rates: a newsletter's, that of all mail, two commands at once; and with a DKIM domain that is another's.

import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aSmtpServer, type SmtpServer } from '../a-smtp-server.ts'
import { aComplaint } from '../inbound/a-report.ts'

/** One for all commands: with --now each would have its own. */
const offset = Date.parse('2026-01-30T08:00:00Z') - Date.now()
const clock = () => Date.now() + offset

let server: SmtpServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

/** @param weekly settings of the one newsletter @param mail those of all mail */
async function aDesk(readers: number, weekly: string, mail: string) {
  server = await aSmtpServer()
  const offer = (id: string, more: string) =>
    `  - { id: ${id}, every: week, on: friday, from: The Test <news@test.example>${more} }\n`
  const folder = aFolder({
    'articles/publication.yaml': `title: T\nurl: https://test.example/\nnewsletters:\n${offer('weekly', weekly)}${offer('other', '')}mail: { ${mail} }\n`,
    'articles/bridge.md': '---\ntitle: A bridge\ndate: 2026-01-28T10:00:00Z\n---\n\nGood morning.\n',
  })
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const env = {
    BROADSHEET_SMTP: server.address,
    BROADSHEET_SECRET: 'a-secret-that-only-tests-know',
    BROADSHEET_DKIM_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
  const run = (...argv: string[]) => aRun(folder, argv, { env, clock })
  const rows = Array.from({ length: readers }, (_, i) => `reader${i}@reader.example`)
  writeFileSync(join(folder, 'readers.csv'), `email\n${rows.join('\n')}\n`)
  await run('subscribers', 'import', 'readers.csv')
  async function send(id: string) {
    let begun = 0
    const onStderr = (text: string) => {
      if (text.includes('will be sent to')) begun = clock()
    }
    const argv = ['send', `${id}/2026-W05`, '--yes', '--log', 'send.log']
    const ran = await aRun(folder, argv, { env, clock, onStderr })
    return { ...ran, begun }
  }
  return { run, send, reach: folder, departures: () => departuresIn(join(folder, 'send.log')) }
}

/** By the sender's clock: at the other side of a socket they come in heaps when the machine is busy. */
function departuresIn(log: string): number[] {
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  const attempts: { at: string; ms: number }[] = lines.map(line => JSON.parse(line))
  return attempts.map(({ at, ms }) => Date.parse(at) - ms).sort((a, b) => a - b)
}

/**
 * Each has a place behind the one before it, which a busy machine may miss; but none comes early.
 *
 * @param begun when the plan was printed: the first message, too, may be late
 */
function expectPlaces(starts: readonly number[], rate: number, begun: number): void {
  for (const [place, at] of starts.entries())
    expect(at - begun).toBeGreaterThanOrEqual((place * 1000) / rate - ROUNDED_MS)
}

/** The log has whole milliseconds, and a timer may wake a little early. */
const ROUNDED_MS = 5

test('a newsletter’s own rate is kept, and the plan speaks of it', async () => {
  const { send, departures } = await aDesk(25, ', rate: 10', 'connections: 8')
  const ran = await send('weekly')
  const starts = departures()
  expect(ran.stderr).toContain('10 a second: about ')
  expect(starts).toHaveLength(25)
  expectPlaces(starts, 10, ran.begun)
})

test('two commands that send two newsletters from one file keep the rate of all mail together', async () => {
  const { send, departures } = await aDesk(20, ', rate: 15', 'connections: 8, rate: 20')
  const ran = await Promise.all(['weekly', 'other'].map(send))
  const starts = departures()
  expect(ran.map(({ code }) => code)).toEqual([0, 0])
  expect(starts).toHaveLength(40)
  expectPlaces(starts, 20, Math.min(...ran.map(({ begun }) => begun)))
})

test('who signs as another domain than letters are from is told that DMARC takes no notice', async () => {
  const { run } = await aDesk(1, '', 'dkim: { domain: elsewhere.example, selector: s1 }')
  const plan = await run('send', 'weekly/2026-W05', '--dry-run')
  expect(plan.stderr).toMatch(/DKIM signs as elsewhere\.example, and letters are from test\.example: DMARC/)
  const sent = await run('send', 'weekly/2026-W05', '--yes')
  expect([sent.code, sent.stderr.match(/DMARC/g)?.length]).toEqual([0, 1])
  const { run: aligned } = await aDesk(1, '', 'dkim: { domain: mail.test.example, selector: s1 }')
  expect((await aligned('send', 'weekly/2026-W05', '--dry-run')).stderr).not.toContain('DMARC')
})

test('a warm-up mails so many a day, and says what is left in the plan, at the end and in status', async () => {
  const { run, send } = await aDesk(12, '', 'warm_up: { start: 5, growth: 2 }')
  const plan = await run('send', 'weekly/2026-W05', '--dry-run')
  expect(plan.stderr).toContain('Warming up: 5 of 12 readers today, all of them within about 2 days')
  const ran = await send('weekly')
  expect(ran.code).toBe(0)
  expect(ran.stdout).toContain(
    'Warming up: 7 readers left for another day: go on after Sat 31 Jan 2026, 00:00 (UTC): broadsheet send weekly/2026-W05',
  )
  const status = await run('status')
  expect(status.stdout).toContain(
    'Warming up: 7 readers left for another day: go on after Sat 31 Jan 2026, 00:00 (UTC).',
  )
  expect((await run('status', '--json')).json()).toMatchObject({
    pending: 7,
    warmUp: { allowed: 5, sent: 5, nextAt: '2026-01-31T00:00:00.000Z' },
  })
  // Both newsletters send from one address: what one has used is not there for the other.
  expect((await run('send', 'other/2026-W05', '--yes', '--json')).json()).toMatchObject({
    accepted: 0,
    state: 'waiting',
    warmUp: { waiting: 12 },
  })
})

test('where too many complained readers are held, a person is needed, and may decide otherwise', async () => {
  const { run, send, reach } = await aDesk(30, '', 'connections: 2')
  await send('weekly')
  // As a feedback loop mails them (RFC 5965).
  const secret = 'a-secret-that-only-tests-know'
  mkdirSync(join(reach, 'in'))
  for (const subscriber of [1, 2, 3])
    writeFileSync(join(reach, 'in', `${subscriber}.eml`), aComplaint({ subscriber, secret, verp: false }))
  expect((await run('bounces', 'in', '--json')).json()).toMatchObject({ complaints: 3, suppressed: 3 })
  const held = await send('other')
  expect(held.code).toBe(3)
  expect(held.stderr).toContain(
    '  reader.example: 3 complained of 30 (10.00 %); not mailed: 0.3 % is too many',
  )
  expect(held.stdout).toContain('27 readers not mailed. Find out why they complain.')
  expect((await run('status')).stdout).toContain('reader.example: 3 complained of 30 (10.00 %)')
  const sent = await run('send', 'other/2026-W05', '--yes', '--despite', 'complaints')
  expect(sent.stdout).toContain('other/2026-W05: 27 of 30 accepted')
  expect(sent.code).toBe(0)
})
