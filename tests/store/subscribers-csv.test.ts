// A list of subscribers as people have it: columns in any order and spelling; bad lines named, good ones taken.

import { describe, expect, test } from 'vitest'
import { subscribersCsvHeader, subscribersCsvLine } from '../../src/store/lists/export-list.ts'
import {
  type BadLine,
  readSubscribersCsv,
  type SubscriberRow,
} from '../../src/store/lists/read-subscribers.ts'

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function read(text: string, newsletters = ['weekly', 'daily']) {
  const rows: (SubscriberRow | BadLine)[] = []
  for await (const row of readSubscribersCsv(once(text), { file: 'r.csv', newsletters })) rows.push(row)
  return rows
}

describe('columns', () => {
  test('an address alone gets every newsletter', async () => {
    expect(await read('email\nAnna@Example.org\n')).toEqual([
      {
        line: 2,
        email: 'Anna@example.org',
        key: 'anna@example.org',
        name: '',
        newsletters: { weekly: [], daily: [] },
        fields: {},
        language: '',
        state: 'active',
        source: undefined,
        since: undefined,
      },
    ])
  })

  test('any order, other spellings, semicolons, other columns kept', async () => {
    const text =
      'First Name;E-Mail Address;LISTS;Topics;Stadt / Ort;\nAnna;a@example.org;weekly;"world; C++";Köln;\n'
    expect(await read(text)).toMatchObject([
      {
        name: 'Anna',
        newsletters: { weekly: ['world', 'C++'] },
        fields: { first_name: 'Anna', stadt_ort: 'Köln' },
      },
    ])
  })

  test.each([
    ['email,newsletters\na@example.org,"weekly, daily"', { weekly: [], daily: [] }],
    ['email,newsletters\na@example.org,weekly|weekly', { weekly: [] }],
    ['email\tnewsletters\na@example.org\tdaily', { daily: [] }],
    ['sep=;\nemail;newsletters\na@example.org;daily', { daily: [] }],
    ['email,topics\na@example.org,world;daily=sport', { weekly: ['world'], daily: ['world', 'sport'] }],
  ])('%j', async (text, newsletters) => {
    expect(await read(text)).toMatchObject([{ newsletters }])
  })

  test('a name is one line', async () => {
    const [row] = await read('email,name\na@example.org,"Anna\r\nBcc: eve@example.net\0"\n')
    expect(row).toMatchObject({ name: 'Anna Bcc: eve@example.net' })
  })

  test.each([
    ['', /r\.csv is empty/],
    ['name,age\nAnna,4', /no column 'email'/],
    ['anna@example.org,Anna\n', /has no header/],
    ['email,E-Mail\na@x.org,b@x.org', /columns 1 and 2/],
    ['city,email,City\n', /columns 1 and 3/],
    ['"email\n', /never closed/],
  ])('%j is no list', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })
})

test('bad lines are named, and the others taken', async () => {
  const text = `email,newsletters,topics,subscription,consent_since
a@example.org,weekly,,,
not an address,weekly,,,
,weekly,,,
b@example.org,weakly,,,
c@example.org,,,,
d@example.org,weekly,daily=world,,
e@example.org,weekly,,gone,
f@example.org,weekly,,,yesterday
g@example.org,weekly
"h@example.org"x,weekly,,,
"i@example.org
Bcc: eve@example.net",weekly,,,
z@example.org,daily,,unsubscribed,2026-01-30T07:00:00Z
`
  const rows = await read(text)
  expect(rows.map(row => ('why' in row ? [row.line, row.why] : [row.line, row.key, row.state]))).toEqual([
    [2, 'a@example.org', 'active'],
    [3, 'not an e-mail address'],
    [4, 'no e-mail address'],
    [5, "there is no newsletter 'weakly': weekly, daily"],
    [6, 'it names no newsletter'],
    [7, "topic 'daily=world': 'daily' is not one of its newsletters"],
    [8, "subscription is 'gone': active, pending or unsubscribed"],
    [9, "consent_since is 'yesterday': write 2026-01-30T07:00:00Z"],
    [10, 'it has 2 cells, and the header 5'],
    [11, 'a quote in the middle of a cell: write "" inside quotes'],
    [12, 'not an e-mail address'],
    [14, 'z@example.org', 'unsubscribed'],
  ])
})

test('an export is safe in a spreadsheet and reads back as it was', async () => {
  const anna = {
    id: 1,
    email: '=cmd@example.org',
    name: '=HYPERLINK("http://evil.example")',
    state: 'active' as const,
    newsletters: { daily: [], weekly: ['world', '+1'] },
    fields: { city: '@Delhi', note: "'=x\r\ny" },
    source: 'form',
    since: Date.parse('2026-01-30T07:00:00.123Z'),
    language: 'hi',
  }
  const fields = ['city', 'note']
  const text = subscribersCsvHeader(fields) + subscribersCsvLine(anna, fields)
  for (const cell of text.split(/[,\r\n]+/)) expect(cell).not.toMatch(/^"?[=+\-@\t]/)
  const [row] = await read(text)
  expect(row).toMatchObject({
    email: anna.email,
    name: anna.name,
    newsletters: anna.newsletters,
    fields: { ...anna.fields, note: "'=x\r\ny" },
    state: 'active',
    source: 'form',
    since: anna.since,
    language: 'hi',
  })
})
