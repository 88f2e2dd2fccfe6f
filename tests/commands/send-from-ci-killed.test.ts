import { afterEach, expect, test } from 'vitest'
import { aCiProject, type CiProject, EDITION, FRIDAY, sendAndKill } from './a-ci-project.ts'

/** How many are claimed at a time where there is no rate. */
const BATCH = 200

let project: CiProject | undefined
afterEach(() => project?.server.close())

test('killed at random points, each time begun in an empty folder: nobody lost, nobody twice', async () => {
  const READERS = 500
  project = await aCiProject({ readers: READERS })
  const imported = await project.run(project.checkout(), ['subscribers', 'import', 'readers.csv'])
  expect(imported.code).toBe(0)
  const ended = await sendAndKill(project, {
    kills: 3,
    now: FRIDAY,
    random: Math.random,
    span: 3000,
    tries: 0,
  })
  expect([0, 3], ended.stderr).toContain(ended.code)
  const { mails } = project.server
  const states = async (state: string) => {
    const ran = await project!.run(project!.checkout(), ['status', EDITION, '--json', '--list', state])
    return ran.json().list.map(({ email }: { email: string }) => email) as string[]
  }
  const [accepted, unknown] = [await states('accepted'), await states('unknown')]
  const got = (email: string) => mails.get(email)?.taken ?? 0
  console.log(
    `${ended.kills} kills, ${ended.turnedAway} turned away: ${accepted.length} accepted, ${unknown.length} unknown, ` +
      `${unknown.filter(email => got(email) === 1).length} of these had arrived`,
  )
  expect(accepted.length + unknown.length).toBe(READERS)
  expect(accepted.filter(email => got(email) !== 1)).toEqual([])
  expect(unknown.filter(email => got(email) > 1)).toEqual([])
  expect(unknown.length).toBeLessThanOrEqual(BATCH * ended.kills)
  // A run that was killed may have been the one that found them, and have left nothing to do.
  if (unknown.length === 0) expect(ended.code).toBe(0)
})
