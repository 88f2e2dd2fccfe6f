// A list of subscribers as people have it: columns in any order and spelling; bad lines named, good ones taken.

import { describe, expect, test } from 'vitest'
import { subscribersCsvHeader, subscribersCsvLine } from '../../src/store/lists/transfer-list.ts'
import { readAList } from './read-a-list.ts'

const read = async (text: string) => (await readAList(text, { file: 'r.csv' })).rows

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
        hasLeft: false,
        left: [],
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

test.each([
  ['E-Mail-Adresse', 'Name'],
  ['Adresse e-mail', 'Nom'],
  ['Correo electrónico', 'Nombre'],
  ['Endereço de e-mail', 'Nome'],
  ['メールアドレス', '氏名'],
  ['البريد الإلكتروني', 'الاسم'],
  ['ईमेल', 'नाम'],
  ['ای میل', 'نام'],
])('%s and %s are known titles', async (email, name) => {
  expect(await read(`${name};${email}\nZoé;z@example.org\n`)).toMatchObject([
    { email: 'z@example.org', name: 'Zoé', fields: {} },
  ])
})

test.each([
  ['by its values', 'Reader,Name\na@example.org,Anna\n'],
  ['by a part of its title', 'Business e-mail (main),Name\na@example.org,Anna\n'],
  ['not by a title with nothing of the sort below it', 'mail,Reader\nyes,a@example.org\n'],
  ['behind a scheme', 'email\nmailto:a@example.org\n'],
])('the column of addresses is found %s', async (_, text) => {
  expect(await read(text)).toMatchObject([{ email: 'a@example.org' }])
})

test('two columns of addresses: a person has to say which', async () => {
  await expect(read('one,two\na@example.org,b@example.org\n')).rejects.toThrow(/'one' and 'two'/)
})

test.each([
  ['Vorname,Nachname,email\nZoé,Braun,z@example.org', 'Zoé Braun'],
  ['Prénom,Nom,email\nZoé,Brun,z@example.org', 'Zoé Brun'],
  ['Nombre,Apellidos,email\nZoé,Pardo,z@example.org', 'Zoé Pardo'],
  ['name,first_name,last_name,email\nZ.,Zoé,Brown,z@example.org', 'Z.'],
])('%j: a name of its parts', async (text, name) => {
  expect(await read(text)).toMatchObject([{ name }])
})

test('what spreadsheets leave behind is no line: empty rows, and empty cells at the end', async () => {
  expect(await read('email,name\n,\na@example.org,Anna,,\n , \n')).toMatchObject([{ name: 'Anna' }])
})

test('bad lines are named, and the others taken', async () => {
  const text = `email,newsletters,topics,subscription,consent_since
a@example.org,weekly,,,
not an address,weekly,,,
,weekly,,,
b@example.org,weakly,,,
c@example.org,,,,
d@example.org,weekly,daily=world,,
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
    [8, "consent_since is 'yesterday': write 2026-01-30T07:00:00Z"],
    [9, 'it has 2 cells, and the header 5'],
    [10, 'a quote in the middle of a cell: write "" inside quotes'],
    [11, 'not an e-mail address'],
    [13, 'z@example.org', 'unsubscribed'],
  ])
})

test('an export is safe in a spreadsheet and reads back as it was', async () => {
  const anna = {
    id: 1,
    email: '=cmd@example.org',
    name: '=HYPERLINK("http://evil.example")',
    state: 'active' as const,
    newsletters: { daily: [], weekly: ['world', '+1'] },
    left: ['monthly'],
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
    left: anna.left,
    fields: { ...anna.fields, note: "'=x\r\ny" },
    state: 'active',
    source: 'form',
    since: anna.since,
    language: 'hi',
  })
})
