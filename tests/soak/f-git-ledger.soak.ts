import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aCiProject, FRIDAY, git, sendAndKill, weeklyArticles } from '../commands/a-ci-project.ts'
import { seeded } from './faults.ts'

const READERS = 2000
const KILLS = Number(process.env.SOAK_KILLS ?? 200)
const SEED = Number(process.env.SOAK_SEED ?? 3)
/** Each leaves a batch in doubt at most, so that a handful of kills ends an edition. */
const KILLS_PER_EDITION = 12
const BATCH = 200
const WEEK_MS = 7 * 86_400_000

test(`a ledger in a branch, ${KILLS} × SIGKILL, each run begun in an empty folder`, async () => {
  const random = seeded(SEED)
  const project = await aCiProject({ readers: READERS, files: weeklyArticles(KILLS) })
  const { mails } = project.server
  const imported = await project.run(project.checkout(), ['subscribers', 'import', 'readers.csv'])
  expect(imported.code).toBe(0)
  const began = performance.now()
  let [kills, turnedAway, tries, week, unknown, arrived] = [0, 0, 0, 0, 0, 0]
  for (; kills < KILLS; week++) {
    const before = new Map([...mails].map(([email, { taken }]) => [email, taken]))
    const now = FRIDAY + week * WEEK_MS
    const most = Math.min(KILLS_PER_EDITION, KILLS - kills)
    const ended = await sendAndKill(project, { kills: most, now, random, span: 4000, tries })
    ;({ tries } = ended)
    kills += ended.kills
    turnedAway += ended.turnedAway
    expect([0, 3], ended.stderr).toContain(ended.code)
    const status = async (state: string) => {
      const argv = ['status', '--json', '--list', state]
      return (await project.run(project.checkout(), argv, { now })).json()
    }
    const list = (value: { list: { email: string }[] }) => value.list.map(({ email }) => email)
    const got = (email: string) => (mails.get(email)?.taken ?? 0) - (before.get(email) ?? 0)
    const figures = await status('unknown')
    const [inDoubt, accepted] = [list(figures), list(await status('accepted'))]
    expect(figures.audience).toBe(READERS)
    expect(accepted.length + inDoubt.length, 'nobody is lost').toBe(READERS)
    expect(
      accepted.filter(email => got(email) !== 1),
      'accepted is one',
    ).toEqual([])
    expect(
      inDoubt.filter(email => got(email) > 1),
      'unknown is none or one',
    ).toEqual([])
    expect(inDoubt.length).toBeLessThanOrEqual(BATCH * ended.kills)
    unknown += inDoubt.length
    arrived += inDoubt.filter(email => got(email) === 1).length
  }
  expect(project.twice()).toBe(0)
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(
    `a ledger in a branch, ${seconds} s: ${kills} × SIGKILL in ${week} sends to ${READERS} readers, ${turnedAway} runs turned away by what a ` +
      `killed one had pushed; ${unknown} unknown (${arrived} of these had arrived), nobody lost, nobody twice`,
  )
  await project.server.close()
})

test('a ledger in a branch with a long list: seconds for each push, and its size', async () => {
  const readers = Number(process.env.SOAK_READERS ?? 100_000)
  const project = await aCiProject({ readers: 1 })
  const folder = project.checkout()
  const rows = Array.from(
    { length: readers },
    (_, i) => `reader${i}.${(i * 7919) % 99_991}@mail${i % 97}.example,Reader ${i},Town ${i % 311}`,
  )
  writeFileSync(join(folder, 'long.csv'), `email,name,city\n${rows.join('\n')}\n`)
  const timed = async (what: string, argv: readonly string[]) => {
    const began = performance.now()
    const child = project.start(folder, argv)
    child.stdout!.resume()
    let stderr = ''
    child.stderr!.on('data', chunk => {
      stderr += chunk
    })
    const code = await new Promise(done => child.once('close', done))
    expect(code, stderr).toBe(0)
    const size = Number(git(project.origin, 'cat-file', '-s', 'broadsheet-ledger:ledger.sealed'))
    const { generation } = JSON.parse(
      git(project.origin, 'cat-file', 'blob', 'broadsheet-ledger:ledger.json'),
    )
    const seconds = (performance.now() - began) / 1000
    console.log(
      `${what}, ${readers} readers: ${seconds.toFixed(1)} s, snapshot ${generation} of ${(size / 1e6).toFixed(1)} MB`,
    )
    return { seconds, generation }
  }
  await timed('import', ['subscribers', 'import', 'long.csv'])
  await timed('one more reader: fetch, change, push', ['subscribers', 'add', 'x@mail.example'])
  const read = await timed('read: fetch', ['status'])
  expect(read.generation).toBe(2)
  const sent = await timed('send', ['send', '--due', '--new-ledger'])
  console.log(
    `${sent.generation - read.generation} pushes of a send, ${(sent.seconds / (sent.generation - read.generation)).toFixed(2)} s for each batch of 200, sending included`,
  )
  expect(project.twice()).toBe(0)
  await project.server.close()
})
