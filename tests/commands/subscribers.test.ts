// `broadsheet subscribers …` as a person calls it, on the embedded database of a publication.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun, type RunOptions } from '../a-run.ts'

const settings = `title: The Test
url: https://test.example/
newsletters:
  - { id: weekly, title: Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
  - { id: daily, title: Daily, every: day, at: '07:00', from: The Test <news@test.example> }
`

function aPublication(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  return aFolder({ 'articles/publication.yaml': settings, ...files })
}

const clock = () => Date.parse('2026-01-30T07:00+05:30')

const subscribers = (dir: string, args: readonly string[], options?: RunOptions) =>
  aRun(dir, ['subscribers', ...args], { clock, ...options })

describe('import', () => {
  test('takes the good lines, names the bad ones, and can be run again', async () => {
    const dir = aPublication({
      'readers.csv':
        '\uFEFFemail,name,newsletters\r\nAnna@example.org,Anna,weekly\r\nnobody,,weekly\r\nben@example.org,,nightly\r\n',
    })
    const first = await subscribers(dir, ['import', 'readers.csv', '--json'])
    expect(first.code).toBe(1)
    expect(first.json()).toEqual({
      readAs: null,
      read: 3,
      states: { active: 1, pending: 0, unsubscribed: 0, suppressed: 0 },
      reasons: {},
      added: 1,
      updated: 0,
      unchanged: 0,
      suppressed: 0,
      unconfirmed: 0,
      unsubscribed: 0,
      ended: 0,
      kept: 0,
      columns: { email: 'email', name: 'name', newsletters: 'newsletters', states: [] },
      odd: [],
      bad: [
        { line: 3, email: 'nobody', why: 'not an e-mail address', text: 'nobody,,weekly' },
        {
          line: 4,
          email: 'ben@example.org',
          why: "there is no newsletter 'nightly': weekly, daily",
          text: 'ben@example.org,,nightly',
        },
      ],
    })
    const again = await subscribers(dir, ['import', 'readers.csv'])
    expect(again.code).toBe(1)
    expect(again.stdout).toContain(
      '3 lines read: 1 active, 2 could not be used\n0 added, 0 updated, 1 unchanged',
    )
    expect(again.stderr).toContain('readers.csv:3: not an e-mail address: nobody,,weekly\n')
    expect(again.stderr).toContain("'nightly': weekly, daily: b…@example.org,,nightly\n")
    expect(again.stderr + again.stdout).not.toMatch(/anna|ben@/i)
    const shown = (await subscribers(dir, ['show', 'anna@example.org', '--json'])).json()
    expect(shown).toMatchObject({
      source: 'import readers.csv',
      since: '2026-01-30T01:30:00.000Z',
      state: 'active',
    })
  })

  test('the same address twice in a file: line after line', async () => {
    const dir = aPublication()
    const stdin =
      'email,newsletters,name\na@example.org,weekly,A\nA@example.org,daily,\na@example.org,daily,A\n'
    const ran = await subscribers(dir, ['import', '-', '--json'], { stdin })
    expect(ran.json()).toMatchObject({ read: 3, added: 1, updated: 1, unchanged: 1, bad: [] })
    expect(ran.code).toBe(0)
  })

  test('nobody who left or was erased comes back', async () => {
    const dir = aPublication({ 'readers.csv': 'email\na@example.org\nb@example.org\nc@example.org\n' })
    await subscribers(dir, ['import', 'readers.csv'])
    await subscribers(dir, ['remove', 'A@example.org'])
    await subscribers(dir, ['erase', 'b@example.org', '--yes'])
    const again = await subscribers(dir, ['import', 'readers.csv', '--json'])
    expect(again.json()).toMatchObject({ added: 0, unchanged: 1, suppressed: 1, unsubscribed: 1 })
    expect(again.code).toBe(0)
    const add = await subscribers(dir, ['add', 'a@example.org'])
    expect(add.code).toBe(2)
    expect(add.stderr).toMatch(/has unsubscribed/)
  })

  test('other encodings: UTF-16 is read, Latin-1 is refused and nothing is taken', async () => {
    const utf16 = Buffer.from('\uFEFFemail\tname\r\na@example.org\tJosé\r\n', 'utf16le')
    const latin = Buffer.from('email,name\na@example.org,José\n', 'latin1')
    const dir = aPublication({ 'utf16.csv': utf16, 'latin.csv': latin })
    const refused = await subscribers(dir, ['import', 'latin.csv'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/not UTF-8/)
    expect((await subscribers(dir, ['list', '--json'])).json().active).toBe(0)
    expect((await subscribers(dir, ['import', 'utf16.csv', '--json'])).json()).toMatchObject({ added: 1 })
    expect((await subscribers(dir, ['show', 'a@example.org', '--json'])).json().name).toBe('José')
  })

  test.each([
    [['import', 'nowhere.csv'], /no file/],
    [['import', '.'], /is a folder/],
    [['import'], /wrong arguments/],
    [['import', 'articles/publication.yaml'], /no column 'email'/],
    [['import', 'nowhere.csv', '--active', 'x'], /--active needs --status-column/],
    [['import', 'nowhere.csv', '--as', 'x'], /--as x is not known/],
    [['import', 'nowhere.csv', '--suppressions', '--as', 'active'], /no reason to suppress/],
    [['import', 'nowhere.csv', '--suppressions', '--dry-run'], /takes only --as and --strict/],
    [['remove', 'a@example.org', '--dry-run'], /remove has no option --dry-run/],
    [['erase', 'a@example.org', '--limit', '5'], /erase has no option --limit/],
    [['export', '--suppressions', '--state', 'active'], /neither --state nor --newsletter/],
    [['frobnicate'], /there is no 'frobnicate'/],
    [['add', 'not an address'], /not an e-mail address/],
    [['add', 'a@example.org\r\nBcc: b@example.org'], /not an e-mail address/],
    [['add', 'a@example.org', '--newsletter', 'nightly'], /no newsletter 'nightly'/],
    [['remove', 'a@example.org'], /not on the list/],
    [['show', 'a@example.org'], /not on the list/],
    [['list', '--state', 'gone'], /no state 'gone'/],
    [['list', '--limit', 'x'], /not a whole number/],
  ])('%j is a mistake that is explained', async (args, message) => {
    const ran = await subscribers(aPublication(), args)
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(message)
    expect(ran.stderr).not.toMatch(/\n\s+at /)
  })

  test('one bad line of many is a warning; with --strict it is an error', async () => {
    const lines = Array.from({ length: 199 }, (_, n) => `r${n}@example.org\n`).join('')
    const dir = aPublication({ 'readers.csv': `email\n${lines}not @n address\n` })
    const ran = await subscribers(dir, ['import', 'readers.csv'])
    expect(ran.code).toBe(0)
    expect(ran.stderr).toBe('readers.csv:201: not an e-mail address: not @n address\n')
    expect((await subscribers(dir, ['import', 'readers.csv', '--strict'])).code).toBe(1)
  })

  test('a column that is not understood stops it before anything is stored', async () => {
    const dir = aPublication({ 'readers.csv': 'email,status\na@example.org,active\nb@example.org,snoozed\n' })
    const stopped = await subscribers(dir, ['import', 'readers.csv'])
    expect(stopped.code).toBe(2)
    expect(stopped.stderr).toMatch(/'snoozed' \(line 3\)\n {2}Nothing was imported/)
    expect((await subscribers(dir, ['list', '--json'])).json().subscribers).toEqual([])
    const args = ['import', 'readers.csv', '--status-column', 'status', '--active', 'snoozed', '--json']
    expect((await subscribers(dir, args)).json()).toMatchObject({ added: 2, states: { active: 2 } })
  })

  test('a column is ignored only if somebody agrees to what it says of them', async () => {
    const dir = aPublication({ 'readers.csv': 'email,paid\na@example.org,cancelled\nb@example.org,active\n' })
    const args = ['import', 'readers.csv', '--ignore-column', 'paid']
    const asked = await subscribers(dir, args)
    expect(asked.code).toBe(2)
    expect(asked.stderr).toMatch(/'paid' is ignored, and calls 1 row something else/)
    expect((await subscribers(dir, [...args, '--yes', '--json'])).json()).toMatchObject({ added: 2 })
  })

  test('a file that cannot say who left is imported only if somebody agrees', async () => {
    const text =
      'uuid,email,name,attributes,status\nu1,a@example.org,Anna,{},enabled\nu2,b@example.org,,{},blocklisted\n'
    const dir = aPublication({ 'lm.csv': text })
    const asked = await subscribers(dir, ['import', 'lm.csv'])
    expect(asked.code).toBe(2)
    expect(asked.stderr).toMatch(/export of listmonk.*whoever left one list/)
    expect((await subscribers(dir, ['list', '--json'])).json().subscribers).toEqual([])
    const ran = await subscribers(dir, ['import', 'lm.csv', '--yes'])
    expect(ran.stdout).toMatch(/^2 lines read as listmonk: 1 active, 1 suppressed \(1 blocked\)\n/)
  })

  test('a dry run shows what would be read, and stores nothing', async () => {
    const rows = Array.from({ length: 6 }, (_, n) => `r${n}@example.org,2026-01-30,\n`).join('')
    const text = `Email,subscribed_at,unsubscribed_at\n${rows}info@example.org,2026-01-30,2026-01-30\n`
    const dir = aPublication({ 'readers.csv': text })
    const ran = await subscribers(dir, ['import', 'readers.csv', '--dry-run'])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/^7 lines read: 6 active, 1 unsubscribed\n/)
    expect(ran.stdout).toContain("Columns: email from 'Email'\nValues of 'subscribed_at': 2026-01-30 (7)\n")
    expect(ran.stdout).toContain('  r0@example.org  active  weekly;daily\n')
    expect(ran.stdout).toMatch(/Odd: all 7 addresses are at example\.org\n/)
    expect(ran.stdout).toMatch(/Odd: 1 role address /)
    expect(ran.stdout).toMatch(/Nothing was imported: this was a dry run\.\n$/)
    expect((await subscribers(dir, ['list', '--json'])).json().subscribers).toEqual([])
  })

  test('whoever left in the file leaves here, in any order of files; whoever confirmed here stays', async () => {
    const dir = aPublication({
      'all.csv': 'email\na@example.org\nb@example.org\nc@example.org\n',
      'gone.csv':
        'email,status\na@example.org,unsubscribed\nb@example.org,bounced\nd@example.org,complained\ne@example.org,left\n',
    })
    await subscribers(dir, ['import', 'all.csv'])
    const gone = (await subscribers(dir, ['import', 'gone.csv', '--json'])).json()
    expect(gone).toMatchObject({ unsubscribed: 2, suppressed: 2, ended: 2, kept: 0 })
    const again = (await subscribers(dir, ['import', 'all.csv', '--json'])).json()
    expect(again).toMatchObject({ added: 0, unchanged: 1, unsubscribed: 1, suppressed: 1 })
    expect((await subscribers(dir, ['show', 'b@example.org', '--json'])).json()).toMatchObject({
      suppressed: { reason: 'bounce' },
    })
    expect((await subscribers(dir, ['show', 'd@example.org', '--json'])).json()).toMatchObject({
      suppressed: { reason: 'complaint' },
    })
    const { stdout } = await subscribers(dir, ['list', '--state', 'active'])
    expect(stdout).toBe(
      'b@example.org  suppressed (bounce)  daily;weekly\nc@example.org  active  daily;weekly\n2 active (1 of them suppressed), 0 unconfirmed, 2 unsubscribed\n',
    )
  })

  test('whoever left one newsletter elsewhere keeps the others here', async () => {
    const dir = aPublication({
      'all.csv': 'email\na@example.org\n',
      'gone.csv': 'email,status\na@example.org,unsubscribed\n',
    })
    await subscribers(dir, ['import', 'all.csv', '--newsletter', 'daily'])
    await subscribers(dir, ['import', 'gone.csv', '--newsletter', 'weekly'])
    await subscribers(dir, ['import', 'all.csv'])
    const shown = (await subscribers(dir, ['show', 'a@example.org', '--json'])).json()
    expect(shown).toMatchObject({ state: 'active', newsletters: { daily: [] }, left: ['weekly'] })
  })

  test('a path is relative to where the command is called, not to --dir', async () => {
    const dir = aPublication()
    const here = aFolder({ 'readers.csv': 'email\na@example.org\n' })
    const from = (args: readonly string[]) => aRun(here, ['subscribers', ...args, '--dir', dir], { clock })
    expect((await from(['import', 'readers.csv', '--json'])).json()).toMatchObject({ added: 1 })
    expect((await from(['export', 'out.csv'])).code).toBe(0)
    expect(existsSync(join(here, 'out.csv'))).toBe(true)
  })

  test('standard input is read twice, and in any encoding that a file may have', async () => {
    const dir = aPublication()
    const stdin = 'email,unsubscribed\na@example.org,yes\nb@example.org,no\n'
    const ran = await subscribers(dir, ['import', '-', '--json'], { stdin })
    expect(ran.json()).toMatchObject({ added: 1, unsubscribed: 1 })
  })

  test('interrupted: what was read is kept, and the answer says how to go on', async () => {
    const dir = aPublication({
      'readers.csv': `email\n${Array.from({ length: 50 }, (_, n) => `r${n}@example.org\n`).join('')}`,
    })
    const stop = new AbortController()
    stop.abort()
    const ran = await subscribers(dir, ['import', 'readers.csv'], { signal: stop.signal })
    expect(ran.code).toBe(130)
    expect(ran.stdout).toMatch(/Run it again/)
    expect((await subscribers(dir, ['import', 'readers.csv', '--json'])).json()).toMatchObject({
      added: 49,
      unchanged: 1,
    })
  })
})

describe('export', () => {
  test('reads back into another publication as it was', async () => {
    const dir = aPublication({
      'readers.csv':
        'email,name,newsletters,topics,Phone\na@example.org,=Anna,weekly;daily,weekly=world,+49 30\nb@example.org,Ben,daily,,\n',
    })
    await subscribers(dir, ['import', 'readers.csv'])
    await subscribers(dir, ['remove', 'b@example.org'])
    const printed = await subscribers(dir, ['export'])
    expect(printed.stdout).toBe(
      'email,name,newsletters,left_newsletters,topics,language,subscription,consent_source,consent_since,phone\r\n' +
        'a@example.org,\'=Anna,"daily;weekly",,weekly=world,,active,import readers.csv,2026-01-30T01:30:00.000Z,\'+49 30\r\n' +
        'b@example.org,Ben,,daily,,,unsubscribed,import readers.csv,2026-01-30T01:30:00.000Z,\r\n',
    )
    expect((await subscribers(dir, ['export', 'out.csv', '--json'])).json()).toEqual({
      exported: 2,
      file: 'out.csv',
    })
    expect(readFileSync(join(dir, 'out.csv'), 'utf8')).toBe(printed.stdout)
    expect(statSync(join(dir, 'out.csv')).mode & 0o777).toBe(0o600)
    const other = aPublication({ 'list.csv': printed.stdout })
    expect((await subscribers(other, ['import', 'list.csv', '--json'])).json()).toMatchObject({
      added: 1,
      unsubscribed: 1,
    })
    expect((await subscribers(other, ['export'])).stdout).toBe(printed.stdout)
    const json = (await subscribers(dir, ['export', '--json', '--state', 'active'])).json()
    expect(json.subscribers).toMatchObject([{ email: 'a@example.org', fields: { phone: '+49 30' } }])
  })

  test('says which newsletters somebody has left, and no later list brings them back', async () => {
    const dir = aPublication({ 'readers.csv': 'email,newsletters\na@example.org,weekly;daily\n' })
    await subscribers(dir, ['import', 'readers.csv'])
    await subscribers(dir, ['remove', 'a@example.org', '--newsletter', 'weekly'])
    const { stdout } = await subscribers(dir, ['export'])
    expect(stdout).toMatch(/^a@example\.org,,daily,weekly,/m)
    const other = aPublication({ 'list.csv': stdout, 'old.csv': 'email,newsletters\na@example.org,weekly\n' })
    await subscribers(other, ['import', 'list.csv'])
    expect((await subscribers(other, ['import', 'old.csv', '--json'])).json()).toMatchObject({
      added: 0,
      unsubscribed: 1,
    })
    expect((await subscribers(other, ['export'])).stdout).toBe(stdout)
  })

  test('a place that cannot be written leaves nothing half done', async () => {
    const dir = aPublication()
    mkdirSync(join(dir, 'taken'))
    const ran = await subscribers(dir, ['export', 'taken'])
    expect(ran.code).toBe(2)
    expect(existsSync(join(dir, 'taken.half'))).toBe(false)
    expect((await subscribers(dir, ['export', 'no/such/list.csv'])).code).toBe(2)
  })
})

describe('suppressions', () => {
  test('go out with hashes, and with addresses that are known; and come back', async () => {
    const dir = aPublication({
      'all.csv': 'email\na@example.org\n',
      'gone.csv': 'email,status\nb@example.org,complained\nc@example.org,bounced\n',
    })
    await subscribers(dir, ['import', 'all.csv'])
    await subscribers(dir, ['import', 'gone.csv'])
    const blocked = await subscribers(dir, ['import', '-', '--suppressions'], {
      stdin: 'A@example.org\nnobody\n',
    })
    expect(blocked.code).toBe(0)
    expect(blocked.stdout).toMatch(/^2 lines read: 1 blocked\n1 suppressed now/)
    expect(blocked.stderr).toMatch(/:2: neither an e-mail address nor a hash: nobody\n$/)
    const { stdout } = await subscribers(dir, ['export', '--suppressions'])
    expect(
      stdout
        .split('\r\n')
        .slice(1, -1)
        .map(line => line.replace(/^[0-9a-f]{64}/, 'hash'))
        .sort(),
    ).toEqual([
      'hash,,bounce,2026-01-30T01:30:00.000Z',
      'hash,,complaint,2026-01-30T01:30:00.000Z',
      'hash,a@example.org,manual,2026-01-30T01:30:00.000Z',
    ])
    const other = aPublication({
      'gone.csv': stdout,
      'all.csv': 'email\na@example.org\nb@example.org\nd@example.org\n',
    })
    const back = (await subscribers(other, ['import', 'gone.csv', '--suppressions', '--json'])).json()
    expect(back).toMatchObject({
      read: 3,
      added: 3,
      reasons: { bounce: 1, complaint: 1, manual: 1 },
      bad: [],
    })
    expect(
      (await subscribers(other, ['export', '--suppressions'])).stdout.replace(',a@example.org,', ',,'),
    ).toBe(stdout.replace(',a@example.org,', ',,'))
    const after = (await subscribers(other, ['import', 'all.csv', '--json'])).json()
    expect(after).toMatchObject({ added: 1, suppressed: 2 })
  })

  test.each([
    ['SES', 'EmailAddress,Reason,LastUpdateTime\na@example.org,COMPLAINT,2024-01-02T03:04:05Z', 'complaint'],
    ['SendGrid', 'status,reason,email,created\n5.1.1,550 no such user,a@example.org,1704164645', 'bounce'],
    [
      'Mailgun',
      'address,code,error,created_at\na@example.org,550,No such mailbox,"Tue, 02 Jan 2024"',
      'manual',
    ],
    [
      'Postmark',
      'EmailAddress,SuppressionReason,Origin,CreatedAt\na@example.org,HardBounce,Recipient,2024-01-02',
      'bounce',
    ],
    ['bare addresses', 'a@example.org', 'manual'],
  ])('%s', async (_provider, text, reason) => {
    const dir = aPublication({ 'gone.csv': text })
    await subscribers(dir, ['import', 'gone.csv', '--suppressions'])
    expect((await subscribers(dir, ['show', 'a@example.org', '--json'])).json()).toMatchObject({
      suppressed: { reason },
    })
  })
})

describe('one person', () => {
  test('what an erasure would delete', async () => {
    const dir = aPublication()
    await subscribers(dir, ['add', 'anna@example.org'])
    const ran = await subscribers(dir, ['erase', 'anna@example.org', '--dry-run', '--yes'])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/is on the list[\s\S]*Nothing was erased/)
    expect((await subscribers(dir, ['show', 'anna@example.org'])).code).toBe(0)
  })

  test('comes, is shown, leaves one newsletter, leaves, is forgotten', async () => {
    const dir = aPublication()
    const added = ['add', 'Anna@example.org', '--name', 'Anna', '--topics', 'world', '--json']
    expect((await subscribers(dir, added)).json()).toEqual({
      email: 'Anna@example.org',
      result: 'added',
      newsletters: ['weekly', 'daily'],
    })
    expect((await subscribers(dir, ['list'])).stdout).toMatch(
      /^Anna@example\.org {2}active {2}daily;weekly {2}Anna\n1 active/,
    )
    const left = await subscribers(dir, ['remove', 'anna@example.org', '--newsletter', 'daily', '--json'])
    expect(left.json()).toEqual({ email: 'anna@example.org', removed: true, newsletters: ['daily'] })
    expect((await subscribers(dir, ['show', 'anna@example.org'])).stdout).toMatch(
      /newsletter +weekly: world\nleft +daily\n/,
    )
    const gone = await subscribers(dir, ['remove', 'anna@example.org', '--json'])
    expect(gone.json()).toMatchObject({ removed: true, newsletters: ['weekly'] })
    expect((await subscribers(dir, ['remove', 'anna@example.org', '--json'])).json()).toMatchObject({
      removed: false,
    })
    expect((await subscribers(dir, ['erase', 'anna@example.org'])).code).toBe(2)
    expect((await subscribers(dir, ['erase', 'anna@example.org', '--yes', '--json'])).json()).toMatchObject({
      erased: true,
    })
    const shown = (await subscribers(dir, ['show', 'anna@example.org', '--json'])).json()
    expect(shown).toEqual({
      email: 'anna@example.org',
      suppressed: { reason: 'erased', since: '2026-01-30T01:30:00.000Z' },
      deliveries: [],
    })
  })

  test('a list that is longer than the screen', async () => {
    const dir = aPublication({
      'readers.csv': `email\n${Array.from({ length: 60 }, (_, n) => `r${n}@example.org\n`).join('')}`,
    })
    await subscribers(dir, ['import', 'readers.csv'])
    const ran = await subscribers(dir, ['list'])
    expect(ran.stdout.split('\n').filter(line => line.includes('@'))).toHaveLength(50)
    expect(ran.stdout).toMatch(/Only the first/)
    expect((await subscribers(dir, ['list', '--json', '--limit', '60'])).json().subscribers).toHaveLength(60)
  })

  test('another database, and one that is damaged', async () => {
    const dir = aPublication()
    const env = { BROADSHEET_DATABASE: 'data/list.db' }
    await subscribers(dir, ['add', 'a@example.org'], { env })
    expect(existsSync(join(dir, 'data/list.db'))).toBe(true)
    expect(existsSync(join(dir, '.broadsheet'))).toBe(false)
    writeFileSync(join(dir, 'bad.db'), 'no database '.repeat(500))
    const ran = await subscribers(dir, ['list'], { env: { BROADSHEET_DATABASE: 'bad.db' } })
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/not a Broadsheet database/)
  })
})

describe('who never confirmed', () => {
  const TWICE = (first: string, second: string) =>
    `email,status\na@example.org,${first}\nb@example.org,confirmed\nA@example.org,${second}\n`

  test.each([
    ['confirmed', 'unconfirmed'],
    ['unconfirmed', 'confirmed'],
  ])('is not made active by another line of the file: %s, %s', async (first, second) => {
    const dir = aPublication({ 'readers.csv': TWICE(first, second) })
    const report = await subscribers(dir, ['import', 'readers.csv'])
    expect(report.stdout).toMatch(
      /^Odd: 1 line is active, and another line has the same address as unconfirmed/m,
    )
    const { active, pending } = (await subscribers(dir, ['list', '--json'])).json()
    expect([active, pending]).toEqual([1, 1])
    const dry = await subscribers(dir, ['import', 'readers.csv', '--dry-run'])
    expect(dry.stdout).toMatch(/1 active, 2 unconfirmed/)
  })

  test('is asked once to confirm, with --ask; whoever is active here is not', async () => {
    const dir = aPublication({ 'readers.csv': TWICE('unconfirmed', 'unconfirmed') })
    await subscribers(dir, ['add', 'c@example.org'])
    const told = await subscribers(dir, ['import', 'readers.csv'])
    expect(told.stdout).toMatch(
      /unconfirmed: they get no letter until they confirm\. To ask them: broadsheet .* readers\.csv --ask$/m,
    )
    writeFileSync(
      join(dir, 'more.csv'),
      'email,status\na@example.org,unconfirmed\nc@example.org,unconfirmed\n',
    )
    const asked = await subscribers(dir, ['import', 'more.csv', '--ask'])
    expect(asked.stdout).toMatch(/^1 will be asked to confirm/m)
    const json = (await subscribers(dir, ['import', 'more.csv', '--ask', '--json'])).json()
    expect(JSON.stringify(json)).not.toMatch(/@/)
  })
})

test('--ignore-column takes a title with commas in it, alone or among others', async () => {
  const dir = aPublication({
    'readers.csv': 'email,"Status, alt",Level\na@example.org,gone,gold\n',
  })
  const argv = ['import', 'readers.csv', '--yes', '--json', '--ignore-column']
  for (const titles of ['Status, alt, Level', 'Level,Status, alt'])
    expect((await subscribers(dir, [...argv, titles, '--dry-run'])).json().states.active).toBe(1)
  const wrong = await subscribers(dir, [...argv, 'Status, other'])
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("no column 'Status'")])
})
