// CSV: what is written is what is read, however the text is cut into chunks; what is wrong is named with its line.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CsvRecord,
  csvLine,
  guardFormula,
  parseCsv,
  unguardFormula,
} from '../../src/store/lists/list-file.ts'

async function* chunksOf(text: string, size = text.length || 1): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function parse(text: string, size?: number): Promise<CsvRecord[]> {
  const records: CsvRecord[] = []
  for await (const record of parseCsv(chunksOf(text, size), () => ',')) records.push(record)
  return records
}

const cells = async (text: string, size?: number) =>
  (await parse(text, size)).map(record => ('cells' in record ? record.cells : record.why))

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'a,;"\'\r\n\t =é🗞') }),
  fc.string({ unit: 'binary' }),
)

describe('parseCsv', () => {
  test('reads back what csvLine wrote, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        // One empty cell alone is an empty line.
        fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (records, size) => {
          expect(await cells(records.map(csvLine).join(''), size)).toEqual(records)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('any text ends in records or reasons, with lines that go up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'a,"\r\n') }), async text => {
        const lines = (await parse(text)).map(({ line }) => line)
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b))
      }),
      { numRuns: 500 },
    )
  })

  test('chunks change nothing, whatever the text is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...'aé,"\r\n') }),
        fc.integer({ min: 1, max: 9 }),
        async (text, size) => {
          expect(await parse(text, size)).toEqual(await parse(text))
        },
      ),
      { numRuns: 500 },
    )
  })

  test.each([
    [
      'CRLF, LF and CR',
      'a,b\r\nc,d\ne,f\rg,h',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
        ['g', 'h'],
      ],
    ],
    ['blank lines', '\r\na\n\n\nb\n\n', [['a'], ['b']]],
    [
      'empty cells',
      ',\n"",""\na,',
      [
        ['', ''],
        ['', ''],
        ['a', ''],
      ],
    ],
    ['quotes and line ends inside', '"a ""b""\r\nc",d', [['a "b"\r\nc', 'd']]],
    ['nothing', '', []],
  ])('%s', async (_what, text, expected) => {
    expect(await cells(text)).toEqual(expected)
    expect(await cells(text, 1)).toEqual(expected)
  })

  test('says on which line a record begins, and goes on after a bad one', async () => {
    const text = 'a\n"two\nlines"\nb"ad\nc\n"a" b\n"never closed\nd\n'
    expect(await parse(text)).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, cells: ['two\nlines'] },
      { line: 4, why: 'a quote in the middle of a cell: write "" inside quotes', text: 'b"ad' },
      { line: 5, cells: ['c'] },
      { line: 6, why: 'a quote in the middle of a cell: write "" inside quotes', text: '"a" b' },
      { line: 7, why: 'a quoted cell that is never closed', text: '"never closed' },
      { line: 8, cells: ['d'] },
    ])
  })

  test('a forgotten quote does not swallow a long file', async () => {
    const text = `"oops\n${'a\n'.repeat(1_000)}`
    const records = await parse(text, 4_096)
    expect(records[0]).toEqual({ line: 1, why: 'a quoted cell that is never closed', text: '"oops' })
    expect(records).toHaveLength(1_001)
  })

  test.each([undefined, 4_096])('a record may have 65,536 bytes, over any number of lines', async size => {
    const note = (bytes: number) => `"${'two words\r\n'.repeat(bytes / 11)}"`
    const text = `a,b\r\n1,${note(65_010)}\r\n2,${note(66_000)}\r\n3,c\r\n`
    const records = await parse(text, size)
    expect(records.slice(0, 2)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', note(65_010).slice(1, -1)] },
    ])
    expect(records[2]).toMatchObject({ line: 5_913, why: 'a quoted cell that is never closed' })
    expect(records[3]).toEqual({ line: 5_914, cells: ['two words'] })
    expect(records.at(-1)).toEqual({ line: 11_914, cells: ['3', 'c'] })
  })

  test('a line without quotes may have 65,536 bytes', async () => {
    const records = await parse(`${'a'.repeat(65_536)}\n${'é'.repeat(32_769)}\nb\n`)
    expect(records.map(record => ('cells' in record ? record.cells[0]!.length : record.why))).toEqual([
      65_536,
      'it is longer than 65536 bytes',
      1,
    ])
  })

  test('the delimiter may be seen from the first line', async () => {
    const records = []
    for await (const record of parseCsv(chunksOf('a;b,c\nd;e'), line => (line.includes(';') ? ';' : ','))) {
      records.push('cells' in record && record.cells)
    }
    expect(records).toEqual([
      ['a', 'b,c'],
      ['d', 'e'],
    ])
  })
})

describe('formulas', () => {
  test.each(['=1+1', '+49 30', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "'=1", "''@x"])(
    '%j is guarded',
    text => {
      expect(guardFormula(text)).toBe(`'${text}`)
    },
  )

  test.each(['', 'a=1', "O'Neil", "'quoted'", ' =1'])('%j is left', text => {
    expect(guardFormula(text)).toBe(text)
  })

  test('undone exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."'=+-@\t\r\na") }), text => {
        expect(unguardFormula(guardFormula(text))).toBe(text)
        expect(guardFormula(text)).not.toMatch(/^[=+\-@\t\r\n]/)
      }),
    )
  })
})
