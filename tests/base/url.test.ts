// An address is one however often it is asked.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isNormalUrl, parseUrl } from '../../src/base/addresses.ts'
import { anyAddress } from './any-address.ts'

test('a host with letters of Latin-1 stays an address in a folder of many links', () => {
  for (let time = 0; time < 100_000; time++) parseUrl('https://example.org/a')
  expect(parseUrl('https://münchen.de/')?.href).toBe('https://xn--mnchen-3ya.de/')
  expect(parseUrl('é', 'https://example.org/')?.href).toBe('https://example.org/%C3%A9')
  expect(parseUrl('https://[')).toBeUndefined()
})

test('nothing asks Node itself', () => {
  const source = new URL('../../src/', import.meta.url).pathname
  const asking = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    file => file.endsWith('.ts') && /URL\.canParse\(/.test(readFileSync(join(source, file), 'utf8')),
  )
  expect(asking).toEqual([])
})

test('what is in its normal form at a glance is the address that it is parsed to', () => {
  let normal = 0
  fc.assert(
    fc.property(anyAddress, text => {
      if (!isNormalUrl(text)) return
      normal++
      expect(parseUrl(text)?.href).toBe(text)
    }),
    { numRuns: 10_000 },
  )
  expect(normal).toBeGreaterThan(200)
})
