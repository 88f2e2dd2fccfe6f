// Files of other programs: text in Unicode is read, and anything else is named.

import { Buffer } from 'node:buffer'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listFile, listOfBytes } from '../../src/store/lists/list-file.ts'
import { aFolder } from '../a-folder.ts'

async function textOf(bytes: Buffer): Promise<string> {
  let text = ''
  for await (const chunk of listOfBytes('list.csv', bytes).text()) text += chunk
  return text
}

const LIST = 'email,name\r\nzoe@example.org,Zoé\r\n'

/** 'utf-16be', which Node does not write. */
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16()

test.each([
  ['UTF-8', Buffer.from(LIST)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${LIST}`)],
  ['UTF-16 LE with a mark', Buffer.from(`\uFEFF${LIST}`, 'utf16le')],
  ['UTF-16 BE with a mark', swapped(`\uFEFF${LIST}`)],
  ['UTF-16 LE', Buffer.from(LIST, 'utf16le')],
  ['UTF-16 BE', swapped(LIST)],
])('%s is read', async (_, bytes) => {
  expect(await textOf(bytes)).toBe(LIST)
})

const bytes = (...values: (number | string)[]) =>
  Buffer.concat(
    values.map(value => (typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.of(value))),
  )

test.each([
  ['windows-1252', bytes('email,name\nz@example.org,Zo', 0xe9, ' M', 0xfc, 'ller\n')],
  // 山田太郎, カタカナ
  [
    'Shift_JIS',
    bytes(
      'mail,name\nj@example.org,',
      0x8e,
      0x52,
      0x93,
      0x63,
      0x91,
      0xbe,
      0x98,
      0x59,
      ',',
      0x83,
      0x4a,
      0x83,
      0x5e,
      0x83,
      0x4a,
      0x83,
      0x69,
      '\n',
    ),
  ],
  // やまだ
  ['EUC-JP', bytes('mail,name\nj@example.org,', 0xa4, 0xe4, 0xa4, 0xde, 0xa4, 0xc0, '\n')],
  // Иван Петров
  [
    'windows-1251',
    bytes(
      'email,name\ni@example.org,',
      0xc8,
      0xe2,
      0xe0,
      0xed,
      ' ',
      0xcf,
      0xe5,
      0xf2,
      0xf0,
      0xee,
      0xe2,
      '\n',
    ),
  ],
])('%s is not read, and named', async (encoding, text) => {
  const hint = expect.stringContaining(`iconv -f`)
  await expect(textOf(text)).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`not UTF-8.*looks like.*${encoding}`, 'i')),
    hint,
  })
})

test('what it looks like is judged by many lines: the first may be of people with one accent', async () => {
  const zoe = Array.from({ length: 40 }, (_, at) => bytes(`z${at}@example.org,Zo`, 0xeb, '\n'))
  // Москва
  const moscow = Array.from({ length: 140 }, (_, at) =>
    bytes(`m${at}@example.org,`, 0xcc, 0xee, 0xf1, 0xea, 0xe2, 0xe0, '\n'),
  )
  await expect(textOf(Buffer.concat([bytes('email,town\n'), ...zoe, ...moscow]))).rejects.toThrow(
    /looks like windows-1251/,
  )
})

test.each([
  ['an Excel workbook', bytes('PK', 3, 4, 20, 0, 'xl/workbook.xml')],
  [
    'an OpenDocument spreadsheet',
    bytes('PK', 3, 4, 20, 0, 'mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
  ],
  ['an old Excel workbook', bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1)],
  ['gzip', bytes(0x1f, 0x8b, 8)],
  ['HTML', bytes('<html><table><tr><td>email</td></tr></table></html>')],
  ['JSON', bytes('[{"email":"a@example.org"}]')],
  ['vCard', bytes('BEGIN:VCARD\r\n')],
  ['not text', bytes('email', 0, 0, 7, 'x')],
])('%s', async (what, content) => {
  await expect(textOf(content)).rejects.toThrow(what)
})

test('a file can be read twice, and says how far it is', async () => {
  const folder = aFolder({ 'list.csv': LIST })
  let read = 0
  const file = listFile(join(folder, 'list.csv'), count => {
    read += count
  })
  for (const times of [1, 2]) {
    let text = ''
    for await (const chunk of file.text()) text += chunk
    expect(text).toBe(LIST)
    expect(read).toBe(times * file.bytes)
  }
})
