import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openAttemptLog } from '../../src/commands/send-options.ts'
import type { Attempted } from '../../src/deliver/attempt.ts'
import { aFolder } from '../a-folder.ts'

const attempted: Attempted = {
  delivery: { edition: 'weekly/2026-W05', subscriber: 17, email: 'asha@reader.example', attempts: 1 },
  outcome: {
    kind: 'rejected',
    code: 550,
    enhanced: '5.1.1',
    reply: '550 5.1.1 <asha@reader.example>: no such user',
  },
  at: Date.parse('2026-01-30T01:30:00Z'),
  took: 41.6,
}

it('a line for each attempt, without addresses unless asked for', () => {
  const file = join(aFolder(), 'send.log')
  for (const addresses of [false, true]) {
    const log = openAttemptLog(file, addresses)
    log.write(attempted)
    log.close()
  }
  const [without, complete] = readFileSync(file, 'utf8').trim().split('\n')
  expect(JSON.parse(without!)).toEqual({
    at: '2026-01-30T01:30:00.000Z',
    edition: 'weekly/2026-W05',
    subscriber: 17,
    attempt: 2,
    outcome: 'rejected',
    code: 550,
    enhanced: '5.1.1',
    reply: '550 5.1.1 <…>: no such user',
    ms: 42,
  })
  expect(without).not.toContain('asha')
  expect(JSON.parse(complete!)).toMatchObject({
    email: 'asha@reader.example',
    reply: '550 5.1.1 <asha@reader.example>: no such user',
  })
})

it('a file that cannot be written is an error before the first message', () => {
  expect(() => openAttemptLog(join(aFolder(), 'nowhere/send.log'), false)).toThrow(
    expect.objectContaining({ name: 'UserError', message: expect.stringContaining('ENOENT') }),
  )
})
