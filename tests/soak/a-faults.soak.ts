import { beforeAll, expect, test } from 'vitest'
import { aSmtpServer } from '../a-smtp-server.ts'
import { aLedger } from '../deliver/a-ledger.ts'
import { type Compiled, compile } from '../deliver/compile.ts'
import { account } from './account.ts'
import { badServer, seeded } from './faults.ts'
import { aSender, finish } from './sender.ts'

const READERS = Number(process.env.SOAK_READERS ?? 10_000)

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})

test('every refusal and every silence at every phase', async () => {
  const bad = badServer(seeded(5), 12)
  const server = await aSmtpServer(bad.script)
  const ledger = await aLedger(READERS)
  const began = performance.now()
  const runs = await finish(() => aSender(compiled.dir, ledger.file, server.address, 10))
  const { line, rejected, unknown } = await account(ledger.db, server, READERS)
  const seconds = Math.round((performance.now() - began) / 1000)
  const kinds = [...bad.done].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${what} ${count}`)
  console.log(`faults, ${seconds} s, ${runs} runs: ${line}\n  ${kinds.join(', ')}`)
  // Nobody was killed, so each answer was heard: what was refused for good is rejected, what was not answered is unknown.
  expect(rejected).toBe(bad.refused())
  expect(unknown).toBeGreaterThanOrEqual(bad.unanswered())
  // The last byte of a short message has left before a server that closes at the first has read it.
  expect(unknown).toBeLessThanOrEqual(bad.unanswered('body'))
  await server.close()
  await ledger.close()
})
