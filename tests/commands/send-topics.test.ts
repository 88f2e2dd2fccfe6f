// `send` to readers who chose topics: each gets her own selection of the edition, and who chose nothing of it no mail.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterEach, expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aSmtpServer, type SmtpServer } from '../a-smtp-server.ts'

const SETTINGS = `title: The Test
url: https://test.example/
timezone: Asia/Kolkata
sections: { world: World, cities: Cities, art: Art }
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example>, subject: '{{edition.lead.title}}' }
`
const article = (title: string, hour: number, more: string) =>
  `---\ntitle: ${title}\ndate: 2026-01-28T${hour}:00:00+05:30\n${more}\n---\n\nText of ${title}.\n`
const FILES = {
  'articles/publication.yaml': SETTINGS,
  'articles/talks.md': article('Talks in the capital', 12, 'section: world'),
  'articles/trams.md': article('Trams run again', 11, 'section: cities'),
  'articles/prize.md': article('A prize for a bridge', 10, 'section: world\ntags: [Bridges]'),
}
const READERS = `email,name,topics
all@reader.example,All,
world@reader.example,World,world
cities@reader.example,Cities,cities
both@reader.example,Both,cities;world
bridges@reader.example,Bridges,bridges
art@reader.example,Art,art
`

let server: SmtpServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

test('each her own selection, rendered once, and none for whom there is nothing', async () => {
  server = await aSmtpServer({ keep: true })
  const folder = aFolder(FILES)
  writeFileSync(join(folder, 'readers.csv'), READERS)
  const env = { BROADSHEET_SMTP: server.address, BROADSHEET_SECRET: 'a-secret-for-the-tests' }
  const run = (...argv: string[]) => aRun(folder, [...argv, '--now', '2026-01-30T07:30:00+05:30'], { env })
  expect((await run('subscribers', 'import', 'readers.csv')).code).toBe(0)

  const plan = (await run('send', 'weekly', '--dry-run', '--json')).json()
  expect(plan).toMatchObject({ audience: 6, recipients: 5, skipped: { 'nothing on their topics': 1 } })

  const ran = await run('send', 'weekly', '--yes', '--json')
  expect(ran.stderr).not.toContain('bug')
  expect(ran.json()).toMatchObject({ audience: 6, accepted: 5, skipped: { 'nothing on their topics': 1 } })
  const letters: Record<string, string[]> = {}
  for (const [to, mail] of server.mails) {
    const { subject, html, text } = await simpleParser(mail.raw[0]!)
    const titles = ['Talks', 'Trams', 'A prize'].filter(title => String(html).includes(title))
    expect(['Talks', 'Trams', 'A prize'].filter(title => text!.includes(title))).toEqual(titles)
    letters[to.split('@')[0]!] = [subject!, ...titles]
  }
  const whole = ['Talks in the capital', 'Talks', 'Trams', 'A prize']
  expect(letters).toEqual({
    all: whole,
    both: whole,
    world: ['Talks in the capital', 'Talks', 'A prize'],
    cities: ['Trams run again', 'Trams'],
    bridges: ['A prize for a bridge', 'A prize'],
  })
})
