// What is an address and what is not; who is the same person.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressHash, parseAddress } from '../../src/base/addresses.ts'

const accepted: readonly [given: string, address: string, key: string][] = [
  ['anna@example.org', 'anna@example.org', 'anna@example.org'],
  ['  Anna.B@Example.ORG \n', 'Anna.B@example.org', 'anna.b@example.org'],
  ['a+news@example.org', 'a+news@example.org', 'a+news@example.org'],
  ["o'neil@example.org", "o'neil@example.org", "o'neil@example.org"],
  ['-x=y@example.org', '-x=y@example.org', '-x=y@example.org'],
  ['post@Bücher.example', 'post@xn--bcher-kva.example', 'post@xn--bcher-kva.example'],
  ['अनु@उदाहरण.भारत', 'अनु@xn--p1b6ci4b4b3a.xn--h2brj9c', 'अनु@xn--p1b6ci4b4b3a.xn--h2brj9c'],
  ['JOSE\u0301@example.org', 'JOSÉ@example.org', 'josé@example.org'],
  ['me@localhost', 'me@localhost', 'me@localhost'],
  [`${'l'.repeat(64)}@example.org`, `${'l'.repeat(64)}@example.org`, `${'l'.repeat(64)}@example.org`],
]

const refused: readonly string[] = [
  '',
  'anna',
  '@example.org',
  'anna@',
  'anna@gmail',
  'anna b@example.org',
  'anna@exam ple.org',
  'anna@example.org\r\nBcc: eve@example.net',
  'anna\r\n@example.org',
  'anna\0@example.org',
  'anna@example.org\0',
  'b@y.example\r\nRCPT TO:<evil@z.example>',
  '<anna@example.org>',
  'Anna <anna@example.org>',
  '"anna"@example.org',
  '"a@b"@example.org',
  'a@b@example.org',
  'anna@example.org,eve@example.net',
  'anna@example.org;eve@example.net',
  'team:anna@example.org;',
  'anna(comment)@example.org',
  'anna\\@example.org',
  '.anna@example.org',
  'anna.@example.org',
  'an..na@example.org',
  'anna@example..org',
  'anna@.example.org',
  'anna@example.org.',
  'anna@-example.org',
  'anna@exa_mple.org',
  'anna@ex%61mple.org',
  'anna@example.org/path',
  'anna@user:example.org',
  'anna@[127.0.0.1]',
  'anna@127.0.0.1',
  'anna@１２７.0.0.1',
  'anna@0x7f.1',
  'anna@0x7f.0x1',
  'an\u200Bna@example.org',
  'an\u202Ena@example.org',
  'an\u00A0na@example.org',
  'an\uFEFFna@example.org',
  'an\u00ADna@example.org',
  'an\uD800na@example.org',
  `${'l'.repeat(65)}@example.org`,
  `${'é'.repeat(33)}@example.org`,
  `${'l'.repeat(64)}@${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(61)}.de`,
  `anna@${'d'.repeat(64)}.org`,
]

describe('parseAddress', () => {
  test('254 octets are an address, and 255 are none', () => {
    const long = (last: number) =>
      `${'l'.repeat(64)}@${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(last)}.de`
    expect(parseAddress(long(58))?.address).toHaveLength(254)
    expect(parseAddress(long(59))).toBeUndefined()
  })

  test.each(accepted)('takes %j', (given, address, key) => {
    expect(parseAddress(given)).toEqual({ address, key })
  })

  test.each(refused)('refuses %j', given => {
    expect(parseAddress(given)).toBeUndefined()
  })

  test('whatever is accepted is one line without brackets, and is its own address and its own key', () => {
    const near = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'aZé.@+<>"\r\n\0 ,;:') }),
    )
    fc.assert(
      fc.property(near, near, (left, right) => {
        const parsed = parseAddress(`${left}@${right}.example`)
        if (parsed === undefined) return
        expect(parsed.address).not.toMatch(/[\s<>"(),:;\\\p{C}]/u)
        expect(parsed.address.split('@')).toHaveLength(2)
        expect(parseAddress(parsed.address)).toEqual(parsed)
        expect(parseAddress(parsed.key)?.key).toBe(parsed.key)
      }),
      { numRuns: 2_000 },
    )
  })

  test('the hash says nothing and is the same for ever', () => {
    expect(addressHash('anna@example.org')).toBe(
      'a3bf86238a1c59bd2f0a648af9293620f90d18dad133d8fe2341cf9664a5d6d0',
    )
  })
})
