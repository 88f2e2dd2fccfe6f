import { describe, expect, it } from 'vitest'
import { nextAttempt, settlementOf } from '../../src/deliver/ledger.ts'
import { enhancedCode, outcomeOf } from '../../src/deliver/smtp/held-body.ts'
import { replyText } from '../../src/deliver/transport.ts'

const MINUTE = 60_000
const at = {
  subscriber: 7,
  attempts: 0,
  now: 1_000_000,
  random: () => 0,
  staleAt: Number.MAX_SAFE_INTEGER,
  hostFailures: 1,
}

describe('outcome', () => {
  it('keeps the text of an acceptance', () => {
    expect(outcomeOf({ released: true, response: '250 2.0.0 Ok: queued as 4XyZ' })).toEqual({
      kind: 'accepted',
      code: 250,
      reply: '250 2.0.0 Ok: queued as 4XyZ',
    })
  })

  it('believes no acceptance before the last byte was free to go', () => {
    expect(outcomeOf({ released: false, response: '250 ok' }).kind).toBe('host-trouble')
  })

  it('lets the reply code win over an enhanced code that disagrees', () => {
    const error = { message: '', responseCode: 550, response: '550 4.2.1 odd' }
    expect(outcomeOf({ released: true, error })).toMatchObject({ kind: 'rejected', enhanced: '4.2.1' })
  })

  it.each([
    [true, 'unknown'],
    [false, 'host-trouble'],
  ] as const)('silence, released %s, is %s', (released, kind) => {
    expect(outcomeOf({ released, error: { message: 'Timeout', code: 'ETIMEDOUT' } }).kind).toBe(kind)
    const odd = { message: 'Unexpected Response', code: 'EPROTOCOL', response: '550 what', responseCode: 550 }
    expect(outcomeOf({ released, error: odd }).kind).toBe(kind)
    expect(outcomeOf({ released, error: { message: '', response: 'OK', code: 'EMESSAGE' } }).kind).toBe(kind)
  })
})

describe('reply', () => {
  it('becomes one line, each code once', () => {
    expect(replyText('550-5.7.1 Your mail\r\n550-5.7.1 looks like spam\n550 5.7.1 see https://x')).toBe(
      '550 5.7.1 Your mail looks like spam see https://x',
    )
    expect(replyText(`550 a\u001b[31m${'x'.repeat(900)}`)).toHaveLength(500)
    expect(replyText('550 a\u001b[31mred')).toBe('550 a [31mred')
  })
  it.each([
    ['550 5.1.1 no', '5.1.1'],
    ['550-5.10.321 no\n550 x', '5.10.321'],
    ['550 no', undefined],
    ['550 5.1.1234 no', undefined],
    ['550 3.1.1 no', undefined],
    ['250 2.0.0', '2.0.0'],
  ])('%s has %s', (reply, code) => expect(enhancedCode(reply)).toBe(code))
})

describe('retry', () => {
  it('grows, and is jittered by up to a quarter', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 20].map(attempts => nextAttempt(attempts, 0, () => 0))
    expect(pauses).toEqual([5e3, 3e4, 3e5, 9e5, 3.6e6, 1.44e7, 2.88e7, 2.88e7, 2.88e7])
    expect(nextAttempt(3, 0, () => 0.999)).toBeGreaterThan(6.2 * MINUTE)
    expect(nextAttempt(3, 0, () => 0.999)).toBeLessThanOrEqual(6.25 * MINUTE)
  })
})

describe('settlement', () => {
  const deferred = { kind: 'deferred', code: 451, reply: '451 later' } as const
  const trouble = { kind: 'host-trouble', reply: '421 busy' } as const

  it('counts a deferral against the reader and says when to come back', () => {
    expect(settlementOf(deferred, at)).toMatchObject({
      state: 'deferred',
      nextAt: 1_005_000,
      countAttempt: true,
    })
  })
  it('gives up what would come too late', () => {
    expect(settlementOf(deferred, { ...at, staleAt: 1_004_000 })).toMatchObject({
      state: 'rejected',
      code: 451,
      reply: 'stale: 451 later',
    })
  })
  it('of a host in trouble, comes back soon however often the reader was tried before', () => {
    const tried = { ...at, attempts: 4, hostFailures: 2 }
    expect(settlementOf(trouble, tried)).toMatchObject({
      state: 'deferred',
      nextAt: at.now + 5_000,
      countAttempt: false,
    })
  })
  it('counts no trouble of the host against the reader', () => {
    expect(settlementOf(trouble, at)).toEqual({
      subscriber: 7,
      state: 'pending',
      reply: '421 busy',
      countAttempt: false,
    })
  })
  it('lets a message step back on which the host fails again', () => {
    expect(settlementOf(trouble, { ...at, hostFailures: 2 })).toMatchObject({
      state: 'deferred',
      countAttempt: false,
    })
  })
  it('counts it once the host has failed on the same message three times', () => {
    expect(settlementOf(trouble, { ...at, hostFailures: 3 })).toMatchObject({
      state: 'deferred',
      countAttempt: true,
    })
  })
})
