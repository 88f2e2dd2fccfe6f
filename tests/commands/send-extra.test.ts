// `send --extra`: an edition outside the schedule, once per reader, to all of them or to some.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const article = (title: string, date: string, more = '') =>
  `---\ntitle: ${title}\ndate: ${date}\n${more}---\n\nText.\n`
const FILES = {
  'articles/publication.yaml': `title: The Test
url: https://test.example/
language: en
sections: { world: World, culture: Culture }
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: News <news@test.example> }
`,
  'articles/old.md': article('Long ago', '2024-05-01T08:00:00Z'),
  'articles/bridge.md': article('A bridge', '2026-01-28T10:00:00Z', 'section: culture\n'),
  'articles/flood.md': article('The flood', '2026-02-03T10:00:00Z', 'section: world\n'),
  'articles/plan.md': article('A plan', '2026-02-03T11:00:00Z', 'draft: true\n'),
}
const READERS = `email,language,topics,city
a@reader.example,,,Delhi
b@other.example,hi,,Mumbai
c@reader.example,hi-IN,world,delhi
d@mail.reader.example,en-GB,culture,
`
const ENV = { BROADSHEET_SMTP: 'eml:mails', BROADSHEET_SECRET: 'a-secret-for-the-tests' }
const WEDNESDAY = '2026-02-04T12:00:00Z'

async function aDesk(files: Readonly<Record<string, string>> = {}) {
  const folder = aFolder({ ...FILES, 'readers.csv': READERS, ...files })
  const run = (argv: readonly string[], now = WEDNESDAY, env = {}) =>
    aRun(folder, [...argv, '--now', now], { env: { ...ENV, ...env } })
  await run(['subscribers', 'import', 'readers.csv'])
  const send = (...argv: string[]) => run(['send', ...argv, '--yes'])
  const mails = () =>
    readdirSync(join(folder, 'mails')).map(file =>
      readFileSync(join(folder, 'mails', file), 'utf8').replace(/=\r?\n/g, ''),
    )
  const planned = async (...argv: string[]) => (await run(['send', ...argv, '--dry-run', '--json'])).json()
  return { folder, run, send, mails, planned }
}

test('an article at once, to everybody whose topics it is on, and to nobody twice', async () => {
  const { send, mails, run } = await aDesk()
  const shown = (await run(['edition', 'weekly/flood.md', '--json'])).json()
  expect(shown).toMatchObject({ subject: 'The flood', articles: ['tag:test.example,2026:flood'] })
  const sent = await send('weekly/flood.md', '--extra', '--json')
  expect(sent.json()).toMatchObject({ edition: 'weekly/flood', audience: 4, accepted: 3 })
  expect(mails().every(mail => mail.includes('The flood'))).toBe(true)
  expect(mails()[0]).toContain('https://test.example/world/2026/flood/')
  for (const again of [['weekly/flood', '--extra'], ['weekly/flood.md', '--extra'], ['weekly/flood']])
    expect((await send(...again)).stdout).toContain('weekly/flood was already sent on 4 Feb to 3 readers')
  expect(mails()).toHaveLength(3)
  const friday = await run(['send', 'weekly', '--yes', '--json'], '2026-02-06T08:00:00Z')
  expect(friday.json()).toEqual({ edition: null, why: 'nothing new' })
})

test('the next edition carries what only a part of the readers had, and nothing older than before', async () => {
  const { send, run } = await aDesk()
  const sent = await send('weekly/flood', '--extra', '--for', 'language=hi', '--json')
  expect(sent.json()).toMatchObject({ audience: 2, accepted: 2 })
  await send('weekly/old.md', '--extra')
  const next = await run(['edition', 'weekly/2026-W06', '--json'])
  expect(next.json().articles).toEqual(['tag:test.example,2026:flood'])
})

test('to a part of the readers: by section, language, domain and columns of the list', async () => {
  const { planned } = await aDesk()
  const parts: Readonly<Record<string, readonly string[]>> = {
    'section=world': ['a', 'b'],
    'language=hi': ['b'],
    'language=en': ['a', 'd'],
    'domain=reader.example': ['a'],
    'city=Delhi': ['a'],
    'city=Mumbai, language=hi': ['b'],
    'street=None': [],
  }
  for (const [readers, expected] of Object.entries(parts)) {
    // On whose topics it is not is of the audience, and not of the list.
    const { list } = await planned('weekly/bridge', '--extra', '--for', readers, '--list')
    expect([readers, list.map((email: string) => email[0])]).toEqual([readers, expected])
  }
})

test('a note with extra: true: its articles, its subject, its page; and no edition of the schedule', async () => {
  const note =
    '---\nextra: true\nsubject: The river is over its banks\npick: [flood.md, dam]\n---\n\nStay safe.\n'
  const { run, send, folder, mails } = await aDesk({
    'articles/editions/weekly/river.md': note,
    'articles/dam.md': article('The dam', '2026-02-03T09:00:00Z'),
  })
  const build = (await run(['build', '--json'])).json()
  expect(build.diagnostics).toEqual([])
  const page = readFileSync(join(folder, 'out/editions/weekly/river/index.html'), 'utf8')
  for (const words of ['Stay safe', 'The flood', 'The dam']) expect(page).toContain(words)
  expect((await run(['send', '--due'])).stdout).toContain('Nothing to send')
  expect((await send('weekly/river', '--json')).json()).toMatchObject({
    edition: 'weekly/river',
    accepted: 3,
  })
  expect(mails().filter(mail => mail.includes('Subject: The river is over its banks'))).toHaveLength(3)
  expect((await run(['edition', 'weekly/2026-W06', '--json'])).json().articles).toEqual([])
})

const REFUSED: readonly [readonly string[], string][] = [
  [['weekly/2026-W06', '--extra'], 'weekly/2026-W06 is an edition of the schedule'],
  [['weekly/storm', '--extra'], "storm is neither an article nor an editor's note with extra: true"],
  [['weekly', '--extra'], '--extra needs the article'],
  [['weekly/flood', '--extra', '--due'], '--due sends what the schedule says'],
  [['weekly/flood', '--for', 'language=hi'], '--for goes with --extra'],
  [['weekly/flood', '--extra', '--for', 'hi'], '--for hi says nothing about "hi"'],
  [['weekly/flood'], 'send that article outside the schedule: broadsheet send weekly/flood --extra'],
]

test('what cannot be meant is refused, with what to say instead', async () => {
  const { send } = await aDesk()
  for (const [argv, message] of REFUSED) {
    const { code, stderr } = await send(...argv)
    expect([argv, code]).toEqual([argv, 2])
    expect(stderr).toContain(message)
  }
})

test('a draft is not sent, a ledger that CI has lost is not sent to, and a test goes out', async () => {
  const { send, run, mails } = await aDesk()
  expect((await send('weekly/plan', '--extra')).stdout).toContain('its article is not out: draft')
  const lost = await run(['send', 'weekly/flood', '--extra', '--yes'], WEDNESDAY, { CI: 'true' })
  expect([lost.code, lost.stderr]).toEqual([2, expect.stringContaining('knows no edition of weekly')])
  const tried = await run(['send', 'weekly/flood', '--extra', '--to', 'editor@reader.example', '--json'])
  expect(tried.json()).toMatchObject({ edition: 'weekly/flood', test: true, outcome: 'accepted' })
  expect(mails()).toHaveLength(1)
})
