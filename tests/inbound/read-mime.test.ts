// The bytes of a mail, however they are written or broken → fields and parts.

import { expect, test } from 'vitest'
import { allParts, decodeWords, type MimePart, readMime } from '../../src/inbound/read-mime.ts'
import { busyTime } from '../busy-time.ts'

const read = (mail: string | Buffer) =>
  readMime(typeof mail === 'string' ? Buffer.from(mail.replace(/\r?\n/g, '\r\n')) : mail)

/** A delivery report whose parts are divided by 'BOUND', and what its Content-Type says of it. */
function aReport(parameters: string, { from = '', to = '' } = {}): string {
  return `From: MAILER-DAEMON@mx.example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;${parameters}

--BOUND
Content-Type: text/plain; charset=utf-8

It failed.
--BOUND
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1

--BOUND
Content-Type: message/rfc822

Subject: The Weekly

Hello
--BOUND--
`.replace(from, to)
}

const typesOf = async (mail: Promise<MimePart>) => [...allParts(await mail)].map(({ type }) => type)
const REPORT = ['multipart/report', 'text/plain', 'message/delivery-status', 'message/rfc822', 'text/plain']

test.each([
  ['plain', ' boundary=BOUND'],
  ['in quotes', '\n\tboundary="BOUND"'],
  ['after a comment', ' (RFC 3464) boundary=BOUND'],
  ['in pieces, RFC 2231 §3', '\n boundary*0="BO";\n boundary*1="UND"'],
  ['in pieces that come in another order', '\n boundary*1="UND";\n boundary*0="BO"'],
  ['encoded, RFC 2231 §4', " boundary*=us-ascii'en'B%4FUND"],
  ['encoded in pieces, RFC 2231 §4.1', "\n boundary*0*=us-ascii'en'B%4F;\n boundary*1=UND"],
])('a boundary is found that is written %s', async (_, parameters) => {
  expect(await typesOf(read(aReport(parameters)))).toEqual(REPORT)
})

test.each([
  ['=?utf-8?B?4oI=?= =?utf-8?B?rA==?=', '€'],
  ['=?utf-8?B?4oKs4oI=?=\r\n =?utf-8?B?rA==?= x', '€€ x'],
  ['=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=', '€'],
  ['=?utf-8?Q?=E2?= =?utf-8?Q?=82?= =?utf-8?Q?=AC?=', '€'],
  ['=?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?4piD?=', 'Grüße☃'],
  ['=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
  ['=?utf-8?Q?a_b?= c =?utf-8?Q?d?=', 'a b c d'],
  ['=?ISO-2022-JP?B?GyRCJDIkMxsoQg==?=', 'げこ'],
  ['=?x-nobody-knows?Q?abc?=', 'abc'],
  ['=?utf-8?X?abc?= and =?', '=?utf-8?X?abc?= and =?'],
])('the encoded words of %s are %s', async (words, text) => {
  expect(await decodeWords(words)).toBe(text)
})

test.each([
  ['its last line is missing', { from: '--BOUND--\n' }],
  [
    'its lines end in blanks',
    { from: '--BOUND\nContent-Type: message/delivery', to: '--BOUND \t\nContent-Type: message/delivery' },
  ],
  ['a line only begins like one', { from: 'It failed.', to: '--BOUNDED\nIt failed.' }],
])('a boundary is a boundary where %s', async (_, change) => {
  expect(await typesOf(read(aReport(' boundary=BOUND', change)))).toEqual(REPORT)
})

test.each([' boundary=OTHER', ' boundary=""', ''])(
  'a report without its boundary (%s) is read as prose',
  async given => {
    const { type, text, parts } = await read(aReport(given))
    expect({ type, parts }).toEqual({ type: 'text/plain', parts: [] })
    expect(text).toContain('Status: 5.1.1')
  },
)

test('what is enclosed is read through its encoding, in any depth, and a multipart in it too', async () => {
  const inner = aReport(' boundary=BOUND')
  const base64 = Buffer.from(inner).toString('base64').replace(/.{76}/g, '$&\n')
  const mail = `Content-Type: message/global\nContent-Transfer-Encoding: base64\n\n${base64}\n`
  expect(await typesOf(read(mail))).toEqual(['message/global', ...REPORT])
  const deep = 'Content-Type: message/rfc822\n\n'.repeat(20)
  expect((await typesOf(read(`${deep}Subject: x\n\n`))).length).toBe(9)
})

test('fields in UTF-8 and in Latin-1 are read, with or without MIME', async () => {
  for (const encoding of ['utf8', 'latin1'] as const) {
    const mail = await read(
      Buffer.from('From: Jörg <j@example.org>\nsubject : Grüße,\n\tAnna\n\nHallo', encoding),
    )
    expect(mail.fields.get('from')).toEqual(['Jörg <j@example.org>'])
    expect(mail.fields.get('subject')).toEqual(['Grüße, Anna'])
    expect(mail).toMatchObject({ type: 'text/plain', text: 'Hallo', parts: [] })
  }
})

test.each([
  ['utf-8', 'Grüße', 'utf8'],
  ['ISO-8859-1', 'Grüße', 'latin1'],
  ['x-nobody-knows', 'Grüße', 'utf8'],
] as const)('a text in %s is read', async (charset, text, encoding) => {
  for (const [name, body] of [
    ['8bit', Buffer.from(text, encoding)],
    ['base64', Buffer.from(Buffer.from(text, encoding).toString('base64'))],
    ['quoted-printable', Buffer.from(Buffer.from(text, encoding).toString('hex').replace(/../g, '=$&'))],
  ] as const) {
    const head = `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${name}\n\n`
    expect((await read(Buffer.concat([Buffer.from(head), body]))).text).toBe(text)
  }
})

test.each([
  '',
  '\n',
  '\n\nx',
  ':',
  'Subject',
  '\0',
  '--',
  'Content-Type: multipart/',
  'Content-Type: ;;;=;"\n\nx',
])('a mail of next to nothing is a mail: %j', async mail => {
  expect(await read(mail)).toMatchObject({ parts: [] })
})

const MEGABYTES = 10 * 1024 * 1024
const divided = 'Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n'

test.each([
  ['blank lines', '\n', 'Subject: x\n\n'],
  ['parts', '--b\n\n', divided],
  ['enclosed mails', '--b\nContent-Type: message/rfc822\n\nX: y\n\n', divided],
  ['lines like boundaries', '--bx\n', divided],
  ['base64', 'QUJD\n', 'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n'],
  ['quoted-printable', '=\n', 'Content-Transfer-Encoding: quoted-printable\n\n'],
  ['Japanese', '\u001b$B', 'Content-Type: text/plain; charset=iso-2022-jp\n\n'],
  ['fields', 'X: y\n', ''],
  ['one field', 'X: y\n ', ''],
  ['encoded words', '=?utf-8?B?', 'Subject: '],
  ['one line', 'x', 'Subject: x\n\n'],
])('ten megabytes of %s take bounded time and memory', async (_, piece, head) => {
  const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(MEGABYTES, piece)])
  const before = process.memoryUsage().rss
  const took = await busyTime(async () => {
    const mail = await readMime(bytes)
    expect([...allParts(mail)].length).toBeLessThanOrEqual(201)
    await decodeWords(mail.fields.get('subject')?.[0] ?? '')
  })
  expect(took).toBeLessThan(10_000)
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
})
