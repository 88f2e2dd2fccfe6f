// Links that are one reader's own: what is signed can be read, and nothing else can.

import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bounceAddress,
  bounceAddresses,
  editionTag,
  keyedHash,
  messageId,
  messageIds,
  type PassPurpose,
  type Purpose,
  readBounceAddress,
  readPass,
  readToken,
  signPass,
  signToken,
  signTokens,
} from '../../src/base/signed-links.ts'

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
      fc.pre(token[at] !== to.toLowerCase())
      expect(readToken(SECRET, 'unsubscribe', token.slice(0, at) + to + token.slice(at + 1))).toBeUndefined()
    }),
  )
  fc.assert(fc.property(fc.string(), text => readToken(SECRET, 'unsubscribe', text) === undefined))
  for (const bad of ['', '.', '..', `${token}.`, `.${token}`, token.split('.')[0]!, `${token}.${token}`]) {
    expect(readToken(SECRET, 'unsubscribe', bad)).toBeUndefined()
  }
})

test('a token survives a change of case, and the tokens of letters sent long ago are read', () => {
  const token = signToken(SECRET, 'unsubscribe', claim)
  expect(token).toMatch(/^[a-z2-7]+\.[a-z2-7]{32}$/)
  expect(readToken(SECRET, 'unsubscribe', token.toUpperCase())).toEqual(claim)
  expect(readToken(SECRET, 'unsubscribe', token.replace('k', '\u212a'))).toBe(
    token.includes('k') ? undefined : readToken(SECRET, 'unsubscribe', token),
  )
  fc.assert(
    fc.property(fc.nat(), anyEdition, (subscriber, edition) => {
      const signedNow = signToken(SECRET, 'unsubscribe', { subscriber, edition })
      expect(readToken(SECRET, 'unsubscribe', signedNow)).toEqual({ subscriber, edition })
      const old = Buffer.from(`${subscriber} ${edition}`).toString('base64url')
      const mac = createHmac('sha256', SECRET).update(`unsubscribe ${old}`).digest('base64url')
      expect(readToken(SECRET, 'unsubscribe', `${old}.${mac}`)).toEqual({ subscriber, edition })
      expect(readToken(SECRET, 'preferences', `${old}.${mac}`)).toBeUndefined()
    }),
  )
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

test('a text that quotes many envelope senders is read as far as the hundredth', () => {
  const address = bounceAddress(SECRET, claim, 'bounces@meridian.example')
  const forged = (count: number) => `${address.replace('+16-', '+17-')}\n`.repeat(count)
  expect(readBounceAddress(SECRET, forged(100) + address)?.subscriber).toBe(claim.subscriber)
  expect(readBounceAddress(SECRET, forged(101) + address)).toBeUndefined()
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

test('a keyed hash is the HMAC-SHA256 of each text, whatever came before it', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary', minLength: 60, maxLength: 400 }),
  )
  fc.assert(
    fc.property(anyText, fc.array(anyText, { minLength: 1, maxLength: 5 }), (key, texts) => {
      const hash = keyedHash(key)
      for (const text of texts) {
        const hmac = () => createHmac('sha256', key).update(text)
        expect(hash(text)).toBe(hmac().digest('base64url'))
        expect(Buffer.from(hash(text, 'binary'), 'binary')).toEqual(hmac().digest())
      }
    }),
  )
})

const anyEdition = fc.string({ unit: 'grapheme', minLength: 1 }).map(text => text.replace(/[\s\p{C}]/gu, '-'))

test('what is signed for one thing is good for no other', () => {
  const purposes: readonly Purpose[] = ['unsubscribe', 'preferences']
  const passes: readonly PassPurpose[] = ['confirm', 'undo', 'export', 'erase', 'form']
  fc.assert(
    fc.property(fc.nat(), anyEdition, (subscriber, edition) => {
      const until = NOW + 1000
      const tokens = [
        ...purposes.map(purpose => [purpose, signToken(SECRET, purpose, { subscriber, edition })]),
        ...passes.map(purpose => [
          purpose,
          signPass(SECRET, purpose, { id: subscriber, until, about: edition }),
        ]),
      ] as const
      // The seals of other things, under a claim that would be welcome.
      const welcome = tokens[0]![1]!.split('.')[0]!
      const id = messageId(SECRET, { subscriber, edition }, 'meridian.example')
      const envelope = bounceAddress(SECRET, { subscriber, edition }, 'bounces@meridian.example')
      const seals = [
        ...tokens.slice(1).map(([, token]) => token!.split('.')[1]!),
        id.slice(-50, -18),
        envelope.slice(-33, -17),
      ]
      for (const [mine, token] of tokens) {
        for (const purpose of purposes) {
          const read = readToken(SECRET, purpose, token!)
          expect(read).toEqual(purpose === mine ? { subscriber, edition } : undefined)
        }
        for (const purpose of passes) {
          const read = readPass(SECRET, purpose, token!, NOW)
          expect(read).toEqual(purpose === mine ? { id: subscriber, until, about: edition } : undefined)
        }
      }
      for (const seal of seals) expect(readToken(SECRET, 'unsubscribe', `${welcome}.${seal}`)).toBeUndefined()
    }),
  )
})

test('what a whole letter signs is what each of its readers is asked for, in any order', () => {
  const readers = fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(anyEdition, readers, (edition, subscribers) => {
      const [tokens, ids] = [signTokens(SECRET, edition), messageIds(SECRET, edition, 'meridian.example')]
      const envelopes = bounceAddresses(SECRET, edition, 'bounces@meridian.example')
      const asked = subscribers.map(subscriber => ({ subscriber, token: tokens(subscriber) }))
      for (const { subscriber, token } of asked.reverse()) {
        expect(readToken(SECRET, 'preferences', token('preferences'))).toEqual({ subscriber, edition })
        expect(readToken(SECRET, 'unsubscribe', token('unsubscribe'))).toEqual({ subscriber, edition })
        expect(ids(subscriber)).toBe(messageId(SECRET, { subscriber, edition }, 'meridian.example'))
        expect(readBounceAddress(SECRET, envelopes(subscriber))).toEqual({
          subscriber,
          tag: editionTag(edition),
        })
      }
    }),
  )
})
