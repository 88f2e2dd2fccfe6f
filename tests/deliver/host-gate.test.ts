import { expect, it } from 'vitest'
import { HostGate } from '../../src/deliver/gates.ts'

/** A clock that moves by itself to whatever is slept for, unless woken first. */
function aGate(patience = 120_000) {
  let time = 0
  const clock = {
    now: () => time,
    sleep: async (ms: number, signal?: AbortSignal) => {
      await new Promise(resolve => setImmediate(resolve))
      if (!signal?.aborted) time += ms
    },
  }
  const gate = new HostGate({ clock, random: () => 0, patience })
  const stop = new AbortController()
  return { gate, stop, enter: () => gate.enter(stop.signal), now: () => time }
}

it('lets everybody in while all is well', async () => {
  const { enter, now } = aGate()
  await Promise.all([enter(), enter(), enter()])
  expect(now()).toBe(0)
})

it('counts the troubles of one moment as one, and pauses longer each time', async () => {
  const { gate, enter, now } = aGate()
  const tickets = await Promise.all([enter(), enter(), enter()])
  for (const ticket of tickets) gate.failed(ticket!, '421 busy')
  const pauses = []
  for (let i = 0; i < 8; i++) {
    const before = now()
    const ticket = await enter()
    pauses.push(now() - before)
    gate.failed(ticket!, '421 busy')
  }
  expect(pauses).toEqual([250, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000])
})

it('sends one ahead, and lets the others follow when it came through', async () => {
  const { gate, enter } = aGate()
  gate.failed((await enter())!, '421 busy')
  const entered: string[] = []
  const scout = enter().then(ticket => {
    entered.push('scout')
    return ticket!
  })
  const others = [enter(), enter()].map(entering => entering.then(() => entered.push('other')))
  const ticket = await scout
  expect(entered).toEqual(['scout'])
  gate.succeeded(ticket)
  await Promise.all(others)
  expect(entered).toEqual(['scout', 'other', 'other'])
})

it('sends another when the one ahead brings no news', async () => {
  const { gate, enter } = aGate()
  gate.failed((await enter())!, '421 busy')
  gate.leave((await enter())!)
  expect(await enter()).toBeDefined()
})

it('takes old successes for what they are', async () => {
  const { gate, enter } = aGate()
  const [old, fresh] = [(await enter())!, (await enter())!]
  gate.failed(fresh, '421 busy')
  gate.succeeded(old)
  expect(gate.isOpen(old)).toBe(false)
})

it('waits no pause that would outlast the patience', async () => {
  const { gate, enter, now } = aGate(1200)
  gate.failed((await enter())!, '421 busy')
  gate.failed((await enter())!, '421 busy')
  expect(gate.givenUp()).toBe('421 busy')
  expect(now()).toBe(250)
})

it('gives the host up when a trouble outlasts the patience, and says why', async () => {
  const { gate, enter } = aGate(5000)
  expect(gate.givenUp()).toBeUndefined()
  for (;;) {
    const ticket = await enter()
    if (!ticket) break
    gate.failed(ticket, 'connection refused')
  }
  expect(gate.givenUp()).toBe('connection refused')
})

it('lets nobody in once stopped', async () => {
  const { gate, stop, enter } = aGate()
  gate.failed((await enter())!, '421 busy')
  const entering = enter()
  stop.abort()
  expect(await entering).toBeUndefined()
})
