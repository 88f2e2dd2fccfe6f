import Libsql from 'libsql'
import { afterEach, expect, it } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import { type Delivering, deliver } from '../../src/deliver/deliver.ts'
import { openTransport } from '../../src/deliver/open-transport.ts'
import type { Message, Outcome } from '../../src/model.ts'
import { recoverDeliveries } from '../../src/store/deliveries.ts'
import { countDeliveries, groupFailures, listDeliveries } from '../../src/store/read-deliveries.ts'
import { removeSubscriber } from '../../src/store/subscriptions.ts'
import { suppress } from '../../src/store/suppressions.ts'
import { aSmtpServer, type Script, type SmtpServer } from '../a-smtp-server.ts'
import { listAttempts } from '../contracts/a-list.ts'
import { aFastClock } from './a-clock.ts'
import { aLedger, compose, EDITION, FROZEN, type Ledger } from './a-ledger.ts'
import { type MemoryTransport, memoryTransport } from './memory-transport.ts'

const HOUR = 3_600_000
let ledger: Ledger
const servers: SmtpServer[] = []

afterEach(async () => {
  await ledger.close()
  for (const server of servers.splice(0)) await server.close()
})

async function start(
  readers: number,
  transport: Delivering['transport'],
  options: Partial<Delivering> & { speed?: number } = {},
) {
  ledger = await aLedger(readers)
  return go(transport, options)
}

function go(
  transport: Delivering['transport'],
  { speed = 1000, ...options }: Partial<Delivering> & { speed?: number } = {},
) {
  return deliver({
    db: ledger.db,
    edition: EDITION,
    compose,
    transport,
    rate: undefined,
    connections: 5,
    wait: 120_000,
    staleAt: FROZEN + 72 * HOUR,
    clock: aFastClock(FROZEN, speed),
    random: () => 0.5,
    signal: new AbortController().signal,
    owner: 'me',
    ...options,
  })
}

async function aServer(script: Script): Promise<SmtpServer> {
  const server = await aSmtpServer(script)
  servers.push(server)
  return server
}

const times = (transport: MemoryTransport) => {
  const counts = new Map<string, number>()
  for (const { envelope } of transport.sent) counts.set(envelope.to, (counts.get(envelope.to) ?? 0) + 1)
  return counts
}

it('sends to everybody once', async () => {
  const transport = memoryTransport()
  const progress: number[] = []
  const { counts, ended } = await start(100, transport, { onProgress: n => progress.push(n) })
  expect(ended).toBe('done')
  expect(counts).toMatchObject({ audience: 100, pending: 0, accepted: 100 })
  expect(times(transport).size).toBe(100)
  expect(transport.sent).toHaveLength(100)
  expect(progress.at(-1)).toBe(100)
})

it('keeps to its connections, and holds at most twice as many messages', async () => {
  let made = 0
  let most = 0
  let done = 0
  const transport = memoryTransport(async () => {
    await new Promise(resolve => setTimeout(resolve, 2))
    done++
    return undefined
  })
  const { counts } = await start(200, transport, {
    connections: 7,
    compose: delivery => {
      made++
      most = Math.max(most, made - done)
      return compose(delivery)
    },
  })
  expect(counts.accepted).toBe(200)
  expect(transport.peak()).toBe(7)
  expect(most).toBeLessThanOrEqual(14)
})

it('writes messages where others were, and over none that somebody may still read', async () => {
  const flying = new Map<Uint8Array, string>()
  const rooms = new Set<ArrayBufferLike>()
  let [n, reused] = [0, 0]
  const transport = memoryTransport(async ({ envelope, bytes }): Promise<Outcome | undefined> => {
    for (const [other, to] of flying) expect(Buffer.from(other).toString()).toContain(to)
    flying.set(bytes, envelope.to)
    await new Promise(resolve => setTimeout(resolve, n % 3))
    expect(Buffer.from(bytes).toString()).toContain(`To: ${envelope.to}`)
    const outcome: Outcome | undefined = ++n % 4 === 0 ? { kind: 'unknown', reply: 'silence' } : undefined
    // What became of an unknown one is not known: it must stay as it is to the end.
    if (!outcome) flying.delete(bytes)
    return outcome
  })
  const { counts } = await start(60, transport, {
    connections: 4,
    // Every unknown is host trouble too, and on a busy machine the fast clock runs away.
    patience: Number.POSITIVE_INFINITY,
    compose: (delivery, room) => {
      const message = compose(delivery)
      if (!room || room.length < message.bytes.length) return message
      if (rooms.has(room.buffer)) reused++
      rooms.add(room.buffer)
      room.set(message.bytes)
      return { ...message, bytes: room.subarray(0, message.bytes.length) }
    },
  })
  expect(counts).toMatchObject({ accepted: 45, unknown: 15 })
  expect(new Set(transport.sent.map(({ bytes }) => Buffer.from(bytes).toString())).size).toBe(60)
  for (const [bytes, to] of flying) expect(Buffer.from(bytes).toString()).toContain(`To: ${to}`)
  expect(reused).toBeGreaterThan(20)
})

it('tries the deferred again while we wait, and accepts greylisting', async () => {
  const seen = new Map<string, number>()
  const transport = memoryTransport(({ envelope }: Message): Outcome | undefined => {
    const time = (seen.get(envelope.to) ?? 0) + 1
    seen.set(envelope.to, time)
    return time <= 2 ? { kind: 'deferred', code: 450, reply: '450 4.7.1 greylisted' } : undefined
  })
  const { counts, ended } = await start(20, transport)
  expect(ended).toBe('done')
  expect(counts.accepted).toBe(20)
  expect([...seen.values()]).toEqual(Array(20).fill(3))
  const [first] = await listDeliveries(ledger.db, EDITION, 'accepted', 1)
  const attempts = await listAttempts(ledger.db, EDITION, first!.subscriber)
  expect(attempts.map(({ state }) => state)).toEqual(['deferred', 'deferred'])
  expect(attempts[1]!.at - attempts[0]!.at).toBeGreaterThanOrEqual(5_000)
})

it('leaves to another day what is due later than we wait, and says when', async () => {
  const later = memoryTransport(() => ({ kind: 'deferred', code: 451, reply: '451 4.3.0 later' }))
  const { counts, ended, nextAt } = await start(3, later, { wait: 0 })
  expect(ended).toBe('waiting')
  expect(counts.deferred).toBe(3)
  expect(nextAt).toBeGreaterThan(FROZEN)
  const transport = memoryTransport()
  expect(await go(transport, { clock: aFastClock(FROZEN + HOUR) })).toMatchObject({ ended: 'done' })
  expect(transport.sent).toHaveLength(3)
})

it('gives up after 72 hours', async () => {
  const later = memoryTransport(() => ({
    kind: 'deferred',
    code: 451,
    enhanced: '4.3.0',
    reply: '451 4.3.0 later',
  }))
  const { counts, ended } = await start(2, later, { wait: 100 * HOUR, speed: 2_000_000 })
  expect(ended).toBe('done')
  expect(counts).toMatchObject({ rejected: 2, deferred: 0 })
  expect(await groupFailures(ledger.db, EDITION)).toMatchObject([
    { state: 'rejected', code: 451, reply: 'stale: 451 4.3.0 later', count: 2 },
  ])
})

it('rejects a message that cannot be made out, and sends the others', async () => {
  const { counts } = await start(5, memoryTransport(), {
    compose: delivery => {
      if (delivery.email.startsWith('reader2')) throw new Error('no such slot')
      return compose(delivery)
    },
  })
  expect(counts).toMatchObject({ accepted: 4, rejected: 1 })
  const [failure] = await groupFailures(ledger.db, EDITION)
  expect(failure!.reply).toBe('not sent: no such slot')
})

it('pauses for the host and not for the person, and goes on', async () => {
  let calls = 0
  const transport = memoryTransport(() =>
    ++calls <= 9 ? { kind: 'host-trouble', reply: '421 4.3.2 busy' } : undefined,
  )
  const { counts, ended } = await start(10, transport, { speed: 200 })
  expect(ended).toBe('done')
  expect(counts.accepted).toBe(10)
  const [first] = await listDeliveries(ledger.db, EDITION, 'accepted', 1)
  expect(first!.attempts).toBe(1)
})

it('gives the host up after a while, and can go on later', async () => {
  const down = memoryTransport(() => ({ kind: 'host-trouble', reply: 'connection refused' }))
  const first = await start(10, down)
  expect(first).toMatchObject({ ended: 'host-trouble', reply: 'connection refused' })
  expect(first.counts.pending + first.counts.deferred).toBe(10)
  const transport = memoryTransport()
  expect(await go(transport, { clock: aFastClock(FROZEN + HOUR) })).toMatchObject({ ended: 'done' })
  expect(transport.sent).toHaveLength(10)
})

it('repeats no address when a host that names it is given up', async () => {
  const down = memoryTransport(({ envelope }) => ({
    kind: 'host-trouble',
    reply: `421 4.7.0 <${envelope.to}> and ${envelope.to} too many`,
  }))
  const { reply } = await start(10, down)
  expect(reply).toBe('421 4.7.0 <…> and … too many')
})

it('is not stopped by one message on which the host fails', async () => {
  const transport = memoryTransport(({ envelope }) =>
    envelope.to.startsWith('reader0@') ? { kind: 'host-trouble', reply: 'connection lost' } : undefined,
  )
  const { counts, ended } = await start(30, transport, { speed: 100 })
  expect(ended).toBe('waiting')
  expect(counts).toMatchObject({ accepted: 29, deferred: 1 })
})

it('does not run through the list while every answer is missing', async () => {
  const mute = memoryTransport(() => ({ kind: 'unknown', reply: 'no answer' }))
  const { counts, ended } = await start(200, mute, { connections: 5 })
  expect(ended).toBe('host-trouble')
  expect(counts.unknown).toBeLessThan(25)
  expect(counts.pending).toBe(200 - counts.unknown)
})

it('honours who leaves or is suppressed while it sends', async () => {
  let sent = 0
  ledger = await aLedger(60)
  const ids = (await listDeliveries(ledger.db, EDITION, 'pending')).map(({ subscriber }) => subscriber)
  const transport = memoryTransport(async () => {
    if (++sent === 10) {
      await removeSubscriber(ledger.db, { subscriber: ids[58]!, newsletter: 'weekly', now: FROZEN })
      await suppress(ledger.db, {
        hash: addressHash('reader59@reader.example'),
        reason: 'complaint',
        since: FROZEN,
      })
    }
    return undefined
  })
  const { counts } = await go(transport, { connections: 1 })
  expect(counts.accepted).toBe(58)
  expect(Object.values(counts.skipped).reduce((a, b) => a + b)).toBe(2)
  expect(times(transport).has('reader58@reader.example')).toBe(false)
  expect(times(transport).has('reader59@reader.example')).toBe(false)
})

it('honours who leaves between the claim and the last byte', async () => {
  ledger = await aLedger(1)
  const [reader] = await listDeliveries(ledger.db, EDITION, 'pending')
  const server = await aServer({})
  const smtp = openTransport(server.address, { dir: '/' })
  const { counts, ended } = await go(smtp, {
    compose: delivery => {
      void removeSubscriber(ledger.db, { subscriber: reader!.subscriber, newsletter: 'weekly', now: FROZEN })
      return compose(delivery)
    },
  })
  await smtp.close()
  expect(ended).toBe('done')
  expect(counts.accepted).toBe(0)
  expect(server.mails.size).toBe(0)
})

it('finishes what is in flight when interrupted, and gives the rest back', async () => {
  const stop = new AbortController()
  const transport = memoryTransport(async () => {
    if (transport.sent.length >= 20) stop.abort()
    await new Promise(resolve => setTimeout(resolve, 5))
    return undefined
  })
  const { counts, ended } = await start(100, transport, { signal: stop.signal, speed: 1 })
  expect(ended).toBe('interrupted')
  expect(counts.unknown).toBe(0)
  expect(counts.accepted).toBe(transport.sent.length)
  expect(transport.sent.length).toBeLessThan(30)
  expect(await listDeliveries(ledger.db, EDITION, 'leased')).toEqual([])
  await go(transport)
  expect([...times(transport).values()]).toEqual(Array(100).fill(1))
})

it('does not wait for a silent server for longer than its grace', async () => {
  const stop = new AbortController()
  const server = await aServer({
    fault({ phase }) {
      if (phase !== 'RCPT') return undefined
      stop.abort()
      return 'silence'
    },
  })
  // Nothing but the grace ends its silence while anybody waits for this test.
  const timeouts = { connect: HOUR, message: HOUR, reply: HOUR }
  const smtp = openTransport(server.address, { dir: '/', timeouts })
  const { counts, ended } = await start(10, smtp, { signal: stop.signal, speed: 100 })
  expect(ended).toBe('interrupted')
  expect(counts).toMatchObject({ pending: 10, unknown: 0 })
})

it('stops when another has taken over', async () => {
  const transport = memoryTransport(async () => {
    await new Promise(resolve => setTimeout(resolve, 5))
    return undefined
  })
  const { ended } = await start(2000, transport, { heartbeat: async () => false, speed: 1000 })
  expect(ended).toBe('taken-over')
  expect(transport.sent.length).toBeLessThan(100)
})

it('ends in order when a newer program has changed the tables meanwhile', async () => {
  const transport = memoryTransport(async () => {
    await new Promise(resolve => setTimeout(resolve, 5))
    if (transport.sent.length === 20)
      await ledger.db.query("INSERT INTO broadsheet_migrations (version, name) VALUES (999, 'later')")
    return undefined
  })
  await expect(start(2000, transport, { speed: 1000 })).rejects.toThrow(/A newer Broadsheet/)
  const counts = await countDeliveries(ledger.db, EDITION)
  expect(counts).toMatchObject({ accepted: transport.sent.length, unknown: 0 })
  expect(counts.pending).toBeGreaterThan(1000)
  expect(await listDeliveries(ledger.db, EDITION, 'leased')).toEqual([])
  // The newer program goes on.
  await ledger.db.query('DELETE FROM broadsheet_migrations WHERE version = 999')
  await go(transport)
  expect([...times(transport).values()]).toEqual(Array(2000).fill(1))
})

it('gives one reader to one sender when two send at once', async () => {
  const server = await aServer({})
  ledger = await aLedger(300)
  const first = openTransport(server.address, { dir: '/' })
  const second = openTransport(server.address, { dir: '/' })
  await Promise.all([go(first, { owner: 'one' }), go(second, { owner: 'two' })])
  await Promise.all([first.close(), second.close()])
  expect(server.mails.size).toBe(300)
  expect([...server.mails.values()].every(({ dots }) => dots === 1)).toBe(true)
})

it('throws when the ledger cannot be written, and nobody is lost or mailed unnoticed', async () => {
  const server = await aServer({})
  ledger = await aLedger(50)
  const smtp = openTransport(server.address, { dir: '/' })
  let writes = 0
  const full: typeof ledger.db = {
    ...ledger.db,
    transaction: work => {
      if (++writes > 12) throw new Error('no space left')
      return ledger.db.transaction(work)
    },
  }
  await expect(go(smtp, { db: full })).rejects.toThrow('no space left')
  await smtp.close()
  const { unknown } = await recoverDeliveries(ledger.db, { edition: EDITION, now: FROZEN })
  const accepted = await listDeliveries(ledger.db, EDITION, 'accepted')
  expect(server.mails.size).toBeGreaterThan(accepted.length - 1)
  expect(server.mails.size).toBeLessThanOrEqual(accepted.length + unknown)
  expect(unknown).toBeLessThanOrEqual(5)
})

it('keeps the rate, whatever the connections', async () => {
  const clock = aFastClock(FROZEN, 4)
  const transport = memoryTransport()
  const departures: number[] = []
  const send: typeof transport.send = (message, hooks) => {
    departures.push(clock.now() - FROZEN)
    return transport.send(message, hooks)
  }
  const { counts } = await start(60, { ...transport, send }, { rate: 40, connections: 10, clock })
  expect(counts.accepted).toBe(60)
  // Each has a place, 25 ms behind the one before; a machine that is busy may miss it, but none comes early.
  for (const [place, at] of departures.entries()) expect(at).toBeGreaterThanOrEqual(25 * place)
})

it('has it in the ledger before the last byte leaves, however slow the disk is', async () => {
  ledger = await aLedger(20)
  const look = new Libsql(ledger.file)
  const state = look.prepare('SELECT state FROM deliveries WHERE email = ?')
  const states = new Map<string, number>()
  const server = await aServer({
    fault: ({ phase, recipient }) => {
      if (phase !== 'dot') return undefined
      const found = (state.get(recipient) as { state: string }).state
      states.set(found, (states.get(found) ?? 0) + 1)
      return undefined
    },
  })
  const slow: typeof ledger.db = {
    ...ledger.db,
    async transaction(work) {
      await new Promise(resolve => setTimeout(resolve, 15))
      return ledger.db.transaction(work)
    },
  }
  const smtp = openTransport(server.address, { dir: '/' })
  await go(smtp, { db: slow })
  await smtp.close()
  look.close()
  expect([...states]).toEqual([['handed', 20]])
})

it('says the same Message-ID on every attempt', async () => {
  const seen = new Set<string>()
  const server = await aServer({
    fault: ({ phase, recipient }) => {
      if (phase !== 'dot' || seen.has(recipient)) return undefined
      seen.add(recipient)
      return '451 4.3.0 later'
    },
  })
  const smtp = openTransport(server.address, { dir: '/' })
  const { counts } = await start(10, smtp)
  await smtp.close()
  expect(counts.accepted).toBe(10)
  for (const { dots, messageIds } of server.mails.values()) {
    expect(dots).toBe(2)
    expect(new Set(messageIds).size).toBe(1)
  }
})

it('does with as many connections as the server lets it have', async () => {
  const server = await aServer({
    fault: ({ phase }) => {
      if (phase === 'greeting') return server.open() > 2 ? '421 4.7.0 too many connections' : undefined
      return phase === 'dot' ? 2 : undefined
    },
  })
  const smtp = openTransport(server.address, { dir: '/' })
  const clock = aFastClock(FROZEN, 1)
  let longest = 0
  const sleep: typeof clock.sleep = (ms, signal) => {
    longest = Math.max(longest, ms)
    return clock.sleep(ms, signal)
  }
  const { counts, ended } = await start(300, smtp, { connections: 6, clock: { ...clock, sleep } })
  await smtp.close()
  expect(ended).toBe('done')
  expect(counts.accepted).toBe(300)
  // Pauses for the host grow at each of them: 300 readers would know all of them.
  expect(longest).toBeLessThan(8000)
})
