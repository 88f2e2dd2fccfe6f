// Readers who report a letter as spam, by provider: warned of, held, looked at while the letter is being sent, and let go.

import { afterEach, expect, it } from 'vitest'
import { providerOf } from '../../src/base/addresses.ts'
import { type Delivering, deliver } from '../../src/deliver/deliver.ts'
import { complaintRates } from '../../src/deliver/sender-reputation.ts'
import { finishEdition, reopenEdition } from '../../src/store/editions.ts'
import { acceptComplaints } from '../../src/store/numbers.ts'
import { groupFailures } from '../../src/store/read-deliveries.ts'
import { eraseSubscriber } from '../../src/store/subscriptions.ts'
import { recordBounce } from '../../src/store/suppressions.ts'
import { aFastClock } from './a-clock.ts'
import { aLedger, compose, EDITION, FROZEN, type Ledger } from './a-ledger.ts'
import { memoryTransport } from './memory-transport.ts'

const DAY = 86_400_000
let ledger: Ledger
afterEach(() => ledger.close())

/** So many readers at each domain, in turns. */
function readersAt(domains: Readonly<Record<string, number>>): string[] {
  return Object.entries(domains).flatMap(([domain, count]) =>
    Array.from({ length: count }, (_, i) => `r${i}@${domain}`),
  )
}

function send(options: Partial<Delivering> = {}) {
  return deliver({
    db: ledger.db,
    edition: EDITION,
    compose,
    transport: memoryTransport(),
    connections: 5,
    wait: 0,
    staleAt: FROZEN + 3 * DAY,
    clock: aFastClock(FROZEN),
    random: () => 0.5,
    signal: new AbortController().signal,
    owner: 'me',
    ...options,
  })
}

/** As if they had been sent. */
const acceptAll = () => ledger.db.query("UPDATE deliveries SET state = 'accepted'")

const complain = (subscriber: number, at = FROZEN + 1000, edition: string | undefined = EDITION) =>
  recordBounce(ledger.db, { subscriber, kind: 'complaint', status: '', edition, now: at })

/** A second passes with each message. */
function aClockOfSends() {
  let now = FROZEN
  let sleepers: { readonly at: number; wake(): void }[] = []
  const wake = (isAwake: (at: number) => boolean) => {
    const awake = sleepers.filter(({ at }) => isAwake(at))
    sleepers = sleepers.filter(({ at }) => !isAwake(at))
    for (const sleeper of awake) sleeper.wake()
  }
  return {
    now: () => now,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>(resolve => {
        if (signal?.aborted) return resolve()
        const done = () => {
          signal?.removeEventListener('abort', done)
          resolve()
        }
        signal?.addEventListener('abort', done, { once: true })
        sleepers.push({ at: now + ms, wake: done })
      }),
    second() {
      now += 1000
      wake(at => at <= now)
    },
  }
}

it('counts by provider, whatever its domains are called; few readers are one nameless group', async () => {
  ledger = await aLedger(
    readersAt({
      'gmail.com': 600,
      'googlemail.com': 400,
      'hotmail.fr': 500,
      'acme.example': 4,
      'b.example': 2,
    }),
  )
  await acceptAll()
  expect(await complaintRates(ledger.db, FROZEN + DAY)).toEqual([])
  for (const subscriber of [1, 700, 1001, 1501]) await complain(subscriber)
  expect(await complaintRates(ledger.db, FROZEN + DAY)).toEqual([
    { provider: '', accepted: 6, complaints: 1, rate: 1 / 6, verdict: 'warning' },
    { provider: 'Gmail', accepted: 1000, complaints: 2, rate: 0.002, verdict: 'warning' },
    { provider: 'Microsoft', accepted: 500, complaints: 1, rate: 0.002, verdict: 'warning' },
  ])
  await complain(2)
  expect((await complaintRates(ledger.db, FROZEN + DAY))[1]).toMatchObject({ complaints: 3, verdict: 'held' })
  // A month later it is forgotten.
  expect(await complaintRates(ledger.db, FROZEN + 31 * DAY)).toEqual([])
})

it.each([
  [1, 2000, 'well'],
  [1, 1000, 'warning'],
  [2, 500, 'warning'],
  [3, 1000, 'held'],
  [3, 1001, 'warning'],
])('%i complaints of %i readers: %s', async (complaints, readers, verdict) => {
  ledger = await aLedger(readersAt({ 'web.de': readers }))
  await acceptAll()
  for (let i = 1; i <= complaints; i++) await complain(i)
  expect(await complaintRates(ledger.db, FROZEN + DAY)).toMatchObject([
    { provider: 'GMX and WEB.DE', verdict },
  ])
})

it('a finished edition is counted once and for all, until it is opened again', async () => {
  ledger = await aLedger(readersAt({ 'gmail.com': 50 }))
  await acceptAll()
  await finishEdition(ledger.db, EDITION, FROZEN + 60_000)
  await complain(1)
  await ledger.db.query("UPDATE deliveries SET state = 'rejected' WHERE subscriber > 25")
  expect(await complaintRates(ledger.db, FROZEN + DAY)).toMatchObject([{ accepted: 50 }])
  await reopenEdition(ledger.db, EDITION)
  expect(await complaintRates(ledger.db, FROZEN + DAY)).toMatchObject([{ accepted: 25 }])
  // Whoever is erased takes the complaint along.
  await eraseSubscriber(ledger.db, { key: 'r0@gmail.com', now: FROZEN + DAY })
  expect(await complaintRates(ledger.db, FROZEN + DAY)).toEqual([])
})

it('a provider whose readers complain while they are mailed is held; the others get theirs', async () => {
  ledger = await aLedger(readersAt({ 'yahoo.com': 1200, 'gmail.com': 50 }))
  const clock = aClockOfSends()
  let sent = 0
  let complaints = 0
  // A feedback loop: one in fifty reports it, and hears no more.
  const transport = memoryTransport(async ({ envelope }) => {
    clock.second()
    if (envelope.to.endsWith('@yahoo.com') && ++sent % 50 === 0) {
      complaints++
      await complain(Number(/^r(\d+)/.exec(envelope.to)![1]) + 1)
    }
    return undefined
  })
  const delivered = await send({ transport, clock, connections: 2 })
  // Looked at each five minutes, which here is some hundred messages.
  expect(sent).toBeGreaterThanOrEqual(300)
  expect(sent).toBeLessThan(900)
  expect(complaints).toBeLessThanOrEqual(18)
  expect(delivered).toMatchObject({ ended: 'waiting', held: 1200 - sent })
  expect(delivered.counts.accepted).toBe(sent + 50)
  expect(delivered.nextAt).toBeGreaterThan(FROZEN + DAY)
  const [held] = await groupFailures(ledger.db, EDITION)
  expect(held).toMatchObject({
    state: 'deferred',
    reply: expect.stringMatching(/^not tried: complaints of \d+ of \d+ readers at Yahoo$/),
  })
})

it('who was held is mailed once a person has decided so, and only this edition is', async () => {
  ledger = await aLedger(readersAt({ 'gmail.com': 40, 'other.example': 10 }))
  await send({ limit: 20 })
  for (const subscriber of [1, 2, 3]) await complain(subscriber)
  expect(await send()).toMatchObject({ ended: 'waiting', held: 20, counts: { accepted: 30 } })
  expect(await send()).toMatchObject({ held: 20, counts: { accepted: 30 } })
  await acceptComplaints(ledger.db, EDITION, FROZEN)
  expect(await send({ clock: aFastClock(FROZEN + 1000) })).toMatchObject({
    ended: 'done',
    held: 0,
    counts: { accepted: 50 },
  })
})

it('providers are known by the names of their domains', () => {
  const names = [
    'gmail.com',
    'live.co.uk',
    'yahoo.co.jp',
    'me.com',
    'gmx.net',
    'bücher.example',
    'notgmail.com',
  ]
  expect(names.map(providerOf)).toEqual([
    'Gmail',
    'Microsoft',
    'Yahoo',
    'Apple',
    'GMX and WEB.DE',
    'bücher.example',
    'notgmail.com',
  ])
})
