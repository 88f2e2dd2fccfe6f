// `send --due` over the turn of the clocks and a machine that slept: each edition once, and none for a slot that was not.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const settings = (zone: string, every: string, at: string) => `title: The Test
url: https://test.example/
timezone: ${zone}
newsletters:
  - { id: news, title: News, ${every}, at: '${at}', from: The Test <news@test.example> }
service: https://letters.test.example/
`

/** An article a day, at noon UTC, so that no edition is for want of news. */
function articles(from: string, days: number): Record<string, string> {
  const first = Date.parse(`${from}T12:00:00Z`)
  const named = Array.from({ length: days }, (_, day) => {
    const date = new Date(first + day * 86_400_000).toISOString()
    return [
      `articles/day${day}.md`,
      `---\ntitle: Day ${day}\ndate: ${date}\n---\n\nText of day ${day}.\n`,
    ] as const
  })
  return Object.fromEntries(named)
}

async function aDesk(zone: string, every: string, at: string, news: Record<string, string>) {
  const folder = aFolder({ 'articles/publication.yaml': settings(zone, every, at), ...news })
  const env = { BROADSHEET_SMTP: 'eml:outbox', BROADSHEET_SECRET: 'a-secret-for-the-tests' }
  writeFileSync(join(folder, 'readers.csv'), 'email\nreader@reader.example\n')
  const run = (argv: readonly string[], now: string) => aRun(folder, [...argv, '--now', now], { env })
  expect((await run(['subscribers', 'import', 'readers.csv'], '2026-01-01T00:00:00Z')).code).toBe(0)
  const { db } = await openStore(join(folder, '.broadsheet/broadsheet.db'))
  onTestFinished(() => db.close())
  const sent = async () =>
    (
      await db.query<{ name: string; state: string }>(
        'SELECT e.name, d.state FROM editions e JOIN deliveries d ON d.edition = e.id ORDER BY e.until_at',
      )
    ).map(({ name, state }) => `${name} ${state}`)
  return { run, sent }
}

/** A machine that looks every so many minutes, from one time to another. */
async function look(desk: Awaited<ReturnType<typeof aDesk>>, from: string, to: string, minutes: number) {
  for (let now = Date.parse(from); now <= Date.parse(to); now += minutes * 60_000)
    expect((await desk.run(['send', '--due', '--json'], new Date(now).toISOString())).code).toBe(0)
}

describe('the clocks turn', () => {
  test('Berlin, 29 March: 02:30 is skipped, and the edition of that day goes out once', async () => {
    const desk = await aDesk('Europe/Berlin', 'every: day', '02:30', articles('2026-03-27', 3))
    await look(desk, '2026-03-28T23:10:00Z', '2026-03-29T04:10:00Z', 30)
    expect(await desk.sent()).toEqual(['news/2026-03-28 accepted', 'news/2026-03-29 accepted'])
  })

  test('Berlin, 25 October: 02:30 comes twice, and the edition of that day goes out once', async () => {
    const desk = await aDesk('Europe/Berlin', 'every: day', '02:30', articles('2026-10-23', 3))
    await look(desk, '2026-10-24T22:40:00Z', '2026-10-25T03:10:00Z', 30)
    expect((await desk.sent()).filter(name => name.includes('2026-10-25'))).toEqual([
      'news/2026-10-25 accepted',
    ])
  })
})

describe('a machine that slept', () => {
  test('over its slot: the edition goes out when it wakes, once', async () => {
    const desk = await aDesk('Asia/Kolkata', 'every: week, on: friday', '07:00', articles('2026-01-24', 6))
    const waking = '2026-01-31T19:00:00+05:30'
    expect((await desk.run(['send', '--due', '--json'], waking)).json()).toMatchObject({
      edition: 'news/2026-W05',
      accepted: 1,
    })
    expect((await desk.run(['send', '--due', '--json'], waking)).json()).toMatchObject({ edition: null })
    expect(await desk.sent()).toEqual(['news/2026-W05 accepted'])
  })

  test('for more than three days: what is no news any more is not sent', async () => {
    const desk = await aDesk('Asia/Kolkata', 'every: week, on: friday', '07:00', articles('2026-01-24', 6))
    const ran = await desk.run(['send', '--due', '--json'], '2026-02-02T07:30:00+05:30')
    expect(ran.json()).toMatchObject({ edition: null })
    expect(await desk.sent()).toEqual([])
  })

  test('over several days of a daily: the newest stands for those that were slept over, and nobody has two of a day', async () => {
    const desk = await aDesk('Asia/Kolkata', 'every: day', '07:00', articles('2026-01-24', 6))
    await desk.run(['send', '--due'], '2026-01-25T08:00:00+05:30')
    await desk.run(['send', '--due'], '2026-01-28T08:00:00+05:30')
    const names = (await desk.sent()).map(line => line.split(' ')[0])
    expect(new Set(names).size).toBe(names.length)
    expect(names.at(-1)).toBe('news/2026-01-28')
  })
})
