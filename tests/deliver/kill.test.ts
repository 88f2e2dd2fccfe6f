import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { countDeliveries, listDeliveries } from '../../src/store/read-deliveries.ts'
import { aSmtpServer, type Fault, type Moment } from '../a-smtp-server.ts'
import { THOROUGH } from '../thorough.ts'
import { aLedger, EDITION } from './a-ledger.ts'
import { type Compiled, compile } from './compile.ts'

const CONNECTIONS = 5

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})

function sender(file: string, address: string, threads: number): ChildProcess {
  const script = join(import.meta.dirname, 'sender.mjs')
  const args = [compiled.dir, file, address, EDITION, String(CONNECTIONS), '{}', String(threads)]
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))

it.each([
  { KILLS: THOROUGH ? 20 : 8, READERS: THOROUGH ? 3000 : 1200, threads: 0 },
  { KILLS: THOROUGH ? 8 : 4, READERS: THOROUGH ? 1200 : 600, threads: 2 },
])(
  'killed at $KILLS random points, $threads threads: nobody lost, nobody twice, what was in flight is listed',
  async ({ KILLS, READERS, threads }) => {
    let left = 1
    /** Killed in the very moment in which its final dot arrives. */
    let atDot: ChildProcess | undefined
    // Some faults too, so that kills also meet refusals, deferrals and new connections.
    const fault = ({ phase, message, recipient }: Moment): Fault | undefined => {
      if (phase === 'dot' && atDot) {
        atDot.kill('SIGKILL')
        atDot = undefined
      }
      if (phase === 'RCPT' && /^reader\d*13@/.test(recipient)) return '550 5.1.1 no such user'
      if (phase === 'dot' && message % 41 === 40) return '451 4.3.0 later'
      if (phase === 'MAIL' && message % 60 === 59) return '421 4.3.2 enough for now'
      return undefined
    }
    const server = await aSmtpServer({ fault })
    const ledger = await aLedger(READERS)
    const counted = () => [...server.mails.values()].reduce((sum, { dots }) => sum + dots, 0)
    try {
      let kills = 0
      for (; kills < KILLS; kills++) {
        const before = counted()
        const child = sender(ledger.file, server.address, threads)
        const over = ended(child)
        // Somewhere within the share that this run has of the list, so that there is something left for the last.
        const until = before + 1 + Math.floor(Math.random() * ((READERS / KILLS) * 0.8))
        while (child.exitCode === null && counted() < until)
          await new Promise(resolve => setTimeout(resolve, Math.random() * 3))
        if (kills % 2 === 0) atDot = child
        else {
          await new Promise(resolve => setTimeout(resolve, Math.random() * 5))
          child.kill('SIGKILL')
        }
        if ((await over) !== null) break
      }
      for (let runs = 0; runs < 5; runs++) {
        const child = sender(ledger.file, server.address, threads)
        let out = ''
        child.stdout!.on('data', chunk => (out += chunk))
        expect(await ended(child)).toBe(0)
        const { ended: how, counts } = JSON.parse(out)
        left = counts.pending + counts.deferred
        expect(how).not.toBe('host-trouble')
        if (left === 0) break
        // Whoever was deferred twice would be due half a minute later.
        await ledger.db.query("UPDATE deliveries SET next_at = 0 WHERE state = 'deferred'")
      }

      expect(left).toBe(0)
      const counts = await countDeliveries(ledger.db, EDITION)
      const state = async (name: 'accepted' | 'rejected' | 'unknown') =>
        (await listDeliveries(ledger.db, EDITION, name)).map(({ email }) => email)
      const [accepted, rejected, unknown] = [
        await state('accepted'),
        await state('rejected'),
        await state('unknown'),
      ]
      const got = (email: string) => server.mails.get(email)?.taken ?? 0
      console.log(
        `${KILLS} kills, ${READERS} readers: ${counts.accepted} accepted, ${counts.rejected} rejected, ${counts.unknown} unknown, ` +
          `${unknown.filter(email => got(email) === 1).length} of these had arrived; ${counted()} final dots`,
      )
      expect(accepted.length + rejected.length + unknown.length).toBe(READERS)
      expect(accepted.filter(email => got(email) !== 1)).toEqual([])
      expect(rejected.filter(email => got(email) !== 0)).toEqual([])
      expect(unknown.filter(email => got(email) > 1)).toEqual([])
      expect(unknown.length).toBeLessThanOrEqual(CONNECTIONS * kills)
      for (const { messageIds } of server.mails.values()) expect(new Set(messageIds).size).toBe(1)
      expect(kills).toBe(KILLS)
    } finally {
      await ledger.close()
      await server.close()
    }
  },
)
