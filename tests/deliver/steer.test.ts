// Pause, resume and cancel while an edition is being sent: heard before the next message, by whoever sends.

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import * as send from '../../src/commands/send.ts'
import { openStore } from '../../src/store/open-store.ts'
import { countDeliveries, listDeliveries } from '../../src/store/read-deliveries.ts'
import { removeSubscriber } from '../../src/store/subscriptions.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import { aSmtpServer } from '../a-smtp-server.ts'
import { aCommand } from '../commands/a-command.ts'
import { aFleet, EDITION, NOW, subscribe, until } from './a-fleet.ts'

let postgres: APostgres
beforeAll(async () => {
  postgres = await aPostgres()
})
afterAll(() => postgres?.stop())

const READERS = 150

describe.each(['sqlite', 'postgres'] as const)('%s', kind => {
  async function aDesk({ later = false } = {}) {
    const server = await aSmtpServer({
      fault({ phase, recipient }) {
        if (phase !== 'dot') return undefined
        return later && recipient.includes('7@') ? '451 4.3.0 later' : 30
      },
    })
    const database = kind === 'postgres' ? await postgres.database() : ''
    const fleet = aFleet({ src: '', database, smtp: server.address, mail: 'connections: 2' })
    const address = database || join(fleet.folder, '.broadsheet/broadsheet.db')
    await subscribe(address, READERS)
    const { db } = await openStore(address)
    onTestFinished(async () => {
      await server.close()
      await db.close()
    })
    const run = (options: Record<string, string | boolean> = {}, args: readonly string[] = []) =>
      aCommand(send, fleet.folder, {
        args,
        options: { now: NOW, json: true, yes: true, ...options },
        env: fleet.env,
      }).done.then(({ code, stdout, stderr }) => ({
        code,
        stderr,
        json: stdout ? JSON.parse(stdout) : undefined,
      }))
    const arrived = () => [...server.mails.values()].reduce((sum, { taken }) => sum + taken, 0)
    return { server, db, run, arrived }
  }

  test('a pause is heard while there is more to send; the rest goes out when told, without those who left meanwhile', async () => {
    const { server, db, run, arrived } = await aDesk()
    const sending = run({}, [EDITION])
    await until(() => arrived() > 20)
    expect(await run({ pause: true })).toMatchObject({ code: 0, json: { edition: EDITION, state: 'paused' } })
    // Whatever was handed over before may still arrive; nothing after.
    expect(await sending).toMatchObject({ code: 3, json: { state: 'paused', unknown: 0 } })
    const then = arrived()
    expect(then).toBeLessThan(READERS)
    expect(await countDeliveries(db, EDITION)).toMatchObject({ accepted: then, unknown: 0 })

    // Neither the schedule nor a second look sends it.
    expect(await run({ due: true })).toMatchObject({ code: 0, json: { why: `${EDITION} is paused` } })
    expect(await run({}, [EDITION])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is paused[\s\S]*--resume/),
    })
    expect(arrived()).toBe(then)

    const last = `reader${READERS - 1}@reader.example`
    const left = await listDeliveries(db, EDITION, 'pending')
    const { subscriber } = left.find(({ email }) => email === last)!
    await removeSubscriber(db, { subscriber, now: Date.parse(NOW) })
    // --resume is the answer: nobody is asked once more.
    const resumed = await run({ resume: true, yes: false }, [EDITION])
    expect(resumed).toMatchObject({
      code: 0,
      json: { accepted: READERS - 1, skipped: { unsubscribed: 1 } },
    })
    expect([...server.mails.values()].every(({ taken }) => taken === 1)).toBe(true)
    expect(server.mails.has(last)).toBe(false)
  })

  test('cancelled: who has it has it, nobody else gets it, and everybody is accounted for', async () => {
    const { db, run, arrived } = await aDesk({ later: true })
    const sending = run({}, [EDITION])
    await until(() => arrived() > 20)
    expect(await run({ cancel: true }, [EDITION])).toMatchObject({ code: 0, json: { state: 'cancelled' } })
    expect(await sending).toMatchObject({ code: 3, json: { state: 'cancelled' } })
    const counts = await countDeliveries(db, EDITION)
    expect(counts).toMatchObject({ pending: 0, deferred: 0, unknown: 0, accepted: arrived() })
    expect(counts.accepted + counts.skipped.cancelled!).toBe(READERS)
    expect(await run({ due: true })).toMatchObject({ code: 0, json: { edition: null } })
    expect(await run({}, [EDITION])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/was cancelled/),
    })
    expect((await listDeliveries(db, EDITION, 'accepted')).length).toBe(arrived())
  })

  test('nothing to pause, and two words at once: told, exit 2', async () => {
    const { run } = await aDesk()
    expect(await run({ pause: true })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/nothing to pause/),
    })
    expect(await run({ cancel: true }, [EDITION])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/not in the ledger/),
    })
    expect(await run({ pause: true, cancel: true })).toMatchObject({ code: 2 })
    expect(await run({ pause: true, due: true })).toMatchObject({ code: 2 })
  })

  test('two CI runs at once: one edition, once', async () => {
    const { db, run, server } = await aDesk()
    const both = await Promise.all([run({ due: true }), run({ due: true })])
    // On SQLite the second finds the first at work, or all done.
    expect(both.every(({ code }) => code === 0 || (kind === 'sqlite' && code === 2))).toBe(true)
    expect(both.some(({ code }) => code === 0)).toBe(true)
    expect(await countDeliveries(db, EDITION)).toMatchObject({ accepted: READERS, unknown: 0 })
    expect([...server.mails.values()].every(({ dots }) => dots === 1)).toBe(true)
    expect(await run({ due: true })).toMatchObject({
      code: 0,
      json: { edition: null, why: 'nothing is due' },
    })
  })
})
