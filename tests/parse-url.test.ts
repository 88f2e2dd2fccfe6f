// An address is one however often it is asked.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isNormal, parseUrl } from '../src/parse-url.ts'

test('a host with letters of Latin-1 stays an address in a folder of many links', () => {
  for (let time = 0; time < 100_000; time++) parseUrl('https://example.org/a')
  expect(parseUrl('https://münchen.de/')?.href).toBe('https://xn--mnchen-3ya.de/')
  expect(parseUrl('é', 'https://example.org/')?.href).toBe('https://example.org/%C3%A9')
  expect(parseUrl('https://[')).toBeUndefined()
})

test('nothing asks Node itself', () => {
  const source = new URL('../src/', import.meta.url).pathname
  const asking = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    file => file.endsWith('.ts') && /URL\.canParse\(/.test(readFileSync(join(source, file), 'utf8')),
  )
  expect(asking).toEqual([])
})

test('what is in its normal form at a glance is the address that it is parsed to', () => {
  const parts = [
    'a',
    'b9',
    '0',
    '0x7f',
    'xn--a',
    'é',
    'A',
    '_',
    '~',
    '-',
    '%41',
    '&',
    '=',
    '@',
    ':80',
    '/',
    '/',
    '.',
    '..',
    '?',
    '#',
  ]
  const rest = fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map(list => list.join(''))
  const start = fc.constantFrom('https://', 'http://', 'https://a.example/', 'https://a.')
  const web = fc.webUrl({ withFragments: true, withQueryParameters: true })
  let normal = 0
  fc.assert(
    fc.property(
      fc.oneof(
        fc.tuple(start, rest).map(both => both.join('')),
        web,
      ),
      text => {
        if (!isNormal(text)) return
        normal++
        expect(parseUrl(text)?.href).toBe(text)
      },
    ),
    { numRuns: 5000 },
  )
  expect(normal).toBeGreaterThan(200)
})
