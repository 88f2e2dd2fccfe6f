// What is plain or strict already is told at a glance, and is what the long way makes of it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseUrl } from '../../src/base/addresses.ts'
import { percentEncode, plainText, strictUrl } from '../../src/feed/feed-xml.ts'
import { anyAddress } from '../base/any-address.ts'

function longPlainText(text: string): string {
  return text
    .replace(/[\t\n\v\f\r \u0085\u2028\u2029]+/g, ' ')
    .replace(/(?![\t\n])[\p{Cc}\p{Cs}]|\p{Noncharacter_Code_Point}/gu, '')
    .replaceAll('\uFFFD', '')
    .trim()
}

function longStrictUrl(url: string): string | undefined {
  const parsed = parseUrl(url)
  if (!parsed) return undefined
  const { href, host, protocol } = parsed
  if (!['http:', 'https:', 'mailto:'].includes(protocol)) return undefined
  const start = href.startsWith(`${protocol}//${host}`) ? `${protocol}//${host}`.length : 0
  return href.slice(0, start) + percentEncode(href.slice(start))
}

test('plain text', () => {
  const signs = [
    ' ',
    '\t',
    '\n',
    '\0',
    '\x7f',
    '\x85',
    '\xa0',
    '\u1680',
    '\u2003',
    '\u2028',
    '\u202f',
    '\u3000',
  ]
  const edges = [
    '\ud7ff',
    '\ud800',
    '\udfff',
    '\ue000',
    '\ufdcf',
    '\ufdd0',
    '\ufdef',
    '\ufdf0',
    '\ufeff',
    '\ufffc',
  ]
  const last = ['\ufffd', '\ufffe', '\uffff', '😀', '\u{1fffe}', '~', '!', 'é', 'a', 'b']
  const piece = fc.oneof(fc.constantFrom(...signs, ...edges, ...last), fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }).map(pieces => pieces.join('')),
      text => {
        expect(plainText(text)).toBe(longPlainText(text))
      },
    ),
    { numRuns: 10_000 },
  )
})

test('strict addresses', () => {
  fc.assert(
    fc.property(anyAddress, url => {
      expect(strictUrl(url)).toBe(longStrictUrl(url))
    }),
    { numRuns: 10_000 },
  )
  expect(strictUrl('https://a.example/2026/a_b-c.html?d=e')).toBe('https://a.example/2026/a_b-c.html?d=e')
})
