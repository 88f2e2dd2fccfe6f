// The feeds of editions as `build` leaves them: what has appeared and nothing else, whatever was built before.

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { checkAtom, checkJson, checkRss } from '../feed/checker.ts'
import { readItems } from '../feed/read-items.ts'

const article = (title: string, date: string) =>
  `---\ntitle: ${title}\ndate: ${date}\n---\n\nText of ${title}.\n`
const settings = (items: number) =>
  `title: The Test
url: https://test.example/
timezone: Asia/Kolkata
feeds: { items: ${items} }
newsletters:
  - { id: weekly, title: The Test Weekly, every: week, on: friday, at: '07:00', from: news@test.example }
`

/** Fridays: 9, 16, 23 and 30 January, 6 February. Nothing is written in the week before the 16th. */
const files = {
  'articles/publication.yaml': settings(10),
  'articles/one.md': article('One', '2026-01-08'),
  'articles/two.md': article('Two', '2026-01-20'),
  'articles/three.md': article('Three', '2026-01-28'),
  'articles/four.md': article('Four', '2026-02-03'),
  'articles/editions/weekly/2026-W04.md': 'Good morning, {{reader "name" "dear reader"}}.\n',
}

const build = (folder: string, now = '2026-01-31T00:00+05:30') =>
  aRun(folder, ['build', '--json', '--now', now])

function feed(folder: string) {
  const text = (name: string) => readFileSync(join(folder, 'out/editions/weekly', name), 'utf8')
  const built = { rss: text('rss.xml'), atom: text('atom.xml'), json: text('feed.json') }
  expect([...checkRss(built.rss), ...checkAtom(built.atom), ...checkJson(built.json)]).toEqual([])
  const { rss, atom, json } = readItems(built)
  expect(atom).toEqual(rss)
  expect(json).toEqual(rss)
  return rss
}

const ids = (folder: string) =>
  feed(folder).map(({ id }) => id.replace('tag:test.example,2026:editions/weekly/', ''))

/** What a first build of the same folder makes of the feed. */
async function afresh(folder: string) {
  const other = aFolder()
  rmSync(join(other, 'articles'), { recursive: true, force: true })
  cpSync(join(folder, 'articles'), join(other, 'articles'), { recursive: true })
  await build(other)
  return feed(other)
}

test('editions that appeared, the newest first; none that is skipped, held or to come', async () => {
  const folder = aFolder(files)
  const { code, json } = await build(folder)
  expect(code).toBe(0)
  expect(json().feeds).toContainEqual({
    scope: 'newsletter',
    name: 'The Test Weekly',
    rss: 'out/editions/weekly/rss.xml',
    atom: 'out/editions/weekly/atom.xml',
    json: 'out/editions/weekly/feed.json',
    items: 3,
  })
  expect(ids(folder)).toEqual(['2026-W05', '2026-W04', '2026-W02'])
  const [, second] = feed(folder)
  expect(second).toMatchObject({
    title: 'Two',
    url: 'https://test.example/editions/weekly/2026-W04/',
    published: [Date.parse('2026-01-23T07:00+05:30'), 330],
  })
  expect(second!.content).toContain('<p>Good morning, dear reader.</p>')
  expect(second!.content).toContain('<p>Text of Two.</p>')

  writeFileSync(join(folder, 'articles/editions/weekly/2026-W05.md'), '---\nhold: true\n---\n')
  await build(folder)
  expect(ids(folder)).toEqual(['2026-W04', '2026-W02'])
  expect(readFileSync(join(folder, 'out/editions/weekly/atom.xml'), 'utf8')).not.toContain('Three')
})

test('whatever was built before, the feed is that of a first build', async () => {
  const folder = aFolder({ ...files, 'articles/publication.yaml': settings(2) })
  const again = async (change: () => void) => {
    await pause(60) // what was written a moment ago is not believed
    change()
    await build(folder)
    expect(feed(folder)).toEqual(await afresh(folder))
    return ids(folder)
  }
  const write = (path: string, text: string) => () => writeFileSync(join(folder, 'articles', path), text)
  expect(await again(() => {})).toEqual(['2026-W05', '2026-W04'])
  expect(await again(() => {})).toEqual(['2026-W05', '2026-W04'])
  await again(write('editions/weekly/2026-W04.md', 'Good evening.\n'))
  expect(feed(folder)[1]!.content).toContain('Good evening.')
  await again(write('two.md', article('Two anew', '2026-01-20')))
  expect(feed(folder)[1]!.title).toBe('Two anew')
  // The oldest was carried by no feed until now.
  expect(await again(() => rmSync(join(folder, 'articles/three.md')))).toEqual(['2026-W04', '2026-W02'])
  expect(feed(folder)[1]!.content).toContain('Text of One.')
  expect(await again(write('publication.yaml', settings(1)))).toEqual(['2026-W04'])
})
