// A new sender among providers who do not know it: few readers on the first day, more each day, over all senders together.

import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Delivering, deliver } from '../../src/deliver/deliver.ts'
import { warmUpToday } from '../../src/deliver/sender-reputation.ts'
import type { Message, Outcome } from '../../src/model.ts'
import { recoverDeliveries } from '../../src/store/deliveries.ts'
import { openStore } from '../../src/store/open-store.ts'
import { countDeliveries } from '../../src/store/read-deliveries.ts'
import type { SharedLedger } from '../../src/store/shared-ledger.ts'
import { removeSubscriber } from '../../src/store/subscriptions.ts'
import { aFastClock } from './a-clock.ts'
import { aLedger, compose, EDITION, FROZEN, type Ledger } from './a-ledger.ts'
import { memoryTransport } from './memory-transport.ts'

const DAY = 86_400_000
const warmUp = { start: 10, growth: 2, end: 100, timezone: 'Asia/Kolkata' }
/** FROZEN is at 07:00 there. */
const MIDNIGHT = FROZEN + 17 * 3_600_000

let ledger: Ledger
afterEach(() => ledger.close())

type Options = Partial<Delivering> & { readonly answer?: (message: Message) => Outcome | undefined }

/** One sender on one day. */
async function send(day: number, { answer, ...options }: Options = {}) {
  const transport = memoryTransport(answer)
  const delivered = await deliver({
    db: ledger.db,
    edition: EDITION,
    compose,
    transport,
    connections: 3,
    warmUp,
    wait: 0,
    staleAt: FROZEN + 30 * DAY,
    clock: aFastClock(FROZEN + day * DAY),
    random: () => 0.5,
    signal: new AbortController().signal,
    owner: `sender ${day}`,
    ...options,
  })
  return { ...delivered, sent: transport.sent.length, to: transport.sent.map(({ envelope }) => envelope.to) }
}

it('sends so many a day, twice as many on the next, and nobody twice; the rest waits', async () => {
  ledger = await aLedger(75)
  const first = await send(0)
  expect(first).toMatchObject({ sent: 10, ended: 'waiting', warmUp: { waiting: 65, nextAt: MIDNIGHT } })
  expect(first.nextAt).toBe(MIDNIGHT)
  expect(await send(0.2)).toMatchObject({ sent: 0, ended: 'waiting', counts: { pending: 65, accepted: 10 } })
  expect(await send(1)).toMatchObject({ sent: 20 })
  expect(await send(2)).toMatchObject({ sent: 40, warmUp: { waiting: 5 } })
  const last = await send(3)
  expect(last).toMatchObject({
    sent: 5,
    ended: 'done',
    warmUp: undefined,
    counts: { accepted: 75, pending: 0 },
  })
})

it('from the limit at which it ends there is none', async () => {
  ledger = await aLedger(300)
  const sent = []
  for (let day = 0; day < 5; day++) sent.push((await send(day)).sent)
  expect(sent).toEqual([10, 20, 40, 80, 150])
})

it('a day without much mail does not make the next one larger, and days are those of the zone', async () => {
  ledger = await aLedger(40)
  await send(0, { limit: 4 })
  expect(await send(1)).toMatchObject({ sent: 10 })
  // 00:30 on the day after: the day has begun, in that zone and not in London.
  expect(await send(0, { clock: aFastClock(MIDNIGHT + DAY + 1_800_000) })).toMatchObject({ sent: 20 })
})

it('two senders at once share the day', async () => {
  ledger = await aLedger(100)
  const other = await openStore(ledger.file)
  onTestFinished(() => other.db.close())
  const both = await Promise.all([send(0), send(0, { db: other.db, owner: 'other' })])
  expect(both.map(({ sent }) => sent).reduce((sum, sent) => sum + sent)).toBe(10)
  expect(new Set(both.flatMap(({ to }) => to)).size).toBe(10)
})

it('who comes again counts once; who was not mailed after all does not count', async () => {
  ledger = await aLedger(30)
  await removeSubscriber(ledger.db, { subscriber: 2, newsletter: 'weekly', now: FROZEN })
  let greylisted = 3
  const answer = (): Outcome | undefined =>
    greylisted-- > 0 ? { kind: 'deferred', code: 451, reply: '451 4.7.1 come again' } : undefined
  const day = await send(0, { answer, wait: 3_600_000, clock: aFastClock(FROZEN, 20_000) })
  expect(day.counts).toMatchObject({ accepted: 10, pending: 19, skipped: { unsubscribed: 1 } })
  expect(await warmUpToday(ledger.db, warmUp, FROZEN)).toEqual({ allowed: 10, sent: 10, nextAt: MIDNIGHT })
})

it('a host in trouble takes nothing away from the day', async () => {
  ledger = await aLedger(30)
  const broken = await send(0, {
    answer: () => ({ kind: 'host-trouble', reply: '421 try later' }),
    patience: 0,
  })
  expect(broken).toMatchObject({ ended: 'host-trouble', counts: { accepted: 0 } })
  expect(await warmUpToday(ledger.db, warmUp, FROZEN)).toMatchObject({ allowed: 10, sent: 0 })
  expect(await send(0)).toMatchObject({ sent: 10 })
})

it('a sender that died has used up what it had reserved: the day’s limit holds all the same', async () => {
  ledger = await aLedger(40)
  let handed = 0
  const dying = memoryTransport(() => (++handed > 4 ? new Promise(() => {}) : undefined))
  void send(0, { transport: dying })
  await expect.poll(() => handed).toBe(7)
  const { unknown } = await recoverDeliveries(ledger.db, { edition: EDITION, now: FROZEN + 1000 })
  expect(unknown).toBe(3)
  expect(await send(0, { owner: 'another' })).toMatchObject({ sent: 0, ended: 'waiting' })
  expect(await send(1)).toMatchObject({ sent: 20, counts: { accepted: 24, unknown: 3, pending: 13 } })
})

it('where others find the ledger only when it is saved, the day is taken before anybody is handed over', async () => {
  ledger = await aLedger(40)
  const saved: unknown[] = []
  const shared = {
    async save() {
      const { pending, accepted } = await countDeliveries(ledger.db, EDITION)
      saved.push([(await warmUpToday(ledger.db, warmUp, FROZEN))?.sent, accepted, pending])
    },
  } as unknown as SharedLedger
  expect(await send(0, { shared })).toMatchObject({ sent: 10, ended: 'waiting' })
  expect(saved[0]).toEqual([10, 0, 40])
})

it('waits for the next day itself where it is told to wait so long', async () => {
  ledger = await aLedger(25)
  const times: number[] = []
  let now = FROZEN
  const { ended, counts } = await send(0, {
    // Nights pass at once; what looks every second sleeps until all is done.
    clock: {
      now: () => now,
      sleep(ms, signal) {
        if (ms > 60_000) now += ms
        if (ms > 60_000 || !signal || signal.aborted) return Promise.resolve()
        return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
      },
    },
    wait: DAY,
    onAttempt: ({ at }) => times.push(at),
  })
  expect({ ended, accepted: counts.accepted }).toEqual({ ended: 'done', accepted: 25 })
  expect(times.filter(at => at < MIDNIGHT)).toHaveLength(10)
})

it('a rate holds beside it', async () => {
  ledger = await aLedger(25)
  const starts: number[] = []
  const day = await send(0, { rate: 50, onAttempt: ({ at, took }) => starts.push(at - took) })
  expect(day).toMatchObject({ sent: 10, ended: 'waiting' })
  expect(Math.max(...starts) - FROZEN).toBeGreaterThanOrEqual(9 * 20)
})

it('without a ramp, or after it was taken out of the settings, all go at once', async () => {
  ledger = await aLedger(30)
  await send(0)
  expect(await send(0, { warmUp: undefined })).toMatchObject({ sent: 20, ended: 'done' })
})

/** Who has not seen a sender before takes so many a day and tells the rest to come later; each day it takes more. */
function aWaryProvider(perDay: number) {
  let [day, taken, refused, trust] = [-1, 0, 0, perDay]
  return {
    refused: () => refused,
    answer(now: number): Outcome | undefined {
      const today = Math.floor((now + 19_800_000) / DAY)
      if (today !== day) {
        if (day >= 0) trust *= 2
        day = today
        taken = 0
      }
      if (++taken <= trust) return undefined
      refused++
      return {
        kind: 'deferred',
        code: 421,
        enhanced: '4.7.28',
        reply: '421 4.7.28 unusual rate of unsolicited mail',
      }
    },
  }
}

describe('among providers who are wary of new senders', () => {
  it.each([
    ['with a ramp nobody is refused', warmUp, 0],
    ['without one most are', undefined, 60],
  ])('%s', async (_, ramp, least) => {
    ledger = await aLedger(70)
    const provider = aWaryProvider(10)
    for (let day = 0; day < 3; day++) {
      const clock = aFastClock(FROZEN + day * DAY)
      await send(day, { clock, warmUp: ramp, answer: () => provider.answer(clock.now()) })
    }
    if (least === 0) {
      expect(provider.refused()).toBe(0)
      expect(await countDeliveries(ledger.db, EDITION)).toMatchObject({ accepted: 70 })
    } else expect(provider.refused()).toBeGreaterThanOrEqual(least)
  })
})
