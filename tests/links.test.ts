// Links that are one reader's own: what is signed can be read, and nothing else can.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bounceAddress,
  editionTag,
  messageId,
  type Purpose,
  readBounceAddress,
  readPass,
  readToken,
  signPass,
  signToken,
} from '../src/links.ts'

const SECRET = 'a-secret-of-enough-length'
const claim = { subscriber: 42, edition: 'weekly/2026-W05' }
const NOW = Date.parse('2026-01-30T07:00:00Z')

test('a token says whose it is and for which edition, and is the same every time', () => {
  const token = signToken(SECRET, 'unsubscribe', claim)
  expect(readToken(SECRET, 'unsubscribe', token)).toEqual(claim)
  expect(signToken(SECRET, 'unsubscribe', claim)).toBe(token)
  expect(token).toMatch(/^[\w.~-]+$/)
})

test('a token is for one purpose and one secret', () => {
  const token = signToken(SECRET, 'unsubscribe', claim)
  expect(readToken(SECRET, 'preferences', token)).toBeUndefined()
  expect(readToken('another-secret-of-length', 'unsubscribe', token)).toBeUndefined()
  const pass = signPass(SECRET, 'confirm', { id: 42, until: NOW + 1000, about: '' })
  expect(readToken(SECRET, 'unsubscribe' as Purpose, pass)).toBeUndefined()
  expect(readPass(SECRET, 'erase', pass, NOW)).toBeUndefined()
})

test('whatever is altered in a token is no token', () => {
  const token = signToken(SECRET, 'unsubscribe', claim)
  const anyChange = fc.record({ at: fc.nat(token.length - 1), to: fc.string({ minLength: 1, maxLength: 1 }) })
  fc.assert(
    fc.property(anyChange, ({ at, to }) => {
      fc.pre(token[at] !== to)
      expect(readToken(SECRET, 'unsubscribe', token.slice(0, at) + to + token.slice(at + 1))).toBeUndefined()
    }),
  )
  fc.assert(fc.property(fc.string(), text => readToken(SECRET, 'unsubscribe', text) === undefined))
  for (const bad of ['', '.', '..', `${token}.`, `.${token}`, token.split('.')[0]!, `${token}.${token}`]) {
    expect(readToken(SECRET, 'unsubscribe', bad)).toBeUndefined()
  }
})

test('a pass is worth nothing from its last second on', () => {
  const pass = signPass(SECRET, 'undo', { id: 7, until: NOW + 60_000, about: '1769756400000' })
  expect(readPass(SECRET, 'undo', pass, NOW + 59_999)).toEqual({
    id: 7,
    until: NOW + 60_000,
    about: '1769756400000',
  })
  expect(readPass(SECRET, 'undo', pass, NOW + 60_000)).toBeUndefined()
})

test('a new key signs, the old keys still verify', () => {
  const old = signToken('old-key', 'unsubscribe', claim)
  const both = 'new-key, old-key'
  expect(readToken(both, 'unsubscribe', old)).toEqual(claim)
  expect(readToken('new-key', 'unsubscribe', old)).toBeUndefined()
  expect(readToken('new-key', 'unsubscribe', signToken(both, 'unsubscribe', claim))).toEqual(claim)
  const returned = bounceAddress('old-key', claim, 'bounces@meridian.example')
  expect(readBounceAddress('new-key old-key', returned)?.subscriber).toBe(42)
})

test('an envelope sender tells whose message came back, in lower case and within 64 octets', () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 31),
      fc.stringMatching(/^[a-z]{1,12}\/[a-z0-9-]{1,60}$/),
      (subscriber, edition) => {
        const address = bounceAddress(SECRET, { subscriber, edition }, 'bounces-of-the-meridian.in@b.example')
        expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64)
        expect(address).toBe(address.toLowerCase())
        const read = readBounceAddress(SECRET, `Reader <${address.toUpperCase()}>`)
        expect(read).toEqual({ subscriber, tag: editionTag(edition) })
      },
    ),
  )
})

test('a forged envelope sender tells nothing', () => {
  const address = bounceAddress(SECRET, claim, 'bounces@meridian.example')
  expect(readBounceAddress(SECRET, address.replace('+16-', '+17-'))).toBeUndefined()
  expect(readBounceAddress('another', address)).toBeUndefined()
  expect(readBounceAddress(SECRET, 'bounces@meridian.example')).toBeUndefined()
})

test('a message has one id, and it follows from edition and reader', () => {
  const id = messageId(SECRET, claim, 'meridian.example')
  expect(id).toMatch(/^<weekly\.2026-W05\.[\w-]{32}@meridian\.example>$/)
  expect(messageId(SECRET, { ...claim, subscriber: 43 }, 'meridian.example')).not.toBe(id)
})
