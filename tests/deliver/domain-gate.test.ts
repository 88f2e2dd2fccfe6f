import { expect, it } from 'vitest'
import { deliver } from '../../src/deliver/deliver.ts'
import { DomainGate } from '../../src/deliver/gates.ts'
import type { Message, Outcome } from '../../src/model.ts'
import { countDeliveries, groupFailures, listDeliveries } from '../../src/store/read-deliveries.ts'
import { aFastClock } from './a-clock.ts'
import { aLedger, compose, EDITION, FROZEN } from './a-ledger.ts'
import { memoryTransport } from './memory-transport.ts'

const MINUTE = 60_000
const REFUSED: Outcome = {
  kind: 'rejected',
  code: 550,
  enhanced: '5.7.26',
  reply: '550 5.7.26 unauthenticated',
}
const TAKEN: Outcome = { kind: 'accepted', code: 250, reply: '250 ok' }
const NO_USER: Outcome = { kind: 'rejected', code: 550, enhanced: '5.1.1', reply: '550 5.1.1 no such user' }

function aGate(rates = {}) {
  let time = 0
  const gate = new DomainGate({ now: () => time }, rates)
  const hear = (domain: string, outcome: Outcome, times = 1) => {
    for (let i = 0; i < times; i++) gate.record(`a@${domain}`, outcome)
  }
  return {
    gate,
    hear,
    later: (email: string, reply = '') => gate.postponed({ email, reply }),
    wait(ms: number) {
      time += ms
      return time
    },
  }
}

it('a domain that refuses for policy pauses, the others do not', () => {
  const { hear, later } = aGate()
  hear('Gmail.example', TAKEN, 5)
  hear('gmail.example', REFUSED, 9)
  expect(later('b@gmail.example')).toBeUndefined()
  hear('gmail.example', REFUSED)
  expect(later('b@GMAIL.example')).toEqual({
    nextAt: 15 * MINUTE,
    reply: 'not tried: gmail.example refuses for policy: 550 5.7.26 unauthenticated',
  })
  expect(later('b@other.example')).toBeUndefined()
})

it('a few refusals among many, and those of another kind, are no reason', () => {
  const { hear, later } = aGate()
  for (let i = 0; i < 40; i++) {
    hear('x.example', REFUSED, 1)
    hear('x.example', TAKEN, 5)
  }
  hear('y.example', NO_USER, 100)
  expect(later('a@x.example')).toBeUndefined()
  expect(later('a@y.example')).toBeUndefined()
})

it('is tried again after its pause: one more refusal and it pauses longer, an acceptance and all is well', () => {
  const { hear, later, wait } = aGate()
  hear('x.example', REFUSED, 10)
  for (const [pause, next] of [
    [15, 60],
    [60, 240],
    [240, 240],
  ] as const) {
    expect(later('a@x.example')).toBeDefined()
    wait(pause * MINUTE)
    expect(later('a@x.example')).toBeUndefined()
    hear('x.example', REFUSED)
    const { nextAt } = later('a@x.example')!
    expect(nextAt).toBe(wait(0) + next * MINUTE)
  }
  wait(240 * MINUTE)
  hear('x.example', TAKEN)
  hear('x.example', REFUSED, 9)
  expect(later('a@x.example')).toBeUndefined()
})

it('an edition goes on without the domain that pauses, and its readers are deferred, not lost', async () => {
  const emails = Array.from({ length: 120 }, (_, i) => `r${i}@${i % 2 ? 'strict.example' : 'kind.example'}`)
  const ledger = await aLedger(emails)
  let strict = true
  const transport = memoryTransport(({ envelope }: Message) =>
    strict && envelope.to.endsWith('@strict.example') ? REFUSED : undefined,
  )
  const go = (start: number) =>
    deliver({
      db: ledger.db,
      edition: EDITION,
      compose,
      transport,
      rate: undefined,
      connections: 2,
      wait: 0,
      staleAt: FROZEN + 72 * 60 * MINUTE,
      clock: aFastClock(start),
      random: () => 0,
      signal: new AbortController().signal,
      owner: 'me',
    })
  const { ended, counts, nextAt } = await go(FROZEN)
  expect(ended).toBe('waiting')
  expect(counts.accepted).toBe(60)
  expect(counts.rejected).toBeLessThan(13)
  expect(counts.deferred).toBe(60 - counts.rejected)
  expect(nextAt! - FROZEN).toBeGreaterThan(14 * MINUTE)
  const failures = await groupFailures(ledger.db, EDITION)
  expect(failures.find(({ state }) => state === 'deferred')).toMatchObject({
    reply: 'not tried: strict.example refuses for policy: 550 5.7.26 unauthenticated',
    count: counts.deferred,
  })
  const [one] = await listDeliveries(ledger.db, EDITION, 'deferred', 1)
  expect(one!.attempts).toBe(0)
  strict = false
  expect(await go(FROZEN + 16 * MINUTE)).toMatchObject({ ended: 'done' })
  expect((await countDeliveries(ledger.db, EDITION)).accepted).toBe(120 - counts.rejected)
  await ledger.close()
})

it('a domain with a rate of its own is kept to it, and holds up nobody else', async () => {
  const emails = Array.from({ length: 60 }, (_, i) => `r${i}@${i < 30 ? 'slow.example' : 'fast.example'}`)
  const ledger = await aLedger(emails)
  const clock = aFastClock(FROZEN, 1)
  const times: { to: string; at: number }[] = []
  const transport = memoryTransport(({ envelope }) => {
    times.push({ to: envelope.to, at: clock.now() })
    return undefined
  })
  const { ended } = await deliver({
    db: ledger.db,
    edition: EDITION,
    compose,
    transport,
    rate: undefined,
    domains: { 'slow.example': 20 },
    connections: 3,
    wait: 10_000,
    staleAt: FROZEN + 72 * 60 * MINUTE,
    clock,
    random: () => 0,
    signal: new AbortController().signal,
    owner: 'me',
  })
  expect(ended).toBe('done')
  const slow = times.filter(({ to }) => to.endsWith('slow.example')).map(({ at }) => at)
  const fast = times.filter(({ to }) => to.endsWith('fast.example')).map(({ at }) => at)
  expect(slow).toHaveLength(30)
  // Each has a place of its own, 50 ms behind the one before; a machine that is busy may miss it, but none comes early.
  for (const [place, at] of slow.entries()) expect(at - FROZEN).toBeGreaterThanOrEqual(50 * (place - 1))
  expect(fast.at(-1)!).toBeLessThan(slow.at(-1)!)
  await ledger.close()
})
