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
      read: 3,
      added: 1,
      updated: 0,
      unchanged: 0,
      suppressed: 0,
      unsubscribed: 0,
      bad: [
        { line: 3, email: 'nobody', why: 'not an e-mail address' },
        { line: 4, email: 'ben@example.org', why: "there is no newsletter 'nightly': weekly, daily" },
      ],
    })
    const again = await subscribers(dir, ['import', 'readers.csv'])
    expect(again.code).toBe(1)
    expect(again.stdout).toContain('3 lines read: 0 added, 0 updated, 1 unchanged')
    expect(again.stderr).toContain('readers.csv:3: not an e-mail address')
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
      'email,name,newsletters,topics,language,subscription,consent_source,consent_since,phone\r\n' +
        'a@example.org,\'=Anna,"daily;weekly",weekly=world,,active,import readers.csv,2026-01-30T01:30:00.000Z,\'+49 30\r\n' +
        'b@example.org,Ben,,,,unsubscribed,import readers.csv,2026-01-30T01:30:00.000Z,\r\n',
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

  test('a place that cannot be written leaves nothing half done', async () => {
    const dir = aPublication()
    mkdirSync(join(dir, 'taken'))
    const ran = await subscribers(dir, ['export', 'taken'])
    expect(ran.code).toBe(2)
    expect(existsSync(join(dir, 'taken.half'))).toBe(false)
    expect((await subscribers(dir, ['export', 'no/such/list.csv'])).code).toBe(2)
  })
})

describe('one person', () => {
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
