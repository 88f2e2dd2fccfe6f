// `broadsheet subscribers unsuppress`: what a machine got wrong can be put right; what a reader said cannot.

import { expect, onTestFinished, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import { addSubscriber } from '../../src/store/import-subscribers.ts'
import { openStore } from '../../src/store/open-store.ts'
import { subscriberByKey } from '../../src/store/subscribers.ts'
import { isSuppressed, recordBounce, suppress } from '../../src/store/suppressions.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const NOW = Date.parse('2026-01-30T07:00Z')
const settings = `title: The Test
url: https://test.example/
newsletters:
  - { id: weekly, title: Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
`

async function aList() {
  const dir = aFolder({ 'articles/publication.yaml': settings })
  const { db } = await openStore(`${dir}/.broadsheet/broadsheet.db`)
  onTestFinished(() => db.close())
  for (const email of ['anna@example.org', 'ben@example.org', 'cho@example.org']) {
    const person = { email, key: email, name: '', newsletters: ['weekly'], topics: [], fields: {} }
    await addSubscriber(db, { ...person, language: '', state: 'active', source: 'add', now: 1 })
    const { id } = (await subscriberByKey(db, email))!
    const text = email.startsWith('cho') ? '550 5.1.1 user unknown' : '550 5.1.2 Host unknown'
    await recordBounce(db, { subscriber: id, kind: 'hard', status: '5.1.1', text, now: NOW })
  }
  const unsuppress = (...args: string[]) =>
    aRun(dir, ['subscribers', 'unsuppress', ...args], { clock: () => NOW })
  const suppressed = async (email: string) => (await isSuppressed(db, addressHash(email)))?.reason
  return { db, unsuppress, suppressed }
}

test('one address, with a reason', async () => {
  const { db, unsuppress, suppressed } = await aList()
  const bare = await unsuppress('anna@example.org')
  expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining('--reason is missing')])
  expect(await suppressed('anna@example.org')).toBe('bounce')
  const lifted = await unsuppress('anna@example.org', '--reason', 'the mailbox is back')
  expect([lifted.code, lifted.stdout]).toEqual([0, 'anna@example.org is mailed again\n'])
  expect(await suppressed('anna@example.org')).toBeUndefined()
  expect(await db.query('SELECT why FROM lifted_suppressions')).toEqual([{ why: 'the mailbox is back' }])
  const again = await unsuppress('anna@example.org', '--reason', 'x')
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is not suppressed')])
})

test('never for a complaint or an erasure', async () => {
  const { db, unsuppress, suppressed } = await aList()
  for (const [email, reason] of [
    ['dee@example.org', 'complaint'],
    ['eve@example.org', 'erased'],
  ] as const) {
    await suppress(db, { hash: addressHash(email), reason, since: 1 })
    const refused = await unsuppress(email, '--reason', 'please')
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('is not mailed again')])
    expect(await suppressed(email)).toBe(reason)
  }
})

test('all that one text did, since a day', async () => {
  const { unsuppress, suppressed } = await aList()
  expect((await unsuppress('--matching', 'host unknown')).stderr).toContain('--since')
  const text = ['--matching', 'host unknown', '--since', '2026-01-30']
  expect((await unsuppress(...text)).stderr).toContain('2 found. --reason is missing')
  const late = ['--matching', 'host unknown', '--since', '2026-01-31', '--reason', 'dns', '--yes']
  expect((await unsuppress(...late)).stdout).toContain('Nobody')
  const done = await unsuppress(...text, '--reason', 'our name server', '--yes', '--json')
  expect(done.json()).toEqual({
    lifted: ['ben@example.org', 'anna@example.org'].sort(),
    reason: 'our name server',
  })
  expect(await suppressed('anna@example.org')).toBeUndefined()
  expect(await suppressed('ben@example.org')).toBeUndefined()
  expect(await suppressed('cho@example.org')).toBe('bounce')
})
