import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { aSmtpServer, type Moment } from '../a-smtp-server.ts'
import { aLedger } from '../deliver/a-ledger.ts'
import { type Compiled, compile } from '../deliver/compile.ts'
import { account } from './account.ts'
import { badServer, seeded } from './faults.ts'
import { aSender, finish, type Sender } from './sender.ts'

const READERS = 10_000
const KILLS = 200
const CONNECTIONS = 5

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})

test(`killed at ${KILLS} random points, restarted each time, two started at once every tenth time`, async () => {
  const random = seeded(7)
  const bad = badServer(seeded(11), 2)
  let atDot: Sender | undefined
  const fault = (moment: Moment) => {
    if (moment.phase === 'dot' && atDot) {
      atDot.child.kill('SIGKILL')
      atDot = undefined
    }
    return bad.script.fault!(moment)
  }
  const server = await aSmtpServer({ fault })
  const ledger = await aLedger(READERS)
  const dots = () => [...server.mails.values()].reduce((sum, mail) => sum + mail.dots, 0)
  const start = () => aSender(compiled.dir, ledger.file, server.address, CONNECTIONS)
  const began = performance.now()
  let [kills, refused] = [0, 0]
  while (kills < KILLS) {
    const before = dots()
    const first = start()
    const second = kills % 10 === 9 ? start() : undefined
    const goal = before + Math.floor(random() * ((READERS / KILLS) * 1.6))
    const both = [first, second].filter(one => one !== undefined)
    // One of two is turned away by the lock, whichever came later.
    while (both.some(({ child }) => child.exitCode === null) && dots() < goal) await pause(random() * 4)
    const victims = both.filter(({ child }) => child.exitCode === null)
    if (kills % 3 === 0 && victims.length === 1) {
      atDot = victims[0]
      await Promise.race([atDot!.ended, pause(3000)])
    } else await pause(random() * 20)
    for (const { child } of victims) child.kill('SIGKILL')
    for (const { ended, stderr } of both) {
      const code = await ended
      if (code === null) kills++
      else if (code !== 0) {
        expect(stderr()).toMatch(/ledger locked by another send/)
        refused++
      }
    }
    if (both.every(({ child }) => child.exitCode === 0)) break
  }
  await finish(start)
  const { line, unknown } = await account(ledger.db, server, READERS)
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(`kills, ${seconds} s: ${kills} × SIGKILL, ${refused} turned away by the lock; ${line}`)
  expect(unknown).toBeLessThanOrEqual(CONNECTIONS * kills + bad.unanswered('body'))
  expect(kills).toBeGreaterThanOrEqual(KILLS)
  await server.close()
  await ledger.close()
})
