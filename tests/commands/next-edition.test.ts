// The edition that comes next: `edition` lists it first, with when it is due and what it holds so far.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { FILES } from './a-preview.ts'

const NOW = ['--now', '2026-02-04T12:00:00Z']

test('is listed first, with what is dated before it is due; drafts are not in it', async () => {
  const { stdout } = await aRun(aFolder(FILES), ['edition', ...NOW])
  expect(stdout.split('\n')[0]).toBe('weekly/2026-W06  6 Feb 2026, 07:00  2 articles so far, next')
  expect(stdout.split('\n')[1]).toMatch(/^weekly\/2026-W05 .*1 article, not sent$/)
})

test('named by its id, it holds the same', async () => {
  const { stdout } = await aRun(aFolder(FILES), ['edition', 'weekly/2026-W06', ...NOW])
  expect(stdout).toContain('The bridge is open')
  expect(stdout).toMatch(/\d {2}On Thursday/)
  expect(stdout).toMatch(/A plan: draft/)
})

test('one whose note holds it is on hold, and one whose note gives it another time is due then', async () => {
  const note = 'articles/editions/weekly/2026-W06.md'
  const held = await aRun(aFolder({ ...FILES, [note]: '---\nhold: true\n---\n\nHello.\n' }), [
    'edition',
    ...NOW,
  ])
  expect(held.stdout.split('\n')[0]).toMatch(/on hold$/)
  const later = { ...FILES, [note]: '---\nsend_at: 2026-02-06T18:00:00Z\n---\n\nHello.\n' }
  const { next } = (await aRun(aFolder(later), ['edition', '--json', ...NOW])).json()
  expect(next).toEqual([
    { id: 'weekly/2026-W06', articles: 2, until: Date.parse('2026-02-06T18:00:00Z'), state: 'next' },
  ])
})

const ENV = { BROADSHEET_SMTP: 'eml:mails', BROADSHEET_SECRET: 'a-secret-for-the-tests' }

test.each([
  ['send', '--dry-run'],
  ['send', 'weekly', '--dry-run'],
  ['send', 'weekly/2026-W06', '--dry-run'],
])('is planned by %s %s %s, when nothing else would be sent', async (...argv) => {
  const folder = aFolder(FILES)
  const run = (words: readonly string[]) => aRun(folder, [...words, ...NOW], { env: ENV })
  await run(['subscribers', 'add', 'reader@reader.example'])
  await run(['send', 'weekly', '--yes'])
  const { code, stdout } = await run(argv)
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /weekly\/2026-W06 .*\n {2}not due until Fri 6 Feb 2026, 07:00 \(UTC\)\n {2}2 articles;/,
  )
  expect(stdout).toMatch(/audience 1, will be sent to 1\nNothing was sent\.\n$/)
  const plan = (await run([...argv, '--json'])).json()
  const next = plan.editions ? plan.editions.at(-1) : plan
  expect(next).toMatchObject({ edition: 'weekly/2026-W06', dueAt: Date.parse('2026-02-06T07:00:00Z') })
})

test('what is due is planned first, and nothing of what comes later', async () => {
  const { stdout } = await aRun(aFolder(FILES), ['send', '--dry-run', '--now', '2026-01-30T08:00:00Z'])
  expect(stdout).toContain('weekly/2026-W05')
  expect(stdout).not.toContain('W06')
})

test('send, with the name of a newsletter, plans all that is due of it, not the newest alone', async () => {
  const article = (title: string, date: string) =>
    `---\ntitle: ${title}\ndate: ${date}T10:00Z\n---\n\nText.\n`
  const newsletter = 'id: each, title: Each, every: article, since: 2026-01-01, from: T <news@t.example>'
  const folder = aFolder({
    'articles/publication.yaml': `title: T\nurl: https://t.example/\naddress: 1 Road\nnewsletters: [{ ${newsletter} }]\n`,
    'articles/bridge.md': article('Bridge', '2026-02-01'),
    'articles/ferry.md': article('Ferry', '2026-02-02'),
    'articles/harbour.md': article('Harbour', '2026-02-03'),
  })
  await aRun(folder, ['subscribers', 'add', 'reader@reader.example'], { env: ENV })
  await aRun(folder, ['send', 'each', '--yes', '--now', '2026-02-01T12:00:00Z'], { env: ENV })
  const { stdout } = await aRun(folder, ['send', 'each', '--dry-run', ...NOW], { env: ENV })
  expect([...stdout.matchAll(/^each\/\w+/gm)].map(String)).toEqual(['each/ferry', 'each/harbour'])
})

test('status says what comes next, with and without a ledger, and also where nothing was sent', async () => {
  const folder = aFolder(FILES)
  const next = 'Next: weekly/2026-W06, due on Fri 6 Feb 2026, 07:00 (UTC), 2 articles so far\n'
  expect((await aRun(folder, ['status', ...NOW])).stdout).toBe(
    `Nothing to show: nothing was sent yet.\n${next}`,
  )
  await aRun(folder, ['subscribers', 'add', 'reader@reader.example', ...NOW], { env: ENV })
  await aRun(folder, ['send', 'weekly', '--yes', ...NOW], { env: ENV })
  const { stdout } = await aRun(folder, ['status', ...NOW])
  expect(stdout).toMatch(/^weekly\/2026-W05: sent, 1 of 1 accepted\n/)
  expect(stdout.endsWith(next)).toBe(true)
  expect((await aRun(folder, ['status', 'weekly/2026-W05', ...NOW])).stdout).not.toContain('Next:')
  expect((await aRun(folder, ['status', '--json', ...NOW])).json().next[0].id).toBe('weekly/2026-W06')
})

// ─── For the summary of a pull request ──────────────────────────────────────────────────────────────────────────────

test('as Markdown it has subject, time, audience and articles, and the letters are written', async () => {
  const title = 'A <b> | [link](x) & *more*'
  const folder = aFolder({
    ...FILES,
    'articles/odd.md': `---\ntitle: '${title}'\ndate: 2026-02-05T10:00:00Z\nimage: { src: dot.png, alt: A dot }\n---\n\nText.\n`,
    'articles/dot.png': readFileSync(join(import.meta.dirname, '../../articles/images/logo.png')),
  })
  for (const name of ['ann', 'ben', 'cem'])
    await aRun(folder, ['subscribers', 'add', `${name}@reader.example`])
  await aRun(folder, ['subscribers', 'remove', 'cem@reader.example'])
  const { code, stdout } = await aRun(folder, ['edition', '--format', 'markdown', '--write', 'next', ...NOW])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^### .*, 2026-W06$/m)
  expect(stdout).toMatch(/^\| when \| due on Fri 6 Feb 2026, 07:00 \(UTC\) \|$/m)
  expect(stdout).toMatch(/^\| audience \| 2 readers \|$/m)
  expect(stdout).toMatch(/^\d\. The bridge is open$/m)
  // A title is no Markdown.
  expect(stdout).toMatch(/^\d\. A &#60;b&#62; &#124; link &#38; more$/m)
  expect(stdout).not.toMatch(/@/)
  const page = readFileSync(join(folder, 'next/editions/weekly/2026-W06/letter.html'), 'utf8')
  const pictures = [...page.matchAll(/ src="\.\.\/\.\.\/\.\.\/([^"]+)"/g)].map(match => match[1]!)
  expect(pictures.length).toBeGreaterThan(0)
  for (const picture of pictures) expect(existsSync(join(folder, 'next', picture)), picture).toBe(true)
})

test('who cannot read the list is told everything else', async () => {
  const env = { BROADSHEET_DATABASE: 'git:origin#ledger', BROADSHEET_SECRET: '' }
  const { code, stdout, stderr } = await aRun(aFolder(FILES), ['edition', '--format', 'markdown', ...NOW], {
    env,
  })
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^The list is not read: BROADSHEET_SECRET is not set/),
  ])
  expect(stdout).toMatch(/^\| audience \| not known here \|$/m)
})
